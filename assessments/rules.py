"""The rules a standard names in YAML, one function each; a rule yields its reasons instead of answering yes or no.

A reason's effect says what it does to its module: `not_yet` (shown not to be there) or `incomplete` (not shown yet).
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from assessments.checklist import Checklist
from assessments.event import FactGiven, day, number
from assessments.standing import Standing
from criteria.model import ChoiceFact, Criterion, DateFact, Limit, Module, NumberFact, Rule, RuleName, TableFact

Effect = Literal["not_yet", "incomplete"]


class Reason(Struct, frozen=True, kw_only=True):
    """Why a module is not achieved: a stable code, the place, and what it does."""

    code: str
    module: str
    item: str
    """Criterion or prerequisite id; empty for the module as a whole."""
    effect: Effect
    fact: str = ""
    detail: str = ""


class Case(Struct, frozen=True, kw_only=True):
    """All that a rule may look at; `on` is the day of the decision in Europe/Stockholm."""

    checklist: Checklist
    standing: Standing
    on: date

    def score(self, criterion: Criterion) -> str:
        """The score that stands, or `not_assessed`."""
        scored = self.standing.scores.get(criterion.id)
        return scored.score if scored else "not_assessed"

    def met(self, module: Module) -> tuple[Criterion, ...]:
        """The module's criteria whose standing score is `met`."""
        return tuple(c for c in module.criteria if self.score(c) == "met")


RuleFunction = Callable[[Case, Module, Rule], Iterator[Reason]]


def no_conflict(case: Case, module: Module) -> Iterator[Reason]:
    """Holds for every standard: a decision never rests on differing events."""
    ids = {criterion.id for criterion in module.criteria}
    for where in sorted(case.standing.conflicts):
        if where[1] in ids:
            yield Reason(code="conflict", module=module.id, item=where[1], effect="incomplete", detail=where[0])


def every_critical_met(case: Case, module: Module, _rule: Rule) -> Iterator[Reason]:
    """Every critical criterion is met; `not_applicable` never satisfies a critical one."""
    for criterion in module.criteria:
        if criterion.critical:
            yield from _unmet(case, module, criterion, accepted=("met",))


def every_criterion_met(case: Case, module: Module, _rule: Rule) -> Iterator[Reason]:
    """Every criterion is met, or not applicable where the standard allows that."""
    for criterion in module.criteria:
        yield from _unmet(case, module, criterion, accepted=("met", "not_applicable"))


def share_met(case: Case, module: Module, rule: Rule) -> Iterator[Reason]:
    """At least the share `minimum` (0–1) of the applicable criteria is met."""
    counted = [c for c in module.criteria if case.score(c) != "not_applicable"]
    share = Decimal(len(case.met(module))) / Decimal(max(1, len(counted)))
    least = rule.minimum if rule.minimum is not None else Decimal(1)
    if counted and share < least:
        waiting = any(case.score(c) == "not_assessed" for c in counted)
        effect: Effect = "incomplete" if waiting else "not_yet"
        yield Reason(code="share-not-met", module=module.id, item="", effect=effect, detail=f"{share:.2f} < {least}")


def facts_in_order(case: Case, module: Module, _rule: Rule) -> Iterator[Reason]:
    """Facts that a met criterion asks for are there and within their limits."""
    for criterion in case.met(module):
        for fact in criterion.facts:
            given = case.standing.facts.get((criterion.id, fact.id))
            for code, effect, detail in _fact_faults(case, fact, given):
                yield Reason(code=code, module=module.id, item=criterion.id, fact=fact.id, effect=effect, detail=detail)


def evidence_enough(case: Case, module: Module, _rule: Rule) -> Iterator[Reason]:
    """A met criterion has the evidence it demands, of the right kinds, from enough different days."""
    for criterion in case.met(module):
        if criterion.evidence is None:
            continue
        kept = [e for e in case.standing.evidence.get(criterion.id, ()) if e.evidence in criterion.evidence.kinds]
        if len(kept) < criterion.evidence.minimum:
            detail = f"{len(kept)} < {criterion.evidence.minimum}"
            yield Reason(
                code="evidence-missing", module=module.id, item=criterion.id, effect="incomplete", detail=detail
            )
        elif kept and len({e.day for e in kept}) < criterion.evidence.different_days:
            yield Reason(code="evidence-days", module=module.id, item=criterion.id, effect="incomplete")


def methods_enough(case: Case, module: Module, _rule: Rule) -> Iterator[Reason]:
    """A met criterion was assessed by as many different allowed methods as it demands."""
    for criterion in case.met(module):
        used = set(case.standing.scores[criterion.id].methods) & set(criterion.methods.allowed)
        if len(used) < criterion.methods.minimum:
            yield Reason(code="methods-missing", module=module.id, item=criterion.id, effect="incomplete")


def assessors_enough(case: Case, module: Module, _rule: Rule) -> Iterator[Reason]:
    """A met criterion was judged, in agreement, by as many persons as the standard or the criterion demands."""
    for criterion in case.met(module):
        demanded = max(criterion.assessors, case.checklist.edition.assessors)
        if len(case.standing.judges.get(criterion.id, ())) < demanded:
            yield Reason(code="assessors-missing", module=module.id, item=criterion.id, effect="incomplete")


