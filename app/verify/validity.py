"""Does a proved record hold at a moment: its dates, and the issuer's list of what was revoked or suspended.

The list is a signed statement of its own and is believed only from the record's own issuer. A list that is too old, too
small or somebody else's never says "not revoked".
"""

from datetime import datetime, timedelta
from typing import Any

from app.issue.canon import LossyDocumentError
from app.issue.did import UnknownKeyError, public_key
from app.issue.proof import WrongProofError, check_proof, issuer, the_proof
from app.issue.status import WrongStatusListError, marked
from app.verify.answers import Answer, Check, answer
from app.verify.shown import STOCKHOLM, day, read_moment
from app.verify.trust import Trust

Json = dict[str, Any]

OLDEST = timedelta(days=30)
"""A list says nothing about revocations for longer; the house publishes its lists anew far more often."""
PURPOSES = {"revocation": "revoked", "suspension": "suspended"}


def validity(record: Json, trust: Trust, at: datetime) -> tuple[Answer, tuple[Check, ...]]:
    """The third answer for a record whose content is known to be its issuer's."""
    dates = _dates(record, at)
    status, listed_on = _status(record, trust, at)
    checks = (_check("record-dates", dates), _check("status-list", status))
    for found in (status if status and status.result == "no" else None, dates, status):
        if found:
            return found, checks
    until = day(record.get("validUntil"))
    code = "valid-until" if until else "valid-without-end"
    return answer(code if listed_on else f"{code}-unlisted", until=until or "", on=listed_on), checks


def _check(name: str, found: Answer | None) -> Check:
    if found is None:
        return Check(name=name, result="passed")
    return Check(name=name, result="failed" if found.result == "no" else "could-not-check", detail=found.code)


def _dates(record: Json, at: datetime) -> Answer | None:
    """What speaks against the record by its dates alone."""
    since, until = (read_moment(record.get(name)) for name in ("validFrom", "validUntil"))
    if ("validFrom" in record and not since) or ("validUntil" in record and not until):
        return answer("dates-unread")
    if since and at < since:
        return answer("not-yet", since=day(record["validFrom"]) or "")
    if until and at > until:
        return answer("expired", until=day(record["validUntil"]) or "")
    return None


def _status(record: Json, trust: Trust, at: datetime) -> tuple[Answer | None, str]:
    """What speaks against the record by its lists, and the day of the oldest list that was asked."""
    named = record.get("credentialStatus")
    entries = named if isinstance(named, list) else [] if named is None else [named]
    found, days = [], []
    for entry in entries:
        against, made = _entry(record, entry, trust, at)
        found += [against] if against else []
        days += [made] if made else []
    worst = sorted(found, key=lambda each: each.result != "no")
    return (worst[0] if worst else None), min(days, default="")


def _entry(record: Json, entry: Any, trust: Trust, at: datetime) -> tuple[Answer | None, str]:
    if not isinstance(entry, dict) or entry.get("type") not in (
        "BitstringStatusListEntry",
        ["BitstringStatusListEntry"],
    ):
        return answer("status-unknown"), ""
    if entry.get("statusPurpose") not in PURPOSES:
        return answer("status-unknown"), ""
    listed = trust.listed(str(entry.get("statusListCredential")))
    if not listed:
        return answer("status-missing"), ""
    newest = max(listed, key=lambda each: str(read_moment(each.get("validFrom"))))
    return _asked(record, entry, newest, trust, at)


def _asked(record: Json, entry: Json, listed: Json, trust: Trust, at: datetime) -> tuple[Answer | None, str]:
    """What one list says of the record; a revocation counts however old the list is, for it is final."""
    if issuer(listed) != issuer(record):
        return answer("status-foreign"), ""
    made = read_moment(listed.get("validFrom"))
    if not made or not _is_proved(listed, trust):
        return answer("status-unproved"), ""
    try:
        is_marked = marked({"credentialStatus": entry}, listed)
    except WrongStatusListError:
        return answer("status-wrong"), ""
    if is_marked and entry["statusPurpose"] == "revocation":
        return answer("revoked"), ""
    on = made.astimezone(STOCKHOLM).date().isoformat()
    if at - made > OLDEST or _has_ended(listed, at):
        return answer("status-stale", on=on), ""
    return (answer("suspended"), "") if is_marked else (None, on)


def _has_ended(listed: Json, at: datetime) -> bool:
    until = read_moment(listed.get("validUntil"))
    return "validUntil" in listed and (until is None or until < at)


def _is_proved(listed: Json, trust: Trust) -> bool:
    """By a key of the list's own issuer, and of the kind that a status list is."""
    document = trust.did(issuer(listed) or "")
    types = listed.get("type")
    if document is None or not isinstance(types, list) or "BitstringStatusListCredential" not in types:
        return False
    try:
        check_proof(listed, public_key(document, the_proof(listed)["verificationMethod"]))
    except (WrongProofError, UnknownKeyError, LossyDocumentError):
        return False
    return True
