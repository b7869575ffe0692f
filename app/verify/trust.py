"""Whom a check trusts: exactly what its caller hands in, never what lies beside a document or in the system."""

import re
from typing import Any
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec import Struct

from app.strict_json import UnreadableJsonError, read_object
from assessments.problems import InvalidError

Json = dict[str, Any]


class TrustUnreadableError(InvalidError):
    """What was given to trust is not a certificate, an issuer's document or a status list."""

    code = "trust-unreadable"
    sv = "Det som angavs att lita på går inte att läsa: PEM-certifikat, utfärdarens did.json eller en statuslista."
    en = "What was given to trust cannot be read: a PEM certificate, the issuer's did.json or a status list."


class Trust(Struct, frozen=True, kw_only=True):
    """Roots of seals, documents of issuers and status lists; an empty trust knows nobody."""

    roots: tuple[bytes, ...] = ()
    """Certificates in DER: roots, or the very certificates that seal."""
    clocks: tuple[bytes, ...] = ()
    """Roots of time-stamp authorities: they say when, never who."""
    dids: tuple[Json, ...] = ()
    lists: tuple[Json, ...] = ()
    fetched: tuple[str, ...] = ()
    """DIDs whose document came from their own host just now: that speaks for the host, not for a name."""

    def did(self, did: str) -> Json | None:
        """The issuer's document, if it was given; the first one counts."""
        return next((each for each in self.dids if each["id"] == did), None)

    def listed(self, address: str) -> list[Json]:
        """The status lists given for that address."""
        return [each for each in self.lists if each.get("id") == address]


def read_roots(pem: bytes) -> tuple[bytes, ...]:
    """The certificates of a PEM file as DER."""
    try:
        return tuple(each.public_bytes(Encoding.DER) for each in x509.load_pem_x509_certificates(pem))
    except ValueError as fault:
        raise TrustUnreadableError(reason="certificate") from fault


def read_did(data: bytes) -> Json:
    """An issuer's document, with the few members we use in the shape we use them."""
    document = _read(data)
    keys, allowed = document.get("verificationMethod"), document.get("assertionMethod")
    if not isinstance(document.get("id"), str) or not isinstance(keys, list) or not isinstance(allowed, list):
        raise TrustUnreadableError(reason="did")
    if not all(isinstance(each, dict) for each in keys) or not all(isinstance(each, str) for each in allowed):
        raise TrustUnreadableError(reason="did")
    return document


def read_list(data: bytes) -> Json:
    """A status list credential; whether it counts is decided where it is used."""
    document = _read(data)
    if not isinstance(document.get("id"), str) or not isinstance(document.get("credentialSubject"), dict):
        raise TrustUnreadableError(reason="status-list")
    return document


def _read(data: bytes) -> Json:
    try:
        return read_object(data)
    except UnreadableJsonError as fault:
        raise TrustUnreadableError(reason=fault.reason) from fault


_RESERVED = re.compile(r"((.+\.)?(example|test|invalid|localhost|example\.(com|net|org))|127\.[0-9.]+)(:[0-9]+)?\Z")


def host_of(did: str) -> str:
    """The host (and port) of a did:web; empty for any other."""
    return unquote(did.split(":")[2].partition("#")[0]).lower() if did.startswith("did:web:") else ""


def is_test_host(did: str) -> bool:
    """Names that nobody can own (RFC 2606, 6761): whatever is issued there is a specimen."""
    return bool(_RESERVED.match(host_of(did)))
