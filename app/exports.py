"""A whole case as one JSON file with its hashes: for moving it, keeping it, or handing it to its owner.

An imported case awaits quality assurance here and is marked as imported; it never becomes an award by itself.
The protected-identity flag never travels.
"""

import base64
import hashlib
import re
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from app.actions.keep_photo import cleaned, is_plain
from app.actions.people import clean
from app.actions.writing import written
from app.policy import Actor, require
from app.store import assessments, decisions, events, ledger, media, people, standards
from app.store.assessments import Candidate
from app.store.decisions import Decided
from app.store.media import Medium
from app.store.people import Person
from app.store.types import canonical
from app.tools import Tools
from app.words import LANGUAGES
from assessments.checklist import Checklist, checklist
from assessments.decision import Confirmed, confirm, decide
from assessments.event import BATCH, Event, EvidenceGiven, day, number, read_events
from assessments.problems import ConflictError, InvalidError, MissingError
from assessments.process import require_real
from assessments.standing import standing

LARGEST = 50_000_000
SHA256 = re.compile(r"[0-9a-f]{64}")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,35}")


class FileError(InvalidError):
    """Not a case file of ours, or not a whole one; `reason` says what."""

    code = "case-file"
    sv = "Filen är inget helt ärende från Intyga."
    en = "The file is not a whole Intyga case."


class CaseKnownError(ConflictError):
    """The case is here already."""

    code = "case-known"
    sv = "Ärendet finns redan."
    en = "The case is already here."


class FileCandidate(Struct, frozen=True, kw_only=True):
    """The candidate as the file says."""

    name: str
    birth_date: str
    reference: str = ""
    language: str = "sv"


class CaseContent(Struct, frozen=True, kw_only=True):
    """What the file's hash is made of."""

    id: str
    standard: str
    edition: str
    edition_sha256: str
    candidate: FileCandidate
    chosen: tuple[str, ...]
    tightened: dict[str, str] = {}
    people: tuple[Person, ...]
    assessors: tuple[str, ...]
    events: list[dict[str, Any]]
    photos: dict[str, str] = {}
    """SHA-256 to the picture in base64."""
    originals: dict[str, str] = {}
    """Names that a tablet gave to photos, to the SHA-256 of the cleaned picture."""
    decision: Confirmed | None = None
    """Leave it out, and give `motivations` instead, to let the rules say the verdict."""
    motivations: dict[str, str] = {}


class ExportedCase(Struct, frozen=True, kw_only=True):
    """The file; the hash is of `case` as JSON with sorted keys and no spaces, whatever words are added to it later."""

    format: str
    sha256: str
    case: dict[str, Any]


class Taken(Struct, frozen=True, kw_only=True):
    """What a file becomes in this house."""

    lists: Checklist
    events: list[Event]
    confirmed: Confirmed | None
    candidate: Candidate
    new_people: tuple[Person, ...]


def export_case(tools: Tools, assessment: str) -> bytes:
    """The case with events, photos and latest decision."""
    with tools.read() as tx:
        found = assessments.case_file(tx, assessment)
        known = decisions.of(tx, assessment)
        case = found.assessment
        who = {each.person for each in case.assigned} | found.standing.actors
        names = people.names(tx, who)
        files = assessments.photo_names(tx, case)
    require_real(case.practice)  # nobody makes a real case of an exercise by carrying it out and in again
    named = {sha for each in found.stored if (sha := photo_of(each.event))}
    content = CaseContent(
        id=case.id,
        standard=case.standard,
        edition=case.edition_name,
        edition_sha256=case.edition,
        candidate=FileCandidate(
            name=case.candidate.name,
            birth_date=case.candidate.birth_date,
            reference=case.candidate.reference,
            language=case.candidate.language,
        ),
        chosen=case.chosen,
        tightened=case.tightened,
        people=tuple(Person(id=key, name=names[key]) for key in sorted(names)),
        assessors=tuple(each.person for each in case.assigned),
        events=[msgspec.to_builtins(each.event) for each in found.stored],
        photos={sha: base64.b64encode(tools.files.get(sha)).decode() for sha in sorted({files[sha] for sha in named})},
        originals={sha: files[sha] for sha in sorted(named) if files[sha] != sha},
        decision=known[-1].confirmed if known and known[-1].state != "taken-back" else None,
    )
    plain = msgspec.to_builtins(content)
    whole = ExportedCase(format="intyga-case-1", sha256=_hash(plain), case=plain)
    return msgspec.json.format(msgspec.json.encode(whole), indent=1)


