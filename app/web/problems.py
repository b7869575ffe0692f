"""What the door answers when something cannot be done: a page in the visitor's language, never a stack trace."""

import errno
import secrets
import traceback

import structlog
from flask import Flask, Response, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from app.web.language import gettext, language, later
from assessments.problems import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    MissingError,
    ProblemError,
)

FAMILIES: dict[type[ProblemError], int] = {
    InvalidError: 400,
    ForbiddenError: 403,
    MissingError: 404,
    ConflictError: 409,
    ProblemError: 400,
}
"""The first family that fits gives the status."""
BUSY = frozenset({"busy"})
"""Codes that mean: come back later."""
UNKNOWN = frozenset({"token", "sign-in-first"})
"""Codes that mean: say who you are."""

TITLES: dict[int, tuple[str, str]] = {
    400: (
        later("Det gick inte att förstå"),
        later("Något i det som skickades stämmer inte. Gå tillbaka, ladda om sidan och försök igen."),
    ),
    403: (later("Det får du inte göra"), later("Din roll ger inte rätt till detta.")),
    404: (later("Sidan finns inte"), later("Adressen är fel, eller så har du inte tillgång till sidan.")),
    405: (later("Det gick inte att förstå"), later("Sidan kan inte användas på det sättet.")),
    409: (later("Det går inte ihop"), later("Något har ändrats sedan sidan visades. Ladda om sidan och försök igen.")),
    415: (later("Det gick inte att förstå"), later("Det som skickades är av ett annat slag än vad vi tar emot.")),
    413: (
        later("Filen är för stor"),
        later("Det som skickades är större än vad vi tar emot. Välj en mindre fil och försök igen."),
    ),
    429: (later("För många försök"), later("Vänta en minut och försök igen.")),
    500: (later("Något gick fel hos oss"), later("Felet är noterat. Försök igen om en stund.")),
    503: (later("Just nu är det fullt"), later("Vänta en stund och försök igen. Inget har sparats.")),
    507: (
        later("Det finns inte plats"),
        later("Servern har ont om utrymme och inget har sparats. Säg till den som driver tjänsten."),
    ),
}
"""Status → heading and what to do now."""
DATA_PATHS = (
    *("/issuer/", "/schema/", "/healthz", "/readyz", "/api/"),
    *("/falt/paket/", "/falt/arenden", "/falt/enrol", "/falt/sw.js", "/falt/v/", "/falt/manifest"),
)
log = structlog.get_logger("intyga.web")


def status_of(problem: ProblemError) -> int:
    """What HTTP calls it."""
    if problem.code in BUSY:
        return 503
    if problem.code in UNKNOWN:
        return 401
    return next(status for family, status in FAMILIES.items() if isinstance(problem, family))


def said(problem: ProblemError) -> str:
    """The problem in the visitor's language."""
    return problem.en if language() == "en" else problem.sv


def answer(status: int, code: str, sentence: str, reference: str = "") -> Response:
    """The page, or a few words of JSON where programs ask."""
    if request.path.startswith(DATA_PATHS):
        response = jsonify(code=code, message=sentence)
        response.status_code = status
        return response
    g.plain = g.get("plain", False) or status >= 500  # no look into a database that may be the very trouble
    title = TITLES.get(status, TITLES[400])[0]
    page = render_template("pages/problem.html", title=title, sentence=sentence, code=code, reference=reference)
    return make_response(page, status)


def full(error: BaseException | None) -> int | None:
    """507 when disk or database is full, 503 when the database is busy, None when it is something else."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return 507
        name = getattr(error, "sqlite_errorname", "") or getattr(error, "sqlstate", "") or ""
        if name in ("SQLITE_FULL", "53100"):
            return 507
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "53", "55P03")):
            return 503
        error = error.__cause__ or error.__context__
    return None


def note(error: Exception) -> str:
    """Log where it broke and return a reference; messages stay out, since they can hold names and values."""
    reference = secrets.token_hex(4)
    frames = [f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(error.__traceback__)]
    log.error("unexpected", reference=reference, endpoint=request.endpoint, error=type(error).__name__, at=frames[-12:])
    return reference


def install(flask: Flask) -> None:
    """One handler for each kind of trouble."""

    @flask.errorhandler(ProblemError)
    def problem(found: ProblemError) -> Response:
        return answer(status_of(found), found.code, said(found))

    @flask.errorhandler(HTTPException)
    def refused(found: HTTPException) -> Response:
        status = found.code or 500
        if status < 400:
            return make_response(found.get_response())
        sentence = TITLES.get(status, TITLES[500 if status >= 500 else 400])[1]
        response = answer(status, found.name.lower().replace(" ", "-"), gettext(sentence))
        for name, value in found.get_headers():
            if name in ("Allow", "Retry-After"):
                response.headers[name] = value
        return response

    @flask.errorhandler(Exception)
    def unexpected(found: Exception) -> Response:
        status = full(found) or 500
        return answer(status, "unexpected", gettext(TITLES[status][1]), note(found))
