"""The rules a standard names in YAML, one function each; a rule yields its reasons instead of answering yes or no.

A reason's effect says what it does to its module: `not_yet` (shown not to be there) or `incomplete` (not shown yet).
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec import Struct

from assessments.breaches import PERCENT, Effect, breaches, filled
from assessments.checklist import Checklist
from assessments.event import day, number
from assessments.standing import Standing
from criteria.model import Criterion, Module, Prerequisite, Rule, RuleName, ScoreFact, TableFact

SWEDEN = ZoneInfo("Europe/Stockholm")


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
    """Facts that a met criterion asks for are there, within their limits, in order and explained."""
    for criterion in case.met(module):
        yield from broken(case, module, criterion)


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
    """The papers the module demands hold on the day of the decision; those before the start on each day of judging."""
    for paper in case.checklist.edition.prerequisites:
        if not paper.required or paper.id not in module.prerequisites:
            continue
        fault = paper_fault(case, paper, case.on)
        if fault:
            yield Reason(code=fault, module=module.id, item=paper.id, effect="incomplete")
            continue
        days = {each for c in case.met(module) for each in judged_on(case.standing, c)}
        early = sorted(each for each in days if paper.before == "start" and paper_fault(case, paper, each))
        if early:
            detail = early[0].isoformat()
            yield Reason(
                code="prerequisite-not-at-start", module=module.id, item=paper.id, effect="incomplete", detail=detail
            )


def repetitions_enough(case: Case, module: Module, _rule: Rule) -> Iterator[Reason]:
    """A met criterion was shown as many times as it demands: its evidence and its tables are there each time."""
    for criterion in case.met(module):
        shown = _times(case, criterion) if criterion.repetitions > 1 else 1
        if shown < criterion.repetitions:
            detail = f"{shown} < {criterion.repetitions}"
            yield Reason(
                code="repetitions-missing", module=module.id, item=criterion.id, effect="incomplete", detail=detail
            )


def theory_threshold(case: Case, module: Module, rule: Rule) -> Iterator[Reason]:
    """The points of the module's theory tests together reach the share `minimum` (0–1) of those that can be had."""
    reached, most = Decimal(0), 0
    for criterion in module.criteria:
        for fact in criterion.facts:
            given = case.standing.facts.get((criterion.id, fact.id))
            points = number(given.value) if given and isinstance(given.value, str) else None
            if isinstance(fact, ScoreFact) and points is not None:
                reached, most = reached + points, most + fact.points
    least = (rule.minimum if rule.minimum is not None else Decimal(1)) * PERCENT
    if most and reached * PERCENT / most < least:
        detail = f"{(reached * PERCENT / most).quantize(Decimal(1))} % < {least.quantize(Decimal(1))} %"
        yield Reason(code="theory-not-reached", module=module.id, item="", effect="not_yet", detail=detail)


def broken(case: Case, module: Module, criterion: Criterion) -> Iterator[Reason]:
    """What the criterion's facts break, whatever its score."""
    for fact in criterion.facts:
        given = case.standing.facts.get((criterion.id, fact.id))
        for code, effect, detail in breaches(case.checklist, fact, given, case.on):
            yield Reason(code=code, module=module.id, item=criterion.id, fact=fact.id, effect=effect, detail=detail)


def failing(case: Case) -> tuple[Criterion, ...]:
    """Criteria that fail the whole standard: judged not met, or measured so whatever the score says."""
    return tuple(
        criterion
        for module in case.checklist.modules
        for criterion in module.criteria
        if criterion.fails == "standard"
        and (
            case.score(criterion) == "not_met"
            or any(reason.effect == "not_yet" for reason in broken(case, module, criterion))
        )
    )


def paper_fault(case: Case, paper: Prerequisite, on: date) -> str:
    """Why the paper does not hold on that day, as the code of a reason; empty when it does."""
    seen = case.standing.prerequisites.get(paper.id)
    if seen is None:
        return "prerequisite-missing"
    issued, until = day(seen.issued), day(seen.valid_until)
    ends = [until] if until else []
    if paper.valid_years and issued:
        ends.append(last_day(issued, paper.valid_years))
    valid = issued is not None and issued <= on and all(on <= end for end in ends)
    return "" if valid else "prerequisite-expired"


def judged_on(standing: Standing, criterion: Criterion) -> set[date]:
    """The Stockholm days of the scores that stand, by their authors' clocks."""
    return {stockholm_day(event.at) for event in standing.heads.get(("score", criterion.id), ())}


def stockholm_day(at: str) -> date:
    """The calendar day in Stockholm of a time with offset."""
    return datetime.fromisoformat(at).astimezone(SWEDEN).date()


RULES: dict[RuleName, RuleFunction] = {
    "every-critical-met": every_critical_met,
    "every-criterion-met": every_criterion_met,
    "share-met": share_met,
    "facts-in-order": facts_in_order,
    "evidence-enough": evidence_enough,
    "methods-enough": methods_enough,
    "assessors-enough": assessors_enough,
    "prerequisites-valid": prerequisites_valid,
    "repetitions-enough": repetitions_enough,
    "theory-threshold": theory_threshold,
}


def last_day(since: date, years: int) -> date:
    """Same calendar day n years on, minus one day; 29 February counts as 28."""
    kept = 28 if (since.month, since.day) == (2, 29) else since.day
    return since.replace(year=since.year + years, day=kept) - timedelta(days=1)


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


def _times(case: Case, criterion: Criterion) -> int:
    """How many whole times the traces of a criterion were left."""
    shown = []
    if criterion.evidence:
        kept = [e for e in case.standing.evidence.get(criterion.id, ()) if e.evidence in criterion.evidence.kinds]
        shown.append(len(kept) // max(1, criterion.evidence.minimum))
    for fact in criterion.facts:
        if isinstance(fact, TableFact) and fact.required:
            given = case.standing.facts.get((criterion.id, fact.id))
            rows = filled(given.value) if given and isinstance(given.value, tuple) else []
            shown.append(len(rows) // fact.rows)
    return min(shown, default=0)
