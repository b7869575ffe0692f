"""Put an edition into the database, whole and resolved; a published edition never changes."""

import hashlib
import re

from sqlalchemy import Connection

from app.policy import Actor, require
from app.store import ledger, organisations, standards
from app.store.standards import Published
from app.tools import Tools
from assessments.problems import ConflictError, MissingError
from criteria.findings import FaultyStandardError, errors
from criteria.linter import lint_bytes
from criteria.model import Edition
from criteria.reader import Lookup, canonical, identity, read

REUSE = re.compile(rb"^\s*(-\s*)?[{]?\s*use\s*:", re.MULTILINE)


class EditionChangedError(ConflictError):
    """That edition is published with other content."""

    code = "edition-changed"
    sv = "Utgåvan är redan publicerad med annat innehåll. Den ändras aldrig: ge den nya ett nytt nummer."
    en = "That edition is already published with other content. It never changes: give the new one a new number."


class WrongOwnerError(ConflictError):
    """The file names another owner than the sector body that publishes it."""

    code = "wrong-owner"
    sv = "Filen anger en annan ägare än den branschorganisation som publicerar den."
    en = "The file names another owner than the sector body that publishes it."


class NotPublishedError(ConflictError):
    """Only files marked as published can be published."""

    code = "not-published-status"
    sv = "Filens status är inte published. Sätt status: published när utgåvan är beslutad."
    en = "The file's status is not published. Set status: published when the edition is decided."


def publish(tools: Tools, actor: Actor | None, data: bytes, *, owner: str) -> Published:
    """Read, check and keep one file for the sector body `owner`; the same file twice changes nothing.

    Raises `FaultyStandardError` with every finding, `EditionChangedError`, `WrongOwnerError`, `NotPublishedError`.
    """
    with tools.read() as tx:
        body = organisations.find(tx, owner)
        if body.kind != "sector-body":
            raise MissingError(organisation=owner)
        if actor:
            require(actor, "standard.publish", body.id)
        edition = _sound(data, lambda standard, number: _published(tx, standard, number))
    if edition.status != "published":
        raise NotPublishedError(status=edition.status)
    if edition.owner.name != body.name:
        raise WrongOwnerError(file=edition.owner.name, publisher=body.name)
    sha256 = identity(edition)
    with tools.begin() as tx:
        ledger.queue(tx, body.id)
        had = standards.named(tx, edition.standard, edition.edition)
        if had is not None:
            if had.sha256 != sha256:
                raise EditionChangedError(standard=edition.standard, edition=edition.edition)
            return had
        file_sha256 = hashlib.sha256(data).hexdigest()
        entry = ledger.append(
            tx, tools.new_id(), tenant=body.id, actor=actor.person if actor else "operator",
            action="standard.publish", subject=sha256, at=tools.now(),
            content=standards.content(sha256, edition.standard, edition.edition, file_sha256),
        )  # fmt: skip
        new = Published(
            sha256=sha256,
            standard=edition.standard,
            edition=edition.edition,
            owner=body.id,
            published_at=tools.now(),
            content=edition,
        )
        standards.add(tx, new, data, file_sha256, canonical(edition), entry)
    return new


def reuses(data: bytes) -> bool:
    """Whether a file takes modules from another edition: such files are published after the others."""
    return REUSE.search(data) is not None


def _sound(data: bytes, modules: Lookup) -> Edition:
    """Readable and without a fault of sense: what an author is only warned of may be published."""
    findings = lint_bytes(data, modules=modules)
    if any(errors(findings)):
        raise FaultyStandardError(findings)
    return read(data, modules=modules)


def _published(tx: Connection, standard: str, number: str) -> Edition:
    found = standards.named(tx, standard, number)
    if found is None:
        raise LookupError(standard, number)
    return found.content
