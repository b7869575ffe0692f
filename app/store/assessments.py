"""Candidates, their assessments, who is assigned, and the case as the domain sees it."""

from datetime import datetime
from decimal import Decimal
from functools import cache

from msgspec import Struct
from sqlalchemy import Connection, Select, insert, select, update

from app.store import confirmations, events, media, standards
from app.store.tables import AssessmentRow, AssignmentRow, CandidateRow, EditionRow, EventRow, PersonRow, PhotoRow
from app.store.upsert import ignore_existing
from assessments.checklist import Checklist, checklist
from assessments.event import Event
from assessments.problems import MissingError
from assessments.process import State
from assessments.standing import Standing, standing


class Candidate(Struct, frozen=True, kw_only=True):
    """The person who is assessed."""

    id: str
    provider: str
    name: str
    birth_date: str
    reference: str
    email: str
    language: str
    protected: bool
    erased_at: datetime | None = None


class Assigned(Struct, frozen=True, kw_only=True):
    """An assessor of the case; `no_tie` is the own declaration of having no tie to the candidate."""

    person: str
    name: str
    no_tie: bool


class Assessment(Struct, frozen=True, kw_only=True):
    """A case as lists and headings show it."""

    id: str
    provider: str
    candidate: Candidate
    edition: str
    """SHA-256 of the pinned edition."""
    standard: str
    edition_name: str
    chosen: tuple[str, ...]
    tightened: dict[str, str]
    state: State
    imported: bool
    practice: bool
    """Never decided, approved or issued."""
    opened_by: str
    opened_at: datetime
    changed_at: datetime
    assigned: tuple[Assigned, ...]


class Sheet(Struct, frozen=True, kw_only=True):
    """A case without what was recorded in it: all that the gate needs."""

    assessment: Assessment
    checklist: Checklist


class CaseFile(Struct, frozen=True, kw_only=True):
    """All that the domain needs of one case, read in one transaction."""

    assessment: Assessment
    checklist: Checklist
    stored: tuple[events.Stored, ...]
    """The events that count."""
    unconfirmed: tuple[events.Stored, ...] = ()
    """What tablets delivered and nobody has stood for yet: shown, never counted."""
    standing: Standing


def add_candidate(tx: Connection, candidate: Candidate, at: datetime) -> None:
    """Keep a new candidate."""
    fields = {name: getattr(candidate, name) for name in Candidate.__struct_fields__}
    tx.execute(insert(CandidateRow).values(**fields, added_at=at))


def opening(case: Assessment) -> object:
    """What the ledger commits to when a case is opened: nobody else becomes its candidate, no limit gets looser."""
    return {
        "candidate": case.candidate.id,
        "name": case.candidate.name,
        "birth_date": case.candidate.birth_date,
        "edition": case.edition,
        "chosen": case.chosen,
        "tightened": case.tightened,
        "imported": case.imported,
        "assessors": sorted(each.person for each in case.assigned),
        **({"practice": True} if case.practice else {}),  # older entries were made without the word
    }


CANDIDATE = [getattr(CandidateRow, name) for name in Candidate.__struct_fields__]


def candidate(tx: Connection, key: str) -> Candidate:
    """By id; raises `MissingError`."""
    row = tx.execute(select(*CANDIDATE).where(CandidateRow.id == key)).mappings().one_or_none()
    if row is None:
        raise MissingError(candidate=key)
    return Candidate(**row)


def candidates_of(tx: Connection, email: str) -> list[Candidate]:
    """All candidates registered with that address; several providers may know the same person."""
    rows = tx.execute(select(*CANDIDATE).where(CandidateRow.email == email, CandidateRow.erased_at.is_(None)))
    return [Candidate(**row) for row in rows.mappings()]


def add(
    tx: Connection,
    *,
    key: str,
    provider: str,
    candidate: str,
    lists: Checklist,
    state: State,
    opened_by: str,
    at: datetime,
    imported: bool = False,
    practice: bool = False,
) -> None:
    """Keep a new case."""
    tx.execute(
        insert(AssessmentRow).values(
            id=key,
            provider=provider,
            candidate=candidate,
            edition=lists.edition_sha256,
            chosen=list(lists.chosen),
            tightened={name: str(value) for name, value in lists.tightened.items()},
            state=state,
            imported=imported,
            practice=practice,
            opened_by=opened_by,
            opened_at=at,
            changed_at=at,
        )
    )


