"""What forms share: tokens, Swedish messages that are translated where they are shown, and checks said plainly."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import validators
from wtforms.fields import Field

from app.web.language import gettext, later
from assessments.problems import ProblemError

REQUIRED = later("Fyll i det här.")


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """A form of ours; labels and messages are Swedish, marked with `later`, and the macros translate them."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc] # same
        """WTForms' own catalogs are left out: every message here is ours."""

        locales = False

    def refuse(self, field: str, sentence: str) -> None:
        """Say at a field what an action refused; an unknown field says it for the form as a whole."""
        found = self._fields.get(field)
        if found is None:
            self.form_errors.append(sentence)
        else:
            found.errors = [*found.errors, sentence]


def required(message: str = REQUIRED) -> validators.DataRequired:
    """Something must be there; also marks the field as required for the browser."""
    return validators.DataRequired(message)


def asked(message: str = REQUIRED) -> validators.InputRequired:
    """Like `required`, for fields where zero or false is an answer."""
    return validators.InputRequired(message)


def at_most(longest: int) -> Any:
    """A limit said with its number."""

    def check(_form: FlaskForm, field: Field) -> None:
        if field.data and len(field.data) > longest:
            raise validators.ValidationError(gettext("Högst %(max)s tecken.", max=longest))

    return check


def at_least(shortest: int) -> Any:
    """A limit said with its number."""

    def check(_form: FlaskForm, field: Field) -> None:
        if field.data and len(field.data.strip()) < shortest:
            raise validators.ValidationError(gettext("Skriv minst %(min)s tecken.", min=shortest))

    return check


def trimmed(value: str | None) -> str | None:
    """A filter: nobody means the spaces around it."""
    return value.strip() if isinstance(value, str) else value


def refusal(form: Form, problem: ProblemError, said: str) -> None:
    """Put an action's refusal where it belongs: at the field it names, else at the top."""
    form.refuse(str(problem.details.get("field", "")), said)
