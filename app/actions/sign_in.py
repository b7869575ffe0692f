"""Let people in: argon2 passwords, server-side sessions, the same answer and time for known and unknown accounts."""

import threading
from datetime import datetime, timedelta
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct

from app.policy import Actor
from app.store import assessments, people
from app.store.assessments import Candidate
from app.tools import Tools, new_secret
from assessments.problems import InvalidError, ProblemError

HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)  # OWASP's least; more only fills small machines
UNKNOWN = HASHER.hash("nobody has this password")
TURNS = threading.BoundedSemaphore(2)  # each hash takes 19 MiB: a flood of sign-ins must not fill the memory
FREE_TRIES = 10
LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SHORTEST_PASSWORD = 12


class SignInError(ProblemError):
    """Address and password do not fit; it is not told which."""

    code = "sign-in"
    sv = "Adressen och lösenordet stämmer inte, eller så har det varit för många försök. Vänta och försök igen."
    en = "The address and password do not fit, or there were too many tries. Wait a while and try again."


class WeakPasswordError(InvalidError):
    """Too short to be safe."""

    code = "weak-password"
    sv = f"Lösenordet behöver minst {SHORTEST_PASSWORD} tecken."
    en = f"The password needs at least {SHORTEST_PASSWORD} characters."


class Visitor(Struct, frozen=True):
    """Who a session belongs to: exactly one of the two."""

    actor: Actor | None = None
    candidate: Candidate | None = None


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    if not SHORTEST_PASSWORD <= len(password) <= 200:
        raise WeakPasswordError
    with TURNS:
        return HASHER.hash(password)


def sign_in(tools: Tools, email: str, password: str) -> str:
    """A new session's secret; raises `SignInError`. Failures are counted in the database."""
    now = tools.now()
    with tools.read() as tx:
        account = people.account(tx, email.replace("\x00", "").strip().lower())  # PostgreSQL knows no such character
    usable = account is not None and account.disabled_at is None and not _locked(account.locked_until, now)
    fits = _fits(account.password if account and usable else UNKNOWN, password)
    secret = new_secret()
    with tools.begin() as tx:
        if account is not None and usable and fits:
            people.change_account(tx, account.id, failures=0, locked_until=None)
            people.add_session(tx, secret, now, account=account.id, candidate=None)
        elif account is not None and usable:
            fresh = people.account(tx, account.email)
            failures = (fresh.failures if fresh else account.failures) + 1
            people.change_account(tx, account.id, failures=failures, locked_until=_lock(failures, now))
        else:
            people.pretend(tx, secret, now)
    if not (usable and fits):
        raise SignInError
    return secret


def visitor(tools: Tools, secret: str, kind: Literal["account", "candidate"] = "account") -> Visitor | None:
    """Who the browser belongs to, if its session still holds: 30 idle minutes, 12 hours at most."""
    now = tools.now()
    with tools.read() as tx:
        found = people.session(tx, secret)
        if found is None or now - found.seen_at > IDLE or now - found.began_at > LONGEST:
            return None
        if kind == "account" and found.account:
            actor = people.actor(tx, found.account)
            known = Visitor(actor=actor) if actor else None
        elif kind == "candidate" and found.candidate:
            candidate = assessments.candidate(tx, found.candidate)
            known = None if candidate.erased_at else Visitor(candidate=candidate)
        else:
            known = None
    if known and now - found.seen_at > timedelta(minutes=1):
        with tools.begin() as tx:
            people.touch_session(tx, secret, now)
    return known


def sign_out(tools: Tools, secret: str) -> None:
    """End the session; ending it twice changes nothing."""
    with tools.begin() as tx:
        people.end_sessions(tx, tools.now(), secret=secret)


def _fits(kept: str, password: str) -> bool:
    with TURNS:
        try:
            return HASHER.verify(kept, password[:200])
        except (VerificationError, InvalidHashError, UnicodeError):
            return False


def _locked(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now


def _lock(failures: int, now: datetime) -> datetime | None:
    if failures < FREE_TRIES:
        return None
    doubled: int = 1 << min(failures - FREE_TRIES, 10)
    return now + min(LOCK * doubled, LONGEST_LOCK)
