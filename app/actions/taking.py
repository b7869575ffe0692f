"""One delivery inside one transaction: each event goes into its case, is known already, or waits whole for a person."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from app.actions import candidate_code
from app.actions.late import flag_late
from app.store import assessments, candidate_codes, checkouts, deliveries, events, ledger, media, quarantine
from app.store.assessments import Sheet
from app.store.deliveries import Delivery
from app.store.devices import Device
from app.store.quarantine import Parked
from app.store.types import canonical
from app.tools import Tools
from assessments.delivered import Envelope, TabletAct, fingerprint, opened
from assessments.event import Event, EvidenceGiven, SignedOff, read_events
from assessments.problems import InvalidEventsError
from assessments.process import move, recordable

MOST_FAULTS = 20
LAST_SEQ = 2**31 - 1


class RaceError(Exception):
    """Somebody else wrote the same id between our look and our write."""


class Taken(Struct, frozen=True):
    """What became of one event."""

    id: str
    status: str
    reason: str = ""


class Refusal(Exception):  # noqa: N818 it is caught two lines on and reaches nobody
    """Why an event waits for a person."""

    def __init__(self, reason: str, *faults: str) -> None:
        self.reason, self.faults = reason, faults[:MOST_FAULTS]
        super().__init__(reason)


class Taking:
    """What one delivery knows and does; `look` first, `take` each, `finish` last."""

    def __init__(self, tools: Tools, tx: Connection, device: Device, batch: str, now: datetime) -> None:
        self.tools, self.tx, self.device, self.batch, self.now = tools, tx, device, batch, now
        self.cases: dict[str, Sheet] = {}
        self.known: dict[str, Delivery] = {}
        self.numbers: dict[int, str] = {}
        self.parked: dict[str, Parked] = {}
        self.bodies: dict[str, str] = {}
        self.codes: dict[str, candidate_codes.Kept] = {}
        self.new: list[Delivery] = []
        self.aside: list[Parked] = []
        self.fresh: dict[str, list[Event]] = defaultdict(list)

    def look(self, sent: Sequence[Any]) -> None:
        """Everything the verdicts need, read in a fixed order so that two tablets never wait for each other."""
        acts = [each for each in sent if isinstance(each, dict)]
        ids = _texts(acts, "id")
        numbers = [n for each in acts if (n := _number(each.get("seq"))) is not None]
        for key in sorted(_texts(acts, "assessment")):
            if assessments.provider_of(self.tx, key) == self.device.provider:
                assessments.lock(self.tx, key)
                self.cases[key] = assessments.sheet(self.tx, key)
        for each in deliveries.known(self.tx, self.device.id, ids, numbers):
            self._remember(each)
        self.parked = quarantine.known(self.tx, self.device.id, [fingerprint(each) for each in acts])
        self.bodies = events.bodies(self.tx, ids)
        self.codes = candidate_codes.of(self.tx, self.cases)

    def take(self, sent: Any) -> Taken:
        """The verdict on one event; nothing that comes here is thrown away."""
        plain = sent if isinstance(sent, dict) else {"not-an-event": sent}
        key, mark = _text(plain.get("id")), fingerprint(plain)
        found = self.known.get(key)
        if found and found.hash in ("", mark):  # empty: the person it was about has been erased
            return Taken(key, "duplicate")
        if mark in self.parked:
            again = self.parked[mark]
            return Taken(key, "duplicate") if again.state == "accepted" else Taken(key, "quarantined", again.reason)
        try:
            envelope, act = self._opened(plain)
            self._require_free(key, envelope)
            if act.get("kind") == "tablet":
                self._keep_told(envelope, act, mark)
            else:
                self._keep(envelope, self.judged(envelope, act), mark)
        except Refusal as why:
            return self._park(plain, key, mark, why)
        return Taken(key, "stored")

    def judged(self, envelope: Envelope, act: dict[str, Any]) -> Event:
        """The act as an event of its case; raises `Refusal`."""
        case = self.cases.get(_text(act.get("assessment")))
        if case is None:
            raise Refusal("unknown-assessment")
        if act.get("source") != "tablet":
            raise Refusal("source")
        try:
            [event] = read_events([act], case.checklist, case.assessment.id)
        except InvalidEventsError as refused:
            faults = [f"{place.partition('.')[2]}: {said}" for place, said in refused.details["faults"]]  # type: ignore[attr-defined] # a list of pairs
            raise Refusal("gate", *faults) from refused
        own = next((each for each in case.assessment.assigned if each.person == event.actor), None)
        if own is None:
            raise Refusal("not-assigned")
        if not own.no_tie:
            raise Refusal("tie-not-declared")
        self._require_code(envelope, event)
        if self.bodies.get(event.id, canonical(event).decode()) != canonical(event).decode():
            raise Refusal("id-reused")
        if event.id not in self.bodies and not recordable(case.assessment.state):
            raise Refusal("withdrawn" if case.assessment.state == "withdrawn" else quarantine.LATE)
        return event

    def admit(self, event: Event, actor: str) -> None:
        """Into its case after all, in the name of the person who saw to it; its place in the chain stays as it was."""
        self._record(self.cases[event.assessment], [event], actor)

    def finish(self) -> None:
        """Write all of it; the ledger names the tablet, since nobody has stood for its claims yet."""
        deliveries.add(self.tx, self.new)
        kept = {each.event: each.batch for each in deliveries.known(self.tx, "", [each.event for each in self.new], [])}
        if any(kept.get(each.event) != self.batch for each in self.new):
            raise RaceError
        quarantine.add(self.tx, self.aside)
        for key, fresh in sorted(self.fresh.items()):
            self._record(self.cases[key], fresh, self.device.id)
        for key in sorted({each.assessment for each in self.aside if each.reason == quarantine.LATE}):
            flag_late(self.tx, assessments.case_file(self.tx, key))

    def _opened(self, plain: dict[str, Any]) -> tuple[Envelope, dict[str, Any]]:
        try:
            return opened(plain)
        except msgspec.ValidationError as fault:
            raise Refusal("envelope", str(fault)) from fault

    def _require_free(self, key: str, envelope: Envelope) -> None:
        if key in self.known:
            raise Refusal("id-reused")
        if envelope.device != self.device.id:
            raise Refusal("other-device")
        if envelope.seq in self.numbers:
            raise Refusal("seq-reused")
        if self.device.revoked_at is not None:
            raise Refusal("device-revoked")

    def _require_code(self, envelope: Envelope, event: Event) -> None:
        """Nobody signs for the candidate: only who knows the candidate's own code."""
        if isinstance(event, SignedOff) and event.role == "candidate":
            if candidate_code.fits(self.codes.get(event.assessment), event, envelope.proof):
                return
            raise Refusal("candidate-code")

    def _keep_told(self, envelope: Envelope, act: dict[str, Any], mark: str) -> None:
        """Something about the tablet itself; handing a case back ends its being out."""
        try:
            told = msgspec.convert(act, TabletAct)
            canonical(told).decode()
        except (msgspec.ValidationError, UnicodeError) as fault:
            raise Refusal("envelope", str(fault)) from fault
        self._add(envelope, told.id, mark, None, json.dumps({"what": told.what, "text": told.text, "at": told.at}))
        if told.what == "returned":
            for each in checkouts.on_device(self.tx, self.device.id):
                if each.assessment == told.assessment:
                    checkouts.back(self.tx, each.id, "returned", self.now)

    def _keep(self, envelope: Envelope, event: Event, mark: str) -> None:
        self._add(envelope, event.id, mark, event.assessment, "")
        if event.id not in self.bodies:
            self.bodies[event.id] = canonical(event).decode()
            self.fresh[event.assessment].append(event)

    def _add(self, envelope: Envelope, event: str, mark: str, assessment: str | None, told: str) -> None:
        mono = "" if envelope.mono is None else str(envelope.mono)
        new = Delivery(
            event=event, device=self.device.id, seq=envelope.seq, hash=mark, prev=envelope.prev, mono=mono,
            assessment=assessment, told=told, batch=self.batch, received_at=self.now,
        )  # fmt: skip
        self.new.append(new)
        self._remember(new)

    def _remember(self, delivery: Delivery) -> None:
        self.known[delivery.event] = delivery
        if delivery.device == self.device.id:
            self.numbers[delivery.seq] = delivery.event

    def _park(self, plain: dict[str, Any], key: str, mark: str, why: Refusal) -> Taken:
        """Whole, as text that any database can hold."""
        parked = Parked(
            id=self.tools.new_id(), device=self.device.id, hash=mark, event=key,
            seq=_number(plain.get("seq")), prev=_text(plain.get("prev"), 64),
            assessment=_text(plain.get("assessment")), actor=_text(plain.get("actor")), reason=why.reason,
            faults=tuple(why.faults), body=json.dumps(plain, sort_keys=True), batch=self.batch, received_at=self.now,
        )  # fmt: skip
        self.parked[mark] = parked
        self.aside.append(parked)
        return Taken(key, "quarantined", why.reason)

    def _record(self, case: Sheet, fresh: list[Event], actor: str) -> None:
        """Under one entry of the ledger for each case; photos that are here already are linked."""
        found, entry = case.assessment, self.tools.new_id()
        state = move(found.state, "record", frozenset({"assessor"}))
        bodies = [canonical(event).decode() for event in fresh]
        ledger.append(
            self.tx, entry, tenant=found.provider, actor=actor, action=events.DELIVERED, subject=found.id,
            content=events.content(bodies), at=self.now,
        )  # fmt: skip
        if len(events.add(self.tx, found.id, fresh, entry, self.now)) != len(fresh):
            raise RaceError
        assessments.set_state(self.tx, found.id, state, self.now)
        for event in fresh:
            photo = event.sha256 if isinstance(event, EvidenceGiven) else None
            there = media.find(self.tx, found.provider, photo) if photo else None
            if there and there.readable:
                assessments.keep_photo(self.tx, found.id, there.stored, event.actor, self.now)


def _text(value: object, longest: int = 36) -> str:
    """A word that can be looked up: ids are short and printable."""
    return value if isinstance(value, str) and len(value) <= longest and value.isascii() and value.isprintable() else ""


def _number(value: object) -> int | None:
    return value if type(value) is int and 0 < value <= LAST_SEQ else None


def _texts(acts: Sequence[dict[str, Any]], field: str) -> list[str]:
    return sorted({word for each in acts if (word := _text(each.get(field)))})
