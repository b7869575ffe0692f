"""What differs in meaning between two editions: each change named and weighed, and the next number proposed.

Complete by construction: both editions are taken apart into the same addresses, and every leaf that differs is told.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from criteria.model import Edition
from criteria.parts import Address, Leaf, Node, parts
from criteria.weights import (
    FIELDS,
    NODES,
    ORDER,
    ORDERED,
    PLACED,
    TIGHTER,
    ChangeKind,
    Weight,
    heaviest,
    ruled,
)

Direction = Literal["", "tighter", "looser"]
_LANGUAGES = ("language-added", "language-removed")
_STANDS_ALONE = ("module", "outcome", "criterion")
"""Told even when what they stood in came or went with them."""


class Change(Struct, frozen=True, kw_only=True):
    """One difference; what is unknown or not there is null."""

    kind: ChangeKind
    weight: Weight
    what: str
    """`criterion`, `parameter`, …: the kind of thing that changed."""
    item: str
    """Id of the module, outcome or criterion, else `parameters.example_max`; empty for the edition."""
    field: str
    language: str
    direction: Direction
    old: object
    new: object


class Difference(Struct, frozen=True, kw_only=True):
    """The step that the changes ask for, and the changes, heaviest first."""

    proposed: Weight
    changes: tuple[Change, ...]


def diff(old: Edition, new: Edition) -> Difference:
    """What differs in meaning. Layout, comments, quotes, the order of keys and the edition's number do not."""
    before, after = parts(old), parts(new)
    limits = (_parameters(old), _parameters(new))
    came, went = set(new.languages) - set(old.languages), set(old.languages) - set(new.languages)
    found = [
        *(_language("language-added", tag, None, tag) for tag in sorted(came)),
        *(_language("language-removed", tag, tag, None) for tag in sorted(went)),
        *(_whole("removed", before[each]) for each in before if _told(each, before, after)),
        *(_whole("added", after[each]) for each in after if _told(each, after, before)),
        *_moved(before, after),
    ]
    for address in before:
        if address in after:
            changes = _leaves(before[address], after[address], limits)
            found += [each for each in changes if not (each.kind in _LANGUAGES and each.language in came | went)]
    ranked = sorted(found, key=lambda each: -ORDER.index(each.weight))
    return Difference(proposed=heaviest([each.weight for each in ranked]), changes=tuple(ranked))


def harder(old: Edition, found: Difference) -> frozenset[str]:
    """Criteria of the old edition whose judgements cannot be carried over: removed, or asking for more or other."""
    heavy = [each for each in found.changes if each.weight == "major" and not (each.kind == "added" and not each.field)]
    touched = {each.item for each in heavy if each.kind != "moved" or each.field}
    limits = {each.removeprefix("parameters.") for each in touched if each.startswith("parameters.")}
    asked = {(each.item, each.kind) for each in parts(old).values() if _uses(each, limits)}
    return frozenset(touched & {each.id for each in old.criteria}) | {item for item, _ in asked}


def _uses(node: Node, parameters: set[str]) -> bool:
    values = [value for value in node.leaves.values() if isinstance(value, dict)]
    return any(value.get("parameter") in parameters for value in values if value.keys() == {"parameter"})


def _told(address: Address, here: dict[Address, Node], there: dict[Address, Node]) -> bool:
    """A whole that is only here, unless its owner is too and says it already."""
    node = here[address]
    return address not in there and (node.kind in _STANDS_ALONE or node.parent in there)


def _language(kind: ChangeKind, tag: str, old: object, new: object) -> Change:
    return Change(
        kind=kind, weight="minor", what="edition", item="", field="languages", language=tag, direction="",
        old=old, new=new,
    )  # fmt: skip


def _whole(kind: Literal["added", "removed"], node: Node) -> Change:
    weight = NODES[node.kind][kind == "removed"]
    if node.kind in ("fact", "column") and node.leaves.get(("required", "")) is False:
        weight = "minor"
    said = _name(node)
    return Change(
        kind=kind, weight=weight, what=node.kind, item=node.item, field=node.inside, language="", direction="",
        old=said if kind == "removed" else None, new=said if kind == "added" else None,
    )  # fmt: skip


def _name(node: Node) -> object:
    """What people call it."""
    for field in ("text", "title", "name"):
        for tag in ("sv", "en", ""):
            if (field, tag) in node.leaves:
                return node.leaves[field, tag]
    value = node.leaves.get(("value", "")) or node.leaves.get(("value", "sv"))
    return _shown(value) if value is not None else node.item


def _moved(before: dict[Address, Node], after: dict[Address, Node]) -> Iterator[Change]:
    groups: dict[tuple[Address, str], list[Address]] = {}
    for address, node in before.items():
        if address not in after or node.kind not in ORDERED:
            continue
        if after[address].parent != node.parent:
            yield _move(node, _place(node.parent), _place(after[address].parent), before, after)
        else:
            groups.setdefault((node.parent, node.kind), []).append(address)
    places = {address: place for place, address in enumerate(after)}
    for members in groups.values():
        stay = _longest_rising([places[each] for each in members])
        now = sorted(members, key=places.__getitem__)
        for place, address in enumerate(members):
            if places[address] not in stay:
                yield _move(before[address], place + 1, now.index(address) + 1, before, after)


