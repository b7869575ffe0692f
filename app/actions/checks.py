"""Take in a document that a stranger wants checked; the worker answers, and the file is erased with the answer."""

import hashlib

from app.actions.writing import written
from app.store import checks, intents
from app.store.checks import Asked, Report
from app.store.files import write_whole
from app.tools import Tools, new_secret
from assessments.problems import ConflictError, InvalidError

LARGEST = 5_000_000
WAITING = 50


class BusyError(ConflictError):
    """Too many documents wait to be checked."""

    code = "busy"
    sv = "Just nu väntar för många dokument på kontroll. Försök igen om en stund."
    en = "Too many documents wait to be checked right now. Try again in a while."


class DocumentSizeError(InvalidError):
    """Empty, or larger than a certificate can be."""

    code = "document-size"
    sv = "Filen är tom eller större än 5 MB. Ett intyg är mindre än så."
    en = "The file is empty or larger than 5 MB. A certificate is smaller than that."


def ask(tools: Tools, data: bytes) -> str:
    """Keep the document for checking; returns the unguessable id of the answer's page."""
    if not 0 < len(data) <= LARGEST:
        raise DocumentSizeError
    key = new_secret()
    folder = tools.settings.folder / "checks"
    folder.mkdir(parents=True, exist_ok=True)
    with tools.begin() as tx:
        if checks.waiting(tx) >= WAITING:
            raise BusyError
    write_whole(folder / key, data)
    with tools.begin() as tx:
        asked = Asked(
            id=key,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            asked_at=tools.now(),
            answered_at=None,
            answer=None,
        )
        checks.add(tx, asked)
        intent = intents.want(tx, tools.new_id(), "check", key, tools.now())
    tools.wake(intent)
    return key


def report(tools: Tools, *, kind: str, page: str, text: str, contact: str) -> None:
    """Keep a fault somebody reported."""
    text = written(text, "text", least=3)
    page, contact = written(page, "page", most=300), written(contact, "contact", most=200)
    new = Report(id=tools.new_id(), kind=kind, page=page, text=text, contact=contact, at=tools.now())
    with tools.begin() as tx:
        checks.add_report(tx, new)
