"""The field page's files by version: a tablet that is out for weeks finds the ones it was made with."""

import hashlib
import re
import shutil
import time
from functools import lru_cache
from pathlib import Path

from app.store.files import write_whole
from assessments.problems import MissingError

FOLDER = Path(__file__).parents[1] / "static" / "falt"
WORKER = "sw.js"
KEPT = 90 * 24 * 3600
"""Seconds for which a version is served after it was last current."""
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9]+)+\Z")
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".html": "text/html",
    ".json": "application/json",
    ".woff2": "font/woff2",
}


def current(kept: Path, source: Path = FOLDER) -> str:
    """Today's version, a name made of the content of its files; they are laid aside as soon as it is asked for."""
    seen = tuple((each.name, each.stat().st_mtime_ns) for each in _files(source))
    if not seen:
        raise MissingError(front="no field page is installed")
    return _laid_aside(kept, source, seen)


def files(kept: Path, source: Path = FOLDER) -> dict[str, bytes]:
    """The files of today's version, without the service worker, which has an address of its own."""
    folder = kept / current(kept, source)
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir()) if each.name != WORKER}


def read(kept: Path, version: str, name: str, source: Path = FOLDER) -> tuple[bytes, str]:
    """A file of any version that is still kept, and its type; raises `MissingError`."""
    current(kept, source)
    place = kept / version / name
    kind = TYPES.get(place.suffix)
    if not (re.fullmatch(r"[0-9a-f]{12}", version) and NAME.match(name) and kind and place.is_file()):
        raise MissingError(file=name)
    return place.read_bytes(), kind


def worker() -> bytes:
    """The service worker as it was written."""
    if not (FOLDER / WORKER).exists():
        raise MissingError(file=WORKER)
    return (FOLDER / WORKER).read_bytes()


def _files(source: Path) -> list[Path]:
    return sorted(each for each in source.glob("*.*") if NAME.match(each.name) and each.suffix in TYPES)


@lru_cache(maxsize=8)
def _laid_aside(kept: Path, source: Path, _seen: tuple[tuple[str, int], ...]) -> str:
    """Once for each state of the folder."""
    found = {each.name: each.read_bytes() for each in _files(source)}
    whole = hashlib.sha256()
    for name, data in found.items():
        whole.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\0".encode())
    version = whole.hexdigest()[:12]
    folder = kept / version
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, data in found.items():
        if not (folder / name).exists():
            write_whole(folder / name, data)
    folder.touch()
    _forget(kept, version)
    return version


def _forget(kept: Path, version: str) -> None:
    for each in kept.iterdir():
        if each.name != version and each.is_dir() and each.stat().st_mtime < time.time() - KEPT:
            shutil.rmtree(each, ignore_errors=True)
