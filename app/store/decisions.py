"""Confirmed decisions and what quality assurance said of them."""

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, insert, select, update

from app.store.tables import DecisionRow, ReviewRow
from app.store.types import canonical
from assessments.decision import Confirmed
from assessments.problems import MissingError

State = Literal["waiting", "taken-back", "returned", "approved"]


class Decided(Struct, frozen=True, kw_only=True):
    """A decision in its case."""

    id: str
    assessment: str
    confirmed: Confirmed
    by: str
    at: datetime
    state: State
    entry: str


class Review(Struct, frozen=True, kw_only=True):
    """A quality assurer's yes or no, with reasons."""

    id: str
    decision: str
    assessment: str
    person: str
    approved: bool
    reasons: str
    at: datetime
    on: str
    entry: str


def add(tx: Connection, decided: Decided) -> None:
    """Keep a confirmed decision."""
    tx.execute(
        insert(DecisionRow).values(
            id=decided.id,
            assessment=decided.assessment,
            body=canonical(decided.confirmed).decode(),
            by=decided.by,
            at=decided.at,
            state=decided.state,
            entry=decided.entry,
        )
    )


def set_state(tx: Connection, key: str, state: State) -> None:
    """What became of it."""
    tx.execute(update(DecisionRow).where(DecisionRow.id == key).values(state=state))


def of(tx: Connection, assessment: str) -> list[Decided]:
    """All decisions of a case, the latest last."""
    rows = tx.execute(
        select(*DecisionRow.__table__.columns)
        .where(DecisionRow.assessment == assessment)
        .order_by(DecisionRow.at, DecisionRow.id)
    ).mappings()
    return [
        Decided(
            confirmed=msgspec.json.decode(row["body"], type=Confirmed),
            **{key: value for key, value in row.items() if key != "body"},
        )
        for row in rows
        if row["body"]
    ]


def waiting(tx: Connection, assessment: str) -> Decided:
    """The decision that waits for quality assurance; raises `MissingError`."""
    for decided in of(tx, assessment):
        if decided.state == "waiting":
            return decided
    raise MissingError(assessment=assessment)


def content(decided: Decided) -> object:
    """What the ledger commits to."""
    return {"decision": decided.id, "body": canonical(decided.confirmed).decode()}


def add_review(tx: Connection, review: Review) -> None:
    """Keep what the quality assurer said."""
    tx.execute(insert(ReviewRow).values(**{name: getattr(review, name) for name in Review.__struct_fields__}))


REVIEW = [getattr(ReviewRow, name) for name in Review.__struct_fields__]


def reviews(tx: Connection, assessment: str) -> list[Review]:
    """All reviews of a case, the latest last."""
    query = select(*REVIEW).where(ReviewRow.assessment == assessment).order_by(ReviewRow.at, ReviewRow.id)
    return [Review(**row) for row in tx.execute(query).mappings()]


def review_content(review: Review) -> object:
    """What the ledger commits to."""
    return {
        "review": review.id,
        "decision": review.decision,
        "person": review.person,
        "approved": review.approved,
        "reasons": review.reasons,
        "on": review.on,
    }
