"""From a record to the bytes that are signed, refusing every document that would lose something on the way.

JSON-LD drops in silence what it does not understand, and a dropped statement is an unsigned one. So a document passes a
closed-world guard driven by our term table before any processor sees it, and a sentinel vocabulary afterwards.
"""

import functools
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from app.issue.statements import Words, statements
from app.issue.terms import CONTEXTS, EU, EU_CONTEXT, LANGUAGES, PREFIXES, TABLES, Term, is_type
from assessments.problems import InvalidError

Document = dict[str, Any]

SENTINEL = "https://undefined.invalid/"
DEEPEST = 12
MOST_NODES = 5000
LONGEST = 100_000


class LossyDocumentError(InvalidError):
    """Signing it would leave something unsigned; `place` says where."""

    code = "document-lossy"
    sv = "Handlingen innehåller något som underskriften inte skulle omfatta."
    en = "The document holds something the signature would not cover."


def canonical(document: Document) -> bytes:
    """Canonical N-Quads (RDFC-1.0) of a document in our own words; what is not ours is refused, never signed."""
    guard(document)
    found = nquads(document, CONTEXTS)
    if f"<{SENTINEL}".encode() in found:
        raise LossyDocumentError(place="$", reason="undefined")
    return found


def signable(document: Document) -> bytes:
    """The same bytes for what we sign ourselves, told without a processor, which is slow.

    Every new shape of document (its words, and its numbers as they are) is held against the processor first.
    """
    guard(document)
    found = _in_order(statements(document, _words(_listed(document["@context"]))))
    shape = hash(_shape(document))
    if shape not in _MET:
        if found != canonical(document):
            raise LossyDocumentError(place="$", reason="processor-disagrees")
        if len(_MET) >= MOST_MET:
            _MET.clear()
        _MET.add(shape)
    return found


_MET: set[int] = set()
MOST_MET = 10_000


def _shape(value: object) -> object:
    """What is left of a document without its texts: two of one shape differ only in what is copied as it is."""
    if isinstance(value, dict):
        return tuple((key, str(each) if key == "type" else _shape(each)) for key, each in value.items())
    if isinstance(value, list):
        return tuple(_shape(each) for each in value)
    return "" if isinstance(value, str) else repr(value)


def nquads(document: Document, contexts: Mapping[str, Any]) -> bytes:
    """Canonical N-Quads with these contexts; unknown words show as sentinel IRIs.

    Never call it on unguarded input: the parser can abort the whole process on a hostile document.
    """
    listed = document["@context"] if isinstance(document["@context"], list) else [document["@context"]]
    known = [contexts[each] if isinstance(each, str) else each for each in listed]
    text = json.dumps(document | {"@context": [{"@vocab": SENTINEL}, *known]})
    try:
        dataset = ox.Dataset(ox.parse(text, ox.RdfFormat.JSON_LD, base_iri=SENTINEL))
    except (SyntaxError, ValueError) as error:
        raise LossyDocumentError(place="$", reason=str(error)) from error
    return _in_order(dataset)


def _in_order(dataset: ox.Dataset) -> bytes:
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b""
    return b"".join(sorted(lines.splitlines(keepends=True)))


def guard(document: Document) -> None:
    """Closed world: every key, type, identifier, date, number and text is one we know how to sign."""
    if not isinstance(document, dict) or "@context" not in document:
        raise LossyDocumentError(place="$", reason="context")
    words = _words(_listed(document["@context"]))
    body = {key: value for key, value in document.items() if key != "@context"}
    if body.keys() <= {"id"}:
        raise LossyDocumentError(place="$", reason="empty")  # a name of which nothing is said makes no statement
    _Walk(words).node(body, "$", 0)


def _listed(contexts: object) -> tuple[str, ...]:
    if not isinstance(contexts, list) or not contexts:
        raise LossyDocumentError(place="$.@context", reason="context")
    listed = tuple(each if isinstance(each, str) else _inline(each) for each in contexts)
    if any(each not in _TABLES for each in listed) or len(set(listed)) != len(listed):
        raise LossyDocumentError(place="$.@context", reason="context")
    return listed


