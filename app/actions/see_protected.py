"""Looking at the details of a candidate with protected identity is an act of its own, and it is logged."""

from app.policy import Actor, require
from app.store import assessments, ledger
from app.store.assessments import Candidate
from app.tools import Tools


def see_protected(tools: Tools, actor: Actor, candidate: str) -> Candidate:
    """The candidate's details, after the look itself is in the ledger."""
    now = tools.now()
    with tools.begin() as tx:
        who = assessments.candidate(tx, candidate)
        require(actor, "candidate.protected", who.provider)
        ledger.append(
            tx, tools.new_id(), tenant=who.provider, actor=actor.person, action="candidate.see-protected",
            subject=who.id, content={"candidate": who.id}, at=now,
        )  # fmt: skip
    return who
