"""Take an award out of force: asked by one person, confirmed by another, told to everybody who checks."""

from sqlalchemy import Connection

from app.actions.writing import written
from app.policy import Actor, require
from app.store import awards, intents, ledger
from app.store.awards import Given, Revocation
from app.tools import Tools
from assessments.problems import ConflictError, MissingError, SamePersonError


class AlreadyRevokedError(ConflictError):
    """The award was revoked before."""

    code = "already-revoked"
    sv = "Beviset är redan återkallat."
    en = "The certificate is already revoked."


class SecondPersonError(SamePersonError):
    """A revocation takes two people."""

    code = "second-person"
    sv = "En återkallelse bekräftas av en annan person än den som begärde den."
    en = "A revocation is confirmed by another person than the one who asked for it."


def ask(tools: Tools, actor: Actor, award: str, reason: str) -> str:
    """Ask for revocation with a reason that is never public; returns its id."""
    reason = written(reason, "reason", least=10, most=2000)
    with tools.begin() as tx:
        given = _queued(tx, actor, award)
        if given.revoked_at:
            raise AlreadyRevokedError(award=award)
        for each in awards.revocations(tx, award):
            if each.confirmed_at is None and each.asked_by == actor.person:
                return each.id
        entry = tools.new_id()
        new = Revocation(
            id=tools.new_id(),
            award=award,
            reason=reason,
            asked_by=actor.person,
            asked_at=tools.now(),
            confirmed_by=None,
            confirmed_at=None,
            entry=entry,
        )
        ledger.append(
            tx, entry, tenant=given.provider, actor=actor.person, action="award.ask-revoke", subject=award,
            content=awards.revocation_content(new), at=tools.now(),
        )  # fmt: skip
        awards.add_revocation(tx, new)
    return new.id


def confirm(tools: Tools, actor: Actor, award: str, revocation: str) -> Given:
    """The second person's yes; the status list follows at once."""
    with tools.begin() as tx:
        given = _queued(tx, actor, award)
        asked = next((each for each in awards.revocations(tx, award) if each.id == revocation), None)
        if asked is None:
            raise MissingError(revocation=revocation)
        if asked.asked_by == actor.person:
            raise SecondPersonError
        if given.revoked_at:
            return given
        awards.confirm_revocation(tx, asked, actor.person, tools.now())
        ledger.append(
            tx, tools.new_id(), tenant=given.provider, actor=actor.person, action="award.revoke", subject=award,
            content={"revocation": revocation}, at=tools.now(),
        )  # fmt: skip
        list_id = awards.records(tx, award)[0].status_list
        intent = intents.want(tx, tools.new_id(), "status-list", list_id, tools.now())
        after = awards.find(tx, award)
    tools.wake(intent)
    return after


def _queued(tx: Connection, actor: Actor, award: str) -> Given:
    """The award as it is when nobody else of the provider is in the middle of revoking it."""
    home = awards.find(tx, award).provider
    require(actor, "award.revoke", home)
    ledger.queue(tx, home)
    return awards.find(tx, award)
