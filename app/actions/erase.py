"""Erase a person: content and salts go, the chain stays whole, and a restored backup forgets the person again."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from app.store import assessments, erasure, ledger
from app.store.files import write_whole
from app.tools import Tools
from assessments.problems import ConflictError, MissingError
from assessments.process import State

RUNNING: tuple[State, ...] = ("planned", "assessing", "decided")
LEFTOVER = timedelta(minutes=10)
"""A file that no row names after this was left by something cut short."""

ASKED = timedelta(days=1)
"""A stranger's document is answered in seconds; one that still lies there was never listed."""


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
    """Erase a candidate or staff member by id; erasing twice only makes sure that everything is gone."""
    with tools.begin() as tx:
        kind = erasure.kind(tx, person)
        if kind is None:
            raise MissingError(person=person)
        if erasure.noted(tx, person) is None:
            if _running(tx, person, kind):
                raise CaseRunningError(person=person)
            _erase(tools, tx, person, kind, operator)
    return _clear(tools, person)


def list_file(tools: Tools) -> Path:
    """The erasure list lies outside the database, so that a backup from before cannot bring anybody back."""
    return tools.settings.folder / "erasures.json"


def listed(tools: Tools) -> frozenset[str]:
    """Ids of everybody who was erased here, as the list outside the database says."""
    file = list_file(tools)
    return frozenset(msgspec.json.decode(file.read_bytes(), type=list[str])) if file.exists() else frozenset()


def erase_again(tools: Tools) -> list[Proof]:
    """After a restore: forget again whom the list names, also where the backup still has the case running."""
    again = []
    with tools.begin() as tx:
        for person in sorted(listed(tools) - erasure.done(tx)):
            kind = erasure.kind(tx, person)
            if kind is not None:
                for case in _running(tx, person, kind) if kind == "candidate" else ():
                    assessments.set_state(tx, case, "withdrawn", tools.now())
                _erase(tools, tx, person, kind, "operator")
                again.append(person)
    return [_clear(tools, person) for person in again]


def tidy(tools: Tools) -> int:
    """Remove files that no row names: whatever was cut short may have left somebody's paper or photo behind."""
    before = (tools.now() - LEFTOVER).timestamp()
    with tools.read() as tx:
        named = erasure.named_files(tx)
    left = [path for path in tools.files.every() if path.name not in named and path.stat().st_mtime < before]
    old = (tools.now() - ASKED).timestamp()
    left += [path for path in (tools.settings.folder / "checks").glob("*") if path.stat().st_mtime < old]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _running(tx: Connection, person: str, kind: Literal["candidate", "worker"]) -> list[str]:
    if kind == "candidate":
        return [each.id for each in assessments.of_candidate(tx, person) if each.state in RUNNING]
    return [each.id for each in assessments.of_assessor(tx, person, *RUNNING)]


def _erase(tools: Tools, tx: Connection, person: str, kind: Literal["candidate", "worker"], operator: str) -> None:
    now, entry = tools.now(), tools.new_id()
    erased = erasure.candidate(tx, person, now) if kind == "candidate" else erasure.worker(tx, person, now)
    if erased.tenant:
        ledger.append(
            tx, entry, tenant=erased.tenant, actor=operator, action="person.erase", subject=person,
            content=erasure.content(person, erased.entries), at=now,
        )  # fmt: skip
    erasure.note(tx, person, erased, entry, now)
    # Before the commit: a crash in between must not leave somebody erased whom a backup would bring back.
    write_whole(list_file(tools), msgspec.json.encode(sorted(listed(tools) | {person})))


def _clear(tools: Tools, person: str) -> Proof:
    """What lies outside the database, and what the database file still holds of overwritten pages."""
    with tools.read() as tx:
        noted, letters = erasure.noted(tx, person), erasure.letters(tx, person)
        still_named = erasure.named_files(tx)
    if noted is None:
        raise MissingError(person=person)
    for sha256 in set(noted.files) - still_named:
        tools.files.erase(sha256)
    for letter in letters:
        for file in (tools.settings.folder / "mail").glob(f"*-{letter[-8:]}.txt"):
            file.unlink(missing_ok=True)
    tidy(tools)
    with tools.begin() as tx:
        erasure.files_gone(tx, person)
    tools.database.shred()
    return Proof(person=person, entry=noted.entry, at=noted.at, entries=len(noted.entries), files=len(noted.files))
