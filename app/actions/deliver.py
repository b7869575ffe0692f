"""Take in what a tablet hands over: everything is kept, what the gate refuses for a person, and twice is once.

The answer is given after the commit. Wall clocks are noted and decide nothing.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from app.actions.taking import RaceError, Taken, Taking
from app.store import deliveries, devices
from app.store.deliveries import Batch
from app.strict_json import UnreadableJsonError, read_object
from app.tools import Tools
from assessments.event import BATCH
from assessments.problems import InvalidError

TRIES = 5
FARTHEST = 2**31 - 1
"""Seconds of clock skew that are told apart; beyond that it is merely far."""


class BodyError(InvalidError):
    """It cannot be read as a delivery at all, so nothing of it could be kept; `reason` says why."""

    code = "body"
    sv = "Leveransen gick inte att läsa, så inget av den kunde tas emot."
    en = "The delivery could not be read, so none of it could be taken in."


class Waiting(Struct, frozen=True):
    """What the tablet says to have unsent."""

    count: int = 0
    oldest: str = ""


class Sent(Struct, frozen=True, kw_only=True):
    """One delivery."""

    events: list[Any]
    sent_at: str = ""
    app: str = ""
    waiting: Waiting = Waiting()


class Delivered(Struct, frozen=True, kw_only=True):
    """What became of each event, in the order sent."""

    results: tuple[Taken, ...]
    skew_ms: int | None
    revoked: bool
    received_at: datetime


def read_delivery(body: bytes) -> Sent:
    """The envelope of a delivery; the events in it are anybody's guess still. Raises `BodyError`."""
    try:
        found = msgspec.convert(read_object(body), Sent)
    except (UnreadableJsonError, msgspec.ValidationError) as fault:
        raise BodyError(reason=getattr(fault, "reason", "shape")) from fault
    if len(found.events) > BATCH:
        raise BodyError(reason="more than 100 events")
    return found


def deliver(tools: Tools, device: str, sent: Sent, raw: bytes, *, by: str | None = None) -> Delivered:
    """Keep the delivery of a tablet, or of a file that `by` brought."""
    for _ in range(TRIES - 1):
        try:
            return _once(tools, device, sent, raw, by)
        except RaceError:  # another tablet kept the same id at the same moment: look again, it will be seen
            continue
    return _once(tools, device, sent, raw, by)


def _once(tools: Tools, device: str, sent: Sent, raw: bytes, by: str | None) -> Delivered:
    now = tools.now()
    skew = _skew(sent.sent_at, now)
    with tools.begin() as tx:
        tablet = devices.lock(tx, device)
        taking = Taking(tools, tx, tablet, tools.new_id(), now)
        taking.look(sent.events)
        if sent.events:
            batch = Batch(
                id=taking.batch, device=device, received_at=now, sent_at=_word(sent.sent_at), skew=_seconds(skew),
                app=_word(sent.app), raw=raw, cases=tuple(taking.cases), imported_by=by,
            )  # fmt: skip
            deliveries.add_batch(tx, batch)
        results = tuple(taking.take(each) for each in sent.events)
        taking.finish()
        if by is None:
            _seen(tx, tablet, sent, skew, now)
    return Delivered(results=results, skew_ms=skew, revoked=tablet.revoked_at is not None, received_at=now)


def _seen(tx: Connection, tablet: devices.Device, sent: Sent, skew: int | None, now: datetime) -> None:
    devices.change(
        tx, tablet.id, seen_at=now, app=_word(sent.app), skew=_seconds(skew) or 0,
        waiting=max(0, min(sent.waiting.count, 1_000_000)), oldest=_word(sent.waiting.oldest),
    )  # fmt: skip


def _skew(sent_at: str, now: datetime) -> int | None:
    """Milliseconds between the tablet's word for now and ours; positive: its clock is behind."""
    try:
        told = datetime.fromisoformat(sent_at)
        return None if told.tzinfo is None else int((now - told) / timedelta(milliseconds=1))
    except (ValueError, OverflowError):
        return None


def _seconds(skew: int | None) -> int | None:
    return None if skew is None else max(-FARTHEST, min(FARTHEST, skew // 1000))


def _word(text: str) -> str:
    """Short and printable, whatever came."""
    return "".join(each for each in text if each.isprintable())[:60]
