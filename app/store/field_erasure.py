"""Empty what the field left of an erased person's cases; places in a tablet's chain stay, so that no gap opens."""

from sqlalchemy import Connection, delete, select, update

from app.store.field_tables import BatchRow, CandidateCodeRow, CheckoutRow, DeliveryRow, MediaRow, QuarantineRow
from app.store.tables import PhotoRow


def cases(tx: Connection, keys: list[str]) -> None:
    """Before the photos' own rows are deleted."""
    _deliveries(tx, keys)
    _quarantine(tx, keys)
    for row in tx.execute(select(BatchRow.id, BatchRow.cases).where(BatchRow.raw.is_not(None))).all():
        if set(row.cases) & set(keys):
            tx.execute(update(BatchRow).where(BatchRow.id == row.id).values(raw=None))
    tx.execute(update(CheckoutRow).where(CheckoutRow.assessment.in_(keys)).values(why=""))
    tx.execute(delete(CandidateCodeRow).where(CandidateCodeRow.assessment.in_(keys)))
    own = select(PhotoRow.sha256).where(PhotoRow.assessment.in_(keys))
    others = select(PhotoRow.sha256).where(PhotoRow.assessment.not_in(keys))
    tx.execute(delete(MediaRow).where(MediaRow.stored.in_(own), MediaRow.stored.not_in(others)))


def _deliveries(tx: Connection, keys: list[str]) -> None:
    """A bare hash of a score could be guessed, and the next event of the tablet repeats it."""
    own = DeliveryRow.assessment.in_(keys)
    after: dict[str, list[int]] = {}
    for row in tx.execute(select(DeliveryRow.device, DeliveryRow.seq).where(own)):
        after.setdefault(row.device, []).append(row.seq + 1)
    tx.execute(update(DeliveryRow).where(own).values(hash="", prev="", told=""))
    for device, seqs in after.items():
        for table in (DeliveryRow, QuarantineRow):
            for start in range(0, len(seqs), 500):
                next_ones = table.seq.in_(seqs[start : start + 500])
                tx.execute(update(table).where(table.device == device, next_ones).values(prev=""))


def _quarantine(tx: Connection, keys: list[str]) -> None:
    nothing = {"hash": QuarantineRow.id, "prev": "", "body": "", "faults": [], "why": "", "state": "set-aside"}
    tx.execute(update(QuarantineRow).where(QuarantineRow.assessment.in_(keys)).values(**nothing))
