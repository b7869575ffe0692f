"""An edition as the YAML file of an author: new, or laid over an older file whose comments stay.

Whatever is written is read again before anybody gets it, and must be the same edition to the last byte of its identity.
"""

import copy
import io
import re
from collections.abc import Iterator
from decimal import Decimal

import msgspec
from msgspec import NODEFAULT, Struct
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from criteria.findings import FaultyStandardError
from criteria.guard import sheet
from criteria.identity import canonical
from criteria.model import Edition
from criteria.reader import Lookup, read, shipped
from criteria.schema import ID

MODELINE = f"# yaml-language-server: $schema={ID}\n"
WIDTH = 118
_PLAIN = re.compile(r"[A-Za-zÅÄÖåäö][A-Za-zÅÄÖåäö0-9_./+-]*( [A-Za-zÅÄÖåäö0-9(][A-Za-zÅÄÖåäö0-9_./+)-]*)*")
_WORDS = {"true", "false", "null", "y", "n", "yes", "no", "on", "off"}
_TRAVELLING = ("parameters", "tables", "prerequisites", "sources")
_NAMES = ("id", "key", "name", "term", "code", "use")


def written(edition: Edition, *, modules: Lookup = shipped) -> str:
    """A fresh file."""
    value = _as_file(edition, modules)
    return _same(MODELINE + "\n".join(_lines(value, 0)) + "\n", edition, modules)


def written_onto(old: bytes, edition: Edition, *, modules: Lookup = shipped) -> str:
    """The older file with what differs changed in place: comments and the way of writing stay where nothing changed.

    Raises `FaultyStandardError` when the older file cannot be read.
    """
    earlier = read(old, modules=modules)  # the guard stands before ruamel, which would believe anything
    raw = sheet(old).value
    before, value = _as_file(earlier, modules, raw), _as_file(edition, modules, raw)
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1_000_000  # lines that nobody touched stay lines
    inset = not re.search(rb"^\w+:[ \t]*\n- ", old, re.MULTILINE)
    yaml.indent(mapping=2, sequence=4 if inset else 2, offset=2 if inset else 0)
    tree = yaml.load(old.decode().removeprefix("\ufeff"))
    _merge(tree, before, value)
    out = io.StringIO()
    yaml.dump(tree, out)
    return _same(out.getvalue(), edition, modules)


def _as_file(edition: Edition, modules: Lookup, before: object = None) -> dict[str, object]:
    """As plain values in the words of a file: reused modules are named, and what they bring along is not repeated."""
    value = _plain(edition)
    assert isinstance(value, dict)  # noqa: S101 for mypy: an edition is a mapping
    for module in value["modules"]:
        if "origin" in module:
            use = module.pop("origin")
            module.clear()
            module["use"] = use
    if not any(each.origin for each in edition.modules):
        return value
    lean = copy.deepcopy(value)
    for key in _TRAVELLING:
        listed = before.get(key) if isinstance(before, dict) else None
        named = {each.get("id") for each in listed or [] if isinstance(each, dict)}
        lean[key] = [
            each for each in lean.get(key, []) if each["id"] in named or not _brought(edition, key, each["id"], modules)
        ]
        if not lean[key]:
            del lean[key]
    text = MODELINE + "\n".join(_lines(lean, 0)) + "\n"
    try:
        return lean if canonical(read(text.encode(), modules=modules)) == canonical(edition) else value
    except FaultyStandardError:
        return value


def _plain(value: object) -> object:
    """Without what says no more than the format's defaults, and with numbers as numbers."""
    match value:
        case Struct():
            config = type(value).__struct_config__
            found: dict[str, object] = {config.tag_field: config.tag} if config.tag_field else {}
            for each in msgspec.structs.fields(value):
                held = getattr(value, each.name)
                if each.default is NODEFAULT or held != each.default:
                    found[each.encode_name] = _plain(held)
            return found
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case tuple():
            return [_plain(each) for each in value]
        case _:
            return value


def _brought(edition: Edition, key: str, name: str, modules: Lookup) -> bool:
    sources = (modules(each.origin.standard, each.origin.edition) for each in edition.modules if each.origin)
    return any(name == each.id for source in sources for each in getattr(source, key))


def _same(text: str, edition: Edition, modules: Lookup) -> str:
    """Nothing is handed out that would be read as something else."""
    if canonical(read(text.encode(), modules=modules)) != canonical(edition):
        raise AssertionError("the written file is another edition")  # pragma: no cover - a fault of this program
    return text


def _lines(value: object, depth: int) -> Iterator[str]:
    """Block style; a small mapping of short texts stands on one line."""
    space = "  " * depth
    if isinstance(value, dict):
        for key, each in value.items():
            short = _short(each)
            if short is not None and len(space) + len(key) + 2 + len(short) <= WIDTH:
                yield f"{space}{_text(key)}: {short}"
            elif isinstance(each, str) and _as_block(each):
                yield f"{space}{_text(key)}: |-"
                yield from (f"{space}  {line}" if line else "" for line in each.split("\n"))
            elif isinstance(each, dict | list) and each:
                yield f"{space}{_text(key)}:"
                yield from _lines(each, depth + 1)
            else:
                yield f"{space}{_text(key)}: {_scalar(each)}"
    elif isinstance(value, list):
        for each in value:
            short = _short(each)
            if short is not None and len(space) + 2 + len(short) <= WIDTH:
                yield f"{space}- {short}"
            elif isinstance(each, dict | list):
                first, *rest = _lines(each, depth + 1)
                yield f"{space}- {first.lstrip(' ')}"
                yield from rest
            else:
                yield f"{space}- {_scalar(each)}"