def assign(tx: Connection, assessment: str, person: str, *, no_tie: bool, at: datetime) -> None:
    """Make a person an assessor of the case."""
    values = {"assessment": assessment, "person": person, "no_tie": no_tie, "declared_at": at if no_tie else None}
    tx.execute(ignore_existing(tx, AssignmentRow).values(values))


def declare_no_tie(tx: Connection, assessment: str, person: str, at: datetime) -> None:
    """The assessor's own declaration."""
    tx.execute(
        update(AssignmentRow)
        .where(AssignmentRow.assessment == assessment, AssignmentRow.person == person)
        .values(no_tie=True, declared_at=at)
    )


def lock(tx: Connection, key: str) -> None:
    """Writers of one case queue here; raises `MissingError`."""
    found = tx.execute(select(AssessmentRow.id).where(AssessmentRow.id == key).with_for_update()).one_or_none()
    if found is None:
        raise MissingError(assessment=key)


def set_state(tx: Connection, key: str, state: State, at: datetime) -> None:
    """The case has moved."""
    tx.execute(update(AssessmentRow).where(AssessmentRow.id == key).values(state=state, changed_at=at))


def find(tx: Connection, key: str) -> Assessment:
    """By id; raises `MissingError`."""
    found = _listed(tx, _query().where(AssessmentRow.id == key))
    if not found:
        raise MissingError(assessment=key)
    return found[0]


def provider_of(tx: Connection, key: str) -> str | None:
    """Whose case it is, if there is one of that id."""
    return tx.execute(select(AssessmentRow.provider).where(AssessmentRow.id == key)).scalar_one_or_none()


def of_provider(tx: Connection, provider: str, *states: State) -> list[Assessment]:
    """A provider's cases, the latest changed first."""
    query = _query().where(AssessmentRow.provider == provider)
    return _listed(tx, query.where(AssessmentRow.state.in_(states)) if states else query)


def of_assessor(tx: Connection, person: str, *states: State) -> list[Assessment]:
    """The cases a person is assigned to, the latest changed first."""
    query = (
        _query().join(AssignmentRow, AssignmentRow.assessment == AssessmentRow.id).where(AssignmentRow.person == person)
    )
    return _listed(tx, query.where(AssessmentRow.state.in_(states)) if states else query)


def of_candidate(tx: Connection, candidate_id: str) -> list[Assessment]:
    """All cases of one candidate."""
    return _listed(tx, _query().where(AssessmentRow.candidate == candidate_id))


def running(tx: Connection, edition: str) -> list[str]:
    """The cases that are pinned to an edition and not finished, the oldest first."""
    query = select(AssessmentRow.id).where(
        AssessmentRow.edition == edition, AssessmentRow.state.in_(("planned", "assessing", "decided"))
    )
    return list(tx.execute(query.order_by(AssessmentRow.id)).scalars())


def sheet(tx: Connection, key: str) -> Sheet:
    """A case for the gate, without reading its events; raises `MissingError`."""
    found = find(tx, key)
    return Sheet(assessment=found, checklist=_laid_out(tx, found))


def case_file(tx: Connection, key: str) -> CaseFile:
    """The whole case; raises `MissingError`."""
    found = find(tx, key)
    everything, confirmed = events.of(tx, key), confirmations.confirmed(tx, key)
    stored = _counted(everything, confirmed)
    counted = {each.event.id for each in stored}
    return CaseFile(
        assessment=found,
        checklist=_laid_out(tx, found),
        stored=stored,
        unconfirmed=tuple(each for each in everything if each.event.id not in counted),
        standing=standing(each.event for each in stored),
    )


def _laid_out(tx: Connection, case: Assessment) -> Checklist:
    edition = standards.find(tx, case.edition)
    tightened = {name: Decimal(value) for name, value in case.tightened.items()}
    return checklist(edition.content, edition.sha256, tightened=tightened, chosen=case.chosen)