def prerequisites_valid(case: Case, module: Module, _rule: Rule) -> Iterator[Reason]:
    """The papers the module demands were seen and are valid on the day of the decision."""
    for paper in case.checklist.edition.prerequisites:
        if not paper.required or paper.id not in module.prerequisites:
            continue
        seen = case.standing.prerequisites.get(paper.id)
        if seen is None:
            yield Reason(code="prerequisite-missing", module=module.id, item=paper.id, effect="incomplete")
            continue
        issued, until = day(seen.issued), day(seen.valid_until)
        ends = [until] if until else []
        if paper.valid_years and issued:
            ends.append(last_day(issued, paper.valid_years))
        if issued is None or issued > case.on or any(end < case.on for end in ends):
            yield Reason(code="prerequisite-expired", module=module.id, item=paper.id, effect="incomplete")


RULES: dict[RuleName, RuleFunction] = {
    "every-critical-met": every_critical_met,
    "every-criterion-met": every_criterion_met,
    "share-met": share_met,
    "facts-in-order": facts_in_order,
    "evidence-enough": evidence_enough,
    "methods-enough": methods_enough,
    "assessors-enough": assessors_enough,
    "prerequisites-valid": prerequisites_valid,
}


def last_day(since: date, years: int) -> date:
    """Same calendar day n years on, minus one day; 29 February counts as 28."""
    kept = 28 if (since.month, since.day) == (2, 29) else since.day
    return since.replace(year=since.year + years, day=kept) - timedelta(days=1)


def means(fact: TableFact, row: dict[str, str]) -> dict[str, Decimal]:
    """The computed columns of one row; a mean is missing while one of its parts is."""
    found: dict[str, Decimal] = {}
    for column in fact.columns:
        parts = [number(row.get(key, "")) for key in column.mean_of]
        whole = [part for part in parts if part is not None]
        if column.kind == "mean" and parts and len(whole) == len(parts):
            found[column.id] = sum(whole, Decimal(0)) / len(whole)
    return found


def outside(case: Case, value: Decimal, minimum: Limit | None, maximum: Limit | None) -> str:
    """The broken limit as text, or nothing."""
    least, most = case.checklist.limit(minimum), case.checklist.limit(maximum)
    if least is not None and value < least:
        return f"{value} < {least}"
    if most is not None and value > most:
        return f"{value} > {most}"
    return ""


def _unmet(case: Case, module: Module, criterion: Criterion, accepted: tuple[str, ...]) -> Iterator[Reason]:
    score = case.score(criterion)
    if score in accepted:
        return
    if any(where[:2] == ("score", criterion.id) for where in case.standing.conflicts):
        return  # said once, by no_conflict
    if score == "not_assessed":
        yield Reason(code="not-assessed", module=module.id, item=criterion.id, effect="incomplete")
    else:
        yield Reason(code="not-met", module=module.id, item=criterion.id, effect="not_yet")


def _fact_faults(case: Case, fact: object, given: FactGiven | None) -> Iterator[tuple[str, Effect, str]]:
    value = given.value if given else ""
    empty = not (value.strip() if isinstance(value, str) else any(any(row.values()) for row in value))
    if empty:
        if getattr(fact, "required", False):
            yield "fact-missing", "incomplete", ""
    elif isinstance(fact, TableFact) and isinstance(value, tuple):
        yield from _table_faults(case, fact, value)
    elif isinstance(fact, NumberFact) and isinstance(value, str):
        measured = number(value)
        broken = outside(case, measured, fact.minimum, fact.maximum) if measured is not None else ""
        if broken:
            yield "fact-outside-limit", "not_yet", broken
    elif isinstance(fact, ChoiceFact):
        if any(option.id == value and not option.accepted for option in fact.options):
            yield "fact-not-accepted", "not_yet", str(value)
    elif isinstance(fact, DateFact) and fact.within_days is not None and isinstance(value, str):
        dated = day(value)
        if dated is None or dated > case.on or (case.on - dated).days > fact.within_days:
            yield "fact-too-old", "incomplete", value


def _table_faults(case: Case, fact: TableFact, rows: tuple[dict[str, str], ...]) -> Iterator[tuple[str, Effect, str]]:
    filled = [row for row in rows if any(cell.strip() for cell in row.values())]
    typed = [column for column in fact.columns if column.kind != "mean"]
    if len(filled) < fact.rows or any(not row.get(c.id, "").strip() for row in filled for c in typed):
        yield "fact-missing", "incomplete", f"{len(filled)}/{fact.rows}"
    for place, row in enumerate(filled, start=1):
        computed = means(fact, row)
        for column in fact.columns:
            value = computed.get(column.id) if column.kind == "mean" else number(row.get(column.id, ""))
            broken = outside(case, value, column.minimum, column.maximum) if value is not None else ""
            if broken:
                yield "fact-outside-limit", "not_yet", f"{place}: {broken}"
