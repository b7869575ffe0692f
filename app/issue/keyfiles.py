"""How a key reaches the disk: whole or not at all, readable by its owner only, and never over another."""

import os
import secrets
from pathlib import Path

from app.issue.problems import KeyAbsentError, KeyExistsError

ROOT = "development-root.pem"
"""The development root's certificate: what a verifier names as trust for specimens."""


def write_new(path: Path, content: bytes) -> None:
    """A hard link appears whole and fails if the name is taken, so two makers cannot overwrite each other."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        raise KeyExistsError(file=path.name) from None
    finally:
        draft.unlink()
    _settle(path.parent)


def read(path: Path) -> bytes:
    """The bytes of a key file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise KeyAbsentError(file=path.name) from None


def _settle(folder: Path) -> None:
    """The name itself survives a power cut only after the folder is flushed too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
