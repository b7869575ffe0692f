"""Holds every committed row against its ledger entry: what `doctor` and a restore rest on."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection, select

from app.store import awards, decisions, erasure, events, ledger, standards
from app.store.tables import AssessmentRow, AwardRow, EventRow, LedgerRow, SaltRow

BATCHES = 2_000


def faults(tx: Connection) -> Iterator[str]:
    """Broken chains first, then rows that are not what was committed to, then commitments without salt."""
    yield from ledger.faults(tx)
    yield from _events(tx)
    for assessment in tx.execute(select(AssessmentRow.id).order_by(AssessmentRow.id)).scalars():
        yield from _judged(tx, assessment)
    for key in tx.execute(select(AwardRow.id).where(AwardRow.body != "").order_by(AwardRow.id)).scalars():
        given = awards.find(tx, key)
        if given.award and not ledger.holds(tx, given.entry, awards.content(given.award)):
            yield f"award {key} is not what the ledger committed to"
    for view in standards.grant_views(tx):
        entry = standards.grant_entry(tx, view.id)
        if not ledger.holds(tx, entry, standards.grant_content(view)):
            yield f"grant {view.id} is not what the ledger committed to"
    yield from _salts(tx)


def _events(tx: Connection) -> Iterator[str]:
    batches: dict[str, list[str]] = defaultdict(list)
    for row in tx.execute(select(EventRow.entry, EventRow.body).execution_options(yield_per=BATCHES)):
        batches[row.entry].append(row.body)
    for entry, bodies in batches.items():
        if not ledger.holds(tx, entry, events.content(bodies)):
            yield f"events of entry {entry} are not what the ledger committed to"


def _judged(tx: Connection, assessment: str) -> Iterator[str]:
    for decided in decisions.of(tx, assessment):
        if not ledger.holds(tx, decided.entry, decisions.content(decided)):
            yield f"decision {decided.id} is not what the ledger committed to"
        for review in decisions.reviews(tx, assessment):
            whole = review.decision == decided.id
            if whole and not ledger.holds(tx, review.entry, decisions.review_content(review)):
                yield f"review {review.id} is not what the ledger committed to"


def _salts(tx: Connection) -> Iterator[str]:
    excused = erasure.lost(tx)
    query = select(LedgerRow.id).outerjoin(SaltRow, SaltRow.entry == LedgerRow.id).where(SaltRow.entry.is_(None))
    for entry in tx.execute(query).scalars():
        if entry not in excused:
            yield f"the salt of entry {entry} is missing, and no erasure says so"
