"""What a CASE package says, checked: items with their children in order, every fault with a JSON pointer."""

import json
import re
import unicodedata
from collections import Counter
from typing import Any, NoReturn

import msgspec
from msgspec import Struct, field

from criteria.findings import MOST, FaultyStandardError, Finding, errors, finding
from criteria.guard import FORBIDDEN

SIZE = 10_000_000
ITEMS = 20_000
DEEP = 12
"""Levels of items; a standard has three, and the others are kept in the ids of criteria."""
UNDER = "__"
"""Between the id of a criterion and what lies in it: a standard has no such level, a framework may."""
STANDS = {"outcome": ".outcome", "criterion": ".criterion"}
"""Ends of the ids of what stands in for a level that a framework does not have."""
_TEXT = 3_900
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_DEPTH = 60


class PointedFinding(Finding, frozen=True, kw_only=True):
    """A fault in a JSON file: `path` is a JSON pointer."""


class Item(Struct, kw_only=True):
    """One CFItem with what lies in it."""

    identifier: str
    said: str
    code: str = ""
    language: str = ""
    short: str = ""
    notes: str = ""
    value: dict[str, Any] | None = None
    """What we put into `extensions` ourselves."""
    inside: list[dict[str, Any]] = field(default_factory=list)
    kind: str = ""
    pointer: str = ""
    passed: str = ""
    children: list["Item"] = field(default_factory=list)


class Framework(Struct, kw_only=True):
    """A checked package."""

    document: dict[str, Any] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def say(self, code: str, pointer: str, /, **values: object) -> None:
        """Keep one finding."""
        if len(self.findings) < MOST:
            made = finding(code, (0, 0), (), **values)
            self.findings.append(PointedFinding(**{**msgspec.structs.asdict(made), "path": pointer or "/"}))

    @property
    def faulty(self) -> bool:
        """Whether anything keeps the package from being used."""
        return any(errors(self.findings))


def untranslated(texts: dict[str, str]) -> tuple[str, str] | None:
    """Language and text of something whose Swedish is only a marked copy."""
    sv = texts.get("sv", "")
    return next(((tag, text) for tag, text in texts.items() if tag != "sv" and sv == f"[{tag}] {text}"), None)


def words(texts: dict[str, str]) -> tuple[str, str]:
    """The language and the text that CASE shows; a text that waits for its translation goes out as it came."""
    return untranslated(texts) or next(((tag, texts[tag]) for tag in ("sv", *texts) if tag in texts), ("sv", ""))


def framework(data: bytes) -> Framework:
    """The package as a tree, or with findings that say what is wrong; never raises."""
    found = Framework()
    try:
        value = _json(data)
    except FaultyStandardError as refused:
        found.findings += refused.findings
        return found
    root = value.get("CFPackage", value) if isinstance(value, dict) else value
    if not isinstance(root, dict):
        found.say("case-kind", "", wanted="{CFDocument, CFItems, CFAssociations}")
        return found
    _document(root, found)
    items = _items(root, found)
    _passes(root, items)
    _grow(root, items, found)
    return found


def _json(data: bytes) -> Any:
    if len(data) > SIZE:
        _refuse(f"> {SIZE} byte")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise FaultyStandardError([finding("json", problem="not UTF-8")]) from fault
    nested = 0
    for mark in re.finditer(rb"[\[{\]}]", _STRING.sub(b"", data)):
        nested += 1 if mark[0] in b"[{" else -1
        if nested > _DEPTH:
            _refuse("nested too deep")
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse, parse_int=_int)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as fault:
        raise FaultyStandardError([finding("json", problem=str(fault))]) from fault
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"{twice} is there twice")
    return made


def _int(text: str) -> int:
    return int(text) if len(text) < 16 else _refuse("a number that is too long")


def _refuse(problem: str) -> NoReturn:
    raise FaultyStandardError([finding("json", (0, 0), (), problem=problem)])


def _text(held: dict[str, Any], key: str, pointer: str, found: Framework, *, needed: bool = False) -> str:
    value = held.get(key)
    if value is None or (isinstance(value, str) and not value.strip()):
        if needed:
            found.say("case-missing", pointer, key=key)
        return ""
    if not isinstance(value, str):
        found.say("case-kind", f"{pointer}/{key}", wanted="text")
        return ""
    value = unicodedata.normalize("NFC", value)
    if bad := FORBIDDEN.search(value):
        found.say("character", f"{pointer}/{key}", character=f"U+{ord(bad[0]):04X}")
    if len(value) > _TEXT:
        found.say("too-long", f"{pointer}/{key}", length=len(value), most=_TEXT)
    return value


def _listed(root: dict[str, Any], key: str, found: Framework) -> list[tuple[str, dict[str, Any]]]:
    value = root.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        found.say("case-kind", f"/{key}", wanted="[…]")
        return []
    kept = []
    for place, each in enumerate(value[:ITEMS]):
        if isinstance(each, dict):
            kept.append((f"/{key}/{place}", each))
        else:
            found.say("case-kind", f"/{key}/{place}", wanted="{…}")
    if len(value) > ITEMS:
        found.say("too-long", f"/{key}", length=len(value), most=ITEMS)
    return kept


def _document(root: dict[str, Any], found: Framework) -> None:
    document = root.get("CFDocument")
    if not isinstance(document, dict):
        found.say("case-missing" if document is None else "case-kind", "/CFDocument", key="CFDocument", wanted="{…}")
        return
    for key in ("identifier", "title", "creator"):
        _text(document, key, "/CFDocument", found, needed=True)
    for key in ("description", "notes", "language", "publisher", "version", "adoptionStatus", "lastChangeDateTime"):
        _text(document, key, "/CFDocument", found)
    found.document = document