def import_case(tools: Tools, actor: Actor | None, data: bytes, *, provider: str) -> str:
    """Take a case in; checked by the same gate as every act, and refused whole on any fault. Returns its id."""
    if actor:
        require(actor, "assessment.open", provider)
    case = _read(data)
    photos = _photos(case)
    with tools.read() as tx:
        _weigh(tools, tx, case, set(photos) | set(case.originals), provider)
    for content in photos.values():
        tools.files.put(content)
    with tools.begin() as tx:
        ledger.queue(tx, provider)
        taken = _weigh(tools, tx, case, set(photos) | set(case.originals), provider)
        opened_by = actor.person if actor else case.assessors[0]
        _open(tools, tx, case, taken, opened_by)
        for sha256 in photos:
            assessments.keep_photo(tx, case.id, sha256, opened_by, tools.now())
        for name, sha256 in case.originals.items():
            size = len(photos[sha256])
            media.add(
                tx,
                Medium(
                    provider=provider, original=name, stored=sha256, size=size, readable=True, device=None,
                    received_at=tools.now(),
                ),
            )  # fmt: skip
        entry = tools.new_id()
        ledger.append(
            tx, entry, tenant=provider, actor=opened_by, action="assessment.import", subject=case.id,
            content=events.content([canonical(event).decode() for event in taken.events]), at=tools.now(),
        )  # fmt: skip
        events.add(tx, case.id, taken.events, entry, tools.now())
        if taken.confirmed is not None:
            _decide(tools, tx, case, taken.confirmed, provider)
    return case.id


def _weigh(tools: Tools, tx: Connection, case: CaseContent, photos: set[str], provider: str) -> Taken:
    """Everything that can be wrong with the file in this house, asked before anything is written."""
    if assessments.provider_of(tx, case.id) is not None:
        raise CaseKnownError(assessment=case.id)
    lists = _checklist(tx, case)
    read = _events(case, lists, photos)
    if events.bodies(tx, [event.id for event in read]):
        raise FileError(reason="an event of the file belongs to another case here")
    return Taken(
        lists=lists,
        events=read,
        confirmed=_confirmed(case, lists, read, tools.today()),
        candidate=_candidate(tools, case.candidate, provider),
        new_people=_new_people(tx, case),
    )


def _checklist(tx: Connection, case: CaseContent) -> Checklist:
    published = standards.named(tx, case.standard, case.edition)
    if published is None or published.sha256 != case.edition_sha256:
        raise MissingError(standard=case.standard, edition=case.edition, sha256=case.edition_sha256)
    tight = {key: given for key, value in case.tightened.items() if (given := number(value)) is not None}
    if len(tight) < len(case.tightened):
        raise FileError(reason="tightened")
    return checklist(published.content, published.sha256, tightened=tight, chosen=case.chosen)


def _new_people(tx: Connection, case: CaseContent) -> tuple[Person, ...]:
    said = {person.id: clean(person.name, 120, "people") for person in case.people}
    known = people.names(tx, set(said))
    if any(said[key] != name for key, name in known.items()):
        raise FileError(reason="somebody here has the id of another person in the file")
    return tuple(Person(id=key, name=name) for key, name in said.items() if key not in known)


def _candidate(tools: Tools, about: FileCandidate, provider: str) -> Candidate:
    if day(about.birth_date) is None:
        raise FileError(reason="candidate.birth_date")
    return Candidate(
        id=tools.new_id(), provider=provider, name=clean(about.name, 80, "candidate.name"), email="",
        birth_date=about.birth_date, protected=False,
        reference=clean(about.reference, 60, "candidate.reference") if about.reference.strip() else "",
        language=about.language if about.language in LANGUAGES else LANGUAGES[0],
    )  # fmt: skip


def _open(tools: Tools, tx: Connection, case: CaseContent, taken: Taken, opened_by: str) -> None:
    now, home = tools.now(), taken.candidate.provider
    for person in taken.new_people:
        people.add(tx, person, now)
    assessments.add_candidate(tx, taken.candidate, now)
    assessments.add(
        tx, key=case.id, provider=home, candidate=taken.candidate.id, lists=taken.lists, state="assessing",
        opened_by=opened_by, at=now, imported=True,
    )  # fmt: skip
    for person_id in case.assessors:
        assessments.assign(tx, case.id, person_id, no_tie=True, at=now)
    ledger.append(
        tx, tools.new_id(), tenant=home, actor=opened_by, action="assessment.open", subject=case.id,
        content=assessments.opening(assessments.find(tx, case.id)), at=now,
    )  # fmt: skip


