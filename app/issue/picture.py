"""The badge: a small picture of what was achieved, for places that show pictures; what counts is the record inside.

It says what the certificate says in large letters and nothing more. Writing is drawn as outlines (see lettering), so
the SVG and the PNG show the same everywhere, and the same award always gives the same bytes.
"""

import re
from functools import cache, lru_cache
from unicodedata import normalize

import resvg_py
from msgspec import Struct

from app.issue.fonts import require_writable
from app.issue.lettering import PLAIN, STRONG, Lettering, fitted, one_line
from app.words import environment, translations
from assessments.award import Award, ModuleAward
from criteria.model import text
from templates import FOLDER

LEFT, WIDTH = 40, 432
"""Margin and room for writing, of 512."""
TITLE = (54.0, 46.0, 39.0, 33.0, 28.0)
INK, PINE, GREY, BRICK = "#10242b", "#14474d", "#56686d", "#a03328"
STYLES = {
    "short": (INK, STRONG, 18),
    "holder": (INK, STRONG, 18),
    "born": (GREY, PLAIN, 15),
    "issuer": (INK, STRONG, 17),
    "edition": (GREY, PLAIN, 14),
}
BELOW = ("short", "holder", "born")
SPECIMEN = "SPECIMEN"
KEPT = 64
"""Pictures kept: those with no holder in them are the same for everybody with the same result."""
_LINE = re.compile(r'<path stroke="(#[0-9a-f]{6})" d="([^"]+)"/>')


class Motif(Struct, frozen=True, kw_only=True):
    """What is to be drawn: the whole award or one of its modules, in one language."""

    award: Award
    module: ModuleAward | None = None
    language: str = "sv"
    specimen: bool = False
    """Made with development keys: the picture shouts it."""
    holder: bool = False
    """With name and birth date, for a viewer that shows the picture as the front of the holder's own document."""


def svg(motif: Motif) -> str:
    """The picture as SVG; refuses a text it cannot write, as the certificate does."""
    return _svg(tuple(_said(motif).items()), motif.language, motif.specimen)


def png(motif: Motif) -> bytes:
    """The same as PNG; no font of the machine is looked at."""
    return _png(svg(motif))


@lru_cache(maxsize=KEPT)
def _svg(words: tuple[tuple[str, str], ...], language: str, specimen: bool) -> str:
    said = dict(words)
    require_writable("".join(said.values()))
    rule, lines = _drawn(said, specimen)
    across = Lettering(SPECIMEN, STRONG, 96)
    return environment("sv").get_template("certificate/badge.svg").render(
        language=language,
        title=f"{said['kind']}: {said['title']}",
        described=". ".join([*said.values(), *([SPECIMEN] if specimen else [])]),
        ornament=_ornament(),
        lines=lines,
        rule=f"{rule:.1f}",
        specimen=specimen,
        across=across.outline(256 - across.width / 2, 290),
    )  # fmt: skip


@lru_cache(maxsize=KEPT)
def _png(drawing: str) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string=drawing, skip_system_fonts=True))


def _drawn(said: dict[str, str], specimen: bool) -> tuple[float, list[tuple[str, str]]]:
    """Where the rule under the title stands, and every line as colour and outline."""
    lines = [(GREY, one_line(said["kind"], WIDTH, STRONG, 17).outline(LEFT, 148))]
    height = 158.0
    for line in fitted(said["title"], WIDTH, TITLE, most=3):
        height += line.size * 1.06
        lines.append((PINE, line.outline(LEFT, height)))
    foot = 458 if specimen else 466
    below = [(key, height + 60 + 26 * place) for place, key in enumerate(each for each in BELOW if each in said)]
    for key, baseline in [*below, ("issuer", foot - 22), ("edition", foot)]:
        colour, file, size = STYLES[key]
        lines.append((colour, one_line(said[key], WIDTH, file, size).outline(LEFT, baseline)))
    if specimen:
        lines.append((BRICK, Lettering(SPECIMEN, STRONG, 14).outline(LEFT, foot + 22)))
    return height + 28, lines


def _said(motif: Motif) -> dict[str, str]:
    award, module, language = motif.award, motif.module, motif.language
    gettext = translations(language).gettext
    said = {"kind": gettext("Mikromerit") if module else text(award.result_name, language)}
    said["title"] = text(module.title if module else award.title, language)
    if module and language == "sv" and module.short not in said["title"]:  # short names have one language
        said["short"] = module.short
    if motif.holder:
        said |= {"holder": award.holder.name, "born": f"{gettext('född')} {award.holder.birth_date}"}
    said |= {"issuer": award.provider.name, "edition": f"{award.standard} {award.edition}"}
    return {key: normalize("NFC", " ".join(each.split())) for key, each in said.items()}


@cache
def _ornament() -> list[tuple[str, str]]:
    """Every third line of the certificate's ornament: enough for a small picture."""
    return _LINE.findall((FOLDER / "certificate" / "ornament.svg").read_text("utf-8"))[::3]
