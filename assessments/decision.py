"""From standing to verdict, with every reason against: what a person then confirms, motivates and answers for."""

from datetime import date
from typing import Literal

from msgspec import Struct

from assessments.checklist import Checklist
from assessments.problems import ChangedMeanwhileError, MotivationMissingError
from assessments.rules import RULES, Case, Reason, failing, no_conflict, paper_fault
from assessments.standing import Standing
from criteria.model import Criterion, Module, Result

Verdict = Literal["competent", "partly", "not_yet", "incomplete"]
ModuleVerdict = Literal["achieved", "not_yet", "incomplete"]
MOTIVATION = 20
"""The least number of characters that can be a motivation."""


class Decision(Struct, frozen=True, kw_only=True):
    """What the rules say about one set of events on one day."""

    verdict: Verdict
    modules: dict[str, ModuleVerdict]
    reasons: tuple[Reason, ...]
    result: str | None
    """Id of the edition's result that the achieved modules lead to."""
    events: str
    """Digest of the set of events it rests on."""
    on: str

    @property
    def achieved(self) -> tuple[str, ...]:
        """Ids of the achieved modules."""
        return tuple(key for key, verdict in self.modules.items() if verdict == "achieved")


class Confirmed(Struct, frozen=True, kw_only=True):
    """A decision that a named person confirmed and motivated, outcome by outcome."""

    decision: Decision
    motivations: dict[str, str]
    by: str
    at: str


def decide(checklist: Checklist, standing: Standing, on: date) -> Decision:
    """Apply the standard's rules to every module at stake."""
    case = Case(checklist=checklist, standing=standing, on=on)
    lost = failing(case)
    reasons = {module.id: (*_reasons(case, module), *_lost(lost, module)) for module in checklist.modules}
    modules: dict[str, ModuleVerdict] = {key: _module_verdict(each) for key, each in reasons.items()}
    achieved = {key for key, verdict in modules.items() if verdict == "achieved"}
    held = {paper.id for paper in checklist.papers if not paper_fault(case, paper, on)}
    waiting = _waiting(checklist, achieved, held)
    found = (*(reason for each in reasons.values() for reason in each), *waiting)
    whole = achieved == {module.id for module in checklist.edition.modules}
    verdict: Verdict
    if whole:
        verdict = "competent"
    elif any(reason.code == "conflict" for reason in found):
        verdict = "incomplete"
    elif achieved:
        verdict = "partly"
    else:
        verdict = "not_yet" if "not_yet" in modules.values() else "incomplete"
    result = result_for(checklist, achieved, held) if verdict in ("competent", "partly") else None
    return Decision(
        verdict=verdict,
        modules=modules,
        reasons=found,
        result=result.id if result else None,
        events=standing.digest,
        on=on.isoformat(),
    )


def confirm(
    decision: Decision, checklist: Checklist, *, seen: str, motivations: dict[str, str], by: str, at: str
) -> Confirmed:
    """A person stands for the decision; refuses when events came after the page was shown, or words are missing."""
    if seen != decision.events:
        raise ChangedMeanwhileError(seen=seen, now=decision.events)
    missing = [o.id for o in checklist.outcomes if len(motivations.get(o.id, "").strip()) < MOTIVATION]
    if missing:
        raise MotivationMissingError(outcomes=missing)
    kept = {outcome.id: motivations[outcome.id].strip() for outcome in checklist.outcomes}
    return Confirmed(decision=decision, motivations=kept, by=by, at=at)


def result_for(checklist: Checklist, achieved: set[str], held: set[str]) -> Result | None:
    """The first result of the edition that the achieved modules, and the papers that were seen, satisfy."""
    results = _reached(checklist, achieved)
    return next((result for result in results if set(result.prerequisites) <= held), None)


def _reached(checklist: Checklist, achieved: set[str]) -> list[Result]:
    """The results whose modules are achieved, in the order of the file."""
    every = {module.id for module in checklist.edition.modules}
    found = []
    for result in checklist.edition.results:
        demanded = every if result.modules == "all" else set(result.modules) if result.modules != "any" else set()
        if achieved and demanded <= achieved:
            found.append(result)
    return found


def _waiting(checklist: Checklist, achieved: set[str], held: set[str]) -> tuple[Reason, ...]:
    """Papers that keep a better result back, though its modules are achieved; they cost no module."""
    better: list[Result] = []
    for result in _reached(checklist, achieved):
        if set(result.prerequisites) <= held:
            break
        better.append(result)
    papers = dict.fromkeys(paper for result in better for paper in result.prerequisites if paper not in held)
    return tuple(Reason(code="prerequisite-for-result", module="", item=paper, effect="incomplete") for paper in papers)


def _lost(lost: tuple[Criterion, ...], module: Module) -> list[Reason]:
    """What a criterion that fails the whole standard costs the other modules."""
    own = {criterion.id for criterion in module.criteria}
    return [
        Reason(code="standard-failed", module=module.id, item="", effect="not_yet", detail=criterion.id)
        for criterion in lost
        if criterion.id not in own
    ]


def _reasons(case: Case, module: Module) -> list[Reason]:
    found = list(no_conflict(case, module))
    for rule in case.checklist.edition.rules:
        found += [reason for reason in RULES[rule.name](case, module, rule) if reason not in found]
    return found


def _module_verdict(reasons: tuple[Reason, ...]) -> ModuleVerdict:
    if not reasons:
        return "achieved"
    return "not_yet" if any(reason.effect == "not_yet" for reason in reasons) else "incomplete"
