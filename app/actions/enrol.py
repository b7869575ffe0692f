"""A tablet gets a token that can only deliver: from a code that somebody signed in has shown to it, once."""

import secrets
from datetime import timedelta

from msgspec import Struct

from app.actions.people import clean
from app.actions.sealed import Seal, seal_of
from app.actions.writing import written
from app.policy import Actor, require
from app.store import devices, ledger, organisations
from app.store.devices import Device
from app.tools import Tools
from assessments.problems import ForbiddenError, InvalidError

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: nothing that looks like something else."""
LENGTH = 10
FRESH = timedelta(minutes=15)


class EnrolCodeError(InvalidError):
    """No such code, or not any more."""

    code = "enrol-code"
    sv = "Koden stämmer inte, är redan använd eller äldre än en kvart. Hämta en ny vid skrivbordet."
    en = "The code is wrong, has been used or is older than a quarter of an hour. Get a new one at the desk."


class DeviceRevokedError(ForbiddenError):
    """The tablet may take nothing along any more; what it delivers waits for a person."""

    code = "device-revoked"
    sv = "Surfplattan är spärrad. Det som finns på den kan fortfarande lämnas in."
    en = "The tablet has been revoked. What is on it can still be handed in."


class Enrolled(Struct, frozen=True, kw_only=True):
    """What the tablet keeps; the token is said this one time."""

    device: str
    token: str
    provider: str
    provider_name: str
    seal: Seal


def make_code(tools: Tools, actor: Actor | None, provider: str) -> str:
    """A code for one tablet of that provider, good for a quarter of an hour; without actor it is the operator."""
    if actor:
        require(actor, "device.manage", provider)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    with tools.begin() as tx:
        devices.add_code(tx, code, provider, actor.person if actor else None, tools.now())
    return code


def enrol(tools: Tools, code: str, name: str, app: str = "") -> Enrolled:
    """Use the code up and take the tablet in."""
    code, now = code.strip().upper().replace("-", "").replace(" ", ""), tools.now()
    called = clean(name, 60, "name")
    token, key = secrets.token_urlsafe(32), tools.new_id()
    with tools.begin() as tx:
        made = devices.code(tx, code)
        if made is None or made.used_at is not None or now - made.made_at > FRESH:
            raise EnrolCodeError
        provider = organisations.find(tx, made.provider)
        new = Device(
            id=key, provider=provider.id, name=called, enrolled_by=made.made_by, enrolled_at=now, seen_at=now,
            app=app[:60], skew=0, waiting=0, oldest="", revoked_at=None, reason="",
        )  # fmt: skip
        devices.add(tx, new, token)
        devices.use_code(tx, code, key, now)
        ledger.append(
            tx, tools.new_id(), tenant=provider.id, actor=made.made_by or "operator", action="device.enrol",
            subject=key, content={"name": called}, at=now,
        )  # fmt: skip
    return Enrolled(
        device=key, token=token, provider=provider.id, provider_name=provider.name, seal=seal_of(tools, provider.id)
    )


def revoke_device(tools: Tools, actor: Actor, key: str, why: str) -> None:
    """From now on its acts wait for a person; doing it twice changes nothing."""
    with tools.begin() as tx:
        device = devices.lock(tx, key)
        require(actor, "device.manage", device.provider)
        reason = written(why, "why", least=3, most=400)
        if device.revoked_at is not None:
            return
        devices.change(tx, key, revoked_at=tools.now(), revoked_by=actor.person, reason=reason)
        ledger.append(
            tx, tools.new_id(), tenant=device.provider, actor=actor.person, action="device.revoke", subject=key,
            content={"reason": reason}, at=tools.now(),
        )  # fmt: skip
