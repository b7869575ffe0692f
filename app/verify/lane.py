"""The worker's side of the page where strangers upload a document: one file, one child, one answer, then it is erased.

The document is trusted as far as our own published keys go and no further; nothing is fetched.
"""

import hashlib
from pathlib import Path

from sqlalchemy import Connection

from app.issue.did import did_document, did_for, read_multikey
from app.issue.keyfiles import ROOT
from app.settings import Settings
from app.store import awards, checks, issuers, organisations
from app.store.awards import Given
from app.tools import Tools, stockholm_day
from app.verify.answers import Verification, to_json, unread
from app.verify.child import examine
from app.verify.register import Known, with_register
from app.verify.trust import Trust, read_roots


def answer_check(tools: Tools, key: str) -> None:
    """Answer one check; a second run finds the answer and only makes sure that the file is erased."""
    file = tools.settings.folder / "checks" / Path(key).name
    with tools.read() as tx:
        asked = checks.find(tx, key)
        trust = own_trust(tx, tools.settings)
    if asked.answered_at is None:
        text = to_json(_found(tools, file, asked.sha256, trust))
        with tools.begin() as tx:
            checks.answer(tx, key, text, tools.now())
    file.unlink(missing_ok=True)


def own_trust(tx: Connection, settings: Settings) -> Trust:
    """Our own seals and issuers, from the register itself; production does not know development keys.

    A key that somebody else may have used proves nothing here any more: what it made is known by its bytes.
    """
    known = [key for key in issuers.keys(tx) if key.distrusted_from is None]
    keys = [key for key in known if not (settings.production and key.development)]
    records = [key for key in keys if key.purpose == "record"]
    return Trust(
        roots=tuple(der for key in keys if key.purpose == "seal" for der in read_roots(key.public.encode())),
        clocks=_clocks(settings),
        dids=tuple(
            did_document(
                did_for(settings.public_url, organisations.find(tx, provider).slug),
                [(f"key-{key.place}", read_multikey(key.public)) for key in records if key.provider == provider],
            )
            for provider in sorted({key.provider for key in records})
        ),
    )


def _clocks(settings: Settings) -> tuple[bytes, ...]:
    """Whose time-stamps we take; while developing the development root's."""
    file = Path(settings.tsa_trust) if settings.tsa_trust else settings.folder / "keys" / ROOT
    if (settings.production and not settings.tsa_trust) or not file.exists():
        return ()
    return read_roots(file.read_bytes())


def _found(tools: Tools, file: Path, sha256: str, trust: Trust) -> Verification:
    try:
        data = file.read_bytes()
    except OSError:
        return unread("unsafe", detail="file-gone")
    if hashlib.sha256(data).hexdigest() != sha256:
        return unread("unsafe", detail="file-changed")
    found = examine(data, trust, tools.now())
    with tools.read() as tx:
        return with_register(found, _known(tx, tools, found, sha256))


def _known(tx: Connection, tools: Tools, found: Verification, sha256: str) -> Known | None:
    """The award by its very bytes, else by the record's id."""
    given, exact = awards.by_document(tx, sha256), True
    if given is None and found.refers is not None and found.refers.record:
        given, exact = awards.by_record(tx, found.refers.record.removeprefix("urn:uuid:")), False
    if given is None:
        return None
    known = _of(tx, tools, given, exact=exact)
    return None if known.development and tools.settings.production else known


def _of(tx: Connection, tools: Tools, given: Given, *, exact: bool) -> Known:
    return Known(
        issuer=organisations.find(tx, given.provider).name,
        status=given.status(tools.today()),
        valid_until=given.valid_until,
        revoked_on=stockholm_day(given.revoked_at).isoformat() if given.revoked_at else "",
        digest=given.digest,
        protected=given.protected,
        development=any(key.development for key in issuers.keys(tx, given.provider, "seal")),
        exact=exact,
    )