def _move(node: Node, old: object, new: object, before: dict[Address, Node], after: dict[Address, Node]) -> Change:
    modules = [_module(node, nodes) for nodes in (before, after)]
    weight: Weight = "major" if modules[0] != modules[1] else ORDERED[node.kind]
    return Change(
        kind="moved", weight=weight, what=node.kind, item=node.item, field=node.inside, language="", direction="",
        old=old, new=new,
    )  # fmt: skip


def _module(node: Node, nodes: dict[Address, Node]) -> str:
    """The module it is judged in: whoever has that module has shown it."""
    parent = next((each.parent for each in nodes.values() if (each.kind, each.item) == (node.kind, node.item)), ())
    while parent and parent[0] != "module":
        parent = nodes[parent].parent
    return parent[1] if parent and node.kind == "criterion" else ""


def _place(parent: Address) -> str:
    return parent[-1] if parent else ""


def _longest_rising(numbers: list[int]) -> set[int]:
    """The most that can be said to have stayed in place; the rest has moved."""
    ends: list[int] = []
    chains: list[list[int]] = []
    for number in numbers:
        place = bisect_left(ends, number)
        chain = [*(chains[place - 1] if place else []), number]
        ends[place : place + 1] = [number]
        chains[place : place + 1] = [chain]
    return set(chains[-1]) if chains else set()


def _leaves(old: Node, new: Node, limits: tuple[dict[str, Decimal], dict[str, Decimal]]) -> Iterator[Change]:
    for leaf in dict.fromkeys([*old.leaves, *new.leaves]):
        was, now = old.leaves.get(leaf), new.leaves.get(leaf)
        if was == now:
            continue
        kind, rule = _called(old, new, leaf)
        values = _number(was, limits[0]), _number(now, limits[1])
        direction = _direction(old, leaf[0], *values)
        same = kind == "limit" and values[0] == values[1]  # only written otherwise, or as a parameter
        yield Change(
            kind=kind, weight="minor" if same else ruled(rule, direction), what=old.kind, item=old.item,
            field=f"{old.inside}.{leaf[0]}".removeprefix("."), language=leaf[1], direction=direction,
            old=_shown(was), new=_shown(now),
        )  # fmt: skip


def _called(old: Node, new: Node, leaf: Leaf) -> tuple[ChangeKind, Literal["patch", "minor", "major", "direction"]]:
    name, tag = leaf
    spoken = [any(field == name and t and t != tag for field, t in node.leaves) for node in (old, new)]
    if tag and all(spoken):  # the text is there on both sides: only this language came or went
        if leaf not in old.leaves:
            return "language-added", "minor"
        if leaf not in new.leaves:
            return "language-removed", "minor"
    if (old.kind, name) in PLACED:
        return PLACED[old.kind, name]
    return ("reworded", "patch") if tag else FIELDS[name]


def _direction(node: Node, name: str, was: object, now: object) -> Direction:  # noqa: PLR0911 one answer per kind of value
    if name == "fails":
        return "tighter" if now == "standard" else "looser"
    if name == "before":
        return "tighter" if now == "start" else "looser"
    if name == "methods":
        return _compared(was, now, "allowed", -1)
    if name == "evidence":
        return _compared(was, now, "kinds", -1)
    if name == "prerequisites":
        return _subset(was, now, 1)
    if name == "value" and node.kind == "parameter":
        return _turned(was, now, 1 if node.leaves["tighter", ""] == "higher" else -1)
    return _turned(was, now, TIGHTER[name]) if name in TIGHTER else ""


def _turned(was: object, now: object, way: int) -> Direction:
    """No limit at all is the loosest."""
    if was == now:
        return ""
    if was is None or now is None:
        return "tighter" if was is None else "looser"
    risen = Decimal(str(int(now) if isinstance(now, bool) else now)) > Decimal(
        str(int(was) if isinstance(was, bool) else was)
    )
    return "tighter" if risen == (way > 0) else "looser"


def _compared(was: object, now: object, wide: str, way: int) -> Direction:
    """Less to choose from and higher numbers are tighter; a bit of both is neither."""
    if not isinstance(was, dict) or not isinstance(now, dict):
        return "tighter" if was is None else "looser"
    ways = {_subset(was[wide], now[wide], way)} if was[wide] != now[wide] else set()
    for name in was.keys() & now.keys() - {wide}:
        if was[name] != now[name]:
            ways.add(_turned(was[name], now[name], 1))
    return ways.pop() if len(ways) == 1 else ""


def _subset(was: object, now: object, way: int) -> Direction:
    less, more = set(_listed(was)), set(_listed(now))
    if less < more:
        return "tighter" if way > 0 else "looser"
    if more < less:
        return "looser" if way > 0 else "tighter"
    return ""


def _listed(value: object) -> Iterable[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _parameters(edition: Edition) -> dict[str, Decimal]:
    return {each.id: each.value for each in edition.parameters}


def _number(value: object, parameters: dict[str, Decimal]) -> object:
    """What a limit comes to in its own edition."""
    if isinstance(value, dict) and value.keys() == {"parameter"}:
        return parameters.get(value["parameter"])
    return value


def _shown(value: object) -> object:
    match value:
        case Decimal():
            return format(value, "f")
        case dict():
            return {key: _shown(each) for key, each in value.items()}
        case list():
            return [_shown(each) for each in value]
        case _:
            return value
