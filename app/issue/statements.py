"""What a document in our own words states, told without a JSON-LD processor: the guard has left nothing to interpret.

A processor works through the contexts anew for every typed node, and that is nearly all that signing costs. Here each
word is looked up in the same term table. That both come to the same is not only tested: whoever signs holds every new
shape of document against the processor first (see canon).
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pyoxigraph as ox
from msgspec import Struct

from app.issue.terms import Term

Resource = ox.NamedNode | ox.BlankNode
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TYPE, FIRST, REST, NIL = (ox.NamedNode(_RDF + name) for name in ("type", "first", "rest", "nil"))


_named = cache(ox.NamedNode)
"""Only for the words of our tables, which are few."""


class Words(Struct, frozen=True):
    """The words a document's contexts give it."""

    top: dict[str, Term]
    types: dict[str, Term]

    def of(self, types: Iterable[str]) -> dict[str, Term]:
        """The words a node of these types may use; at most one of them has words of its own."""
        return self.top | next((scope for each in types if (scope := self.types[each].scope)), {})


def statements(document: dict[str, Any], words: Words) -> ox.Dataset:
    """Only for documents that passed the guard with the same words."""
    telling = _Telling(words)
    telling.node(document)
    return ox.Dataset(telling.quads)


class _Telling:
    """One walk over one document."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.quads: list[ox.Quad] = []

    def node(self, node: dict[str, Any]) -> Resource:
        subject: Resource = ox.NamedNode(node["id"]) if "id" in node else ox.BlankNode()
        named = node.get("type", ())
        types = [named] if isinstance(named, str) else named
        for each in types:
            self.say(subject, TYPE, _named(self.words.types[each].iri))
        terms = self.words.of(types)
        for key, value in node.items():
            if key not in ("@context", "id", "type"):
                predicate = _named(terms[key].iri)
                for each in self.values(terms[key], value):
                    self.say(subject, predicate, each)
        return subject

    def say(self, subject: Resource, predicate: ox.NamedNode, value: Resource | ox.Literal) -> None:
        self.quads.append(ox.Quad(subject, predicate, value))

    def values(self, term: Term, value: Any) -> Iterator[Resource | ox.Literal]:
        if term.container == "@language":
            yield from (ox.Literal(text, language=language) for language, text in value.items())
            return
        each = (self.value(term, one) for one in (value if isinstance(value, list) else [value]))
        if term.container == "@list":
            yield self.in_order(list(each))
        else:
            yield from each

    def in_order(self, values: list[Resource | ox.Literal]) -> Resource:
        head: Resource = NIL
        for value in reversed(values):
            cell = ox.BlankNode()
            self.say(cell, FIRST, value)
            self.say(cell, REST, head)
            head = cell
        return head

    def value(self, term: Term, value: Any) -> Resource | ox.Literal:
        if isinstance(value, dict):
            return self.node(value)
        if term.kind == "@id":
            return ox.NamedNode(value)
        if term.kind == "@vocab":
            return _named((term.scope or {})[value].iri)
        return ox.Literal(lexical(value), datatype=_named(term.kind)) if term.kind else ox.Literal(value)


def lexical(value: str | float) -> str:
    """As JSON-LD 1.1 §8.6 writes numbers: whole ones plainly, others with an exponent."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value == int(value):
        return str(int(value))
    digits, exponent = f"{value:.15E}".split("E")
    whole, _, rest = digits.partition(".")
    return f"{whole}.{rest.rstrip('0') or '0'}E{int(exponent)}"
