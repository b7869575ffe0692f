"""Bitstring Status Lists (https://www.w3.org/TR/vc-bitstring-status-list/): who was revoked, without a name.

Every list is full-sized from the start and places are drawn at random, so neither length nor place tells how many
records there are or which belong together.
"""

import base64
import binascii
import gzip
import re
import zlib
from collections.abc import Iterable
from typing import Any, Literal

from app.issue.terms import V2
from assessments.problems import InvalidError

SIZE = 131_072
"""Entries; the least the standard allows, 16 kB before compression."""
_BYTES = SIZE // 8
_ENCODED = re.compile(r"u[A-Za-z0-9_-]{1,60000}\Z")

Purpose = Literal["revocation", "suspension"]


class WrongStatusListError(InvalidError):
    """The list cannot be read, so it says nothing about anybody."""

    code = "status-list-wrong"
    sv = "Statuslistan går inte att läsa."
    en = "The status list cannot be read."


def encode_list(indexes: Iterable[int]) -> str:
    """`u` and base64url of the compressed bits; the same places give the same text."""
    bits = bytearray(_BYTES)
    for index in indexes:
        bits[index // 8] |= 0x80 >> (index % 8)  # place 0 is the left-most bit
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")


def decode_list(encoded: object) -> bytes:
    """The bits; never more than a list can hold is unpacked, whatever the text promises."""
    if not isinstance(encoded, str) or not _ENCODED.match(encoded):
        raise WrongStatusListError(reason="encoding")
    try:
        packed = base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4))
        unpack = zlib.decompressobj(wbits=31)
        bits = unpack.decompress(packed, _BYTES + 1)
    except (binascii.Error, zlib.error) as error:
        raise WrongStatusListError(reason="encoding") from error
    if len(bits) != _BYTES or not unpack.eof or unpack.unused_data:
        raise WrongStatusListError(reason="size")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Whether the place is marked; a place outside the list is never "not marked"."""
    if not 0 <= index < len(bits) * 8:
        raise WrongStatusListError(reason="index")
    return bool(bits[index // 8] & (0x80 >> (index % 8)))


def status_list(address: str, issuer: str, purpose: Purpose, indexes: Iterable[int], valid_from: str) -> dict[str, Any]:
    """The list as a credential of its own, to be proved with the issuer's key."""
    return {
        "@context": [V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": valid_from,
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode_list(indexes),
        },
    }


def marked(record: dict[str, Any], listed: dict[str, Any]) -> bool:
    """Whether this list marks this record. Both proofs are the caller's to check, before."""
    entry, subject = record.get("credentialStatus"), listed.get("credentialSubject")
    if not isinstance(entry, dict) or not isinstance(subject, dict):
        raise WrongStatusListError(reason="form")
    index, purpose = entry.get("statusListIndex"), entry.get("statusPurpose")
    if entry.get("statusListCredential") != listed.get("id") or purpose != subject.get("statusPurpose"):
        raise WrongStatusListError(reason="another-list")
    if not isinstance(index, str) or not re.match(r"(0|[1-9][0-9]{0,9})\Z", index):
        raise WrongStatusListError(reason="index")
    return is_set(decode_list(subject.get("encodedList")), int(index))