def _inline(found: object) -> str:
    """Compared as text: Python holds 1 and True for equal, a JSON-LD processor does not."""
    return _EU_TEXT if json.dumps(found, sort_keys=True) == _EU_TEXT else ""


_EU_TEXT = json.dumps(EU_CONTEXT, sort_keys=True)
_TABLES = TABLES | {_EU_TEXT: EU}


@functools.lru_cache(maxsize=8)
def _words(listed: tuple[str, ...]) -> Words:
    terms = {word: term for url in listed for word, term in _TABLES[url].terms.items()}
    return Words(
        {word: term for word, term in terms.items() if not is_type(word)},
        {word: term for word, term in terms.items() if is_type(word)},
    )


class _Walk:
    """One walk over one document, remembering which things were described already."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.described: set[str] = set()
        self.nodes = 0

    def node(self, node: Document, place: str, depth: int) -> None:
        self.nodes += 1
        if depth > DEEPEST or self.nodes > MOST_NODES:
            raise LossyDocumentError(place=place, reason="too-deep-or-long")
        if not node:
            raise LossyDocumentError(place=place, reason="empty")
        terms = self.words.top | (self.scope(node["type"], f"{place}.type") if "type" in node else {})
        for key, value in node.items():
            at = f"{place}.{key}"
            if key == "id":
                _identifier(value, at)
            elif key != "type":
                self.values(_term(terms, key, at), value, at, depth)
        self.once(node, place)

    def once(self, node: Document, place: str) -> None:
        """Two descriptions of one thing would melt into one."""
        if "id" in node and len(node) > 1:
            if node["id"] in self.described:
                raise LossyDocumentError(place=f"{place}.id", reason="described-twice")
            self.described.add(node["id"])

    def scope(self, types: object, place: str) -> dict[str, Term]:
        """The words the node's type adds; two such types could redefine each other's words."""
        listed = types if isinstance(types, list) else [types]
        if not listed or not all(isinstance(each, str) and each in self.words.types for each in listed):
            raise LossyDocumentError(place=place, reason="unknown-type")
        scoped = [scope for each in listed if (scope := self.words.types[str(each)].scope)]
        if len(scoped) > 1 or len(set(listed)) != len(listed):
            raise LossyDocumentError(place=place, reason="types-clash")
        return scoped[0] if scoped else {}

    def values(self, term: Term, value: object, place: str, depth: int) -> None:
        if term.container == "@language":
            _translations(value, place)
            return
        if not isinstance(value, list):
            self.value(term, value, place, depth)
            return
        plain = [each for each in value if isinstance(each, str)]
        if not value or (term.container != "@list" and len(set(plain)) != len(plain)):
            raise LossyDocumentError(place=place, reason="empty-or-repeated")
        for number, each in enumerate(value):
            self.value(term, each, f"{place}[{number}]", depth)

    def value(self, term: Term, value: object, place: str, depth: int) -> None:
        if isinstance(value, dict):
            if term.kind not in ("", "@id"):
                raise LossyDocumentError(place=place, reason="node-unexpected")
            self.node(value, place, depth + 1)
        elif term.kind == "@id":
            _identifier(value, place)
        elif term.kind == "@vocab":
            _one_of(term.scope or {}, value, place)
        elif term.kind:
            CHECKS[term.kind](value, place)
        else:
            _text(value, place)


def _term(terms: dict[str, Term], key: str, place: str) -> Term:
    if key not in terms:
        raise LossyDocumentError(place=place, reason="unknown-term")
    return terms[key]


def _translations(value: object, place: str) -> None:
    if not isinstance(value, dict) or not value:
        raise LossyDocumentError(place=place, reason="language-map")
    for language, each in value.items():
        _one_of(LANGUAGES, language, place)
        _text(each, f"{place}.{language}")


def _one_of(words: Iterable[str], value: object, place: str) -> None:
    if not isinstance(value, str) or value not in words:
        raise LossyDocumentError(place=place, reason="unknown-word")


# Patterns end in \Z: a `$` lets a trailing line feed pass, and the quads with it vanish.
_UNSIGNABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_UUID = r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_SHA256 = r"urn:sha256:[0-9a-f]{64}(#[A-Za-z0-9._-]+)?"
_OWN = r"urn:intyga:[A-Za-z0-9._-]+(:[A-Za-z0-9._-]+)*"
_DID = r"did:web:[A-Za-z0-9.-]+(%3A[0-9]{1,5})?(:[A-Za-z0-9._-]+)*(#[A-Za-z0-9._-]+)?"
_HOST = r"(https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?"
_PATH = r"(/[A-Za-z0-9_~.-]*)*(\?[A-Za-z0-9_~.=&-]+)?(#[A-Za-z0-9._~/-]+)?"
IDENTIFIER = re.compile(rf"({_UUID}|{_SHA256}|{_OWN}|{_DID}|{_HOST}{_PATH})\Z")
_DOTS = re.compile(r"/\.{1,2}(/|\Z)")
_ADDRESS = re.compile(r"(https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^\s<>\"{}|\\^`]*)?|urn:[^\s<>\"{}|\\^`]+)\Z")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})\Z")


def _text(value: object, place: str) -> None:
    if not isinstance(value, str) or not value or len(value) > LONGEST:
        raise LossyDocumentError(place=place, reason="text")
    if _UNSIGNABLE.search(value) or any(ord(each) & 0xFFFE == 0xFFFE for each in value if each > "\uffff"):
        raise LossyDocumentError(place=place, reason="control-character")


def _identifier(value: object, place: str) -> None:
    if not isinstance(value, str) or not IDENTIFIER.match(value) or _DOTS.search(value):
        raise LossyDocumentError(place=place, reason="identifier")


def _matching(pattern: str | re.Pattern[str], reason: str) -> Callable[[object, str], None]:
    compiled = re.compile(pattern)

    def check(value: object, place: str) -> None:
        if not isinstance(value, str) or len(value) > LONGEST or not compiled.match(value):
            raise LossyDocumentError(place=place, reason=reason)

    return check


def _moment(value: object, place: str) -> None:
    try:
        if not isinstance(value, str) or not _MOMENT.match(value):
            raise LossyDocumentError(place=place, reason="date-time")
        datetime.fromisoformat(value)
    except ValueError as error:
        raise LossyDocumentError(place=place, reason="date-time") from error


def _number(value: object, place: str) -> None:
    """Plain decimals only: processors disagree on how to write others."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise LossyDocumentError(place=place, reason="number")
    if not 0 <= value <= 9999 or round(value, 2) != value or _wavering(value):
        raise LossyDocumentError(place=place, reason="number")


