"""What a `.cases.yaml` may say: a situation usually starts from `everything: met` and tells what is different."""

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta, Struct

from assessments.decision import ModuleVerdict, Verdict
from assessments.event import Row, Score, day
from criteria.findings import Fault, Path
from criteria.fit import nearest
from criteria.model import Day, Edition, EditionId, Id, Line, Method, Slug

REASONS = frozenset(
    {
        "conflict",
        "not-assessed",
        "not-met",
        "share-not-met",
        "fact-missing",
        "fact-outside-limit",
        "fact-not-accepted",
        "fact-too-old",
        "fact-days",
        "fact-not-in-table",
        "warning-unexplained",
        "chain-broken",
        "step-missing",
        "step-order",
        "witness-missing",
        "theory-not-reached",
        "repetitions-missing",
        "standard-failed",
        "evidence-missing",
        "evidence-days",
        "methods-missing",
        "assessors-missing",
        "prerequisite-missing",
        "prerequisite-expired",
        "prerequisite-not-at-start",
        "prerequisite-for-result",
    }
)
"""Every code a rule may give; `because` uses these words and the ids of the edition."""

Answer = str | tuple[Row, ...] | dict[str, Row]
"""One value, all rows, or some rows by number that differ from the fulfilled ones; empty = not given."""


class Situation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One situation and what must follow from it."""

    when: Line
    everything: Literal["met"] | None = None
    chosen: tuple[Id, ...] | None = None
    scores: dict[Id, Score] = {}
    reasons: dict[Id, Line] = {}
    """Why a criterion is not applicable."""
    second: dict[Id, Literal["met", "not_met", "not_assessed", "not_applicable", "absent"]] = {}
    """What a second assessor says; `absent` takes away the one that a criterion demands."""
    methods: dict[Id, tuple[Method, ...]] = {}
    facts: dict[Id, dict[Id, Answer]] = {}
    evidence: dict[Id, Annotated[int, Meta(ge=0, le=20)] | tuple[Day, ...]] = {}
    """How many pieces, or their days."""
    prerequisites: dict[Id, str] = {}
    """The day of issue, or `missing`."""
    tightened: dict[Id, str] = {}
    picked: dict[Id, Id] = {}
    """Which variant of a look-up table applies."""
    judged: dict[Id, Day] = {}
    """The day a criterion was judged, where it is not the day of the decision."""
    then: Verdict
    result: str | None = None
    """Id of the result, or `none`; left out, it is not looked at."""
    modules: dict[Id, ModuleVerdict] = {}
    because: tuple[Line, ...] | None = None
    """Every reason is named by a line here and every line names a reason: `not-met SKA.3`, or a code, or an id."""


class Situations(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The situations of one edition, decided on one day."""

    standard: Slug
    edition: EditionId
    on: Day
    situations: Annotated[tuple[Situation, ...], Meta(min_length=1, max_length=500)]


def about(file: Situations, edition: Edition) -> Iterator[Fault]:
    """Whether the file belongs to the edition at all."""
    wanted, found = f"{file.standard} {file.edition}", f"{edition.standard} {edition.edition}"
    if wanted != found:
        values: dict[str, object] = {"wanted": wanted, "found": found}
        yield Fault(code="situation-other-standard", path=("standard",), values=values)
    if day(file.on) is None:
        yield Fault(code="day-unreal", path=("on",), values={"day": file.on})


def unknown(situation: Situation, edition: Edition) -> Iterator[Fault]:
    """Ids that the edition, or the chosen part of it, does not have."""
    for what, known, path in _named(situation, edition):
        key = str(path[-1] if not isinstance(path[-1], int) else (situation.chosen or ())[path[-1]])
        if key not in known:
            values: dict[str, object] = {"what": what, "id": key, **nearest(key, known)}
            yield Fault(code="situation-unknown", path=path, values=values)
    words = _words(edition)
    for place, line in enumerate(situation.because or ()):
        for word in line.split():
            if word not in words:
                values = {"reason": word, **nearest(word, words)}
                yield Fault(code="situation-reason", path=("because", place), values=values)
    if situation.result not in (None, "none", *(each.id for each in edition.results)):
        values = {"what": "result", "id": situation.result, **nearest("", [])}
        yield Fault(code="situation-unknown", path=("result",), values=values)


def _named(situation: Situation, edition: Edition) -> Iterator[tuple[str, list[str], Path]]:
    modules = [module.id for module in edition.modules]
    chosen = [m for m in edition.modules if situation.chosen is None or m.id in situation.chosen]
    criteria = {criterion.id: criterion for module in chosen for criterion in module.criteria}
    yield from (("module", modules, ("chosen", place)) for place in range(len(situation.chosen or ())))
    for name in ("scores", "reasons", "second", "methods", "facts", "evidence", "judged"):
        yield from (("criterion", list(criteria), (name, key)) for key in getattr(situation, name))
    for key, given in situation.facts.items():
        facts = [each.id for each in criteria[key].facts] if key in criteria else list(given)
        yield from (("fact", facts, ("facts", key, fact)) for fact in given)
    papers, limits = [each.id for each in edition.prerequisites], [each.id for each in edition.parameters]
    yield from (("prerequisite", papers, ("prerequisites", key)) for key in situation.prerequisites)
    yield from (("parameter", limits, ("tightened", key)) for key in situation.tightened)
    tables = [each.id for each in edition.tables]
    yield from (("table", tables, ("picked", key)) for key in situation.picked)
    yield from (("module", modules, ("modules", key)) for key in situation.modules)


def _words(edition: Edition) -> list[str]:
    """All that `because` may name."""
    known = set(REASONS) | {each.id for each in edition.prerequisites} | {each.id for each in edition.modules}
    for criterion in edition.criteria:
        known |= {criterion.id, *(fact.id for fact in criterion.facts)}
    return sorted(known)


def value_fault(path: Path, problem: str) -> Fault:
    """A value that the gate would refuse."""
    return Fault(code="situation-value", path=path, values={"problem": problem})
