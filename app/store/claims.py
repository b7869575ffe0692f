"""What each row says it is: the content its ledger entry must have been made for, with tenant, subject and actor."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, select, true

from app.store import assessments, awards, confirmations, decisions, erasure, events, issuers, organisations, standards
from app.store.tables import (
    AssessmentRow,
    AwardRow,
    DecisionRow,
    EditionRow,
    ErasureRow,
    EventRow,
    GrantRow,
    KeyRow,
    LedgerRow,
    MembershipRow,
    RevocationRow,
)
from assessments.event import Event

Actions = frozenset[str]
BATCH = 2_000
REVOKED = "award.revoke"
ACTIONS = frozenset(
    {
        "assessment.open", "assessment.record", "assessment.import", "assessment.decide", "assessment.approve",
        "assessment.return", "award.give", "award.ask-revoke", "grant.give", "grant.revoke", "standard.publish",
        "key.add", "key.distrust", "person.erase", "assessment.no-tie", "organisation.add", "assessment.deliver",
        "assessment.confirm",
    }
)  # fmt: skip
"""Entries of these acts must still have their row."""


class Claim(Struct, frozen=True, kw_only=True):
    """One row's claim to an entry; without `entry`, any of its subject's entries that fits will do."""

    what: str
    entry: str = ""
    actions: Actions
    tenant: str
    subject: str
    content: object
    actor: str | None = None


def every(tx: Connection, case: str | None = None, standard: str | None = None) -> Iterator[Claim | str]:
    """All claims, or those that one case rests on; a sentence where a row contradicts itself."""
    cases = select(AssessmentRow.id).where(AssessmentRow.id == case if case else true()).order_by(AssessmentRow.id)
    yield from _events(tx, EventRow.assessment == case if case else true())
    for key in tx.execute(cases).scalars():
        found = assessments.find(tx, key)
        if found.candidate.erased_at is None:
            yield from _case(tx, found)
    yield from _awards(tx, AwardRow.assessment == case if case else true())
    yield from _grants(tx, standard)
    yield from _editions(tx, EditionRow.sha256 == edition_of(tx, case) if case else true())
    home = assessments.provider_of(tx, case) if case else None
    yield from _organisations(tx, home)
    yield from _keys(tx, home)
    if case is None:
        yield from _roles(tx)
        yield from _erasures(tx)


def edition_of(tx: Connection, case: str) -> str:
    """The edition a case is judged against."""
    return tx.execute(select(AssessmentRow.edition).where(AssessmentRow.id == case)).scalar_one()


def _events(tx: Connection, which: ColumnElement[bool]) -> Iterator[Claim | str]:
    batches: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    columns = (EventRow.id, EventRow.assessment, EventRow.actor, EventRow.entry, EventRow.body, AssessmentRow.provider)
    query = select(*columns).join(AssessmentRow, AssessmentRow.id == EventRow.assessment).where(which)
    for row in tx.execute(query.execution_options(yield_per=BATCH)):
        batches[row.entry, row.assessment, row.provider].append(row.body)
        try:
            event = msgspec.json.decode(row.body, type=Event)
        except msgspec.DecodeError:
            yield f"event {row.id} cannot be read"
            continue
        if (event.id, event.assessment, event.actor) != (row.id, row.assessment, row.actor):
            yield f"event {row.id} lies under another case, person or id than its own"
    for (entry, case, home), bodies in batches.items():
        yield Claim(
            what=f"a batch of events of {case}", entry=entry, tenant=home, subject=case,
            actions=frozenset({"assessment.record", "assessment.import", events.DELIVERED}),
            content=events.content(bodies),
        )  # fmt: skip


def _case(tx: Connection, case: assessments.Assessment) -> Iterator[Claim | str]:
    home, key = case.provider, case.id
    yield Claim(
        what=f"assessment {key}", actions=frozenset({"assessment.open"}), tenant=home, subject=key,
        content=assessments.opening(case), actor=case.opened_by,
    )  # fmt: skip
    for each in case.assigned:
        if each.no_tie and not case.imported:
            yield Claim(
                what=f"the declaration of {each.person} in {key}", actions=frozenset({"assessment.no-tie"}),
                tenant=home, subject=key, content={"person": each.person}, actor=each.person,
            )  # fmt: skip
    for said_by in confirmations.of(tx, key):
        yield Claim(
            what=f"confirmation {said_by.id}", entry=said_by.entry, actions=frozenset({"assessment.confirm"}),
            tenant=home, subject=key, actor=said_by.person,
            content=confirmations.content(said_by.id, said_by.digest, said_by.events),
        )  # fmt: skip
    reviewed = decisions.reviews(tx, key)
    said = {review.decision: "approved" if review.approved else "returned" for review in reviewed}
    of_case = DecisionRow.assessment == key
    # What was committed to is the text as it was stored: a field added to the type later changes no old decision.
    bodies = {each.id: each.body for each in tx.execute(select(DecisionRow.id, DecisionRow.body).where(of_case))}
    for decided in decisions.of(tx, key):
        yield Claim(
            what=f"decision {decided.id}", entry=decided.entry, actions=frozenset({"assessment.decide"}), tenant=home,
            subject=key, content={"decision": decided.id, "body": bodies[decided.id]}, actor=decided.by,
        )  # fmt: skip
        if decided.by != decided.confirmed.by:
            yield f"decision {decided.id} names another person than its content"
        if decided.state != said.get(decided.id, decided.state if decided.state == "taken-back" else "waiting"):
            yield f"decision {decided.id} is {decided.state}, but its review says otherwise"
    for review in reviewed:
        yield Claim(
            what=f"review {review.id}", entry=review.entry, tenant=home, subject=key,
            actions=frozenset({"assessment.approve" if review.approved else "assessment.return"}),
            content=decisions.review_content(review), actor=review.person,
        )  # fmt: skip


def _awards(tx: Connection, which: ColumnElement[bool]) -> Iterator[Claim | str]:
    revoked = set(tx.execute(select(LedgerRow.subject).where(LedgerRow.action == REVOKED)).scalars())
    for key, body in tx.execute(select(AwardRow.id, AwardRow.body).where(which).order_by(AwardRow.id)):
        given = awards.find(tx, key)
        if (given.revoked_at is not None) != (key in revoked):
            yield f"award {key}: the register and the ledger differ on whether it was revoked"
        if given.award is None:
            continue
        case = assessments.find(tx, given.assessment)
        approved = {(r.decision, r.id) for r in decisions.reviews(tx, case.id) if r.approved}
        frozen = (
            given.award.id,
            given.award.standard,
            given.award.valid_until,
            hashlib.sha256(body.encode()).hexdigest(),
        )
        if (
            frozen != (key, given.standard, given.valid_until, given.digest)
            or (given.provider, given.candidate) != (case.provider, case.candidate.id)
            or (given.decision, given.review) not in approved
        ):
            yield f"award {key} says otherwise than its content or its case"
        yield Claim(
            what=f"award {key}", entry=given.entry, actions=frozenset({"award.give"}), tenant=case.provider,
            subject=key, content={"award": key, "digest": given.digest},
        )  # fmt: skip
        for each in tx.execute(select(*awards.REVOCATION).where(RevocationRow.award == key)).mappings():
            asked = awards.Revocation(**each)
            yield Claim(
                what=f"revocation {asked.id}", entry=asked.entry, actions=frozenset({"award.ask-revoke"}),
                tenant=given.provider, subject=key, content=awards.revocation_content(asked), actor=asked.asked_by,
            )  # fmt: skip
            if asked.confirmed_by or asked.confirmed_at:
                yield Claim(
                    what=f"the confirmation of revocation {asked.id}", actions=frozenset({REVOKED}),
                    tenant=given.provider, subject=key, content={"revocation": asked.id},
                    actor=asked.confirmed_by or "",
                )  # fmt: skip


def _grants(tx: Connection, standard: str | None) -> Iterator[Claim]:
    columns = (GrantRow.id, GrantRow.given_by, GrantRow.entry, GrantRow.revoked_entry, GrantRow.revoked_by)
    for row in tx.execute(select(*columns).where(GrantRow.standard == standard if standard else true())):
        [view] = standards.grant_views(tx, key=row.id)
        what = f"grant {view.id}"
        yield Claim(
            what=what, entry=row.entry, actions=frozenset({"grant.give"}), tenant=view.owner, subject=view.id,
            content=standards.grant_content(view), actor=row.given_by or "operator",
        )  # fmt: skip
        if view.revoked_on or row.revoked_entry:
            yield Claim(
                what=what, entry=row.revoked_entry or "none", actions=frozenset({"grant.revoke"}), tenant=view.owner,
                subject=view.id, content=standards.revoking_content(view), actor=row.revoked_by or "nobody",
            )  # fmt: skip


def _editions(tx: Connection, which: ColumnElement[bool]) -> Iterator[Claim | str]:
    for row in tx.execute(select(*EditionRow.__table__.columns).where(which)):
        if hashlib.sha256(row.resolved).hexdigest() != row.sha256:
            yield f"edition {row.sha256} is not what its identity says"
        if hashlib.sha256(row.file).hexdigest() != row.file_sha256:
            yield f"edition {row.sha256}: the file as its owner wrote it was changed"
        yield Claim(
            what=f"edition {row.sha256}", entry=row.entry, actions=frozenset({"standard.publish"}), tenant=row.owner,
            subject=row.sha256, content=standards.content(row.sha256, row.standard, row.edition, row.file_sha256),
        )  # fmt: skip


def _organisations(tx: Connection, key: str | None) -> Iterator[Claim]:
    for each in [organisations.find(tx, key)] if key else organisations.every(tx):
        yield Claim(
            what=f"organisation {each.id}", actions=frozenset({"organisation.add"}), tenant=each.id, subject=each.id,
            content=organisations.content(each),
        )  # fmt: skip


def _keys(tx: Connection, provider: str | None) -> Iterator[Claim]:
    query = select(*issuers.KEY).where(KeyRow.provider == provider if provider else true()).order_by(KeyRow.id)
    for key in (issuers.Key(**row) for row in tx.execute(query).mappings()):
        yield Claim(
            what=f"key {key.id}", actions=frozenset({"key.add"}), tenant=key.provider, subject=key.id,
            content=issuers.key_content(key),
        )  # fmt: skip
        if key.distrusted_from is not None:
            yield Claim(
                what=f"the distrust of key {key.id}", actions=frozenset({"key.distrust"}), tenant=key.provider,
                subject=key.id, content=issuers.distrust_content(key.id, key.distrusted_from),
            )  # fmt: skip


def _roles(tx: Connection) -> Iterator[Claim]:
    columns = (MembershipRow.person, MembershipRow.organisation, MembershipRow.role)
    for row in tx.execute(select(*columns)):
        yield Claim(
            what=f"the role {row.role} of {row.person}", actions=frozenset({"person.add", "person.role"}),
            tenant=row.organisation, subject=row.person, content={"person": row.person, "role": row.role},
        )  # fmt: skip


def _erasures(tx: Connection) -> Iterator[Claim]:
    for row in tx.execute(select(*ErasureRow.__table__.columns)).mappings():
        if row["tenant"]:
            yield Claim(
                what=f"the erasure of {row['person']}", entry=row["entry"], actions=frozenset({"person.erase"}),
                tenant=row["tenant"], subject=row["person"],
                content=erasure.content(row["person"], row["entries"]),
            )  # fmt: skip
