"""Papers the candidate must already hold: what the assessor saw of each, as events."""

from collections.abc import Iterator
from typing import Any

from flask import request
from wtforms import HiddenField, StringField
from wtforms.fields import Field
from wtforms.validators import ValidationError

from app.store.assessments import CaseFile
from app.web import seen
from app.web.checklist_form import Pen, Plain
from app.web.forms import Form
from app.web.language import gettext, words
from assessments.event import Event, day
from criteria.model import Prerequisite


def papers_form(case: CaseFile, page: str) -> Form:
    """Two days for each paper."""
    fields: dict[str, Any] = {"page": HiddenField()}
    data: dict[str, Any] = {"page": page}
    for each in case.checklist.papers:
        shown = _shown(case, each)
        issued, until = seen.paper(shown)
        title = words(each.name)
        wish = {"type": "date"}
        fields[f"{each.id}:seen"], data[f"{each.id}:seen"] = HiddenField(), seen.ids_of(shown)
        told = f"{title}: {gettext('utfärdad')}"
        fields[f"{each.id}:issued"] = StringField(told, [_day, _with_until], render_kw=wish)
        data[f"{each.id}:issued"] = issued
        told = f"{title}: {gettext('sista dag enligt handlingen')}"
        fields[f"{each.id}:until"], data[f"{each.id}:until"] = StringField(told, [_day], render_kw=wish), until
    made: Form = type("PapersForm", (Form,), fields)(data=data)
    return made


def changes(case: CaseFile, form: Form, pen: Pen) -> list[Plain]:
    """Events for the papers that differ from what the author saw."""
    return [event for each in case.checklist.papers for event in _paper(case, each, form, pen)]


def _paper(case: CaseFile, paper: Prerequisite, form: Form, pen: Pen) -> Iterator[Plain]:
    if not form[f"{paper.id}:seen"].raw_data:
        return
    shown = _shown(case, paper)
    issued, until = ((form[f"{paper.id}:{part}"].data or "").strip() for part in ("issued", "until"))
    if (issued, until) == seen.paper(shown):
        return
    if issued:
        yield pen.write("prerequisite", paper.id, shown, issued=issued, valid_until=until or None)
    else:
        yield pen.write("withdrawal", paper.id, shown)


def _shown(case: CaseFile, paper: Prerequisite) -> tuple[Event, ...]:
    where = ("prerequisite", paper.id)
    if request.method == "POST":
        return seen.recalled(case, where, request.form.get(f"{paper.id}:seen", ""))
    return seen.current(case, where)


def _day(_form: Form, field: Field) -> None:
    if field.data and day(field.data.strip()) is None:
        raise ValidationError(gettext("Skriv dagen så här: 2026-01-31."))


def _with_until(form: Form, field: Field) -> None:
    until = form[f"{field.name.partition(':')[0]}:until"].data
    if (until or "").strip() and not (field.data or "").strip():
        raise ValidationError(gettext("Skriv också när handlingen är utfärdad."))
