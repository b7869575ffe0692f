"""A photo comes in pieces, named by the hash of the whole; cut anywhere, it goes on where it was."""

import fcntl
import hashlib
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from app.actions.keep_photo import LARGEST, PhotoError, cleaned
from app.store import assessments, devices, media
from app.store.devices import Device
from app.store.media import Medium
from app.tools import Tools
from assessments.problems import ConflictError, InvalidError

CHUNK = 262_144
NAME = re.compile(r"[0-9a-f]{64}\Z")
TURNS = threading.BoundedSemaphore(2)  # each cleaning child may take a gigabyte


class OffsetError(ConflictError):
    """The piece does not begin where the last one ended; `offset` says where that is."""

    code = "offset"
    sv = "Biten passar inte efter det som redan har kommit."
    en = "The piece does not follow what has already arrived."


class MediaHashError(ConflictError):
    """The whole is not what its name says, and was thrown away."""

    code = "media-hash"
    sv = "Filen är inte den som dess namn säger, så den kastades. Skicka den igen från början."
    en = "The file is not the one that its name says, so it was thrown away. Send it again from the beginning."


class ChunkError(InvalidError):
    """The piece is empty, too large, or does not fit the length of the whole."""

    code = "chunk"
    sv = "Biten är tom, för stor eller går utanför filen."
    en = "The piece is empty, too large or goes beyond the file."


class Progress(Struct, frozen=True):
    """How much has arrived; `readable` is known at the end: None while pieces are missing."""

    offset: int
    readable: bool | None = None


def progress(tools: Tools, device: Device, sha256: str) -> Progress:
    """Where to go on."""
    _require_name(sha256)
    with tools.read() as tx:
        done = media.find(tx, device.provider, sha256)
    if done:
        return Progress(done.size, done.readable)
    place = _place(tools, device, sha256)
    return Progress(place.stat().st_size if place.exists() else 0)


def add_piece(tools: Tools, device: Device, sha256: str, piece: bytes, *, offset: int, length: int) -> Progress:
    """Append; with the last piece the photo is checked, cleaned and given to the cases that name it."""
    before = progress(tools, device, sha256)
    if before.readable is not None:
        return before
    if not 0 < len(piece) <= CHUNK or not 0 < length <= LARGEST or offset < 0 or offset + len(piece) > length:
        raise ChunkError
    place = _place(tools, device, sha256)
    with _held(place):
        there = place.stat().st_size if place.exists() else 0
        if there != offset:
            raise OffsetError(offset=there)
        _append(place, piece)
        if offset + len(piece) < length:
            return Progress(offset + len(piece))
        whole = place.read_bytes()
        if hashlib.sha256(whole).hexdigest() != sha256:
            place.unlink()
            raise MediaHashError(offset=0)
        readable = keep_media(tools, device, sha256, whole)
        place.unlink(missing_ok=True)
    return Progress(length, readable)


def keep_media(tools: Tools, device: Device, sha256: str, whole: bytes) -> bool:
    """Clean the photo and link it where events of the provider name it; what is no photo is kept as it is."""
    _require_name(sha256)
    if hashlib.sha256(whole).hexdigest() != sha256:
        raise MediaHashError(offset=0)
    with tools.read() as tx:
        done = media.find(tx, device.provider, sha256)
    if done:
        return done.readable
    try:
        with TURNS:
            stored, readable = tools.files.put(cleaned(whole)), True
    except PhotoError:
        stored, readable = tools.files.put(whole), False
    new = Medium(
        provider=device.provider, original=sha256, stored=stored, size=len(whole), readable=readable,
        device=device.id, received_at=tools.now(),
    )  # fmt: skip
    with tools.begin() as tx:
        devices.lock(tx, device.id)  # an event that names it may be on its way in at this very moment
        media.add(tx, new)
        for case, person in assessments.naming(tx, device.provider, sha256) if readable else ():
            assessments.keep_photo(tx, case, stored, person, tools.now())
    return readable


def _require_name(sha256: str) -> None:
    if not NAME.match(sha256):
        raise ChunkError(name=sha256[:80])


def _place(tools: Tools, device: Device, sha256: str) -> Path:
    return tools.settings.folder / "uploads" / device.id / sha256


@contextmanager
def _held(place: Path) -> Iterator[None]:
    """One piece at a time, whichever thread or process it came to; the system lets go when a process dies."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _append(place: Path, piece: bytes) -> None:
    handle = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "ab") as file:
        file.write(piece)
        file.flush()
        os.fsync(file.fileno())
