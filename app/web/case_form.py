"""The form that opens a case: made for one edition, since modules and limits are the edition's own."""

import re
from decimal import Decimal

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    validators,
    widgets,
)
from wtforms.fields import Field

from app.actions.open_assessment import NewCandidate
from app.store.people import Person
from app.store.standards import Published
from app.web.forms import Form, at_most, required, trimmed
from app.web.language import decimal, gettext, later, words
from app.words import LANGUAGES
from assessments.event import day, number
from assessments.problems import LoosenedParameterError, ProblemError
from criteria.model import Parameter

LANGUAGE_NAMES: dict[str, str] = {"sv": "Svenska", "en": "English"}
LIMIT = "limit_"
EIGHT = re.compile(r"[0-9]{8}\Z")


class Ticks(SelectMultipleField):  # type: ignore[misc] # WTForms ships partial types
    """Several answers, each with a box to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


def as_day(value: str | None) -> str | None:
    """A filter: eight digits are a day too. Calendars to click in are slow for days long ago, so it is a text field."""
    return f"{value[:4]}-{value[4:6]}-{value[6:]}" if value and EIGHT.match(value) else value


def a_day(_form: FlaskForm, field: Field) -> None:
    """A calendar day."""
    if day(field.data) is None:
        raise validators.ValidationError(gettext("Skriv datumet som 1991-02-28."))


def a_number(_form: FlaskForm, field: Field) -> None:
    """A number with comma or point, or nothing."""
    if field.data and number(field.data) is None:
        raise validators.ValidationError(gettext("Skriv ett tal, till exempel 0,08."))


class CaseForm(Form):
    """What every edition asks."""

    key = HiddenField()
    name = StringField(later("Kandidatens namn"), [required(), at_most(80)], filters=[trimmed])
    birth_date = StringField(later("Födelsedatum"), [required(), a_day], filters=[trimmed, as_day])
    reference = StringField(later("Er egen referens"), [at_most(60)], filters=[trimmed])
    email = EmailField(later("Kandidatens e-postadress"), [at_most(255)], filters=[trimmed])
    language = RadioField(
        later("Språk i brev och bevis till kandidaten"),
        choices={key: LANGUAGE_NAMES[key] for key in LANGUAGES},
        default="sv",
    )
    protected = BooleanField(later("Kandidaten har skyddad identitet"))
    practice = BooleanField(later("Det här är en övning"))
    modules = Ticks(later("Moduler som ska bedömas"), [required(later("Välj minst en modul."))])
    assessors = Ticks(later("Bedömare"), [required(later("Välj minst en bedömare."))])

    @property
    def limits(self) -> list[Field]:
        """The fields for limits, in the edition's order."""
        return [each for each in self if each.name.startswith(LIMIT)]

    @property
    def candidate(self) -> NewCandidate:
        """What the form says of the candidate."""
        return NewCandidate(
            name=self.name.data,
            birth_date=self.birth_date.data,
            reference=self.reference.data or "",
            email=self.email.data or "",
            language=self.language.data,
            protected=self.protected.data,
        )

    @property
    def tightened(self) -> dict[str, Decimal]:
        """The limits that were written down."""
        found = {each.name.removeprefix(LIMIT): number(each.data or "") for each in self.limits}
        return {key: value for key, value in found.items() if value is not None}

    def place(self, problem: ProblemError) -> str:
        """The field an action's refusal belongs to; empty when it is the whole form's."""
        if isinstance(problem, LoosenedParameterError):
            return f"{LIMIT}{problem.details['parameter']}"
        return str(problem.details.get("field", ""))


def case_form(published: Published, able: list[Person], key: str) -> CaseForm:
    """The form for that edition; all modules are ticked from the start."""
    edition = published.content
    limits = {f"{LIMIT}{each.id}": _limit(each) for each in edition.parameters}
    made = type("EditionCaseForm", (CaseForm,), limits)
    form: CaseForm = made(key=key, modules=[module.id for module in edition.modules])
    form.modules.choices = {module.id: words(module.title) for module in edition.modules}
    form.assessors.choices = {person.id: person.name for person in able}
    return form


def _limit(parameter: Parameter) -> StringField:
    standing = decimal(parameter.value)
    hint = (
        gettext("Standardens gräns: högst %(value)s %(unit)s.", value=standing, unit=parameter.unit)
        if parameter.tighter == "lower"
        else gettext("Standardens gräns: minst %(value)s %(unit)s.", value=standing, unit=parameter.unit)
    )
    return StringField(words(parameter.name), [a_number], filters=[trimmed], description=hint)