def _wavering(value: float) -> bool:
    """Whether sixteen digits of it end otherwise than it was written, as of 99.99: some write those, some do not."""
    return Decimal(f"{value:.15E}") != Decimal(repr(value))


def _truth(value: object, place: str) -> None:
    if not isinstance(value, bool):
        raise LossyDocumentError(place=place, reason="boolean")


_XS, _XSS, _SEC = PREFIXES["xs"], PREFIXES["xss"], PREFIXES["sec"]
CHECKS: dict[str, Callable[[object, str], None]] = {
    f"{_XS}dateTime": _moment,
    "xsd:dateTime": _moment,
    f"{_XSS}date": _moment,  # a date in the context of Open Badges, a date-time in its schema: the schema is checked
    f"{_XSS}anyURI": _matching(_ADDRESS, "address"),
    f"{_XSS}float": _number,
    f"{_XSS}boolean": _truth,
    f"{_XS}boolean": _truth,
    f"{_XS}duration": _matching(r"PT[0-9]{1,5}H\Z", "duration"),
    f"{_SEC}multibase": _matching(r"[uz][A-Za-z0-9_-]+\Z", "multibase"),
    f"{_SEC}cryptosuiteString": _matching(r"[a-z0-9-]+\Z", "cryptosuite"),
}
"""How a value of each datatype must look; a datatype in the table without a check fails a test."""
