"""A person stands for the decision: confirmed on exactly the events that were seen, with words for each outcome."""

from collections.abc import Container

from app.actions.checkout import StillOutError
from app.actions.open_assessment import require_assigned, require_declared
from app.actions.writing import written
from app.policy import Actor
from app.store import assessments, checkouts, decisions, ledger
from app.store.decisions import Decided
from app.tools import STOCKHOLM, Tools, stockholm_day
from assessments.decision import Decision, confirm
from assessments.decision import decide as weigh
from assessments.event import EvidenceGiven
from assessments.problems import ConflictError
from assessments.process import move, require_real


class PhotosMissingError(ConflictError):
    """Evidence names photos that no tablet has handed in yet."""

    code = "photos-missing"
    sv = "Foton som hör till bedömningen har inte kommit fram än. Låt surfplattan skicka färdigt först."
    en = "Photos that belong to the assessment have not arrived yet. Let the tablet finish sending first."


def photos_missing(case: assessments.CaseFile, names: Container[str]) -> list[EvidenceGiven]:
    """Evidence that counts and whose photo is not here."""
    given = [each for every in case.standing.evidence.values() for each in every]
    return [each for each in given if each.sha256 and each.sha256 not in names]


def propose(tools: Tools, case: assessments.CaseFile) -> Decision:
    """What the rules say today."""
    return weigh(case.checklist, case.standing, stockholm_day(tools.now()))


def decide(tools: Tools, actor: Actor, assessment: str, *, seen: str, motivations: dict[str, str]) -> Decided:
    """Confirm and motivate; raises `ChangedMeanwhileError` when events came after the page was shown."""
    now = tools.now()
    motivations = {key: written(text, key) for key, text in motivations.items()}
    with tools.begin() as tx:
        assessments.lock(tx, assessment)
        case = assessments.case_file(tx, assessment)
        require_declared(actor, case.assessment)
        require_real(case.assessment.practice)
        state = move(case.assessment.state, "decide", actor.roles(case.assessment.provider))
        if held := checkouts.out(tx, assessment):
            raise StillOutError(devices=[each.device_name for each in held])
        if missing := photos_missing(case, assessments.photo_names(tx, case.assessment)):
            raise PhotosMissingError(criteria=sorted({each.item for each in missing}))
        confirmed = confirm(
            weigh(case.checklist, case.standing, stockholm_day(now)),
            case.checklist,
            seen=seen,
            motivations=motivations,
            by=actor.person,
            at=now.astimezone(STOCKHOLM).isoformat(timespec="seconds"),
        )
        new = Decided(
            id=tools.new_id(),
            assessment=assessment,
            confirmed=confirmed,
            by=actor.person,
            at=now,
            state="waiting",
            entry=tools.new_id(),
        )
        ledger.append(
            tx, new.entry, tenant=case.assessment.provider, actor=actor.person, action="assessment.decide",
            subject=assessment, content=decisions.content(new), at=now,
        )  # fmt: skip
        decisions.add(tx, new)
        assessments.set_state(tx, assessment, state, now)
    return new


def take_back(tools: Tools, actor: Actor, assessment: str) -> None:
    """The assessors want to go on judging; the decision stays in the record as taken back."""
    now = tools.now()
    with tools.begin() as tx:
        assessments.lock(tx, assessment)
        case = assessments.find(tx, assessment)
        require_assigned(actor, case)
        state = move(case.state, "take-back", actor.roles(case.provider))
        decision = decisions.waiting(tx, assessment)
        decisions.set_state(tx, decision.id, "taken-back")
        assessments.set_state(tx, assessment, state, now)
        ledger.append(
            tx, tools.new_id(), tenant=case.provider, actor=actor.person, action="assessment.take-back",
            subject=assessment, content={"decision": decision.id}, at=now,
        )  # fmt: skip