def _decide(tools: Tools, tx: Connection, case: CaseContent, confirmed: Confirmed, provider: str) -> None:
    now = tools.now()
    decided = Decided(
        id=tools.new_id(), assessment=case.id, confirmed=confirmed, by=confirmed.by, at=now, state="waiting",
        entry=tools.new_id(),
    )  # fmt: skip
    ledger.append(
        tx, decided.entry, tenant=provider, actor=confirmed.by, action="assessment.decide", subject=case.id,
        content=decisions.content(decided), at=now,
    )  # fmt: skip
    decisions.add(tx, decided)
    assessments.set_state(tx, case.id, "decided", now)


def photo_of(event: Event) -> str | None:
    """The photo an event names."""
    return event.sha256 if isinstance(event, EvidenceGiven) else None


def _hash(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def _read(data: bytes) -> CaseContent:
    if len(data) > LARGEST:
        raise FileError(reason="larger than 50 MB")
    try:
        whole = msgspec.json.decode(data, type=ExportedCase)
        case = msgspec.convert(whole.case, CaseContent)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise FileError(reason=str(fault)) from fault
    if whole.format != "intyga-case-1":
        raise FileError(reason=f"format {whole.format!r}")
    if whole.sha256 and whole.sha256 != _hash(whole.case):
        raise FileError(reason="the hash does not fit: the file was changed")
    known = {each.id for each in case.people}
    if not case.assessors or set(case.assessors) - known:
        raise FileError(reason="assessors")
    if case.decision and case.decision.by not in known:
        raise FileError(reason="decision.by")
    if len(known) < len(case.people) or not all(ID.fullmatch(key) for key in (case.id, *known)):
        raise FileError(reason="ids")
    return case


def _photos(case: CaseContent) -> dict[str, bytes]:
    found = {}
    for sha256, text in case.photos.items():
        try:
            content = base64.b64decode(text, validate=True)
        except ValueError as fault:
            raise FileError(reason=f"photo {sha256}") from fault
        if hashlib.sha256(content).hexdigest() != sha256 or not is_plain(content):
            raise FileError(reason=f"photo {sha256}")
        cleaned(content)  # only to see that it is a picture: other bytes would be another photo
        found[sha256] = content
    if set(case.originals.values()) - set(found) or not all(SHA256.fullmatch(name) for name in case.originals):
        raise FileError(reason="originals")
    return found


def _events(case: CaseContent, lists: Checklist, photos: set[str]) -> list[Event]:
    known = {each.id for each in case.people}
    read: list[Event] = []
    for start in range(0, len(case.events), BATCH):
        read += read_events(case.events[start : start + BATCH], lists, case.id)
    if len({event.id for event in read}) < len(read):
        raise FileError(reason="the same event twice")
    for place, event in enumerate(read):
        sha256 = photo_of(event)
        if event.actor not in known or (sha256 and sha256 not in photos):
            raise FileError(reason=f"event {place}: person or photo not in the file")
    return read


def _confirmed(case: CaseContent, lists: Checklist, read: list[Event], today: str) -> Confirmed | None:
    if case.decision is None and not case.motivations:
        return None
    on = day(case.decision.decision.on if case.decision else today)
    if on is None:
        raise FileError(reason="decision.on")
    weighed = decide(lists, standing(read), on)
    given = case.decision.motivations if case.decision else case.motivations
    motivations = {key: written(text, f"motivations.{key}") for key, text in given.items()}
    if case.decision is None:
        return confirm(weighed, lists, seen=weighed.events, motivations=motivations, by=case.assessors[0], at=today)
    if weighed != case.decision.decision:
        raise FileError(reason="the decision does not follow from the events")
    try:
        datetime.fromisoformat(case.decision.at)
    except ValueError as fault:
        raise FileError(reason="decision.at") from fault
    return confirm(
        weighed, lists, seen=weighed.events, motivations=motivations, by=case.decision.by, at=case.decision.at
    )  # fmt: skip
