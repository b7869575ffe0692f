"""Checks of how the parts of an edition hold together: ids, references, demands that can be met, rules, results."""

from collections.abc import Iterable, Iterator, Sequence

from criteria.findings import Fault, Path
from criteria.fit import nearest
from criteria.model import ChoiceFact, Criterion, Edition, Module, RuleName, ScoreFact


def criteria(edition: Edition) -> Iterator[tuple[Path, Module, Criterion]]:
    """Every criterion with its place."""
    for m, module in enumerate(edition.modules):
        for o, outcome in enumerate(module.outcomes):
            for c, criterion in enumerate(outcome.criteria):
                yield ("modules", m, "outcomes", o, "criteria", c), module, criterion


def ids(edition: Edition) -> Iterator[Fault]:
    """An id names one thing; criteria and outcomes are looked up across modules."""
    for name in ("sources", "parameters", "tables", "prerequisites", "results", "modules"):
        yield from _repeated(((name, place), each.id) for place, each in enumerate(getattr(edition, name)))
    for t, table in enumerate(edition.tables):
        yield from _repeated((("tables", t, "variants", v), each.id) for v, each in enumerate(table.variants))
    yield from _repeated(
        (("modules", m, "outcomes", o), outcome.id)
        for m, module in enumerate(edition.modules)
        for o, outcome in enumerate(module.outcomes)
    )
    yield from _repeated((path, criterion.id) for path, _, criterion in criteria(edition))
    for path, _, criterion in criteria(edition):
        yield from _repeated(((*path, "facts", f), fact.id) for f, fact in enumerate(criterion.facts))
        for f, fact in enumerate(criterion.facts):
            for name in ("columns", "options", "steps"):
                parts = enumerate(getattr(fact, name, ()))
                yield from _repeated(((*path, "facts", f, name, p), part.id) for p, part in parts)


def lists(edition: Edition) -> Iterator[Fault]:
    """A list that works as a set names each thing once."""
    yield from _twice(("languages",), edition.languages)
    yield from _twice(("complete",), edition.complete)
    yield from _twice(("rules",), [rule.name for rule in edition.rules])
    for place, module in enumerate(edition.modules):
        yield from _twice(("modules", place, "prerequisites"), module.prerequisites)
    for place, result in enumerate(edition.results):
        yield from _twice(("results", place, "prerequisites"), result.prerequisites)
        if not isinstance(result.modules, str):
            yield from _twice(("results", place, "modules"), result.modules)
    for path, _, criterion in criteria(edition):
        yield from _twice((*path, "methods", "allowed"), criterion.methods.allowed)
        yield from _twice((*path, "source"), criterion.source)
        if criterion.evidence:
            yield from _twice((*path, "evidence", "kinds"), criterion.evidence.kinds)


def references(edition: Edition) -> Iterator[Fault]:
    """What is named exists; limits check their own parameters."""
    known = {name: [each.id for each in getattr(edition, name)] for name in ("sources", "prerequisites", "modules")}
    for path, what, key in _named(edition):
        if key not in known[what]:
            values: dict[str, object] = {"what": what.removesuffix("s"), "id": key, **nearest(key, known[what])}
            yield Fault(code="reference-unknown", path=path, values=values)


def _named(edition: Edition) -> Iterator[tuple[Path, str, str]]:
    """Every id that points at something, with the list it points into."""
    for name in ("parameters", "prerequisites"):
        for place, each in enumerate(getattr(edition, name)):
            if each.source:
                yield (name, place, "source"), "sources", each.source
    yield from _papers(edition)
    for place, result in enumerate(edition.results):
        for m, key in enumerate(() if isinstance(result.modules, str) else result.modules):
            yield ("results", place, "modules", m), "modules", key
    for path, _, criterion in criteria(edition):
        for place, key in enumerate(criterion.source):
            yield (*path, "source", place), "sources", key


def _papers(edition: Edition) -> Iterator[tuple[Path, str, str]]:
    for name in ("modules", "results"):
        for place, each in enumerate(getattr(edition, name)):
            for p, paper in enumerate(each.prerequisites):
                yield (name, place, "prerequisites", p), "prerequisites", paper


def outcomes(edition: Edition) -> Iterator[Fault]:
    """The trade writes two to five outcomes to a module."""
    for place, module in enumerate(edition.modules):
        if not 2 <= len(module.outcomes) <= 6:
            values: dict[str, object] = {"count": len(module.outcomes)}
            yield Fault(code="outcome-count", path=("modules", place, "outcomes"), values=values)


