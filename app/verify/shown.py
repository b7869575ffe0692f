"""What a proved record says, in plain lines; whatever it does not say, or says in another shape, stays empty."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.verify.answers import Refers, Shown, Text, plain

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LONG = 4000


def shown(record: Any) -> Shown:
    """Read only after the record's content is proved or sealed."""
    subject, issuer = _at(record, "credentialSubject"), _at(record, "issuer")
    achievement = _at(subject, "achievement")
    marks = {_text(each, "identityType"): _text(each, "identityHash") for each in _several(subject, "identifier")}
    levels = {_text(each, "targetFramework"): _text(each, "targetCode") for each in _several(achievement, "alignment")}
    numbers = [_text(each, "identifier") for each in _several(issuer, "otherIdentifier")]
    standard, _, _ = _text(achievement, "humanCode").partition(" ")
    return Shown(
        holder=marks.get("name", ""),
        birth_date=marks.get("ext:dateOfBirth", ""),
        result_name=_languages(record, "title", "name"),
        standard=standard,
        edition=_text(achievement, "version"),
        eqf=levels.get("EQF", ""),
        seqf=levels.get("SeQF", ""),
        level_state=_text(_at(achievement, "microCredential"), "levelState"),
        modules=_modules(_languages(achievement, "summary", "description"))
        if _at(achievement, "microCredential", "hasPart")
        else (_languages(achievement, "title", "name"),),
        number=_text(subject, "licenseNumber"),
        issuer_name=issuer_name(record),
        issuer_id=issuer_id(record),
        organisation_number=numbers[0] if numbers else "",
        awarded_on=day(_at(record, "awardedDate")) or "",
        valid_from=day(_at(record, "validFrom")) or "",
        valid_until=day(_at(record, "validUntil")),
    )


def refers(record: Any) -> Refers:
    """What the record points at, proved or not."""
    entries = _several(record, "credentialStatus")
    return Refers(
        record=_text(record, "id"),
        issuer=issuer_id(record),
        digest=_text(_at(record, "credentialSubject", "achievement", "microCredential"), "awardDigest"),
        lists=tuple(_text(each, "statusListCredential") for each in entries),
    )


def issuer_name(record: Any) -> str:
    """What the issuer calls itself."""
    return _text(_at(record, "issuer"), "name")


def issuer_id(record: Any) -> str:
    """The issuer's address, written as a text or in a profile."""
    found = _at(record, "issuer")
    return plain(found) if isinstance(found, str) else _text(found, "id")


def day(moment: object) -> str | None:
    """The Stockholm calendar day of a date-time with offset."""
    found = read_moment(moment)
    return found.astimezone(STOCKHOLM).date().isoformat() if found else None


def read_moment(text: object) -> datetime | None:
    """A date-time with offset, or None."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) and len(text) < 40 else None
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _at(node: Any, *keys: str) -> Any:
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    return node


def _text(node: Any, key: str) -> str:
    found = _at(node, key)
    return plain(found, LONG) if isinstance(found, str) else ""


def _several(node: Any, key: str) -> list[Any]:
    found = _at(node, key)
    return found if isinstance(found, list) else [found] if isinstance(found, dict) else []


def _languages(node: Any, key: str, fallback: str) -> Text:
    found = _at(node, key)
    if isinstance(found, dict):
        return {plain(key): plain(text, LONG) for key, text in found.items() if isinstance(text, str)}
    return {"sv": _text(node, fallback)}


def _modules(joined: Text) -> tuple[Text, ...]:
    """The whole lists its modules in one line per language; they are told apart where both lines agree on how many."""
    lines = {language: text.split("; ") for language, text in joined.items()}
    if len({len(each) for each in lines.values()}) != 1:
        return (joined,)
    return tuple(dict(zip(lines, each, strict=True)) for each in zip(*lines.values(), strict=True))
