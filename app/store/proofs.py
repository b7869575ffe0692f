"""Holds every committed row against its ledger entry: what issuing, `doctor` and a restore rest on.

A row must be what its entry was made for, and an entry must still have its row: a deleted batch is told like a changed
one. Content that was erased is excused, by an entry that names it.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, select

from app.store import assessments, claims, erasure, ledger
from app.store.claims import Claim
from app.store.ledger import Entry
from app.store.tables import AwardRow, GrantRow, KeyRow


def faults(tx: Connection) -> Iterator[str]:
    """Broken chains first, then rows that are not what was committed to, then entries without row or salt."""
    yield from ledger.faults(tx)
    entries, excused = ledger.entries(tx), erasure.lost(tx)
    yield from _held(claims.every(tx), entries, excused)
    for key, entry in entries.items():
        if entry.salt is None and key not in excused:
            yield f"the salt of {_named(entry)} is missing, and no erasure says so"


def of_case(tx: Connection, assessment: str, standard: str) -> Iterator[str]:
    """The same for all that one case rests on: nothing is approved or issued on a changed record."""
    given = tx.execute(select(AwardRow.id).where(AwardRow.assessment == assessment)).scalars()
    grants = tx.execute(select(GrantRow.id).where(GrantRow.standard == standard)).scalars()
    home = assessments.find(tx, assessment).provider
    keys = tx.execute(select(KeyRow.id).where(KeyRow.provider == home)).scalars()
    beside = {claims.edition_of(tx, assessment), home}
    entries = ledger.entries(tx, {assessment, *given, *grants, *keys, *beside})
    yield from _held(claims.every(tx, assessment, standard), entries, frozenset())


def _held(made: Iterable[Claim | str], entries: dict[str, Entry], excused: frozenset[str]) -> Iterator[str]:
    held: set[str] = set()
    for claim in _to_the_end(made):
        if isinstance(claim, str):
            yield claim
            continue
        keys = [claim.entry] if claim.entry else [key for key, e in entries.items() if e.subject == claim.subject]
        fitting = [key for key in keys if key in excused or (key in entries and _fits(entries[key], claim))]
        held.update(fitting)
        if not fitting:
            yield f"{claim.what} is not what the ledger committed to"
    for key, entry in entries.items():
        gone = entry.action in claims.ACTIONS and key not in held and key not in excused
        if gone and not ledger.commits(entry, []):  # an imported case may have had no events
            yield f"what {_named(entry)} tells of is gone"


def _to_the_end(made: Iterable[Claim | str]) -> Iterator[Claim | str]:
    try:
        yield from made
    except Exception as fault:  # noqa: BLE001 whatever a damaged row makes of our reading, it is told as damage
        yield f"the record cannot be read to its end: {type(fault).__name__}"


def _fits(entry: Entry, claim: Claim) -> bool:
    return (
        entry.action in claim.actions
        and (entry.tenant, entry.subject) == (claim.tenant, claim.subject)
        and claim.actor in (None, entry.actor)
        and ledger.commits(entry, claim.content)
    )


def _named(entry: Entry) -> str:
    return f"entry {entry.place} ({entry.action}) of {entry.tenant}"
