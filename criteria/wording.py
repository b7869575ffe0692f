"""Checks of the single word or value: languages, codes of other systems, days, addresses."""

import re
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from criteria.findings import Fault, Path
from criteria.model import Code, Edition

_LANGUAGE = re.compile(r"[a-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_SYSTEMS = {
    "SSYK": (r"\d{4}", "7420"),
    "ISCED-F": (r"\d{4}", "0714"),
    "JobTech": (r"[A-Za-z0-9]{4}_[A-Za-z0-9]{3}_[A-Za-z0-9]{3}", "r6AA_UrV_qw3"),
    "SUN": (r"\d{3}[a-z]?", "523e"),
    "ESCO": (r"http://data\.europa\.eu/esco/(occupation|skill|isco)/[A-Za-z0-9-]+", "http://data.europa.eu/esco/…"),
}


def walk(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Everything in an edition with its path in the file, parts after the whole."""
    waiting = [(path, value)]
    while waiting:
        here, held = waiting.pop()
        yield here, held
        if isinstance(held, Struct):
            kind = type(held)
            names = zip(reversed(kind.__struct_encode_fields__), reversed(kind.__struct_fields__), strict=True)
            waiting += [((*here, name), getattr(held, field)) for name, field in names]
        elif isinstance(held, tuple):
            waiting += [((*here, place), held[place]) for place in range(len(held) - 1, -1, -1)]


def texts(edition: Edition) -> Iterator[Fault]:
    """Every text speaks Swedish, should speak English, and says something."""
    for path, value in walk(edition):
        if not isinstance(value, dict):
            continue
        if "sv" not in value:
            yield Fault(code="sv-missing", path=path)
        if "en" not in value:
            yield Fault(code="en-missing", path=path)
        for tag, words in value.items():
            if not words.strip():
                yield Fault(code="text-blank", path=(*path, tag))
            if not _LANGUAGE.fullmatch(tag):
                yield Fault(code="language-tag", path=(*path, tag), values={"tag": tag}, at_key=True)
            elif tag not in edition.languages:
                yield Fault(code="language-undeclared", path=(*path, tag), values={"tag": tag}, at_key=True)


def languages(edition: Edition) -> Iterator[Fault]:
    """The list of languages holds Swedish, and each once."""
    if "sv" not in edition.languages:
        yield Fault(code="sv-missing", path=("languages",))
    for place, tag in enumerate(edition.languages):
        if not _LANGUAGE.fullmatch(tag):
            yield Fault(code="language-tag", path=("languages", place), values={"tag": tag})


def complete(edition: Edition) -> Iterator[Fault]:
    """A promised language is there in every text; hints are for the assessor alone."""
    for place, tag in enumerate(edition.complete):
        if tag not in edition.languages:
            yield Fault(code="language-undeclared", path=("complete", place), values={"tag": tag})
    for path, value in walk(edition):
        if isinstance(value, dict) and "hint" not in path:
            for tag in edition.complete:
                if tag not in value:
                    yield Fault(code="language-missing", path=path, values={"tag": tag})


def codes(edition: Edition) -> Iterator[Fault]:
    """A code looks as its system writes it."""
    for path, value in walk(edition):
        if isinstance(value, Code):
            pattern, example = _SYSTEMS[value.system]
            if not re.fullmatch(pattern, value.code):
                values: dict[str, object] = {"code": value.code, "system": value.system, "wanted": example}
                yield Fault(code="code-form", path=(*path, "code"), values=values)


def days(edition: Edition) -> Iterator[Fault]:
    """Days are in the calendar, and in order."""
    named: list[tuple[Path, str]] = [(("valid_from",), edition.valid_from), (("review_by",), edition.review_by)]
    if edition.level.on:
        named.append((("level", "on"), edition.level.on))
    unreal = [(path, value) for path, value in named if not _real(value)]
    for path, value in unreal:
        yield Fault(code="day-unreal", path=path, values={"day": value})
    if not unreal and edition.review_by < edition.valid_from:
        yield Fault(code="days-crossed", path=("review_by",))


def owner(edition: Edition) -> Iterator[Fault]:
    """Who owns the standard can be looked up."""
    if edition.owner.homepage and not re.match(r"https://[^\s/]+", edition.owner.homepage):
        yield Fault(code="link-form", path=("owner", "homepage"))
    number = edition.owner.organisation_number
    if number and not _luhn(number.replace("-", "")):
        yield Fault(code="organisation-number", path=("owner", "organisation_number"), values={"value": number})


def workload(edition: Edition) -> Iterator[Fault]:
    """A module of no hours cannot be a micro-credential."""
    for place, module in enumerate(edition.modules):
        if int(module.workload[2:-1]) == 0:
            yield Fault(code="workload-zero", path=("modules", place, "workload"))


def _real(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0
