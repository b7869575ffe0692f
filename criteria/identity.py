"""What makes two editions the same: SHA-256 of the canonical JSON of the resolved edition.

Canonical: UTF-8, keys sorted by code point, no space, numbers with decimals as text exactly as written, and fields that
have their default value left out, so that a field added to the format later changes no published identity.
"""

import hashlib
from decimal import Decimal
from functools import cache

import msgspec
from msgspec import NODEFAULT, Struct

from criteria.model import Edition

_known = cache(msgspec.structs.fields)
"""Looking up the fields of a struct is slow, and there are few structs."""


def canonical(edition: Edition) -> bytes:
    """The bytes that are hashed, and kept in the database."""
    return msgspec.json.encode(_plain(edition), order="deterministic")


def from_canonical(data: bytes) -> Edition:
    """The edition again; forty times faster than its YAML. Raises `msgspec.ValidationError` on anything else."""
    return msgspec.json.decode(data, type=Edition)


def identity(edition: Edition) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(canonical(edition)).hexdigest()


def _plain(value: object) -> object:
    match value:
        case Struct():
            return _fields(value)
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case tuple():
            return [_plain(each) for each in value]
        case Decimal():
            return format(value, "f")
        case _:
            return value


def _fields(value: Struct) -> dict[str, object]:
    config = type(value).__struct_config__
    plain: dict[str, object] = {config.tag_field: config.tag} if config.tag_field else {}
    for each in _known(type(value)):
        held = getattr(value, each.name)
        if each.default is NODEFAULT or held != each.default:
            plain[each.encode_name] = _plain(held)
    return plain
