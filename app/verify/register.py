"""What the register adds to an answer: it knows every document we made, and whether it still holds.

A key can be stolen, the register cannot be signed into: a document with a good key that nobody here has issued is a no.
"""

from msgspec import Struct
from msgspec.structs import replace

from app.verify.answers import Answer, Check, Verification, answer


class Known(Struct, frozen=True, kw_only=True):
    """What the register holds about the document that was asked about."""

    issuer: str
    status: str
    """`issuing`, `valid`, `expired` or `revoked`."""
    valid_until: str | None
    revoked_on: str
    digest: str
    protected: bool
    development: bool
    exact: bool
    """The file is byte for byte one that we made; otherwise only the record's id was found."""


def with_register(found: Verification, known: Known | None) -> Verification:
    """The answers as the register sees them; without its word a document of ours is nobody's."""
    if known is None:
        return found if found.shown is None else _not_ours(found)
    if known.exact:
        return _ours(replace(found, answers=_exact(found, known)), known)
    if found.shown is None or (found.result == "no" and found.unchanged.result == "no"):
        return found  # somebody wrote our id into something: the register has nothing to say of it
    if found.refers is None or found.refers.digest != known.digest:
        return _changed(found)
    return _ours(found, known)


def _exact(found: Verification, known: Known) -> tuple[Answer, Answer, Answer]:
    """The same bytes as ours: who and unchanged no longer hang on a certificate's dates or on our reading it."""
    unchanged = found.unchanged if found.unchanged.result == "yes" else answer("unchanged-registered")
    who = found.who
    if known.development:
        who = answer("who-test-issuer")
    elif who.result != "yes":
        who = answer("who-registered", issuer=known.issuer)
    return who, unchanged, found.valid


def _ours(found: Verification, known: Known) -> Verification:
    who, unchanged, _ = found.answers
    shown = found.shown
    if shown and known.protected:
        shown = replace(shown, holder="", birth_date="", withheld=True)
    return replace(
        found,
        answers=(who, unchanged, _valid(known)),
        shown=shown,
        checks=(*found.checks, Check(name="register", result="passed", detail="exact" if known.exact else "record")),
    )


def _valid(known: Known) -> Answer:
    until = known.valid_until or ""
    if known.status == "revoked":
        return answer("revoked-on", on=known.revoked_on)
    if known.status == "issuing":
        return answer("being-issued")
    if known.status == "expired":
        return answer("expired", until=until)
    return answer("valid-until-registered" if until else "valid-without-end-registered", until=until)


def _not_ours(found: Verification) -> Verification:
    """A good key, and no such document: a stolen key, or a forger at the desk."""
    issuer = found.shown.issuer_name if found.shown else ""
    return replace(
        found,
        answers=(answer("who-not-registered", issuer=issuer), found.unchanged, answer("valid-unproved")),
        shown=None,
        checks=(*found.checks, Check(name="register", result="failed", detail="not-registered")),
    )


def _changed(found: Verification) -> Verification:
    return replace(
        found,
        answers=(found.who, answer("changed-register"), answer("valid-unproved")),
        shown=None,
        checks=(*found.checks, Check(name="register", result="failed", detail="digest")),
    )
