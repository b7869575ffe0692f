"""Who signs: a did:web per issuing organisation, with every key that ever signed kept listed.

Removing a retired key would make every record it signed unreadable, so a key is retired by not signing with it.
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import base58
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.issue.terms import DID_V1, MULTIKEY
from assessments.problems import InvalidError

ED25519 = bytes([0xED, 0x01])
"""What a Multikey of this kind begins with (https://www.w3.org/TR/cid-1.0/#Multikey)."""

_BASE58 = re.compile(r"z[1-9A-HJ-NP-Za-km-z]{1,100}\Z")
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


class UnknownKeyError(InvalidError):
    """The issuer's document does not list this key for signing."""

    code = "key-unknown"
    sv = "Utfärdaren har ingen sådan nyckel."
    en = "The issuer has no such key."


def did_for(public_url: str, slug: str) -> str:
    """`https://intyga.example`, `exempelnat` → `did:web:intyga.example:issuer:exempelnat`."""
    parts = urlsplit(public_url)
    if not _SLUG.match(slug) or not parts.hostname:
        raise ValueError(f"no DID for {public_url!r} and {slug!r}")
    host = quote(parts.netloc.rpartition("@")[2].lower(), safe=".-")
    return ":".join(["did:web", host, *filter(None, parts.path.split("/")), "issuer", slug])


def did_url(did: str) -> str:
    """Where the document of a did:web lies."""
    method, _, rest = did.partition("did:web:")
    if method or not rest:
        raise ValueError(f"not a did:web: {did!r}")
    host, *path = rest.split(":")
    return "/".join(["https:/", unquote(host), *(path or [".well-known"]), "did.json"])


def did_document(
    did: str, keys: Sequence[tuple[str, Ed25519PublicKey]], distrusted: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """The document at `did_url(did)`: every key, the retired ones too, oldest first.

    A key that others may have used stays listed with the moment from which nobody trusts it (CID 1.0, `revoked`), but
    is no longer one that speaks for the issuer.
    """
    return {
        "@context": [DID_V1, MULTIKEY],
        "id": did,
        "verificationMethod": [
            {
                "id": f"{did}#{fragment}",
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": multikey(key),
            }
            | ({"revoked": distrusted[fragment]} if fragment in distrusted else {})
            for fragment, key in keys
        ],
        "assertionMethod": [f"{did}#{fragment}" for fragment, _ in keys if fragment not in distrusted],
    }


def multikey(key: Ed25519PublicKey) -> str:
    """The public key as text: `z6Mk…`."""
    return multibase(ED25519 + key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def multibase(raw: bytes) -> str:
    """Base58btc with its prefix."""
    return f"z{base58.b58encode(raw).decode()}"


def read_multibase(text: object) -> bytes:
    """The opposite, strict: the decoder underneath forgives a trailing line feed, so a pattern comes first."""
    if not isinstance(text, str) or not _BASE58.match(text):
        raise UnknownKeyError(reason="not base58btc")
    return bytes(base58.b58decode(text[1:]))


def read_multikey(text: object) -> Ed25519PublicKey:
    """`z6Mk…` as a public key."""
    raw = read_multibase(text)
    if raw[:2] != ED25519 or len(raw) != 34:
        raise UnknownKeyError(reason="not an Ed25519 Multikey")
    return Ed25519PublicKey.from_public_bytes(raw[2:])


def public_key(document: object, method: str) -> Ed25519PublicKey:
    """The key a proof names, if the issuer's document lists it for signing statements; the document may be anything."""
    did = document.get("id") if isinstance(document, dict) else None
    listed = [
        each for each in _list(document, "verificationMethod") if isinstance(each, dict) and each.get("id") == method
    ]
    if not isinstance(did, str) or len(listed) != 1 or listed[0].get("controller") != did:
        raise UnknownKeyError(method=method)
    if listed[0].get("type") != "Multikey" or method not in _list(document, "assertionMethod"):
        raise UnknownKeyError(method=method)
    return read_multikey(listed[0].get("publicKeyMultibase"))


def _list(document: object, name: str) -> list[Any]:
    found = document.get(name) if isinstance(document, dict) else None
    return found if isinstance(found, list) else []
