"""What the data model of verifiable credentials asks of any document (https://www.w3.org/TR/vc-data-model-2.0/).

Our own records are held to a far narrower form (app/issue/canon); this is only for the test adapter, which others may
send anything that is a credential.
"""

import re
from datetime import datetime
from typing import Any

from app.issue.terms import V2
from assessments.problems import InvalidError

Json = dict[str, Any]

URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")
MOMENT = re.compile(
    r"-?([1-9][0-9]{3,}|0[0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])\Z"
)
TYPED = ("credentialStatus", "credentialSchema", "termsOfUse", "evidence", "refreshService")
VALUE = {"@value", "@language", "@direction"}


class NotConformingError(InvalidError):
    """The document is no credential or presentation of the data model; `place` says where."""

    code = "not-conforming"
    sv = "Handlingen följer inte datamodellen."
    en = "The document does not follow the data model."


def require_credential(document: object) -> Json:
    """A credential by the model's own rules; raises `NotConformingError`."""
    found = _common(document, "VerifiableCredential")
    _id_or_object(found.get("issuer"), "issuer")
    for each in _several(found, "credentialSubject", needed=True):
        _need(isinstance(each, dict) and bool(each), "credentialSubject")
        _own_id(each, "credentialSubject")
    for name in TYPED:
        for each in _several(found, name):
            _need(isinstance(each, dict) and bool(_types(each)), f"{name}.type")
            _own_id(each, name)
            _need(name != "credentialSchema" or "id" in each, f"{name}.id")
    for node in (found, found["issuer"] if isinstance(found["issuer"], dict) else {}):
        for name in ("name", "description"):
            _need(all(_is_text(each) for each in _several(node, name)), name)
    _period(found)
    _related(found)
    return found


def require_presentation(document: object) -> Json:
    """A presentation: what it shows are objects, never addresses."""
    found = _common(document, "VerifiablePresentation")
    if "holder" in found:
        _id_or_object(found["holder"], "holder")
    for each in _several(found, "verifiableCredential"):
        _need(isinstance(each, dict), "verifiableCredential")
    return found


def period(document: Json) -> tuple[datetime | None, datetime | None]:
    """From when until when it holds, where it says so."""
    since, until = (document.get(name) for name in ("validFrom", "validUntil"))
    return (_read(since) if since else None), (_read(until) if until else None)


def _common(document: object, kind: str) -> Json:
    _need(isinstance(document, dict), "$")
    found: Json = document  # type: ignore[assignment] # looked at just above
    contexts = found.get("@context")
    _need(isinstance(contexts, list) and contexts[:1] == [V2], "@context")
    for each in contexts or ():
        _need(isinstance(each, dict) or (isinstance(each, str) and bool(URL.match(each))), "@context")
    _need(kind in _types(found), "type")
    _own_id(found, "$")
    return found


def _types(node: Json) -> list[str]:
    found = node.get("type")
    listed: list[object] = found if isinstance(found, list) else [found]
    words = [each for each in listed if isinstance(each, str) and each]
    return words if len(words) == len(listed) else []


def _own_id(node: Json, place: str) -> None:
    if "id" in node:
        _need(isinstance(node["id"], str) and bool(URL.match(node["id"])), f"{place}.id")


def _id_or_object(value: object, place: str) -> None:
    found = value.get("id") if isinstance(value, dict) else value
    _need(isinstance(found, str) and bool(URL.match(found)), place)


def _several(node: Json, name: str, *, needed: bool = False) -> list[Any]:
    if name not in node:
        _need(not needed, name)
        return []
    found = node[name] if isinstance(node[name], list) else [node[name]]
    _need(bool(found), name)
    return found


def _is_text(value: object) -> bool:
    if isinstance(value, dict):
        return "@value" in value and set(value) <= VALUE and all(isinstance(each, str) for each in value.values())
    return isinstance(value, str)


def _period(document: Json) -> None:
    for name in ("validFrom", "validUntil"):
        if name in document:
            _need(isinstance(document[name], str) and bool(MOMENT.match(document[name])), name)
    since, until = period(document)
    _need(not (since and until) or since <= until, "validUntil")


def _related(document: Json) -> None:
    names = []
    for each in _several(document, "relatedResource"):
        _need(isinstance(each, dict) and "id" in each, "relatedResource.id")
        _own_id(each, "relatedResource")
        _need(any(isinstance(each.get(name), str) for name in ("digestSRI", "digestMultibase")), "relatedResource")
        names.append(each["id"])
    _need(len(set(names)) == len(names), "relatedResource.id")


def _read(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written)
    except ValueError as fault:
        raise NotConformingError(place="date") from fault


def _need(holds: bool, place: str) -> None:
    if not holds:
        raise NotConformingError(place=place)
