"""The worker's road from a sealed paper to one that can still be checked in ten years, and the yearly care for it.

Each step appends to the bytes before it, is stored and listed with its own hash, and only then the next one is taken.
Nothing is asked of an authority inside a transaction. What cannot be done now stays wanted and is tried again.
"""

from dataclasses import dataclass

from app.issue import archive
from app.issue.archive import Trusted
from app.issue.keyring import Keyring
from app.store import awards, intents, issuers, organisations
from app.store.awards import Document
from app.tools import Tools
from assessments.problems import MissingError


@dataclass(frozen=True)
class Paper:
    """The newest revision with its bytes."""

    listed: Document
    content: bytes


def lengthen(tools: Tools, keyring: Keyring, award_id: str) -> None:
    """Bring the paper to its highest level, or renew it when its year is over; then want it again in time."""
    with tools.read() as tx:
        given = awards.find(tx, award_id)
        slug = organisations.find(tx, given.provider).slug
        seals = {key.name: key.place for key in issuers.keys(tx, given.provider, "seal")}
        listed = next((each for each in awards.documents(tx, award_id) if each.format == "pdf"), None)
    if listed is None:
        return  # erased meanwhile: nothing to care for
    paper = Paper(listed, tools.files.get(listed.sha256))
    if paper.listed.level != "LTA":
        if listed.key not in seals:
            raise MissingError(key=listed.key)
        trusted = keyring.trusted(tools.settings, keyring.seal(slug, seals[listed.key]), tools.now)
        paper = _complete(tools, paper, trusted)
    elif archive.renewal_due(paper.content, paper.listed.made_at) <= tools.now():
        trusted = keyring.trusted(tools.settings, None, tools.now)
        paper = _keep(tools, paper, archive.renew(paper.content, trusted), "LTA")
    due = archive.renewal_due(paper.content, paper.listed.made_at)
    with tools.begin() as tx:
        intents.want(tx, tools.new_id(), "lengthen", award_id, tools.now(), due)


def _complete(tools: Tools, paper: Paper, trusted: Trusted) -> Paper:
    if paper.listed.level == "B":
        paper = _keep(tools, paper, archive.stamp(paper.content, trusted), "T")
    return _keep(tools, paper, archive.complete(paper.content, trusted), "LTA")


def _keep(tools: Tools, before: Paper, content: bytes, level: str) -> Paper:
    """The next revision, which must begin with every byte of the one before."""
    if not content.startswith(before.content):
        raise ValueError("a revision that does not only append")
    had = before.listed
    listed = Document(
        id=tools.new_id(), award=had.award, format=had.format, module=had.module, sha256=tools.files.put(content),
        media_type=had.media_type, size=len(content), key=had.key, made_at=tools.now(), revision=had.revision + 1,
        level=level,
    )  # fmt: skip
    with tools.begin() as tx:
        awards.add_document(tx, listed)
    return Paper(listed, content)
