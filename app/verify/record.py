"""A record checked against the issuer's keys: Open Badges JSON with a Data Integrity proof, or the same as a JWT.

The issuer's address decides who speaks, never the name written beside it. Foreign words are not guessed at: a document
whose meaning our canonical form could lose is one that we *could not check*.
"""

import base64
import binascii
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from app.issue.canon import LossyDocumentError
from app.issue.did import UnknownKeyError, public_key
from app.issue.proof import WrongProofError, check_proof, issuer, the_proof
from app.issue.vc_jwt import ALGORITHMS, read_jwt
from app.strict_json import UnreadableJsonError, read_object
from app.verify.answers import Answer, Check, Kind, Verification, answer, plain, unread
from app.verify.shown import issuer_name, refers, shown
from app.verify.trust import Trust, host_of, is_test_host
from app.verify.validity import validity

Json = dict[str, Any]

JWT = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\Z")
HEADER = {"alg", "typ", "kid", "cty"}
"""Anything else in a header (a key, a certificate, `crit`) would ask us to trust the document itself."""


class Signed(Struct, frozen=True):
    """A record and how to try its signature."""

    kind: Kind
    record: Json
    method: str
    """The key it names: `did:web:…#key-1`."""
    check: Callable[[Ed25519PublicKey], object]


def verify_json(data: bytes, trust: Trust, at: datetime) -> Verification:
    """A record as a JSON file."""
    try:
        return verify_record(read_object(data), trust, at)
    except UnreadableJsonError as fault:
        return unread("ambiguous" if fault.reason == "duplicate" else "unreadable", "record", fault.reason)


def verify_record(record: Json, trust: Trust, at: datetime) -> Verification:
    """A record that was read, also one found inside a PDF."""
    if not is_credential(record):
        return unread("unknown-kind")
    if "proof" not in record:
        return _unsigned("no-proof", "record", record)
    try:
        method = the_proof(record)["verificationMethod"]
    except WrongProofError as fault:
        return _unsigned("unknown-proof", "record", record, str(fault.details.get("reason")))
    return _verify(Signed("record", record, method, lambda key: check_proof(record, key)), trust, at)


def verify_jwt(data: bytes, trust: Trust, at: datetime) -> Verification:
    """A record as a compact JWT; header and payload are read strictly before any library sees them."""
    try:
        header, payload = (read_object(_unpacked(part)) for part in data.split(b".")[:2])
        _unpacked(data.split(b".")[2])
    except UnreadableJsonError as fault:
        return unread("ambiguous" if fault.reason == "duplicate" else "unreadable", "jwt", fault.reason)
    if not is_credential(payload):
        return unread("unknown-kind")
    if set(header) - HEADER or header.get("alg") not in ALGORITHMS or header.get("typ") != "vc+jwt":
        return _unsigned("unknown-proof", "jwt", payload, "header")
    token = data.decode("ascii")
    return _verify(Signed("jwt", payload, str(header.get("kid")), lambda key: read_jwt(token, key)), trust, at)


def _verify(signed: Signed, trust: Trust, at: datetime) -> Verification:
    did = issuer(signed.record) or ""
    if signed.method.partition("#")[0] != did:
        return _unproved(signed, answer("who-other-signer", id=did), "no-key", "issuer")
    document = trust.did(did)
    if document is None:
        who = answer("who-unknown-issuer", id=did, issuer=issuer_name(signed.record))
        return _unproved(signed, who, "no-key", "issuer-unknown")
    try:
        key = public_key(document, signed.method)
    except UnknownKeyError:
        return _unproved(signed, answer("who-unknown-key", id=did), "no-key", "key-unknown")
    return _tried(signed, key) or _proved(signed, did, trust, at)


def _tried(signed: Signed, key: Ed25519PublicKey) -> Verification | None:
    """What speaks against the signature."""
    try:
        signed.check(key)
    except LossyDocumentError as fault:
        detail = f"{fault.details.get('reason')} {fault.details.get('place')}"
        return _unproved(signed, answer("who-unread"), "unknown-vocabulary", detail)
    except WrongProofError as fault:
        reason = str(fault.details.get("reason"))
        if signed.kind == "jwt" and reason != "signature":
            return _unproved(signed, answer("who-unread"), "unknown-proof", reason)
        return _unproved(signed, answer("who-changed"), "changed-proved", reason)
    return None


def _proved(signed: Signed, did: str, trust: Trust, at: datetime) -> Verification:
    valid, checks = validity(signed.record, trust, at)
    return Verification(
        kind=signed.kind,
        answers=(_who(signed.record, did, trust), answer("unchanged-proved"), valid),
        shown=shown(signed.record),
        checks=(Check(name="record-proof", result="passed", detail=signed.method), *checks),
        refers=refers(signed.record),
    )


def _who(record: Json, did: str, trust: Trust) -> Answer:
    if is_test_host(did):
        return answer("who-test-issuer")
    if did in trust.fetched:
        return answer("who-host", host=host_of(did), issuer=issuer_name(record))
    return answer("who-issuer", issuer=issuer_name(record), id=did)


def _unproved(signed: Signed, who: Answer, unchanged: str, detail: str) -> Verification:
    found = answer(unchanged)
    wrong = "no" in (found.result, who.result)
    return Verification(
        kind=signed.kind,
        answers=(who, found, answer("valid-unproved")),
        checks=(Check(name="record-proof", result="failed" if wrong else "could-not-check", detail=plain(detail)),),
        refers=refers(signed.record),
    )


def _unsigned(code: str, kind: Kind, record: Json, detail: str = "") -> Verification:
    return Verification(
        kind=kind,
        answers=(answer("who-no-seal" if code == "no-proof" else "who-unread"), answer(code), answer("valid-unproved")),
        checks=(Check(name="record-proof", result="could-not-check", detail=plain(detail) or code),),
        refers=refers(record),
    )


def is_credential(found: Json) -> bool:
    """Anything else has nothing to verify."""
    types = found.get("type")
    return isinstance(types, list) and "VerifiableCredential" in types


def _unpacked(part: bytes) -> bytes:
    """Base64url in its one canonical spelling: two tokens with different letters are two tokens."""
    try:
        found = base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except binascii.Error as fault:
        raise UnreadableJsonError("base64") from fault
    if base64.urlsafe_b64encode(found).rstrip(b"=") != part:
        raise UnreadableJsonError("base64")
    return found
