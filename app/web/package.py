"""What a tablet takes along: the pinned edition laid out for one case, in all languages, with its limits."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from app.actions.candidate_code import check_of
from app.actions.sealed import seal_of
from app.store import candidate_codes, deliveries, organisations
from app.store.assessments import CaseFile
from app.store.timeline import Look
from app.tools import Tools
from app.words import LANGUAGES, METHODS, translations
from assessments import measured
from assessments.checklist import Checklist
from assessments.event import SignedOff
from criteria.model import Criterion, Fact, Module, ParameterRef, TableFact

FORMAT = "intyga-paket-1"


class File(Struct, frozen=True):
    """Something the tablet keeps, and how it knows that it is whole."""

    url: str
    sha256: str
    size: int


def package(tools: Tools, tx: Look, case: CaseFile, me: str) -> dict[str, Any]:
    """The value without its files; the same for the same state of the case."""
    found, lists = case.assessment, case.checklist
    edition, provider = lists.edition, organisations.find(tx, found.provider)
    names = {each.person: each.name for each in found.assigned}
    code = check_of(candidate_codes.of(tx, [found.id]).get(found.id))
    return {
        "format": FORMAT,
        "assessment": found.id,
        "practice": found.practice,
        "state": found.state,
        "provider": {"id": provider.id, "name": provider.name},
        "me": {"person": me, "name": names.get(me, "")},
        "assessors": [{"person": each.person, "name": each.name} for each in found.assigned],
        "candidate": {
            "name": found.candidate.reference if found.candidate.protected else found.candidate.name,
            "language": found.candidate.language,
            "code": msgspec.to_builtins(code),
        },
        "edition": {
            "sha256": found.edition,
            "standard": found.standard,
            "edition": found.edition_name,
            "title": edition.title,
            "languages": list(edition.languages),
        },
        "assessors_needed": edition.assessors,
        "parameters": [
            {
                "id": each.id, "name": each.name, "unit": each.unit, "tighter": each.tighter,
                "value": _plain(lists.limit(ParameterRef(parameter=each.id))),
            }
            for each in edition.parameters
        ],
        "prerequisites": [msgspec.to_builtins(each) for each in lists.papers],
        "tables": [
            {"id": each.id, "title": each.title, "variant": msgspec.to_builtins(lists.variant(each.id))}
            for each in edition.tables
        ],
        "methods": {key: {to: translations(to).gettext(said) for to in LANGUAGES} for key, said in METHODS.items()},
        "modules": [_module(lists, each) for each in lists.modules],
        "events": [msgspec.to_builtins(each.event) for each in (*case.stored, *case.unconfirmed)],
        "sign_offs": _sign_offs(tx, case),
        "seal": msgspec.to_builtins(seal_of(tools, provider.id)),
    }  # fmt: skip


def encoded(value: dict[str, Any]) -> tuple[bytes, str]:
    """As it is sent, with its ETag."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return body, hashlib.sha256(body).hexdigest()


def file(url: str, data: bytes) -> File:
    """Named by its address and hash."""
    return File(url, hashlib.sha256(data).hexdigest(), len(data))


def _module(lists: Checklist, module: Module) -> dict[str, Any]:
    return {
        "id": module.id,
        "title": module.title,
        "short": module.short,
        "summary": module.summary,
        "outcomes": [
            {
                "id": outcome.id,
                "kind": outcome.kind,
                "text": outcome.text,
                "criteria": [_criterion(lists, each) for each in outcome.criteria],
            }
            for outcome in module.outcomes
        ],
    }


def _criterion(lists: Checklist, criterion: Criterion) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(criterion)
    for left_out in ("source", "codes"):
        plain.pop(left_out)
    plain["facts"] = [_fact(lists, each) for each in criterion.facts]
    return plain


def _fact(lists: Checklist, fact: Fact) -> dict[str, Any]:
    plain = _resolved(lists, fact)
    if isinstance(fact, TableFact):
        plain["columns"] = [_resolved(lists, each) for each in fact.columns]
    plain["limit"] = {to: measured.limits(lists, fact, to) for to in LANGUAGES}
    return plain


def _resolved(lists: Checklist, value: Struct) -> dict[str, Any]:
    """Every limit as the decimal text that holds in this case."""
    plain: dict[str, Any] = msgspec.to_builtins(value)
    for name in ("minimum", "maximum", "warning_minimum", "warning_maximum", "threshold"):
        if name in plain:
            plain[name] = _plain(lists.limit(getattr(value, name)))
    return plain


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _sign_offs(tx: Look, case: CaseFile) -> list[dict[str, Any]]:
    came = deliveries.of_case(tx, case.assessment.id)
    return [
        {
            "device": came[event.id].device, "role": event.role, "covers": event.covers, "digest": event.digest,
            "declined": event.declined,
        }
        for each in (*case.stored, *case.unconfirmed)
        if isinstance(event := each.event, SignedOff) and event.id in came
    ]  # fmt: skip
