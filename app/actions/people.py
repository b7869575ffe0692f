"""Add organisations, people, accounts and roles; two people of one name are never made by accident."""

import re
import unicodedata

from sqlalchemy import Connection

from app.actions.sign_in import hash_password
from app.policy import ROLES, Actor, RoleName, require
from app.store import ledger, organisations, people
from app.store.organisations import Kind, Organisation
from app.store.people import Account, Person
from app.tools import Tools
from assessments.problems import ConflictError, ForbiddenError, InvalidError

SLUG = re.compile(r"[a-z][a-z0-9-]{1,40}\Z")
EMAIL = re.compile(r"[^@\s<>,;\x00-\x1f\x7f]{1,64}@[^@\s<>,;\x00-\x1f\x7f]{1,190}\Z")


class NameKnownError(ConflictError):
    """A person of that name exists, who may be the same human being."""

    code = "name-known"
    sv = "Det finns redan en person med det namnet. Ange om kontot hör till den personen eller till en annan."
    en = "There is already a person of that name. Say whether the account belongs to that person or to another."


class EmailTakenError(ConflictError):
    """Each address belongs to one account."""

    code = "email-taken"
    sv = "Det finns redan ett konto med den adressen."
    en = "There is already an account with that address."


class OrganisationNumberError(InvalidError):
    """Ten digits with a Luhn check digit, as the Swedish companies register gives them."""

    code = "organisation-number"
    sv = "Organisationsnumret ska ha tio siffror, till exempel 556000-0167, och rätt kontrollsiffra."
    en = "The organisation number has ten digits, for example 556000-0167, with the right check digit."


def add_organisation(
    tools: Tools, actor: Actor | None, *, slug: str, kind: Kind, name: str, organisation_number: str,
    country: str = "SE", homepage: str | None = None,
) -> Organisation:  # fmt: skip
    """Add a tenant; `actor` is None for the operator at the command line."""
    if actor:
        _require_administrator(actor)
    if not SLUG.match(slug):
        raise InvalidError(field="slug")
    new = Organisation(
        id=tools.new_id(),
        slug=slug,
        kind=kind,
        name=clean(name, 120, "name"),
        organisation_number=checked_number(organisation_number),
        country=country,
        homepage=homepage,
    )
    with tools.begin() as tx:
        if any(slug == each.slug for each in organisations.every(tx)):
            raise ConflictError(slug=slug)
        organisations.add(tx, new, tools.now())
        ledger.append(
            tx, tools.new_id(), tenant=new.id, actor=_who(actor), action="organisation.add", subject=new.id,
            content=organisations.content(new), at=tools.now(),
        )  # fmt: skip
    return new


def add_person(
    tools: Tools, actor: Actor | None, *, name: str, email: str, password: str, organisation: str, role: RoleName,
    person: str | None = None, another: bool = False, language: str = "sv",
) -> Person:  # fmt: skip
    """Add an account with a role; `person` says whose it is, `another` that a namesake is somebody else."""
    if actor:
        _require_administrator(actor)
    name, email = clean(name, 120, "name"), email.strip().lower()
    if not EMAIL.match(email):
        raise InvalidError(field="email")
    password = hash_password(password)
    with tools.begin() as tx:
        tenant = organisations.find(tx, organisation)
        if ROLES.get(role) != tenant.kind:
            raise InvalidError(field="role")
        if people.account(tx, email):
            raise EmailTakenError
        known = people.named(tx, name)
        if known and person is None and not another:
            raise NameKnownError(people=[each.id for each in known])
        who = people.find(tx, person) if person else Person(id=tools.new_id(), name=name)
        if person is None:
            people.add(tx, who, tools.now())
        people.add_account(tx, tools.new_id(), who.id, email, password, language, tools.now())
        people.add_role(tx, who.id, tenant.id, role, tools.now())
        ledger.append(
            tx, tools.new_id(), tenant=tenant.id, actor=_who(actor), action="person.add", subject=who.id,
            content={"person": who.id, "role": role}, at=tools.now(),
        )  # fmt: skip
    return who


def add_role(tools: Tools, actor: Actor | None, *, person: str, organisation: str, role: RoleName) -> None:
    """Give a person one more role."""
    if actor:
        _require_administrator(actor)
    with tools.begin() as tx:
        tenant = organisations.find(tx, organisation)
        if ROLES.get(role) != tenant.kind:
            raise InvalidError(field="role")
        who = people.find(tx, person)
        people.add_role(tx, who.id, tenant.id, role, tools.now())
        ledger.append(
            tx, tools.new_id(), tenant=tenant.id, actor=_who(actor), action="person.role", subject=who.id,
            content={"person": who.id, "role": role}, at=tools.now(),
        )  # fmt: skip


def set_password(tools: Tools, email: str, password: str, *, actor: Actor | None = None) -> None:
    """A new password; every session of the account ends. `actor` is None for the operator at the command line."""
    hashed = hash_password(password)
    with tools.begin() as tx:
        account = people.account(tx, email.strip().lower())
        if account is None:
            raise InvalidError(field="email")
        people.change_account(tx, account.id, password=hashed, failures=0, locked_until=None)
        people.end_sessions(tx, tools.now(), account=account.id)
        _note(tools, tx, account, "person.password", _who(actor))


def disable_account(tools: Tools, actor: Actor | None, email: str) -> None:
    """The account can no longer sign in; what the person did stays."""
    if actor:
        _require_administrator(actor)
    with tools.begin() as tx:
        account = people.account(tx, email.strip().lower())
        if account is None:
            raise InvalidError(field="email")
        people.change_account(tx, account.id, disabled_at=tools.now())
        people.end_sessions(tx, tools.now(), account=account.id)
        _note(tools, tx, account, "person.disable", _who(actor))


def checked_number(text: str) -> str:
    """`NNNNNN-NNNN` with a right Luhn digit."""
    digits = re.sub(r"[-\s]", "", text)
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise OrganisationNumberError
    doubled = [int(d) * (2 if place % 2 == 0 else 1) for place, d in enumerate(digits)]
    if sum(d - 9 if d > 9 else d for d in doubled) % 10:
        raise OrganisationNumberError
    return f"{digits[:6]}-{digits[6:]}"


def clean(text: str, longest: int, field: str) -> str:
    """NFC, one line, single spaces, no control or direction marks: names are printed, sealed and compared by eye."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    odd = any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn") for char in text)
    if not text or len(text) > longest or odd:
        raise InvalidError(field=field)
    return text


def _note(tools: Tools, tx: Connection, account: Account, action: str, actor: str) -> None:
    """In the ledger of every organisation that the person acts in."""
    for home in people.homes(tx, account.person):
        ledger.append(
            tx, tools.new_id(), tenant=home, actor=actor, action=action, subject=account.person,
            content={"account": account.id}, at=tools.now(),
        )  # fmt: skip


def _who(actor: Actor | None) -> str:
    return actor.person if actor else "operator"


def _require_administrator(actor: Actor) -> None:
    homes = actor.organisations("administrator")
    if not homes:
        raise ForbiddenError(action="user.add")
    require(actor, "user.add", homes[0])
