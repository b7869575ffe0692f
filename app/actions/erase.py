"""Erase a person: content and salts go, the chain stays whole, and a restored backup forgets the person again."""

from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from app.store import assessments, erasure, ledger
from app.store.files import write_whole
from app.tools import Tools
from assessments.problems import ConflictError, MissingError


class CaseRunningError(ConflictError):
    """A running case would lose its content."""

    code = "case-running"
    sv = "Personen har ett pågående ärende. Avsluta eller återkalla det först."
    en = "The person has a running case. End or withdraw it first."


class Proof(Struct, frozen=True, kw_only=True):
    """What can be shown of an erasure: the ledger entry, and how much went."""

    person: str
    entry: str
    at: datetime
    entries: int
    files: int


def erase(tools: Tools, person: str, *, operator: str = "operator") -> Proof:
    """Erase a candidate or staff member by id; erasing twice changes nothing more."""
    now = tools.now()
    with tools.begin() as tx:
        kind = erasure.kind(tx, person)
        if kind is None:
            raise MissingError(person=person)
        if kind == "candidate":
            running = [each.state for each in assessments.of_candidate(tx, person)]
            if {"planned", "assessing", "decided"} & set(running):
                raise CaseRunningError(person=person)
        else:
            running = [each.state for each in assessments.of_assessor(tx, person, "planned", "assessing", "decided")]
            if running:
                raise CaseRunningError(person=person)
        erased = erasure.candidate(tx, person, now) if kind == "candidate" else erasure.worker(tx, person, now)
        entry = tools.new_id()
        if erased.tenant:
            ledger.append(
                tx, entry, tenant=erased.tenant, actor=operator, action="person.erase", subject=person,
                content={"person": person, "entries": list(erased.entries)}, at=now,
            )  # fmt: skip
        erasure.note(tx, person, erased, entry, now)
    _list(tools, person)
    for sha256 in erased.files:
        tools.files.erase(sha256)
    return Proof(person=person, entry=entry, at=now, entries=len(erased.entries), files=len(erased.files))


def list_file(tools: Tools) -> Path:
    """The erasure list lies outside the database, so that a backup from before cannot bring anybody back."""
    return tools.settings.folder / "erasures.json"


def listed(tools: Tools) -> frozenset[str]:
    """Ids of everybody who was erased here, as the list outside the database says."""
    file = list_file(tools)
    return frozenset(msgspec.json.decode(file.read_bytes(), type=list[str])) if file.exists() else frozenset()


def erase_again(tools: Tools) -> list[Proof]:
    """After a restore: forget again whom the list names."""
    with tools.read() as tx:
        missing = [person for person in sorted(listed(tools) - erasure.done(tx)) if erasure.kind(tx, person)]
    return [erase(tools, person) for person in missing]


def _list(tools: Tools, person: str) -> None:
    everybody = sorted(listed(tools) | {person})
    write_whole(list_file(tools), msgspec.json.encode(everybody))
