"""Languages: the Swedish text is the key, a catalog holds the English; and the templates' environment without Flask."""

from functools import cache
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from templates import FOLDER

LANGUAGES = ("sv", "en")
"""The first is the language that the keys are written in."""

METHODS = {
    "OBS": "observation i arbetet",
    "PRA": "praktiskt prov",
    "SAM": "yrkessamtal",
    "TEO": "teoriprov",
    "DOK": "granskning av dokument",
    "SIM": "simulering",
}
"""How a criterion may be assessed, as people say it."""


@cache
def translations(language: str) -> NullTranslations:
    """A gettext-like object; an unknown language reads Swedish, and so does a text without an entry."""
    catalog = FOLDER / "locale" / f"{language}.po"
    if language not in LANGUAGES[1:]:
        return NullTranslations()
    with catalog.open("rb") as file:
        found = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, found)
    compiled.seek(0)
    return Translations(compiled)


@cache
def environment(language: str) -> Environment:
    """Everything is escaped and a misspelt name is an error, never an empty place on a certificate."""
    found = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # by the extension
    return found
