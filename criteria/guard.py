"""The gate for YAML that people write: bytes become plain values with the place of each, and nothing clever is let in.

libyaml only ever gives us its event stream, lazily, and only after size, encoding and nesting were looked at: composing
in C overflows the stack at 100,000 brackets, and aliases grow without bound. Words that YAML 1.1 and 1.2 read
differently (NO, 2026-01-31, 0714) are asked to be put in quotes, so that every reader of the file sees the same.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import NoReturn

import yaml
from msgspec import Struct, field

from criteria.findings import MOST, Fault, Finding, Path, finding

SIZE = 2_000_000
DEPTH = 40
NODES = 200_000
_NESTED = 1_000
"""Coarse limit of the scan before libyaml; the exact one is DEPTH, counted on events."""
_INDENT = 400
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
"""Characters that no text of a standard may hold."""
_DASHES = re.compile(r"^ *(?:[-?][ \t]+){41}", re.MULTILINE)
_TAB = re.compile(r"^ *\t[ \t]*(?=[^\s#])", re.MULTILINE)
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
_NUMBER_LIKE = re.compile(
    r"[-+]?(\.?[0-9][0-9_]*([.,][0-9_]*)?([eE][-+]?[0-9]+)?|0[xob][0-9a-fA-F_]+|[0-9]+(:[0-5]?[0-9])+|\.(inf|Inf|INF))"
    r"|\.(nan|NaN|NAN)"
)
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?")
_WORDS = {"y", "n", "yes", "no", "on", "off"}
_MENDS = {
    "mapping values are not allowed": (
        " Sätt text som innehåller kolon inom citattecken, och se över indragen.",
        " Put text that contains a colon in quotes, and look at the indentation.",
    ),
    "could not find expected ':'": (" Nyckeln saknar kolon.", " The key lacks a colon."),
    "did not find expected key": (" Se över indragen.", " Look at the indentation."),
    "cannot start any token": (" Sätt texten inom citattecken.", " Put the text in quotes."),
}


class Sheet(Struct, kw_only=True):
    """What a file says, and where it says it; `value` is only worth using without errors in `findings`."""

    value: object = None
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def place(self, path: Path, *, at_key: bool = False) -> tuple[int, int]:
        """Line and column of a path, or of the nearest thing around it that the file wrote itself."""
        if at_key and path in self.keys:
            return self.keys[path]
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def found(self, fault: Fault) -> Finding:
        """The fault with its line and column."""
        place = self.place(fault.path, at_key=fault.at_key)
        return finding(fault.code, place, fault.path, **fault.values)


class _StopError(Exception):
    """Reading on would be pointless or dangerous; what was found so far is kept."""


def sheet(data: bytes) -> Sheet:
    """Read a file; never raises, whatever it is given."""
    read = Sheet()
    try:
        text = _text(data, read)
        _look(text, read)
        read.value = _Writer(read).document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except _StopError:
        pass
    except yaml.YAMLError as fault:
        read.findings.append(_broken(fault))
    return read


def _text(data: bytes, read: Sheet) -> str:
    if len(data) > SIZE:
        _stop(read, "file-size", most=SIZE)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:2]:
        _stop(read, "file-encoding", guess="UTF-16")
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        before = data[: fault.start]
        place = (before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode()) + 1)
        read.findings.append(finding("file-encoding", place, guess="Windows-1252"))
        raise _StopError from fault
    if text.startswith("\ufeff"):
        read.findings.append(finding("file-bom", (1, 1)))
        text = text[1:]
    if "\r\n" in text:
        read.findings.append(finding("file-line-ends", (text[: text.index("\r\n")].count("\n") + 1, 1)))
        text = text.replace("\r\n", "\n")
    if not text.strip():
        _stop(read, "file-empty")
    return text


def _look(text: str, read: Sheet) -> None:
    """What must be refused before libyaml sees it."""
    for match in FORBIDDEN.finditer(text):
        _add(read, finding("character", _where(text, match.start()), character=f"U+{ord(match[0]):04X}"))
    for match in _TAB.finditer(text):
        _add(read, finding("tab", _where(text, match.start())))
    if read.findings and any(each.severity == "error" for each in read.findings):
        raise _StopError
    nested = 0
    for match in re.finditer(r"[\[{\]}]", text):
        nested += 1 if match[0] in "[{" else -1
        if nested > _NESTED:
            _stop(read, "depth", _where(text, match.start()), most=DEPTH)
    deep = _DASHES.search(text) or re.search(rf"^ {{{_INDENT}}}", text, re.MULTILINE)
    if deep:
        _stop(read, "depth", _where(text, deep.start()), most=DEPTH)


class _Writer:
    """Builds plain values from events; the depth of its recursion is bounded by DEPTH."""

    def __init__(self, read: Sheet) -> None:
        self.read = read
        self.nodes = 0
        self.events: Iterator[yaml.Event] = iter(())

    def document(self, events: Iterator[yaml.Event]) -> object:
        self.events = events
        value: object = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    _stop(self.read, "second-document", _mark(event))
                if event.version or event.tags:
                    self.say("directive", event, ())
                value = self.node(next(events), (), 0)
        return value

    def say(self, code: str, event: yaml.Event, path: Path, **values: object) -> None:
        _add(self.read, finding(code, _mark(event), path, **values))

    def node(self, event: yaml.Event, path: Path, depth: int) -> object:
        self.nodes += 1
        if self.nodes > NODES:
            _stop(self.read, "nodes", _mark(event), most=NODES)
        if depth > DEPTH:
            _stop(self.read, "depth", _mark(event), most=DEPTH)
        self.read.places[path] = _mark(event)
        if isinstance(event, yaml.AliasEvent):
            self.say("alias", event, path, name=event.anchor)
            return None
        if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):  # pragma: no cover - libyaml's grammar
            _stop(self.read, "file-empty")
        if event.anchor is not None:
            self.say("anchor", event, path, name=event.anchor)
        if event.tag is not None:
            self.say("tag", event, path, tag=event.tag)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path, depth)
        return self.sequence(path, depth)

    def sequence(self, path: Path, depth: int) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(event, (*path, len(items)), depth + 1))
        return items

    def mapping(self, path: Path, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.key(event, path, depth)
            here = (*path, key)
            if key in found:
                self.say("key-repeated", event, here, key=key, first=self.read.keys[here][0])
                self.node(next(self.events), (*here, "…"), depth + 1)
                continue
            self.read.keys[here] = _mark(event)
            found[key] = self.node(next(self.events), here, depth + 1)
        return found

    def key(self, event: yaml.Event, path: Path, depth: int) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None or event.tag is not None:
            self.say("key-not-text", event, path)
            self.node(event, (*path, "?"), depth + 1)
            return "?"
        self.nodes += 1
        if event.value == "<<" and not event.style:
            self.say("merge-key", event, path)
        return unicodedata.normalize("NFC", str(event.value))

    def scalar(self, event: yaml.ScalarEvent, path: Path) -> object:
        text = unicodedata.normalize("NFC", str(event.value))
        bad = FORBIDDEN.search(text)
        if bad:
            self.say("character", event, path, character=f"U+{ord(bad[0]):04X}")
        if event.style in ("|", ">"):
            return text.rstrip("\n")  # the line end that closes a block is no part of the text
        return text if event.style else self.plain(text, event, path)

    def plain(self, text: str, event: yaml.Event, path: Path) -> object:
        """YAML 1.2 booleans and exact numbers; whatever another reader would take otherwise is a finding."""
        if text in ("", "~", "null", "Null", "NULL"):
            return None
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
        if _NUMBER.fullmatch(text):
            return Decimal(text) if "." in text else int(text)
        if text.lower() in _WORDS:
            self.say("ambiguous-word", event, path, value=text)
        elif _DATE.fullmatch(text):
            self.say("unquoted-date", event, path, value=text)
        elif _NUMBER_LIKE.fullmatch(text):
            self.say("number-form", event, path, value=text)
        return text


def _broken(fault: yaml.YAMLError) -> Finding:
    mark = getattr(fault, "problem_mark", None)
    problem = getattr(fault, "problem", None) or getattr(fault, "reason", None) or "?"
    sv, en = next((each for key, each in _MENDS.items() if key in problem), ("", ""))
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return finding("yaml", place, problem=problem, mend_sv=sv, mend_en=en)


def _mark(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _where(text: str, offset: int) -> tuple[int, int]:
    return (text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _add(read: Sheet, each: Finding) -> None:
    read.findings.append(each)
    if len(read.findings) >= MOST:
        _stop(read, "too-many-findings", (each.line, each.column), most=MOST)


def _stop(read: Sheet, code: str, place: tuple[int, int] = (1, 1), **values: object) -> NoReturn:
    read.findings.append(finding(code, place, (), **values))
    raise _StopError
