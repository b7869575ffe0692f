"""What a tablet puts around an act: where it came from and what came before it, so that a gap or a forgery shows.

The envelope decides nothing about the case. Its hash is taken over the JSON exactly as it was sent.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from assessments.event import Uuid7

Hash = Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")]
Word = Annotated[str, Meta(max_length=60)]
LAST = 2**53 - 1
"""The greatest whole number that every reader of JSON agrees on."""


class Envelope(Struct, frozen=True, kw_only=True):
    """Where an event came from."""

    device: Uuid7
    seq: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    prev: Hash = ""
    """Hash of the event before it on the same tablet."""
    mono: Annotated[int, Meta(ge=0, le=LAST)] | None = None
    tz: Word = ""
    app: Word = ""
    edition: Hash = ""
    proof: Hash = ""
    """That the candidate's own code was typed; for a candidate's sign-off only."""


class TabletAct(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something the tablet tells about itself; it belongs to no case, even when it names one."""

    kind: Literal["tablet"]
    id: Uuid7
    at: Annotated[str, Meta(max_length=40)]
    what: Literal["returned", "ready", "healed", "data-loss", "storage-full", "clock-jump", "updated"]
    text: Annotated[str, Meta(max_length=400)] = ""
    assessment: Annotated[str, Meta(max_length=36)] = ""
    actor: Annotated[str, Meta(max_length=36)] = ""
    item: Literal[""] = ""
    source: Literal["tablet"] = "tablet"
    replaces: Annotated[tuple[Uuid7, ...], Meta(max_length=0)] = ()


def opened(sent: Mapping[str, Any]) -> tuple[Envelope, dict[str, Any]]:
    """Envelope and act apart; raises `msgspec.ValidationError` when the envelope cannot be read."""
    fields = set(Envelope.__struct_fields__)
    envelope = msgspec.convert({key: value for key, value in sent.items() if key in fields}, Envelope)
    return envelope, {key: value for key, value in sent.items() if key not in fields}


def fingerprint(sent: Mapping[str, Any]) -> str:
    """SHA-256 over the sorted JSON, the same as a browser computes."""
    text = json.dumps(sent, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()


def covered(hashes: Iterable[str]) -> str:
    """The digest a sign-off names: over the hashes of the case's events on that tablet, in the order they were made."""
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def gaps(seqs: Iterable[int]) -> tuple[int, list[tuple[int, int]]]:
    """Highest number without a gap before it, and the gaps above it, from and to."""
    reached, missing = 0, []
    expected = 1
    for seq in sorted(set(seqs)):
        if seq > expected:
            missing.append((expected, seq - 1))
        elif not missing:
            reached = seq
        expected = seq + 1
    return reached, missing
