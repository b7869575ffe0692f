"""The fields of a checklist: one form per module, built from the criteria themselves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import request
from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.store.assessments import CaseFile
from app.web import seen
from app.web.forms import Form, at_most
from app.web.language import gettext, later, words
from app.web.told import EVIDENCE, SCORES
from app.words import METHODS
from assessments.event import Event, Row, day, number
from assessments.standing import Slot
from criteria.model import (
    ChoiceFact,
    Column,
    Criterion,
    DateFact,
    Fact,
    Module,
    NumberFact,
    ScoreFact,
    StepsFact,
    TableFact,
)

TYPED = tuple(kind for kind in EVIDENCE if kind != "photo")
MORE = 6
"""So many rows are added at a time."""
MOST_ROWS = 200


class Ticks(SelectMultipleField):  # type: ignore[misc] # WTForms ships no types
    """Ticks; what is not on the list is left out instead of refused, since lists change while pages are open."""

    data: Any
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, _form: Form) -> None:
        """Keep what is known."""
        known = set(self.choices)
        self.data = [each for each in self.data or [] if each in known]


def name(item: str, *parts: str) -> str:
    """A field's name: `SKA.3:fact:splices:0:ab`."""
    return ":".join((item, *parts))


def module_form(case: CaseFile, module: Module, actor: str, today: str, page: str) -> Form:
    """The form of a module: filled from what stands, or from what was posted on top of what its author saw."""
    fields: dict[str, Any] = {"page": HiddenField()}
    data: dict[str, Any] = {"page": page}
    for criterion in module.criteria:
        for key, field, initial in _criterion(case, criterion, actor, today):
            fields[key], data[key] = field, initial
    made: Form = type("ModuleForm", (Form,), fields)(data=data)
    for key, count in data.items():
        if key.endswith(":rows"):
            made[key].data = count
    return made


def look(case: CaseFile, where: Slot, key: str, own: str = "") -> tuple[Event, ...]:
    """What the page shows of a slot: on a post what it had shown, by the ids in its hidden field."""
    if request.method == "POST":
        return seen.recalled(case, where, request.form.get(name(key, "seen"), ""))
    return seen.current(case, where, own)


def row_count(fact: TableFact, key: str, filled: int) -> int:
    """How many rows a table shows; a button asks for more without saving."""
    if request.method == "POST":
        posted = request.form.get(name(key, "rows"), "")
        wanted = int(posted) if posted.isdecimal() and len(posted) < 4 else fact.rows
        return max(1, min(MOST_ROWS, wanted + (MORE if request.form.get("more") == key else 0)))
    return min(MOST_ROWS, max(fact.rows, filled + 1 if filled >= fact.rows else 0))


def _criterion(case: CaseFile, criterion: Criterion, actor: str, today: str) -> Iterator[tuple[str, Field, object]]:
    item = criterion.id
    own = actor if seen.needs_two(case, criterion) else ""
    shown = look(case, ("score", item), name(item, "score"), own)
    judged = seen.judged(shown)
    yield name(item, "score", "seen"), HiddenField(), seen.ids_of(shown)
    yield (
        name(item, "score"),
        RadioField(later("Bedömning"), choices=_scores(criterion), validate_choice=False),
        judged.score,
    )
    methods = {each: METHODS[each] for each in criterion.methods.allowed}
    yield name(item, "methods"), Ticks(later("Så här bedömdes det"), choices=methods), list(judged.methods)
    if criterion.may_be_not_applicable:
        yield (
            name(item, "reason"),
            StringField(f"{item} {gettext('Varför ej tillämpligt')}", [at_most(1000), _reason]),
            judged.reason,
        )
    for fact in criterion.facts:
        yield from _fact(case, criterion, fact)
    yield name(item, "note"), TextAreaField(f"{item} {gettext('Anteckning')}", [at_most(4000)]), ""
    removable = {event.id: event.id for event in removables(case, item)}
    yield name(item, "remove"), Ticks(later("Ta tillbaka"), choices=removable), []
    yield name(item, "photos"), MultipleFileField(f"{item} {gettext('Foto')}"), None
    yield (
        name(item, "evidence"),
        SelectField(later("Slag av bevis"), choices={each: EVIDENCE[each] for each in TYPED}),
        _first_kind(criterion),
    )
    yield name(item, "day"), _date(f"{item} {gettext('Dag')}"), today
    yield name(item, "text"), StringField(f"{item} {gettext('Bevismaterial')}", [at_most(2000)]), ""


def removables(case: CaseFile, item: str) -> Sequence[Event]:
    """Notes and evidence that can be taken back: they add up, so nothing else replaces them."""
    differing = (e for where, each in case.standing.conflicts.items() if where[:2] == ("evidence", item) for e in each)
    return (*case.standing.notes.get(item, ()), *case.standing.evidence.get(item, ()), *differing)