def _items(root: dict[str, Any], found: Framework) -> dict[str, Item]:
    if "CFItems" not in root:
        found.say("case-missing", "", key="CFItems")
    items: dict[str, Item] = {}
    for pointer, each in _listed(root, "CFItems", found):
        identifier = _text(each, "identifier", pointer, found, needed=True)
        said = _text(each, "fullStatement", pointer, found, needed=True)
        extensions = each.get("extensions")
        ours = extensions.get("intyga") if isinstance(extensions, dict) else None
        value = ours.get("value") if isinstance(ours, dict) else None
        item = Item(
            identifier=identifier,
            said=said,
            code=_text(each, "humanCodingScheme", pointer, found),
            language=_text(each, "language", pointer, found),
            short=_text(each, "abbreviatedStatement", pointer, found),
            notes=_text(each, "notes", pointer, found),
            value=value if isinstance(value, dict) else None,
            kind=str(ours.get("kind", "")) if isinstance(ours, dict) else "",
            inside=_dicts(ours.get("inside")) if isinstance(ours, dict) else [],
            pointer=pointer,
        )
        if identifier in items:
            found.say("case-repeated", f"{pointer}/identifier", id=identifier, first=items[identifier].pointer)
        elif identifier:
            items[identifier] = item
    if not items and not found.faulty:
        found.say("case-missing", "/CFItems", key="CFItem")
    return items


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _passes(root: dict[str, Any], items: dict[str, Item]) -> None:
    """What the best level of a rubric says about an item; rubrics that are odd are left alone."""
    for rubric in root.get("CFRubrics") or [] if isinstance(root.get("CFRubrics"), list) else []:
        criteria = rubric.get("CFRubricCriteria") if isinstance(rubric, dict) else None
        for each in criteria if isinstance(criteria, list) else []:
            uri = each.get("CFItemURI") if isinstance(each, dict) else None
            levels = each.get("CFRubricCriterionLevels") if isinstance(each, dict) else None
            item = items.get(str(uri.get("identifier"))) if isinstance(uri, dict) else None
            usable = [level for level in levels or [] if isinstance(level, dict)] if isinstance(levels, list) else []
            scored = [level for level in usable if isinstance(level.get("score"), int | float)]
            if item and scored:
                best = max(scored, key=lambda level: level["score"]).get("description")
                if isinstance(best, str) and 0 < len(best) <= _TEXT and not FORBIDDEN.search(best):
                    item.passed = unicodedata.normalize("NFC", best)


def _grow(root: dict[str, Any], items: dict[str, Item], found: Framework) -> None:  # noqa: C901 one branch per fault
    """Put every item into its parent, in the order that the associations tell."""
    top = str(found.document.get("identifier", ""))
    parents: dict[str, tuple[float, int, str]] = {}
    dropped: Counter[str] = Counter()
    for place, (pointer, each) in enumerate(_listed(root, "CFAssociations", found)):
        kind = _text(each, "associationType", pointer, found, needed=True)
        if kind != "isChildOf":
            dropped[kind] += bool(kind)
            continue
        child, parent = (_end(each, key, pointer, found) for key in ("originNodeURI", "destinationNodeURI"))
        number = each.get("sequenceNumber")
        if number is not None and (not isinstance(number, int | float) or isinstance(number, bool)):
            found.say("case-kind", f"{pointer}/sequenceNumber", wanted="123")
            number = None
        if not child or not parent:
            continue
        if child not in items:
            found.say("case-unknown", f"{pointer}/originNodeURI/identifier", id=child)
        elif parent != top and parent not in items:
            found.say("case-unknown", f"{pointer}/destinationNodeURI/identifier", id=parent)
        elif child in parents:
            if parents[child][2] != parent:
                found.say("case-second-parent", pointer, id=child)
        else:
            parents[child] = (number if number is not None else float("inf"), place, parent)
    for kind, count in dropped.items():
        if kind:
            found.say("case-dropped", "/CFAssociations", kind=kind, count=count)
    _plant(items, parents, top, found)


def _end(held: dict[str, Any], key: str, pointer: str, found: Framework) -> str:
    value = held.get(key)
    if not isinstance(value, dict):
        found.say("case-missing" if value is None else "case-kind", f"{pointer}/{key}", key=key, wanted="{…}")
        return ""
    return _text(value, "identifier", f"{pointer}/{key}", found, needed=True)


def _plant(items: dict[str, Item], parents: dict[str, tuple[float, int, str]], top: str, found: Framework) -> None:
    order = {name: place for place, name in enumerate(items)}
    for name in sorted(items, key=lambda each: (*parents.get(each, (float("inf"), 0, ""))[:2], order[each])):
        if name not in parents:
            if parents:
                found.say("case-loose", items[name].pointer, id=items[name].code or name)
            found.items.append(items[name])
        elif parents[name][2] == top:
            found.items.append(items[name])
        else:
            items[parents[name][2]].children.append(items[name])
    depths: dict[str, int] = {}
    waiting = [(each, 1) for each in found.items]
    while waiting:
        item, depth = waiting.pop()
        depths[item.identifier] = depth
        if depth > DEEP:
            found.say("case-deep", item.pointer)
            return
        waiting += [(each, depth + 1) for each in item.children]
    for name, item in items.items():
        if name not in depths:
            found.say("case-circle", item.pointer, id=item.code or name)
