"""Checks of the words that people are judged by: something to be seen, and not the same thing said twice."""

import re
from collections.abc import Iterator

from criteria.coherence import criteria
from criteria.findings import Fault, Path
from criteria.model import Edition, Text

VAGUE: dict[str, dict[str, str]] = {
    "sv": {
        "förstår": "förklarar",
        "känner till": "anger",
        "har kunskap om": "redogör för",
        "har kännedom om": "anger",
        "har förståelse för": "förklarar",
        "har insikt i": "förklarar",
        "är medveten om": "visar i handling",
        "är bekant med": "använder",
        "är införstådd med": "förklarar",
        "är insatt i": "redogör för",
        "inser": "förklarar",
        "vet": "anger",
    },
    "en": {
        "understands": "explains",
        "knows": "states",
        "has knowledge of": "describes",
        "has an understanding of": "explains",
        "has insight into": "explains",
        "is aware of": "shows in action",
        "is familiar with": "uses",
        "is acquainted with": "uses",
        "appreciates": "explains",
        "realises": "explains",
        "realizes": "explains",
    },
}
"""By language: verbs that nobody can watch, each with one that can be watched. Only the verb that opens a text counts:
"explains so that others understand" is seen."""
_BEFORE = {"sv": r"(?:(?:du|kandidaten|personen|den sökande)\s+)?", "en": r"(?:(?:the candidate|the person|you)\s+)?"}
_OPENS = {tag: re.compile(rf"\s*{_BEFORE[tag]}({'|'.join(verbs)})\b", re.IGNORECASE) for tag, verbs in VAGUE.items()}


def verbs(edition: Edition) -> Iterator[Fault]:
    """A criterion opens with something that can be seen or heard; an outcome may say what is known."""
    for path, _, criterion in criteria(edition):
        yield from _vague((*path, "text"), criterion.text)


def descriptors(edition: Edition) -> Iterator[Fault]:
    """What met looks like says more than the demand."""
    for path, _, criterion in criteria(edition):
        if criterion.passed.get("sv", "").strip(" .").casefold() == criterion.text.get("sv", "").strip(" .").casefold():
            yield Fault(code="pass-repeats", path=(*path, "pass"))


def _vague(path: Path, text: Text) -> Iterator[Fault]:
    for tag, opens in _OPENS.items():
        found = opens.match(text.get(tag, ""))
        if found:
            verb = found[1]
            values: dict[str, object] = {"verb": verb, "better": VAGUE[tag][" ".join(verb.casefold().split())]}
            yield Fault(code="vague-verb", path=(*path, tag), values=values)
