"""A coordinator sees to what waits in quarantine: into the case through the same gate, or set aside with a reason."""

from typing import Any

import msgspec
from sqlalchemy import Connection

from app.actions.taking import Refusal, Taking
from app.actions.writing import written
from app.policy import Actor, require
from app.store import devices, ledger, quarantine
from app.store.quarantine import Parked
from app.tools import Tools
from assessments.delivered import opened
from assessments.problems import ConflictError, MissingError


class StillRefusedError(ConflictError):
    """What keeps it out has not been mended; `reason` says what that is."""

    code = "still-refused"
    sv = "Hindret finns kvar, så händelsen kan inte tas in ännu."
    en = "What keeps it out is still there, so the event cannot be taken in yet."


def accept(tools: Tools, actor: Actor, key: str, why: str = "") -> str:
    """Take it in now that the reason is mended; it still waits for its assessor's word. Returns the event's id."""
    with tools.begin() as tx:
        parked = _open(tx, actor, key)
        tablet = devices.lock(tx, parked.device)
        taking = Taking(tools, tx, tablet, parked.batch, tools.now())
        try:
            plain: dict[str, Any] = msgspec.json.decode(parked.body)
            envelope, act = opened(plain)
            taking.look([plain])
            if act.get("id") in taking.bodies or act.get("id") in taking.known:
                act |= {"id": tools.new_id()}  # the id is somebody else's: the same act under one of ours
            event = taking.judged(envelope, act)
        except Refusal as still:
            raise StillRefusedError(reason=still.reason, faults=still.faults) from still
        except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as fault:
            raise StillRefusedError(reason=parked.reason) from fault
        taking.admit(event, actor.person)
        _close(tools, tx, actor, parked, "accepted", written(why, "why", most=400))
    return event.id


def set_aside(tools: Tools, actor: Actor, key: str, why: str) -> None:
    """It never counts; it stays readable with the reason."""
    reason = written(why, "why", least=3, most=400)
    with tools.begin() as tx:
        parked = _open(tx, actor, key)
        _close(tools, tx, actor, parked, "set-aside", reason)


def _open(tx: Connection, actor: Actor, key: str) -> Parked:
    provider = quarantine.provider_of(tx, key)
    if provider is None:
        raise MissingError(quarantine=key)
    require(actor, "quarantine.resolve", provider)
    parked = quarantine.lock(tx, key)
    if parked.state != "open":
        raise StillRefusedError(reason=parked.state)
    return parked


def _close(tools: Tools, tx: Connection, actor: Actor, parked: Parked, state: quarantine.State, why: str) -> None:
    quarantine.close(tx, parked.id, state, by=actor.person, at=tools.now(), why=why)
    ledger.append(
        tx, tools.new_id(), tenant=devices.find(tx, parked.device).provider, actor=actor.person,
        action="quarantine.accept" if state == "accepted" else "quarantine.set-aside",
        subject=parked.id, content={"hash": parked.hash, "why": why}, at=tools.now(),
    )  # fmt: skip
