"""Give and take back the right to issue a standard; only its owner can."""

from msgspec.structs import replace

from app.actions.writing import written
from app.policy import Actor, require
from app.store import ledger, organisations, standards
from app.store.standards import GrantView
from app.tools import Tools
from assessments.problems import ConflictError, MissingError


class GrantExistsError(ConflictError):
    """The provider has that right already."""

    code = "grant-exists"
    sv = "Leverantören har redan utfärdanderätt för standarden."
    en = "The provider already has the right to issue the standard."


def give(tools: Tools, actor: Actor | None, *, owner: str, provider: str, standard: str) -> GrantView:
    """A dated right from today on."""
    with tools.begin() as tx:
        body, to = organisations.find(tx, owner), organisations.find(tx, provider)
        if actor:
            require(actor, "grant.give", body.id)
        if to.kind != "provider" or standard not in {each.standard for each in standards.every(tx, body.id)}:
            raise MissingError(standard=standard)
        ledger.queue(tx, body.id)
        running = standards.grant_views(tx, owner=body.id, provider=to.id)
        if any(each.standard == standard and each.revoked_on is None for each in running):
            raise GrantExistsError(standard=standard)
        new = GrantView(
            id=tools.new_id(),
            provider=to.id,
            provider_name=to.name,
            owner=body.id,
            standard=standard,
            given_on=tools.today(),
            revoked_on=None,
            reason="",
        )
        entry = ledger.append(
            tx, tools.new_id(), tenant=body.id, actor=actor.person if actor else "operator", action="grant.give",
            subject=new.id, content=standards.grant_content(new), at=tools.now(),
        )  # fmt: skip
        standards.add_grant(tx, new, actor.person if actor else None, entry)
    return new


def revoke(tools: Tools, actor: Actor, grant: str, reason: str) -> None:
    """The right ends today; what was issued stays valid. Revoking twice changes nothing."""
    reason = written(reason, "reason", least=10, most=1000)
    with tools.begin() as tx:
        mine = {
            view.id: view for home in actor.organisations("editor") for view in standards.grant_views(tx, owner=home)
        }
        view = mine.get(grant)
        if view is None:
            raise MissingError(grant=grant)
        require(actor, "grant.revoke", view.owner)
        ledger.queue(tx, view.owner)
        [view] = standards.grant_views(tx, key=grant)
        if view.revoked_on:
            return
        after = replace(view, revoked_on=tools.today(), reason=reason)
        entry = ledger.append(
            tx, tools.new_id(), tenant=view.owner, actor=actor.person, action="grant.revoke", subject=grant,
            content=standards.revoking_content(after), at=tools.now(),
        )  # fmt: skip
        standards.revoke_grant(tx, grant, on=tools.today(), by=actor.person, reason=after.reason, entry=entry)
