"""A case goes out on a tablet and comes back: while it is out, nothing is decided without saying why."""

from typing import Literal

from app.actions.enrol import DeviceRevokedError
from app.actions.open_assessment import require_declared
from app.actions.writing import written
from app.policy import Actor, require
from app.store import assessments, checkouts, devices, ledger
from app.tools import Tools
from assessments.problems import ConflictError, InvalidError, MissingError, WrongStateError
from assessments.process import recordable


class StillOutError(ConflictError):
    """A tablet may hold acts that nobody here has seen."""

    code = "still-out"
    sv = "Ärendet är ute på en surfplatta. Lämna tillbaka det där, eller skriv varför det inte går, innan du beslutar."
    en = "The case is out on a tablet. Hand it back there, or write why that is impossible, before you decide."


def take_along(tools: Tools, actor: Actor, assessment: str, device: str) -> None:
    """The tablet has the case from now on; taking it twice changes nothing."""
    with tools.begin() as tx:
        assessments.lock(tx, assessment)
        case = assessments.find(tx, assessment)
        require_declared(actor, case)
        tablet = devices.find(tx, device)
        if tablet.provider != case.provider:
            raise MissingError(device=device)
        if tablet.revoked_at is not None:
            raise DeviceRevokedError(device=device)
        if not recordable(case.state):
            raise WrongStateError(state=case.state)
        if any(each.device == device and each.person == actor.person for each in checkouts.out(tx, assessment)):
            return
        checkouts.add(tx, tools.new_id(), assessment, device, actor.person, tools.now())
        ledger.append(
            tx, tools.new_id(), tenant=case.provider, actor=actor.person, action="assessment.take-along",
            subject=assessment, content={"device": device}, at=tools.now(),
        )  # fmt: skip


def bring_back(tools: Tools, actor: Actor, checkout: str, how: Literal["declared", "lost"], why: str) -> None:
    """A person says that the tablet has handed everything in, or never will."""
    with tools.begin() as tx:
        found = checkouts.find(tx, checkout)
        assessments.lock(tx, found.assessment)
        case = assessments.find(tx, found.assessment)
        require(actor, "assessment.bring-back", case.provider)
        if actor.roles(case.provider) <= {"assessor"} and actor.person not in {each.person for each in case.assigned}:
            raise MissingError(checkout=checkout)
        if how not in ("declared", "lost"):
            raise InvalidError(field="how")
        reason = written(why, "why", least=3, most=400)
        if checkouts.find(tx, checkout).back_at is not None:
            return
        checkouts.back(tx, checkout, how, tools.now(), actor.person, reason)
        ledger.append(
            tx, tools.new_id(), tenant=case.provider, actor=actor.person, action="assessment.bring-back",
            subject=case.id, content={"device": found.device, "how": how, "why": reason}, at=tools.now(),
        )  # fmt: skip
