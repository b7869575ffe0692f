"""An edition taken apart for comparison: every thing under an address that survives moving, with its words and values.

Modules, outcomes and criteria are found by their id wherever they stand; everything else by its id within its owner.
What does not differ in meaning is made equal here: spaces in texts, `0.5` and `0.50`, the order of lists that are sets.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache

import msgspec
from msgspec import Struct

from criteria.model import Edition, Level, ParameterRef, Party

Address = tuple[str, ...]
Leaf = tuple[str, str]
"""Name of the field and, for texts, the language."""
_CHILDREN = {
    "parameters": "parameter", "sources": "source", "tables": "table", "results": "result", "rules": "rule",
    "codes": "code", "modules": "module", "variants": "variant", "outcomes": "outcome", "criteria": "criterion",
    "facts": "fact", "columns": "column", "options": "option", "steps": "step", "prerequisites": "prerequisite",
    "rows": "row",
}  # fmt: skip
_fields = cache(msgspec.structs.fields)
_TEXTS = ("faults", "words")
_EVERYWHERE = ("module", "outcome", "criterion")
_NAMES = ("edition", "id", "languages")
"""The number of an edition is its name and no demand; languages are told by the texts that come and go."""


class Node(Struct, frozen=True, kw_only=True):
    """One thing of an edition: where it stands and what it says itself, without the things inside it."""

    kind: str
    item: str
    """The module, outcome or criterion it belongs to, else `parameters.example_max`; empty for the edition."""
    inside: str
    """Where within the item: `facts.loss.columns.ab`."""
    parent: Address
    leaves: dict[Leaf, object]


def parts(edition: Edition) -> dict[Address, Node]:
    """Every thing by its address, owners before what they own, in the order of the file."""
    found: dict[Address, Node] = {}
    _take(found, edition, "edition", (), ("", ""), None)
    return found


def _take(
    found: dict[Address, Node],
    value: Struct,
    kind: str,
    address: Address,
    named: tuple[str, str],
    parent: Address | None,
) -> None:
    leaves: dict[Leaf, object] = {}
    children: list[tuple[str, Struct]] = []
    tag = type(value).__struct_config__.tag
    if tag:
        leaves["type", ""] = tag
    for field in _fields(type(value)):
        held = getattr(value, field.name)
        if field.encode_name in _NAMES:
            continue
        if isinstance(held, tuple) and held and isinstance(held[0], Struct) and field.encode_name in _CHILDREN:
            children += [(field.encode_name, each) for each in held]
        else:
            leaves.update(_leaves(field.encode_name, held))
    found[address] = Node(kind=kind, item=named[0], inside=named[1], parent=parent or (), leaves=leaves)
    for name, child in children:
        _child(found, child, name, address, named)


def _child(found: dict[Address, Node], child: Struct, name: str, address: Address, named: tuple[str, str]) -> None:
    kind, key = _CHILDREN[name], _key(child)
    own = (kind, key) if kind in _EVERYWHERE else (*address, kind, key)
    while own in found:  # the linter refuses ids that repeat; a comparison must not lose them
        own = (*own[:-1], f"{own[-1]}+")
    if kind in _EVERYWHERE:
        named = (key, "")
    elif named[0]:
        named = (named[0], f"{named[1]}.{name}.{key}".removeprefix("."))
    else:
        named = (f"{name}.{key}", "")
    _take(found, child, kind, own, named, address)


def _key(child: Struct) -> str:
    for name in ("id", "key"):
        if hasattr(child, name):
            return str(getattr(child, name))
    if hasattr(child, "system"):
        return f"{child.system} {child.code}"  # type: ignore[attr-defined] # a code of somebody's system
    return str(child.name)  # type: ignore[attr-defined] # a rule


def _leaves(name: str, held: object) -> Iterator[tuple[Leaf, object]]:
    match held:
        case dict():
            yield from (((name, tag), _said(text)) for tag, text in held.items())
        case tuple() if name in _TEXTS:
            tags = {tag for each in held for text in _texts(each) for tag in text}
            for tag in sorted(tags):
                yield (name, tag), [": ".join(_said(text.get(tag, "")) for text in _texts(each)) for each in held]
        case () if name in _CHILDREN and name != "prerequisites":
            pass  # the last thing inside is gone: what is gone is told by its own name
        case Party() | Level():
            for field in _fields(type(held)):
                yield (f"{name}.{field.name}", ""), plain(getattr(held, field.name))
        case None:
            pass
        case _:
            yield (name, ""), plain(held)


def _texts(value: object) -> list[dict[str, str]]:
    return [value] if isinstance(value, dict) else [getattr(value, "term", {}), getattr(value, "meaning", {})]


def _said(text: str) -> str:
    return " ".join(text.split())


def plain(value: object) -> object:
    """A value without what does not matter: sets are sorted, numbers are numbers."""
    match value:
        case ParameterRef():
            return {"parameter": value.parameter}
        case Struct():
            return {f.encode_name: plain(getattr(value, f.name)) for f in _fields(type(value))}
        case tuple() | list():
            return sorted((plain(each) for each in value), key=str)
        case str():
            return _said(value)
        case Decimal():
            return value.normalize() + 0
        case _:
            return value
