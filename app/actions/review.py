"""Quality assurance by another person: approve, which freezes the award and wants it issued, or return with reasons."""

from typing import Final

from sqlalchemy import Connection

from app.actions.rederive import derive, judged
from app.actions.writing import written
from app.policy import Actor, require
from app.store import assessments, awards, decisions, intents, ledger
from app.store.awards import Given, Record
from app.store.decisions import Decided, Review
from app.store.status_places import random_index
from app.tools import Tools, new_secret
from assessments.award import Award, digest
from assessments.problems import ChangedMeanwhileError
from assessments.process import move, require_other_person, require_real

SHORTEST: Final = 10
"""The least number of characters that can be reasons for a return."""


def approve(tools: Tools, actor: Actor, assessment: str, *, decision: str, comment: str = "") -> str | None:
    """Approve what was seen; returns the award's id, or None when nothing is achieved."""
    comment = written(comment, "comment")
    with tools.begin() as tx:
        case, decided = _waiting(tx, actor, assessment, decision)
        review = _said(tools, tx, actor, case, decided, approved=True, reasons=comment)
        verdict = decided.confirmed.decision
        decisions.set_state(tx, decided.id, "approved")
        state = move(case.assessment.state, "approve", actor.roles(case.assessment.provider))
        assessments.set_state(tx, assessment, state if verdict.result else "closed", tools.now())
        if verdict.result is None:
            return None
        award = derive(tx, case, decided, review, tools.new_id())
        intent = _give(tools, tx, case, decided, review, award)
    tools.wake(intent)
    return award.id


def send_back(tools: Tools, actor: Actor, assessment: str, *, decision: str, reasons: str) -> None:
    """Return the case to its assessors with reasons."""
    reasons = written(reasons, "reasons", least=SHORTEST)
    with tools.begin() as tx:
        case, decided = _waiting(tx, actor, assessment, decision)
        _said(tools, tx, actor, case, decided, approved=False, reasons=reasons)
        decisions.set_state(tx, decided.id, "returned")
        state = move(case.assessment.state, "return", actor.roles(case.assessment.provider))
        assessments.set_state(tx, assessment, state, tools.now())


def _waiting(tx: Connection, actor: Actor, assessment: str, decision: str) -> tuple[assessments.CaseFile, Decided]:
    assessments.lock(tx, assessment)
    case = assessments.case_file(tx, assessment)
    require(actor, "assessment.review", case.assessment.provider)
    require_real(case.assessment.practice)
    decided = decisions.waiting(tx, assessment)
    if decided.id != decision:
        raise ChangedMeanwhileError(decision=decision)
    require_other_person(actor.person, judged(case, decided))
    return case, decided


def _said(
    tools: Tools,
    tx: Connection,
    actor: Actor,
    case: assessments.CaseFile,
    decided: Decided,
    *,
    approved: bool,
    reasons: str,
) -> Review:
    review = Review(
        id=tools.new_id(),
        decision=decided.id,
        assessment=case.assessment.id,
        person=actor.person,
        approved=approved,
        reasons=reasons,
        at=tools.now(),
        on=tools.today(),
        entry=tools.new_id(),
    )
    ledger.append(
        tx, review.entry, tenant=case.assessment.provider, actor=actor.person,
        action="assessment.approve" if approved else "assessment.return", subject=case.assessment.id,
        content=decisions.review_content(review), at=tools.now(),
    )  # fmt: skip
    decisions.add_review(tx, review)
    return review


def _give(
    tools: Tools, tx: Connection, case: assessments.CaseFile, decided: Decided, review: Review, award: Award
) -> str:
    """Award, reserved records and the intent to issue, in the transaction of the approval."""
    found = case.assessment
    entry = tools.new_id()
    ledger.append(
        tx, entry, tenant=found.provider, actor=review.person, action="award.give", subject=award.id,
        content=awards.content(award), at=tools.now(),
    )  # fmt: skip
    awards.add(
        tx,
        Given(
            id=award.id, assessment=found.id, decision=decided.id, review=review.id, provider=found.provider,
            candidate=found.candidate.id, standard=award.standard, award=award, digest=digest(award),
            token=new_secret(), number=None, valid_until=award.valid_until, given_at=tools.now(), issued_at=None,
            revoked_at=None, protected=found.candidate.protected, entry=entry,
        ),
    )  # fmt: skip
    list_id = awards.status_list(tx, tools.new_id(), found.provider, "revocation")
    used = set(awards.taken(tx, list_id))
    for module in ("", *(each.id for each in award.modules)):
        index = random_index(used, tools.random)
        used.add(index)
        record = Record(
            id=tools.new_id(), award=award.id, module=module, status_list=list_id, status_index=index, unsigned=None
        )
        awards.add_record(tx, record)
    return intents.want(tx, tools.new_id(), "issue", award.id, tools.now())