def _fact(case: CaseFile, criterion: Criterion, fact: Fact) -> Iterator[tuple[str, Field, object]]:
    key = name(criterion.id, "fact", fact.id)
    shown = look(case, ("fact", criterion.id, fact.id), key)
    given = seen.value(shown)
    label = f"{criterion.id} {words(fact.title)}"
    yield name(key, "seen"), HiddenField(), seen.ids_of(shown)
    if isinstance(fact, TableFact):
        yield from _table(fact, key, label, given if isinstance(given, tuple) else ())
    elif isinstance(fact, StepsFact):
        yield from _steps(fact, key, label, given if isinstance(given, tuple) else ())
    else:
        yield key, _field(fact, label), given if isinstance(given, str) else ""


def _field(fact: Fact, label: str) -> Field:
    if isinstance(fact, ChoiceFact):
        choices = {"": later("Ej angivet")} | {option.id: words(option.title) for option in fact.options}
        return RadioField(label, choices=choices, invalid_choice_message=later("Välj ett av svaren."))
    if isinstance(fact, DateFact):
        return _date(label)
    if isinstance(fact, NumberFact):
        return StringField(label, [at_most(24), _number], render_kw={"inputmode": "decimal", "autocomplete": "off"})
    if isinstance(fact, ScoreFact):
        return StringField(label, [_points(fact.points)], render_kw={"inputmode": "decimal", "autocomplete": "off"})
    return StringField(label, [at_most(1000)], render_kw={"autocomplete": "off"})


def _table(fact: TableFact, key: str, label: str, rows: tuple[Row, ...]) -> Iterator[tuple[str, Field, object]]:
    count = row_count(fact, key, len(rows))
    yield name(key, "rows"), HiddenField(), str(count)
    for place in range(count):
        given: Mapping[str, str] = rows[place] if place < len(rows) else {}
        for column in fact.columns:
            if column.kind == "mean":
                continue
            told = f"{label}, {gettext('rad %(place)s', place=place + 1)}, {words(column.title)}"
            yield name(key, str(place), column.id), _cell(column, told), given.get(column.id, "")


def _cell(column: Column, label: str) -> Field:
    if column.kind == "date":
        return _date(label)
    checks = [at_most(200), _number] if column.kind == "number" else [at_most(200)]
    wish = {"inputmode": "decimal" if column.kind == "number" else "text", "autocomplete": "off"}
    return StringField(label, checks, render_kw=wish)


def _steps(fact: StepsFact, key: str, label: str, rows: tuple[Row, ...]) -> Iterator[tuple[str, Field, object]]:
    """For each step the place it was taken in, and who stood beside when that is asked."""
    taken = {row.get("step", ""): place for place, row in enumerate(rows, start=1)}
    witness = {row.get("step", ""): row.get("witness", "") for row in rows}
    for step in fact.steps:
        told = f"{label}, {words(step.title)}"
        wish = {"inputmode": "numeric", "autocomplete": "off"}
        yield (
            name(key, step.id, "place"),
            StringField(told, [_place(fact, key)], render_kw=wish),
            taken.get(step.id, ""),
        )
        if step.witnessed:
            second = f"{told}, {gettext('andra person')}"
            yield name(key, step.id, "witness"), StringField(second, [at_most(200)]), witness.get(step.id, "")


def _scores(criterion: Criterion) -> dict[str, str]:
    return {key: said for key, said in SCORES.items() if key != "not_applicable" or criterion.may_be_not_applicable}


def _first_kind(criterion: Criterion) -> str:
    wanted = criterion.evidence.kinds if criterion.evidence else ()
    return next((kind for kind in wanted if kind in TYPED), "document")


def _date(label: str) -> Field:
    return StringField(label, [_day], render_kw={"type": "date"})


def _number(_form: Form, field: Field) -> None:
    if field.data and field.data.strip() and number(field.data) is None:
        raise ValidationError(gettext("Skriv ett tal, till exempel 0,08."))


def _points(most: int) -> Any:
    def check(_form: Form, field: Field) -> None:
        points = number(field.data or "")
        if (field.data or "").strip() and (points is None or not 0 <= points <= most):
            raise ValidationError(gettext("Skriv poängen, 0 till %(most)s.", most=most))

    return check


def _place(fact: StepsFact, key: str) -> Any:
    """Each place is taken by one step."""

    def check(form: Form, field: Field) -> None:
        typed = str(field.data or "").strip()
        if typed and not (typed.isdecimal() and 1 <= int(typed[:3]) <= len(fact.steps)):
            raise ValidationError(gettext("Skriv ordningen med en siffra, 1 till %(most)s.", most=len(fact.steps)))
        places = [str(form[name(key, step.id, "place")].data or "").strip() for step in fact.steps]
        if typed and places.count(typed) > 1:
            raise ValidationError(gettext("Två steg kan inte ha samma nummer."))

    return check


def _day(_form: Form, field: Field) -> None:
    if field.data and day(field.data.strip()) is None:
        raise ValidationError(gettext("Skriv dagen så här: 2026-01-31."))


def _reason(form: Form, field: Field) -> None:
    item = field.name.rpartition(":")[0]
    if form[name(item, "score")].data == "not_applicable" and not (field.data or "").strip():
        raise ValidationError(gettext("Skriv varför kriteriet inte är tillämpligt här."))
