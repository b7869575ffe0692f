"""Writing as outlines, so that a picture looks the same in every program and needs no font where it is shown."""

from collections.abc import Iterator
from functools import cache

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from msgspec import Struct

from app.issue.fonts import FINEST, WIDEST, is_fine, path

STRONG = "Inter-SemiBold.otf"
PLAIN = WIDEST


class Lettering(Struct, frozen=True):
    """A text set in one face and size; unknown characters were refused before (`require_writable`)."""

    text: str
    file: str
    size: float

    @property
    def width(self) -> float:
        """In the units of the picture."""
        face = _face(self.file)
        return sum(face.advance(face.glyph(each)) for each in self.text) * self.size / face.units

    def outline(self, x: float, y: float) -> str:
        """The path data, beginning at `x` on the baseline `y`."""
        face, scale = _face(self.file), self.size / _face(self.file).units
        pen = SVGPathPen(face.glyphs, ntos=lambda number: f"{number:.1f}")
        for each in self.text:
            glyph = face.glyph(each)
            face.glyphs[glyph].draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
            x += face.advance(glyph) * scale
        return str(pen.getCommands())


def fitted(text: str, width: float, sizes: tuple[float, ...], most: int) -> list[Lettering]:
    """The text in the fine face, in the largest size at which it takes no more than so many lines; else shortened."""
    file = FINEST if is_fine(text) else WIDEST
    for size in sizes:
        lines = list(_broken(text, width, file, size))
        if len(lines) <= most and all(line.width <= width for line in lines):
            return lines
    kept = list(_broken(text, width, file, sizes[-1]))[:most]
    return [*kept[:-1], _shortened(Lettering(f"{kept[-1].text} …", file, sizes[-1]), width)]


def one_line(text: str, width: float, file: str, size: float) -> Lettering:
    """A line that ends in an ellipsis when the picture is too narrow for it."""
    return _shortened(Lettering(text, file, size), width)


def _shortened(line: Lettering, width: float) -> Lettering:
    words = line.text
    while line.width > width and len(words) > 1:
        words = words[:-1].rstrip(" …")
        line = Lettering(f"{words}…", line.file, line.size)
    return line


def _broken(text: str, width: float, file: str, size: float) -> Iterator[Lettering]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and Lettering(longer, file, size).width > width:
            yield Lettering(line, file, size)
            longer = word
        line = longer
    yield Lettering(line, file, size)


class _Face:
    """A font file, opened once for each process."""

    def __init__(self, file: str) -> None:
        font = TTFont(path(file))
        self.glyphs, self.units = font.getGlyphSet(), int(font["head"].unitsPerEm)
        self._names, self._advances = font.getBestCmap(), font["hmtx"]

    def glyph(self, character: str) -> str:
        return str(self._names.get(ord(character), ".notdef"))

    def advance(self, glyph: str) -> int:
        return int(self._advances[glyph][0])


@cache
def _face(file: str) -> _Face:
    return _Face(file)
