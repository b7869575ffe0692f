"""Derive the award anew from the record; approval and issuing both do it, so an edited row never reaches a seal."""

from datetime import datetime

from sqlalchemy import Connection

from app.store import assessments, deliveries, organisations, proofs, standards
from app.store.decisions import Decided, Review
from app.tools import STOCKHOLM
from assessments.award import Award, Holder, Provider
from assessments.awarding import Basis
from assessments.awarding import award as freeze
from assessments.clocks import happened
from assessments.problems import ConflictError
from assessments.process import Approval, require_real


class RecordChangedError(ConflictError):
    """A row no longer is what the ledger committed to."""

    code = "record-changed"
    sv = "Uppgifterna i ärendet stämmer inte med loggen. Inget utfärdas förrän det är utrett."
    en = "The case's data do not agree with the ledger. Nothing is issued until that is looked into."


def derive(tx: Connection, case: assessments.CaseFile, decided: Decided, review: Review, award_id: str) -> Award:
    """The award that the record gives; asks again for the decision, the other person and the grant."""
    found = case.assessment
    require_real(found.practice)
    changed = list(proofs.of_case(tx, found.id, found.standard))
    if changed:
        raise RecordChangedError(assessment=found.id, faults=changed)
    provider = organisations.find(tx, found.provider)
    basis = Basis(
        checklist=case.checklist,
        standing=case.standing,
        decision=decided.confirmed.decision,
        approval=Approval(person=review.person, on=review.on),
        judged=judged(case, decided),
        grants=standards.grants(tx, found.provider),
        provider_id=found.provider,
        days=days(tx, case),
    )
    return freeze(
        basis,
        award_id=award_id,
        holder=Holder(name=found.candidate.name, birth_date=found.candidate.birth_date),
        provider=Provider(
            name=provider.name,
            organisation_number=provider.organisation_number,
            country=provider.country,
            homepage=provider.homepage,
        ),
    )


def judged(case: assessments.CaseFile, decided: Decided) -> frozenset[str]:
    """Everybody who assessed, decided or brought the judgements in from a file, and so cannot quality-assure."""
    assigned = {each.person for each in case.assessment.assigned}
    brought = {case.assessment.opened_by} if case.assessment.imported else set()
    told = {each.event.actor for each in case.unconfirmed}
    return frozenset(assigned | brought | told | case.standing.actors | {decided.by, decided.confirmed.by})


def days(tx: Connection, case: assessments.CaseFile) -> tuple[str, ...]:
    """The Stockholm days on which something was recorded."""
    return tuple(sorted({at.astimezone(STOCKHOLM).date().isoformat() for at in moments(tx, case).values()}))


def moments(tx: Connection, case: assessments.CaseFile) -> dict[str, datetime]:
    """By event: when it happened, whatever the clock of its tablet said."""
    skews, opened = deliveries.skews(tx, case.assessment.id), case.assessment.opened_at
    return {
        each.event.id: happened(
            each.event.at, each.received_at, opened=opened if each.claimed else None, skew=skews.get(each.event.id)
        )
        for each in case.stored
    }
