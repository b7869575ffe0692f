"""Swedish unless the visitor chose otherwise; the choice is a cookie, set anew by signing in."""

from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

from babel.dates import format_date, format_datetime
from flask import Flask, Response, g, has_request_context, request

from app.tools import STOCKHOLM
from app.web.visitor import cookie_name, secure
from app.words import LANGUAGES, translations
from criteria.model import Text, text

COOKIE = "intyga-sprak"
YEAR = 365 * 24 * 3600


def language() -> str:
    """What this page is written in."""
    if not has_request_context():
        return LANGUAGES[0]
    if "language" not in g:
        wish = request.cookies.get(cookie_name(COOKIE, request), "")
        g.language = wish if wish in LANGUAGES else LANGUAGES[0]
    chosen: str = g.language
    return chosen


def remember(response: Response, wish: str) -> None:
    """Keep the choice in this browser."""
    if wish in LANGUAGES:
        response.set_cookie(
            cookie_name(COOKIE, request), wish, max_age=YEAR, secure=secure(request), httponly=True, samesite="Lax"
        )


def gettext(swedish: str, **values: object) -> str:
    """The text in the visitor's language; `values` fill in `%(name)s`."""
    found: str = translations(language()).gettext(swedish)
    return found % values if values else found


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The text for one or for many; `%(num)s` is the count."""
    found: str = translations(language()).ngettext(one, many, count)
    return found % {"num": count, **values}


def later(swedish: str) -> str:
    """Marks a text that is written down here and translated where it is shown (labels of forms, tables of words)."""
    return swedish


def translated(swedish: object) -> str:
    """Template filter: translate what `later` marked."""
    found: str = translations(language()).gettext(str(swedish))
    return found


def words(texts: Text) -> str:
    """Template filter: a standard's text in the visitor's language."""
    return text(texts, language())


def day(value: date | str) -> str:
    """Template filter: 24 november 2026."""
    found = date.fromisoformat(value) if isinstance(value, str) else value
    return format_date(found, format="d MMMM y", locale=language())


def decimal(value: Decimal) -> str:
    """Template filter: a number exactly as it was written, with the comma or point of the language."""
    written = f"{value:f}"
    return written.replace(".", ",") if language() == "sv" else written


def moment(value: datetime) -> str:
    """Template filter: 24 nov. 2026 14:05, Swedish time."""
    return format_datetime(value.astimezone(STOCKHOLM), format="d MMM y HH:mm", locale=language())


def safe_path(wish: str | None, otherwise: str = "/") -> str:
    """A path on this very site, or `otherwise`: nobody is sent on to strangers."""
    if not wish or not wish.startswith("/") or wish.startswith("//") or "\\" in wish or not wish.isprintable():
        return otherwise
    parts = urlsplit(wish)
    return otherwise if parts.scheme or parts.netloc else wish


def install(flask: Flask) -> None:
    """Give the templates their translations and filters."""
    env = flask.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.add_extension("jinja2.ext.do")
    env.install_gettext_callables(  # type: ignore[attr-defined] # added by the extension
        lambda swedish: translations(language()).gettext(swedish),
        lambda one, many, count: translations(language()).ngettext(one, many, count),
        newstyle=True,
    )
    env.filters.update(translated=translated, words=words, day=day, decimal=decimal, moment=moment)
