"""A CASE package, ours or anybody's, as a draft standard. Experimental.

Frameworks know trees of any depth and no more than statements; a standard has module, outcome and criterion and wants
much else. Levels that are missing get a stand-in with the same text, levels too many become criteria named after
what they lie in, and what nobody told is filled in with proposals and said.
"""

import copy
import re
import unicodedata
from typing import Any

import msgspec
from msgspec import Struct, field

from criteria import linter
from criteria.case_tree import STANDS, UNDER, Framework, Item, framework, untranslated, words
from criteria.case_write import EXTENSION, Version, package
from criteria.findings import FaultyStandardError, Path
from criteria.model import Edition

_LANGUAGE = re.compile(r"[a-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_ID = 22
"""Room is left for the ends of stand-ins: an id has forty characters."""
_LETTERS = {"module": "M", "outcome": "L", "criterion": "K"}
_OPEN = {"sv": "Återstår att beskriva.", "en": "Remains to be described."}
_NOTICE = {
    "sv": "Utkast ur ett ramverk i formatet CASE. Det som ramverket inte säger är ifyllt som förslag.",
    "en": "Draft from a framework in CASE format. What the framework does not say is filled in as proposals.",
}
_FILLED = "level, workload, methods, pass, rules, results, participation"
_PLACE = re.compile(r"`\$(.*?)`\s*\Z")


def read(data: bytes, *, language: str = "") -> Edition:
    """The edition; raises `FaultyStandardError` with the places of all faults."""
    edition, found = examine(data, language=language)
    if edition is None:
        raise FaultyStandardError(found.findings)
    return edition


def examine(data: bytes, *, language: str = "") -> tuple[Edition | None, Framework]:
    """The edition, if it can be had, and all there is to say. `language` is taken when the package tells none."""
    found = framework(data)
    if found.faulty:
        return None, found
    builder = _Builder(found=found, language=_tag(str(found.document.get("language") or language)))
    if not builder.language:
        builder.language = "sv"
        if not all(each.language for each in _all(found.items)):
            found.say("case-language", "/CFDocument", tag="sv")
    value = builder.edition()
    try:
        edition = msgspec.convert(value, Edition, strict=False)
    except msgspec.ValidationError as fault:
        found.say("form", builder.pointer(str(fault)), value="", wanted=str(fault))
        return None, found
    for each in linter.faults(edition):
        found.say(each.code, builder.place(each.path), **each.values)
    return _standing(edition, data, found), found


def _standing(edition: Edition, data: bytes, found: Framework) -> Edition:
    """Only what comes back exactly as it left keeps its status; whatever was touched is a draft again."""
    document = found.document
    uri = str(document.get("uri", ""))
    version: Version = "1.1" if "caseVersion" in document else "1.0"
    base = uri.partition("/ims/case/")[0]
    if msgspec.json.decode(data) == package(edition, base=base, version=version):
        return edition
    return msgspec.structs.replace(edition, status="draft")


def _all(items: list[Item]) -> list[Item]:
    return [each for item in items for each in (item, *_all(item.children))]


def _tag(language: str) -> str:
    """A language tag as standards write it; regions of Swedish and English say nothing here."""
    tag = language.strip().replace("_", "-")
    tag = tag[:1].lower() + tag[1:] if "-" in tag else tag.lower()
    if tag.partition("-")[0].lower() in ("sv", "en"):
        return tag[:2].lower()
    return tag if _LANGUAGE.fullmatch(tag) else ""


class _Builder(Struct, kw_only=True):
    """Puts the edition together as plain values and remembers whose place is where."""

    found: Framework
    language: str
    ids: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    languages: dict[str, None] = field(default_factory=dict)
    places: dict[Path, str] = field(default_factory=dict)

    def place(self, path: Path) -> str:
        """The JSON pointer of a path, or of the nearest thing around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, "/CFDocument")

    def pointer(self, problem: str) -> str:
        """The same for the path that msgspec tells at the end of its sentence."""
        told = _PLACE.search(problem)
        parts = re.findall(r"\.(\w+)|\[(\d+)\]", told[1]) if told else []
        path = tuple(int(number) if number else name for name, number in parts)
        where = self.place(path)
        return f"{where}/extensions/{EXTENSION}"

    def edition(self) -> dict[str, Any]:
        """All of it."""
        for each in _all(self.found.items):
            if each.value and isinstance(each.value.get("id"), str):
                self.ids.add(each.value["id"])
        modules = [self.module(item, ("modules", place)) for place, item in enumerate(self.found.items)]
        document = self.found.document
        ours = document.get("extensions")
        held = ours.get(EXTENSION) if isinstance(ours, dict) else None
        if isinstance(held, dict) and isinstance(held.get("edition"), dict):
            value: dict[str, Any] = copy.deepcopy(held["edition"])
            self.put(value, "title", str(document["title"]), self.language)
            for key, name in (("summary", "description"), ("notice", "notes")):
                if isinstance(document.get(name), str):
                    self.put(value, key, document[name], self.language)
        else:
            value = self.filled(document)
        value["modules"] = modules
        listed = value.get("languages")
        if isinstance(listed, list):
            value["languages"] = [*listed, *(each for each in self.languages if each not in listed)]
        return value

    def filled(self, document: dict[str, Any]) -> dict[str, Any]:
        """What a standard needs and the framework cannot know."""
        self.found.say("case-filled", "/CFDocument", what=_FILLED)
        if self.language != "sv":
            self.found.say("case-untranslated", "/CFDocument", tag=self.language)
        title, when = self.clean(document["title"]), str(document.get("lastChangeDateTime") or "")
        day = when[:10] if re.match(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])", when) else "2026-01-01"
        version = str(document.get("version") or "")
        description, notes = document.get("description"), document.get("notes")
        homepage = str(document.get("officialSourceURL") or "")
        licence = document.get("licenseURI")
        return {
            "format": "1",
            "standard": self.slug(title),
            "edition": version if re.fullmatch(r"\d{4}\.\d{1,3}", version) else f"{day[:4]}.1",
            "status": "draft",
            "title": self.texts(title, self.language),
            "summary": self.texts(self.clean(description or title), self.language),
            "notice": self.texts(self.clean(notes), self.language) if notes else dict(_NOTICE),
            "owner": {
                "name": self.clean(document["creator"]),
                "country": "ZZ",
                **({"homepage": homepage} if homepage.startswith("https://") else {}),
            },
            "licence": self.clean(licence.get("title") if isinstance(licence, dict) else "") or "?",
            "languages": ["sv", "en"],
            "valid_from": day,
            "review_by": f"{int(day[:4]) + 3}{day[4:]}",
            "level": {"seqf": 4, "eqf": 4, "state": "proposed"},
            "participation": dict(_OPEN),
            "assessment_form": dict(_OPEN),
            "quality_assurance": dict(_OPEN),
            "supervision": dict(_OPEN),
            "sources": [{"id": "case", "title": title, "clause": self.clean(document.get("uri")) or "CASE"}],
            "results": [{"id": "intyg", "kind": "intyg", "name": {"sv": "Intyg", "en": "Statement"}, "modules": "any"}],
            "rules": [{"name": "every-criterion-met"}, {"name": "methods-enough"}],
        }

    def module(self, item: Item, path: Path) -> dict[str, Any]:
        """A top item, with stand-ins below it when it is all there is."""
        value = self.start(item, "module", "title", path)
        if item.value is None:
            value["short"] = (item.short or item.said).strip()[:24].strip()
            value["summary"] = self.texts(item.notes, self.tag(item)) if item.notes else value["title"]
            value["workload"] = "PT0H"
        else:
            value["short"] = item.short or value.get("short")
            if item.notes:
                self.put(value, "summary", item.notes, self.tag(item))
        children = item.children or [self.stand_in(item, value, "title", "outcome")]
        inside = item.inside[1:] if not item.children else []
        value["outcomes"] = [
            self.outcome(each, (*path, "outcomes", place), inside) for place, each in enumerate(children)
        ]
        return value

    def outcome(self, item: Item, path: Path, inside: list[dict[str, Any]]) -> dict[str, Any]:
        """An item of the second level."""
        value = self.start(item, "outcome", "text", path)
        value.setdefault("kind", "skill")
        if inside:
            item.inside = inside
        children = item.children or [self.stand_in(item, value, "text", "criterion")]
        found: list[dict[str, Any]] = []
        for each in children:
            self.criterion(each, (*path, "criteria"), found, "")
        value["criteria"] = found
        return value

    def criterion(self, item: Item, path: Path, found: list[dict[str, Any]], above: str) -> None:
        """An item of the third level, and after it those that lie in it."""
        here = (*path, len(found))
        value = self.start(item, "criterion", "text", here, above)
        if item.value is None:
            value["pass"] = self.texts(item.passed, self.tag(item)) if item.passed else dict(_OPEN)
            value |= {"kind": "skill", "methods": {"allowed": ["OBS"]}, "source": ["case"]}
            if item.notes:
                value["hint"] = self.texts(item.notes, self.tag(item))
            if isinstance(self.found.document.get("extensions"), dict):
                del value["source"]  # an item that somebody added to a package of ours
        else:
            for key, said in (("pass", item.passed), ("hint", item.notes)):
                if said:
                    self.put(value, key, said, self.tag(item))
        found.append(value)
        for each in item.children:
            self.criterion(each, path, found, str(value["id"]))

    def start(self, item: Item, kind: str, key: str, path: Path, above: str = "") -> dict[str, Any]:
        """Id and statement."""
        self.places[path] = item.pointer
        if item.value is not None:
            value = {
                each: copy.deepcopy(held) for each, held in item.value.items() if each not in ("outcomes", "criteria")
            }
            self.put(value, key, item.said, self.tag(item))
            return value
        if above:
            self.counts[above] = self.counts.get(above, 0) + 1
            name = f"{above}{UNDER}{self.counts[above]}"
            if len(name) > 40:
                self.found.say("case-deep", item.pointer)
        else:
            name = self.id(item, kind)
        return {"id": name, key: self.texts(item.said, self.tag(item))}

    def stand_in(self, item: Item, value: dict[str, Any], key: str, kind: str) -> Item:
        """What stands for a level that the framework does not have."""
        held = item.inside[0] if item.inside else None
        if held is None:
            held = {"id": f"{value['id']}{STANDS[kind]}", "text": copy.deepcopy(value[key])}
            held |= {"kind": "skill"} if kind == "outcome" else self.criterion_of(item)
        else:
            held = held | {"text": copy.deepcopy(value[key])}
        return Item(
            identifier="", said=item.said, language=item.language, value=held, pointer=item.pointer, passed=item.passed
        )

    def criterion_of(self, item: Item) -> dict[str, Any]:
        """The proposals for a criterion."""
        passed = self.texts(item.passed, self.tag(item)) if item.passed else dict(_OPEN)
        ours = isinstance(self.found.document.get("extensions"), dict)
        return {
            "kind": "skill",
            "pass": passed,
            "methods": {"allowed": ["OBS"]},
            **({} if ours else {"source": ["case"]}),
        }

    def id(self, item: Item, kind: str) -> str:
        """The framework's own code if it can be one, else a number."""
        name = re.sub(r"_{2,}", "_", re.sub(r"[^A-Za-z0-9_.-]+", "-", item.code)).strip("-._")[:_ID]
        if name and not name[0].isalpha():
            name = f"K{name}"[:_ID]
        while not name or name in self.ids:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            name = f"{_LETTERS[kind]}{self.counts[kind]}"
        self.ids.add(name)
        return name

    def tag(self, item: Item) -> str:
        """The language of an item."""
        return _tag(item.language) or self.language

    def texts(self, said: str, tag: str) -> dict[str, str]:
        """A text of a standard: Swedish, or marked as not yet Swedish."""
        self.languages[tag] = None
        return {"sv": said} if tag == "sv" else {"sv": f"[{tag}] {said}", tag: said}

    def put(self, value: dict[str, Any], key: str, said: str, tag: str) -> None:
        """Take over a text that may have been edited since it left us."""
        texts = value.get(key)
        if not isinstance(texts, dict) or not all(isinstance(each, str) for each in texts.values()):
            value[key] = self.texts(said, tag)
            return
        language, shown = words(texts)
        if shown != said:
            waits = untranslated(texts)
            texts[language] = said
            if waits:
                texts["sv"] = f"[{language}] {said}"

    @staticmethod
    def clean(said: object) -> str:
        """A text of the document as standards keep them."""
        return unicodedata.normalize("NFC", said) if isinstance(said, str) else ""

    def slug(self, title: str) -> str:
        """The name of the standard, out of its title if that has Latin letters."""
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
        if re.match(r"[a-z]", name):
            return name
        rest = re.sub(r"[^a-z0-9]", "", str(self.found.document.get("identifier", "")).lower())[:8]
        return f"framework-{rest or '1'}"