def _short(value: object, depth: int = 0) -> str | None:
    """On one line, if it is small: a mapping without mappings in it, or a list of words."""
    if isinstance(value, dict):
        inner = {key: _short(each, depth + 1) for key, each in value.items()}
        if depth > 1 or not value or any(each is None for each in inner.values()):
            return None
        return "{" + ", ".join(f"{_text(key)}: {each}" for key, each in inner.items()) + "}"
    if isinstance(value, list):
        items = [_short(each, 9) for each in value]
        return None if any(each is None for each in items) else "[" + ", ".join(str(each) for each in items) + "]"
    return None if isinstance(value, str) and _as_block(value) else _scalar(value)


def _as_block(text: str) -> bool:
    """Whether a text with line ends can be written as it looks."""
    lines = text.split("\n")
    return (
        len(lines) > 1
        and all(each.isprintable() and each == each.rstrip() for each in lines)
        and (bool(lines[0]) and not lines[0].startswith(" ") and bool(lines[-1]))
    )


def _scalar(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case str():
            return _text(value)
        case dict():
            return "{}"
        case list():
            return "[]"
        case _:
            return str(value)


def _text(text: str) -> str:
    """Without quotes only what every reader of YAML takes for the same text."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return _double_quoted(text)


def _double_quoted(text: str) -> str:
    quoted = msgspec.json.encode(text).decode()
    return "".join(each if each.isprintable() else f"\\U{ord(each):08X}" for each in quoted)


def _merge(node: object, before: object, after: object) -> None:
    """Change `node`, which says `before`, so that it says `after`; what is equal is not touched."""
    if isinstance(node, CommentedMap) and isinstance(before, dict) and isinstance(after, dict):
        _merge_map(node, before, after)
    elif isinstance(node, CommentedSeq) and isinstance(before, list) and isinstance(after, list):
        _merge_list(node, before, after)


def _merge_map(node: CommentedMap, before: dict[str, object], after: dict[str, object]) -> None:
    for key in [key for key in before if key not in after]:
        del node[key]
    order = list(after)
    for place, key in enumerate(order):
        if key not in node:
            ahead = [each for each in order[:place] if each in node]
            at = list(node).index(ahead[-1]) + 1 if ahead else 0
            node.insert(at, key, _fresh(after[key]))
        elif key in before and _equal(before[key], after[key]):
            continue
        elif key in before and _mergeable(node[key], after[key]):
            _merge(node[key], before[key], after[key])
        else:
            node[key] = _fresh(after[key])


def _merge_list(node: CommentedSeq, before: list[object], after: list[object]) -> None:
    if _equal(before, after):
        return
    places: dict[str, int] = {}
    for place, each in enumerate(before):
        places.setdefault(_name(each), place)
    nodes, comments = list(node), dict(node.ca.items)
    node.ca.items.clear()
    del node[:]
    for place, each in enumerate(after):
        old = places.pop(_name(each), None)
        if old is None:
            node.append(_fresh(each))
            continue
        if not _equal(before[old], each):
            if _mergeable(nodes[old], each):
                _merge(nodes[old], before[old], each)
            else:
                nodes[old] = _fresh(each)
        node.append(nodes[old])
        if old in comments:
            node.ca.items[place] = comments[old]


def _name(each: object) -> str:
    """What makes a thing of a list the same thing when it has moved."""
    if isinstance(each, dict):
        key = next((key for key in _NAMES if key in each), None)
        return msgspec.json.encode(_comparable(each[key] if key else each)).decode()
    return msgspec.json.encode(_comparable(each)).decode()


def _equal(one: object, other: object) -> bool:
    return bool(_comparable(one) == _comparable(other))


def _comparable(value: object) -> object:
    """Numbers as they are written: 0.10 is not 0.1 here."""
    match value:
        case dict():
            return {key: _comparable(each) for key, each in value.items()}
        case list():
            return [_comparable(each) for each in value]
        case Decimal():
            return f"number {value:f}"
        case bool() | str() | None:
            return value
        case _:
            return f"number {value}"


def _mergeable(node: object, after: object) -> bool:
    return (isinstance(node, CommentedMap) and isinstance(after, dict)) or (
        isinstance(node, CommentedSeq) and isinstance(after, list)
    )


def _fresh(value: object) -> object:
    """New content in ruamel's words."""
    match value:
        case dict():
            made = CommentedMap({key: _fresh(each) for key, each in value.items()})
            if (short := _short(value)) is not None and len(short) < WIDTH // 2:
                made.fa.set_flow_style()
            return made
        case list():
            items = CommentedSeq([_fresh(each) for each in value])
            if not any(isinstance(each, dict) for each in value):
                items.fa.set_flow_style()
            return items
        case Decimal():
            return _number(value)
        case str():
            if _as_block(value):
                return LiteralScalarString(value)
            return value if _text(value) == value else DoubleQuotedScalarString(value)
        case _:
            return value


def _number(value: Decimal) -> object:
    """A number that ruamel writes with the zeros it has."""
    return YAML().load(format(value, "f"))
