"""The certificate's own typefaces: found by file name, embedded, and asked beforehand what they can write.

Nothing on a certificate may fall back to whatever font a machine happens to have: bytes would differ between
machines, and a name could come out as boxes.
"""

import unicodedata
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from app.issue.problems import CharactersMissingError, FontsMissingError

FOLDER = Path("/usr/share/fonts")


@dataclass(frozen=True)
class Face:
    """One font file and the name it has in our style sheets."""

    family: str
    file: str
    package: str
    style: str = "normal"
    weight: int = 400


FACES = (
    Face("Intyga Antikva", "EBGaramond12-Regular.otf", "fonts-ebgaramond"),
    Face("Intyga Antikva", "EBGaramond12-Italic.otf", "fonts-ebgaramond", style="italic"),
    Face("Intyga Grotesk", "Inter-Regular.otf", "fonts-inter"),
    Face("Intyga Grotesk", "Inter-SemiBold.otf", "fonts-inter", weight=600),
)
"""Own family names, so that a style sheet never meets a font of the system by accident."""

WIDEST = "Inter-Regular.otf"
"""Latin, Greek and Cyrillic in full: what it cannot write, the certificate cannot write."""
FINEST = "EBGaramond12-Regular.otf"
ALLOWED = frozenset("\n\t")


def fonts_missing() -> list[str]:
    """What is not installed, as `file (Debian package)`."""
    return [f"{face.file} ({face.package})" for face in FACES if _found(face.file) is None]


@cache
def font_faces() -> str:
    """The style sheet with every font file inside, so that rendering opens no file at all."""
    if missing := fonts_missing():
        raise FontsMissingError(missing)
    return "\n".join(
        f'@font-face {{ font-family: "{face.family}"; font-style: {face.style}; font-weight: {face.weight};'
        f' src: url("data:font/otf;base64,{b64encode(path(face.file).read_bytes()).decode()}") }}'
        for face in FACES
    )


def require_writable(text: str) -> None:
    """Refuse, and name, every character without a glyph, and invisible ones that could make a name read otherwise."""
    wanted = set(text) - ALLOWED
    hidden = {
        character for character in wanted if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
    }
    if lacking := hidden | {c for c in wanted if ord(c) not in _written_by(WIDEST)}:
        raise CharactersMissingError(lacking)


def is_fine(text: str) -> bool:
    """Whether the display face can write it all; otherwise the whole line is set in the wider face, never a mixture."""
    return all(ord(character) in _written_by(FINEST) for character in text)


@cache
def _written_by(file: str) -> frozenset[int]:
    with TTFont(path(file), lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _found(file: str) -> Path | None:
    return next(FOLDER.rglob(file), None)


def path(file: str) -> Path:
    """Where a font file lies; its absence is told with the Debian package that brings it."""
    found = _found(file)
    if found is None:
        raise FontsMissingError([file])
    return found