def demands(edition: Edition) -> Iterator[Fault]:
    """What a criterion demands can be met, and a critical one cannot be waved through."""
    for path, _, criterion in criteria(edition):
        if criterion.critical and criterion.may_be_not_applicable:
            yield Fault(code="critical-not-applicable", path=(*path, "may_be_not_applicable"))
        methods = criterion.methods
        if methods.minimum > len(set(methods.allowed)):
            values: dict[str, object] = {"minimum": methods.minimum, "allowed": len(set(methods.allowed))}
            yield Fault(code="methods-impossible", path=(*path, "methods"), values=values)
        evidence = criterion.evidence
        kept = max(1, evidence.minimum) * criterion.repetitions if evidence else 0
        if evidence and evidence.different_days > kept:
            values = {"days": evidence.different_days, "minimum": kept}
            yield Fault(code="evidence-impossible", path=(*path, "evidence"), values=values)
        for place, fact in enumerate(criterion.facts):
            if isinstance(fact, ChoiceFact) and not any(option.accepted for option in fact.options):
                yield Fault(code="no-accepted-choice", path=(*path, "facts", place))


def level(edition: Edition) -> Iterator[Fault]:
    """A decided level says who decided it and when."""
    if edition.level.state == "decided" and not (edition.level.by and edition.level.on):
        yield Fault(code="level-undecided", path=("level",))


def rules(edition: Edition) -> Iterator[Fault]:
    """The rules guard everything that the criteria demand."""
    held = {rule.name for rule in edition.rules}
    for place, rule in enumerate(edition.rules):
        share = rule.name in ("share-met", "theory-threshold")
        if share and (rule.minimum is None or not 0 < rule.minimum <= 1):
            yield _rule_number(place, rule.name, "ha minimum mellan 0 och 1", "have a minimum between 0 and 1")
        if not share and rule.minimum is not None:
            yield _rule_number(place, rule.name, "inte ha något minimum", "have no minimum")
    all_criteria = [criterion for _, _, criterion in criteria(edition)]
    guards = {"every-critical-met", "every-criterion-met"}
    if any(criterion.critical for criterion in all_criteria) and not held & guards:
        yield Fault(code="critical-unguarded", path=("rules",))
    two = edition.assessors == 2 or any(criterion.assessors == 2 for criterion in all_criteria)
    papers = any(module.prerequisites for module in edition.modules)
    needed: list[tuple[RuleName, bool, str, str]] = [
        ("facts-in-order", any(c.facts for c in all_criteria), "mätvärden", "facts"),
        ("evidence-enough", any(c.evidence for c in all_criteria), "bevis", "pieces of evidence"),
        ("methods-enough", True, "metoder", "methods"),
        ("assessors-enough", two, "två bedömare", "two assessors"),
        ("prerequisites-valid", papers, "förkunskapsbevis", "prerequisites"),
        ("repetitions-enough", any(c.repetitions > 1 for c in all_criteria), "upprepningar", "repetitions"),
        (
            "theory-threshold",
            any(isinstance(fact, ScoreFact) for c in all_criteria for fact in c.facts),
            "teoriprov",
            "theory tests",
        ),
    ]
    for name, wanted, sv, en in needed:
        if wanted and name not in held:
            yield Fault(code="rule-missing", path=("rules",), values={"rule": name, "what_sv": sv, "what_en": en})


def results(edition: Edition) -> Iterator[Fault]:
    """The first satisfied result counts, so one that demands less must stand after."""
    every = {module.id for module in edition.modules}
    earlier: list[tuple[str, set[str], set[str]]] = []
    for place, result in enumerate(edition.results):
        demanded = every if result.modules == "all" else set() if result.modules == "any" else set(result.modules)
        papers = set(result.prerequisites)
        before = next((key for key, needs, asks in earlier if needs <= demanded and asks <= papers), None)
        if before:
            yield Fault(code="result-unreachable", path=("results", place), values={"id": before})
        earlier.append((result.id, demanded, papers))


def _rule_number(place: int, rule: str, sv: str, en: str) -> Fault:
    return Fault(code="rule-number", path=("rules", place), values={"rule": rule, "wanted_sv": sv, "wanted_en": en})


def _repeated(named: Iterable[tuple[Path, str]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for path, key in named:
        if key in seen:
            yield Fault(code="id-repeated", path=(*path, "id"), values={"id": key})
        seen.add(key)


def _twice(path: Path, items: Sequence[str]) -> Iterator[Fault]:
    for place, item in enumerate(items):
        if item in items[:place]:
            yield Fault(code="item-repeated", path=(*path, place), values={"item": item})
