"""From a posted checklist to events: only what differs from what its author saw, and nothing twice."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from werkzeug.datastructures import FileStorage
from wtforms.fields import Field

from app.actions.keep_photo import PhotoError, keep_photo
from app.actions.record import record
from app.policy import Actor
from app.store import events
from app.store.assessments import CaseFile
from app.tools import STOCKHOLM, Tools
from app.web import seen
from app.web.checklist_fields import TYPED, look, name
from app.web.forms import Form
from app.web.problems import said
from app.web.told import SCORES
from assessments.event import Event, Row
from assessments.problems import EventChangedError
from criteria.model import Criterion, Fact, Module, StepsFact, TableFact

Plain = dict[str, Any]


class Pen:
    """Writes events of one author on one page; ids follow from page and content."""

    def __init__(self, tools: Tools, actor: Actor, assessment: str, page: str) -> None:
        self.page = page
        self.common: Plain = {
            "assessment": assessment,
            "actor": actor.person,
            "at": tools.now().astimezone(STOCKHOLM).isoformat(timespec="seconds"),
            "source": "desk",
        }

    def write(self, kind: str, item: str, replaces: Sequence[Event] = (), **content: object) -> Plain:
        """One event as the plain values the gate reads."""
        ids = sorted(event.id for event in replaces)
        told = msgspec.json.encode([kind, item, ids, content], order="deterministic").decode()
        return {
            "id": seen.event_id(self.page, told),
            "kind": kind,
            "item": item,
            "replaces": ids,
            **content,
            **self.common,
        }


def changes(case: CaseFile, module: Module, form: Form, pen: Pen) -> list[Plain]:
    """The events that the posted form makes, each with the criterion it belongs to."""
    return [event for criterion in module.criteria for event in _criterion(case, criterion, form, pen)]


def keep(tools: Tools, actor: Actor, assessment: str, sent: list[Plain]) -> int:
    """Record them; returns how many are new. A double submit at the same instant changes nothing and is no fault."""
    if not sent:
        return 0
    try:
        return len(record(tools, actor, assessment, sent).new)
    except EventChangedError:
        # The same page came twice at once: same events, another second on the clock.
        with tools.read() as tx:
            known = {each.event.id for each in events.of(tx, assessment)}
        fresh = [event for event in sent if event["id"] not in known]
        return len(record(tools, actor, assessment, fresh).new) if fresh else 0


def fresh(case: CaseFile, sent: list[Plain]) -> list[Plain]:
    """Those that the case does not hold yet: a page sent again says nothing new."""
    known = {each.event.id for each in case.stored}
    return [event for event in sent if event["id"] not in known]


def keep_photos(tools: Tools, actor: Actor, case: CaseFile, module: Module, form: Form, pen: Pen, today: str) -> int:
    """Photos are kept at once, whatever else is wrong on the page: nobody has to choose them again."""
    sent = []
    for criterion in module.criteria:
        field = form[name(criterion.id, "photos")]
        had = {each.sha256 for each in case.standing.evidence.get(criterion.id, ())}
        for file in _files(field):
            try:
                sha256 = keep_photo(tools, actor, case.assessment.id, file.read())
            except PhotoError as problem:
                field.errors = [*field.errors, said(problem)]
                continue
            if sha256 not in had:
                had.add(sha256)
                sent.append(pen.write("evidence", criterion.id, evidence="photo", day=today, sha256=sha256))
    return keep(tools, actor, case.assessment.id, fresh(case, sent))


def place(form: Form, sent: list[Plain], where: str) -> str:
    """The field that a fault of the gate (`3.value.0.ab`) belongs to; empty when none is."""
    index, _, rest = where.partition(".")
    if not index.isdecimal() or int(index) >= len(sent):
        return ""
    event = sent[int(index)]
    parts = {"score": ("score",), "note": ("note",), "evidence": ("text",), "fact": ("fact", event.get("fact", ""))}
    item = name(event["item"], *parts.get(event["kind"], ("score",)))
    tried = [name(item, *rest.split(".")[1:]), item, name(event["item"], "score")]
    return next((key for key in tried if key in form), "")


def _files(field: Field) -> list[FileStorage]:
    return [each for each in field.data or [] if isinstance(each, FileStorage) and each.filename]


def _criterion(case: CaseFile, criterion: Criterion, form: Form, pen: Pen) -> Iterator[Plain]:
    item = criterion.id
    yield from _score(case, criterion, form, pen)
    for fact in criterion.facts:
        yield from _fact(case, criterion, fact, form, pen)
    words = (form[name(item, "note")].data or "").strip()
    if words:
        yield pen.write("note", item, text=words)
    text = (form[name(item, "text")].data or "").strip()
    if text:
        kind = form[name(item, "evidence")].data
        given = (form[name(item, "day")].data or "").strip()
        yield pen.write("evidence", item, evidence=kind if kind in TYPED else "note", day=given, text=text)
    for each in _removed(case, form, item):
        yield pen.write("withdrawal", item, [each])


def _removed(case: CaseFile, form: Form, item: str) -> Iterator[Event]:
    gone = set(form[name(item, "remove")].data or ())
    yield from (each.event for each in case.stored if each.event.id in gone and each.event.item == item)


def _score(case: CaseFile, criterion: Criterion, form: Form, pen: Pen) -> Iterator[Plain]:
    key = name(criterion.id, "score")
    if not _posted(form, key):
        return
    shown = look(case, ("score", criterion.id), key)
    before = seen.judged(shown)
    score = form[key].data
    if score not in SCORES:
        return
    reason = (form[name(criterion.id, "reason")].data or "").strip() if criterion.may_be_not_applicable else ""
    methods = tuple(sorted(form[name(criterion.id, "methods")].data or ()))
    after = seen.Judged(score, methods, reason if score == "not_applicable" else "")
    if after != before:
        yield pen.write(
            "score", criterion.id, shown, score=after.score, methods=list(after.methods), reason=after.reason
        )


def _fact(case: CaseFile, criterion: Criterion, fact: Fact, form: Form, pen: Pen) -> Iterator[Plain]:
    key = name(criterion.id, "fact", fact.id)
    if not _posted(form, key):
        return
    shown = look(case, ("fact", criterion.id, fact.id), key)
    before = seen.value(shown)
    after: str | list[Row] = _typed(fact, key, form)
    if after != (list(before) if isinstance(before, tuple) else before) and (after or before):
        yield pen.write("fact", criterion.id, shown, fact=fact.id, value=after)


def _typed(fact: Fact, key: str, form: Form) -> str | list[Row]:
    if isinstance(fact, TableFact):
        return _rows(fact, key, form)
    return _taken(fact, key, form) if isinstance(fact, StepsFact) else (form[key].data or "").strip()


def _taken(fact: StepsFact, key: str, form: Form) -> list[Row]:
    """The steps that were taken, in the order in which they were."""
    places = {step.id: str(form[name(key, step.id, "place")].data or "").strip() for step in fact.steps}
    taken = sorted((int(place), step) for step, place in places.items() if place.isdecimal())
    rows: list[Row] = []
    for _, step in taken:
        beside = name(key, step, "witness")
        witness = (form[beside].data or "").strip() if beside in form else ""
        rows.append({"step": step} | ({"witness": witness} if witness else {}))
    return rows


def _rows(fact: TableFact, key: str, form: Form) -> list[Row]:
    """The rows that hold something, in their order."""
    count = int(form[name(key, "rows")].data or 0) if name(key, "rows") in form else 0
    typed = [column.id for column in fact.columns if column.kind != "mean"]
    rows = [
        {each: (form[name(key, str(at), each)].data or "").strip() for each in typed}
        for at in range(count)
        if name(key, str(at), typed[0]) in form
    ]
    return [row for row in rows if any(row.values())]


def _posted(form: Form, key: str) -> bool:
    """A slot that the page did not show is none that its author changed."""
    raw = form[name(key, "seen")].raw_data
    return bool(raw)
