"""What the certificate's templates say and compute: pairs of Swedish and English, nothing a template can get wrong."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import segno
from babel import Locale
from markupsafe import Markup, escape
from msgspec import Struct

from app.issue.fonts import is_fine
from app.words import METHODS, translations
from assessments.award import Award, digest
from criteria.model import Text, text

SWEDEN = ZoneInfo("Europe/Stockholm")
SIZES = ((24, "large"), (36, "medium"), (54, "small"))
"""Greatest number of characters for each size of a display line; longer ones are tiny and take two lines."""

SEALS = {
    "development": "Stämplad med en utvecklingsnyckel för prov: SPECIMEN. Stämpeln säger inget om vem som har utfärdat"
    " pappret, och pappret gäller inte.",
    "advanced": "Avancerad elektronisk stämpel av %(issuer)s.",
    "qualified": "Kvalificerad elektronisk stämpel av %(issuer)s.",
}
"""What each seal level may say of itself; nothing else on the paper speaks of it."""


SealLevel = Literal["development", "advanced", "qualified"]


class Particulars(Struct, frozen=True, kw_only=True):
    """What a paper says beside the award: its number, where to check it, and what kind of seal it carries."""

    number: str
    page: str
    issued_at: str
    """ISO with offset; fixes every date inside the file."""
    seal_level: SealLevel
    specimen: bool
    supersedes: str | None = None
    """Printed number of the certificate that this one replaces."""


def words_of(award: Award, about: Particulars) -> dict[str, Any]:
    """Everything the templates may name."""
    return {
        "award": award,
        "about": about,
        "title": f"{text(award.result_name, 'sv')}, {text(award.title, 'sv')} – {award.holder.name}",
        "digest": digest(award),
        "qr": _qr(about.page),
        "issued_on": datetime.fromisoformat(about.issued_at).astimezone(SWEDEN).date().isoformat(),
        "outcomes": sum(len(module.outcomes) for module in award.modules),
        "country": _in_both(
            lambda language: Locale(language).territories.get(award.provider.country, award.provider.country)
        ),
        "sealed": both(SEALS[about.seal_level], issuer=award.provider.name),
        "level": lambda: _level(award),
        "both": both,
        "pair": pair,
        "several": lambda texts: _in_both(lambda language: ", ".join(text(each, language) for each in texts)),
        "methods": _methods,
        "size": _size,
        "fine": is_fine,
        "hours": lambda duration: duration.removeprefix("PT").removesuffix("H"),
        "grouped": lambda digits: " ".join(digits[at : at + 4] for at in range(0, len(digits), 4)),
    }


def both(msgid: str, **values: object) -> Markup:
    """One of our own sentences in both languages."""
    found = Markup(msgid), Markup(translations("en").gettext(msgid))  # noqa: S704 our own words, from templates and catalog
    return _pair(*(sentence % values if values else sentence for sentence in found))


def pair(texts: Text) -> Markup:
    """A text of the standard in both languages, in Swedish alone when it has no English."""
    return _in_both(lambda language: text(texts, language))


def _in_both(say: Callable[[str], str]) -> Markup:
    return _pair(escape(say("sv")), escape(say("en")))


def _pair(swedish: Markup, english: Markup) -> Markup:
    if swedish == english:
        return swedish
    return Markup('{} <span class="en" lang="en">{}</span>').format(swedish, english)


def _methods(codes: Iterable[str]) -> Markup:
    said = [METHODS[code] for code in codes]
    return _in_both(lambda language: _sentence(", ".join(translations(language).gettext(each) for each in said)))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _level(award: Award) -> Markup:
    if award.level.state == "proposed":
        return both("föreslagen, inte beslutad")
    return both("beslutad av %(by)s %(on)s", by=award.level.by or "–", on=award.level.on or "")


def _size(line: str) -> str:
    return next((name for most, name in SIZES if len(line) <= most), "tiny")


def _qr(link: str) -> Markup:
    """Inline, so that it is part of the page; its title is what a screen reader says."""
    code = segno.make(link, micro=False, error="m")
    title = f"QR-kod med länk till kontrollsidan: {link}"
    return Markup(code.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None, title=title, dark="#10242b"))  # noqa: S704 segno escapes the title
