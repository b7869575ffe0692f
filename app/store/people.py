"""People who work here, their accounts, roles and signed-in sessions."""

import hashlib
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update

from app.policy import Actor, Membership, RoleName
from app.store.tables import AccountRow, MembershipRow, PersonRow, SessionRow
from app.store.upsert import ignore_existing
from assessments.problems import MissingError


class Person(Struct, frozen=True, kw_only=True):
    """A human being who works here."""

    id: str
    name: str


class Account(Struct, frozen=True, kw_only=True):
    """A way to sign in, with what guards it."""

    id: str
    person: str
    email: str
    password: str
    language: str
    failures: int
    locked_until: datetime | None
    disabled_at: datetime | None


class Session(Struct, frozen=True, kw_only=True):
    """A signed-in browser: of an account or of a candidate."""

    account: str | None
    candidate: str | None
    began_at: datetime
    seen_at: datetime


class Listed(Struct, frozen=True, kw_only=True):
    """A person with one role and the accounts, as an administrator's list shows it."""

    person: str
    name: str
    role: str
    organisation: str
    emails: tuple[str, ...]
    disabled: bool


ACCOUNT = [getattr(AccountRow, name) for name in Account.__struct_fields__]


def add(tx: Connection, person: Person, at: datetime) -> None:
    """Keep a new person."""
    tx.execute(insert(PersonRow).values(id=person.id, name=person.name, added_at=at))


def find(tx: Connection, key: str) -> Person:
    """By id; raises `MissingError`."""
    row = tx.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id == key)).mappings().one_or_none()
    if row is None:
        raise MissingError(person=key)
    return Person(**row)


def named(tx: Connection, name: str) -> list[Person]:
    """People with exactly that name: asked before a second person of the same name is added."""
    rows = tx.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.name == name)).mappings()
    return [Person(**row) for row in rows]


def names(tx: Connection, keys: frozenset[str] | set[str]) -> dict[str, str]:
    """Names by person id."""
    return {row.id: row.name for row in tx.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(keys)))}


def add_account(tx: Connection, key: str, person: str, email: str, password: str, language: str, at: datetime) -> None:
    """Keep a new account; `password` is its argon2 hash."""
    tx.execute(
        insert(AccountRow).values(
            id=key, person=person, email=email, password=password, language=language, failures=0, added_at=at
        )
    )


def account(tx: Connection, email: str) -> Account | None:
    """The account of that address, disabled or not."""
    row = tx.execute(select(*ACCOUNT).where(AccountRow.email == email)).mappings().one_or_none()
    return Account(**row) if row else None


def change_account(tx: Connection, key: str, **changes: object) -> None:
    """Set columns of an account."""
    tx.execute(update(AccountRow).where(AccountRow.id == key).values(**changes))


def add_role(tx: Connection, person: str, organisation: str, role: RoleName, at: datetime) -> None:
    """Give a role; giving it twice changes nothing."""
    values = {"person": person, "organisation": organisation, "role": role, "added_at": at}
    tx.execute(ignore_existing(tx, MembershipRow).values(values))


def homes(tx: Connection, person: str) -> list[str]:
    """The organisations a person has a role in."""
    query = select(MembershipRow.organisation).where(MembershipRow.person == person)
    return sorted(set(tx.execute(query).scalars()))


def with_role(tx: Connection, organisation: str, role: RoleName) -> list[Person]:
    """Who has a role in an organisation, by name."""
    rows = tx.execute(
        select(PersonRow.id, PersonRow.name)
        .join(MembershipRow, MembershipRow.person == PersonRow.id)
        .where(MembershipRow.organisation == organisation, MembershipRow.role == role, PersonRow.erased_at.is_(None))
        .order_by(PersonRow.name)
    ).mappings()
    return [Person(**row) for row in rows]


def listed(tx: Connection, organisation: str | None = None) -> list[Listed]:
    """People with their roles, for an administrator."""
    query = (
        select(PersonRow.id, PersonRow.name, MembershipRow.role, MembershipRow.organisation)
        .join(MembershipRow, MembershipRow.person == PersonRow.id)
        .order_by(PersonRow.name, MembershipRow.role)
    )
    if organisation:
        query = query.where(MembershipRow.organisation == organisation)
    accounts: dict[str, list[tuple[str, bool]]] = {}
    for row in tx.execute(select(AccountRow.person, AccountRow.email, AccountRow.disabled_at)):
        accounts.setdefault(row.person, []).append((row.email, row.disabled_at is not None))
    return [
        Listed(
            person=row.id,
            name=row.name,
            role=row.role,
            organisation=row.organisation,
            emails=tuple(sorted(email for email, _ in accounts.get(row.id, []))),
            disabled=bool(accounts.get(row.id)) and all(disabled for _, disabled in accounts[row.id]),
        )
        for row in tx.execute(query)
    ]


def actor(tx: Connection, account_id: str) -> Actor | None:
    """The person behind an account with all roles; None when the account is disabled or the person erased."""
    row = tx.execute(
        select(AccountRow.id, AccountRow.email, AccountRow.language, PersonRow.id.label("person"), PersonRow.name)
        .join(PersonRow, PersonRow.id == AccountRow.person)
        .where(AccountRow.id == account_id, AccountRow.disabled_at.is_(None), PersonRow.erased_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    memberships = tx.execute(
        select(MembershipRow.organisation, MembershipRow.role)
        .where(MembershipRow.person == row.person)
        .order_by(MembershipRow.organisation, MembershipRow.role)
    )
    return Actor(
        person=row.person,
        account=row.id,
        name=row.name,
        email=row.email,
        language=row.language,
        memberships=tuple(Membership(m.organisation, m.role) for m in memberships),
    )


def hashed(secret: str) -> str:
    """What is kept of a session's or link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def add_session(tx: Connection, secret: str, at: datetime, *, account: str | None, candidate: str | None) -> None:
    """Keep a new session."""
    tx.execute(
        insert(SessionRow).values(
            secret_sha256=hashed(secret), account=account, candidate=candidate, began_at=at, seen_at=at
        )
    )


def pretend(tx: Connection, secret: str, now: datetime) -> None:
    """Write as much as a counted failure does, and leave nothing: who times the answer learns of no account."""
    add_session(tx, secret, now, account=None, candidate=None)
    tx.execute(delete(SessionRow).where(SessionRow.secret_sha256 == hashed(secret)))


def session(tx: Connection, secret: str) -> Session | None:
    """The session that has not been ended; its age is the caller's to judge."""
    row = (
        tx.execute(
            select(SessionRow.account, SessionRow.candidate, SessionRow.began_at, SessionRow.seen_at).where(
                SessionRow.secret_sha256 == hashed(secret), SessionRow.ended_at.is_(None)
            )
        )
        .mappings()
        .one_or_none()
    )
    return Session(**row) if row else None


def touch_session(tx: Connection, secret: str, at: datetime) -> None:
    """The browser was seen."""
    tx.execute(update(SessionRow).where(SessionRow.secret_sha256 == hashed(secret)).values(seen_at=at))


def end_sessions(tx: Connection, at: datetime, *, secret: str | None = None, account: str | None = None) -> None:
    """End one session, or all of an account."""
    query = update(SessionRow).where(SessionRow.ended_at.is_(None)).values(ended_at=at)
    query = (
        query.where(SessionRow.secret_sha256 == hashed(secret))
        if secret
        else query.where(SessionRow.account == account)
    )
    tx.execute(query)
