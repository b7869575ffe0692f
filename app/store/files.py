"""Bytes under their SHA-256 on the local disk: written whole or not at all, and never changed."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from assessments.problems import MissingError


class Files:
    """A content-addressed folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the bytes lie, or would."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise MissingError(file=sha256)
        return self.folder / sha256[:2] / sha256

    def every(self) -> Iterator[Path]:
        """All whole files."""
        return (path for path in self.folder.glob("??/*") if not path.name.startswith("."))

    def put(self, data: bytes) -> str:
        """Keep bytes and return their SHA-256; after this they survive a power cut."""
        sha256 = hashlib.sha256(data).hexdigest()
        place = self.path(sha256)
        if place.exists() and place.read_bytes() == data:
            os.utime(place)  # kept anew: nothing that looks for leftovers may take it for one
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, data)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes; raises `MissingError` when they are gone or were changed on disk."""
        try:
            data = self.path(sha256).read_bytes()
        except OSError as gone:
            raise MissingError(file=sha256) from gone
        if hashlib.sha256(data).hexdigest() != sha256:
            raise MissingError(file=sha256)
        return data

    def whole(self, sha256: str) -> bool:
        """Whether the bytes are there and unchanged."""
        try:
            self.get(sha256)
        except MissingError:
            return False
        return True

    def erase(self, sha256: str) -> None:
        """Remove them; what is not there is erased already."""
        self.path(sha256).unlink(missing_ok=True)


def write_whole(place: Path, data: bytes, mode: int = 0o600) -> None:
    """Temporary name, fsync, rename, fsync of the folder: a reader sees all of it or nothing."""
    temporary = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(place)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
