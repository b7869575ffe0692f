"""An assessor stands, signed in, for what tablets delivered in that name: from then on it counts."""

from app.actions.open_assessment import require_declared
from app.policy import Actor
from app.store import assessments, confirmations, ledger
from app.store.assessments import CaseFile
from app.store.confirmations import Confirmation
from app.store.events import Stored
from app.tools import Tools
from assessments.problems import ChangedMeanwhileError, InvalidError
from assessments.process import move
from assessments.standing import digest


def track(case: CaseFile, person: str) -> tuple[Stored, ...]:
    """What waits for that person's word."""
    return tuple(each for each in case.unconfirmed if each.event.actor == person)


def track_digest(case: CaseFile, person: str) -> str:
    """What the page remembers to have shown."""
    return digest(each.event for each in track(case, person))


def confirm(tools: Tools, actor: Actor, assessment: str, *, seen: str, events: frozenset[str]) -> str:
    """Stand for these of the events that were seen; the others go on waiting. Returns the confirmation's id."""
    now = tools.now()
    with tools.begin() as tx:
        assessments.lock(tx, assessment)
        case = assessments.case_file(tx, assessment)
        require_declared(actor, case.assessment)
        if track_digest(case, actor.person) != seen:
            raise ChangedMeanwhileError(seen=seen)
        chosen = [each.event for each in track(case, actor.person) if each.event.id in events]
        if not chosen or len(chosen) != len(events):
            raise InvalidError(field="events")
        state = move(case.assessment.state, "record", actor.roles(case.assessment.provider))
        new = Confirmation(
            id=tools.new_id(), assessment=assessment, person=actor.person, digest=digest(chosen),
            events=tuple(event.id for event in chosen), at=now, entry=tools.new_id(),
        )  # fmt: skip
        ledger.append(
            tx, new.entry, tenant=case.assessment.provider, actor=actor.person, action="assessment.confirm",
            subject=assessment, content=confirmations.content(new.id, new.digest, new.events), at=now,
        )  # fmt: skip
        confirmations.add(tx, new)
        assessments.set_state(tx, assessment, state, now)
    return new.id
