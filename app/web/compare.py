"""Two editions side by side: what differs in meaning, with the changed words marked."""

import re
from difflib import SequenceMatcher

from flask import Blueprint, render_template
from msgspec import Struct

from app.web import editor
from app.web.language import language
from criteria.diff import Change, diff
from criteria.telling import DIRECTIONS, KINDS, THINGS, WEIGHTS, sides, word

bp = Blueprint("compare", __name__)
BADGES = {"none": "quiet", "patch": "quiet", "minor": "accent", "major": "no"}
_MOST = 4000
"""Words; beyond that the matcher is slow and nobody reads marks."""


class Piece(Struct, frozen=True):
    """Words that stand on both sides, or on one only."""

    text: str
    marked: bool


class Row(Struct, frozen=True, kw_only=True):
    """One change as the page shows it."""

    change: Change
    where: str
    kind: str
    way: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


@bp.get("/standarder/<sha256>/jamfor/<other>")
def page(sha256: str, other: str) -> str:
    """From the first to the second; both must be the visitor's to read."""
    old, new = editor.one(sha256), editor.one(other)
    found = diff(old.content, new.content)
    tongue = language()
    return render_template(
        "pages/compare.html", old=old, new=new, proposed=found.proposed, rows=[row(e, tongue) for e in found.changes],
        said=word(WEIGHTS[found.proposed], tongue), BADGES=BADGES,
    )  # fmt: skip


def row(change: Change, tongue: str) -> Row:
    """The change in the words of the page's language."""
    old, new = marked(*sides(change))
    where = " ".join(filter(None, (word(THINGS[change.what], tongue), change.item, change.field)))
    return Row(
        change=change, where=where[:1].upper() + where[1:], kind=word(KINDS[change.kind], tongue),
        way=word(DIRECTIONS[change.direction], tongue), old=old, new=new,
    )  # fmt: skip


def marked(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts cut into pieces; what is only on one side is marked there."""
    before, after = _words(old), _words(new)
    if len(before) + len(after) > _MOST:
        return (Piece(old, True),), (Piece(new, True),)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if b > a:
            left.append(Piece("".join(before[a:b]), kind != "equal"))
        if d > c:
            right.append(Piece("".join(after[c:d]), kind != "equal"))
    return tuple(left), tuple(right)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)