def counted(tx: Connection, key: str, *kinds: type[Event]) -> tuple[events.Stored, ...]:
    """The events of some kinds that count: a tablet's claims only when the person they name has stood for them."""
    return _counted(events.of(tx, key, *kinds), confirmations.confirmed(tx, key))


def _counted(found: list[events.Stored], confirmed: frozenset[str]) -> tuple[events.Stored, ...]:
    return tuple(each for each in found if not each.claimed or each.event.id in confirmed)


def keep_photo(tx: Connection, assessment: str, sha256: str, person: str, at: datetime) -> None:
    """The case has that photo; keeping it twice changes nothing."""
    values = {"assessment": assessment, "sha256": sha256, "kept_by": person, "kept_at": at}
    tx.execute(ignore_existing(tx, PhotoRow).values(values))


def photos(tx: Connection, assessment: str) -> frozenset[str]:
    """The SHA-256 of every photo of the case."""
    return frozenset(tx.execute(select(PhotoRow.sha256).where(PhotoRow.assessment == assessment)).scalars())


def photo_names(tx: Connection, case: Assessment) -> dict[str, str]:
    """By every name that an event may use for a photo of the case: the file. Tablets name what they sent."""
    files = photos(tx, case.id)
    return {each: each for each in files} | media.names(tx, case.provider, files)


def naming(tx: Connection, provider: str, sha256: str) -> list[tuple[str, str]]:
    """The provider's running cases with an event that names the file, each with the person who does."""
    query = (
        select(EventRow.assessment, EventRow.actor)
        .join(AssessmentRow, AssessmentRow.id == EventRow.assessment)
        .where(AssessmentRow.provider == provider, AssessmentRow.state.in_(("planned", "assessing", "decided")))
        .where(EventRow.body.contains(f'"sha256":"{sha256}"', autoescape=True))
        .distinct()
    )
    return [(row.assessment, row.actor) for row in tx.execute(query)]


def photo_shared(tx: Connection, sha256: str, assessment: str) -> bool:
    """Whether another case has the very same photo: a cheap flag for the quality assurer."""
    query = select(PhotoRow.assessment).where(PhotoRow.sha256 == sha256, PhotoRow.assessment != assessment).limit(1)
    return tx.execute(query).first() is not None


@cache
def _query() -> Select[tuple[object, ...]]:
    return (
        select(
            *[column.label(f"candidate_{column.key}") for column in CANDIDATE],
            AssessmentRow.id, AssessmentRow.provider, AssessmentRow.edition, EditionRow.standard,
            EditionRow.edition.label("edition_name"), AssessmentRow.chosen, AssessmentRow.tightened,
            AssessmentRow.state, AssessmentRow.imported, AssessmentRow.practice, AssessmentRow.opened_by,
            AssessmentRow.opened_at, AssessmentRow.changed_at,
        )
        .join(CandidateRow, CandidateRow.id == AssessmentRow.candidate)
        .join(EditionRow, EditionRow.sha256 == AssessmentRow.edition)
        .order_by(AssessmentRow.changed_at.desc(), AssessmentRow.id.desc())
    )  # fmt: skip


def _listed(tx: Connection, query: Select[tuple[object, ...]]) -> list[Assessment]:
    rows = list(tx.execute(query).mappings())
    assigned: dict[str, list[Assigned]] = {}
    people = (
        select(AssignmentRow.assessment, AssignmentRow.person, PersonRow.name, AssignmentRow.no_tie)
        .join(PersonRow, PersonRow.id == AssignmentRow.person)
        .where(AssignmentRow.assessment.in_([row["id"] for row in rows]))
        .order_by(PersonRow.name)
    )
    for each in tx.execute(people):
        one = Assigned(person=each.person, name=each.name, no_tie=each.no_tie)
        assigned.setdefault(each.assessment, []).append(one)
    found = []
    for row in rows:
        fields = {key: value for key, value in row.items() if not key.startswith("candidate_")}
        fields["chosen"] = tuple(fields["chosen"])
        who = Candidate(**{key[10:]: value for key, value in row.items() if key.startswith("candidate_")})
        found.append(Assessment(candidate=who, assigned=tuple(assigned.get(row["id"], ())), **fields))
    return found
