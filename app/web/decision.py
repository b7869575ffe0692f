"""The decision: the verdict with every reason, and a motivation per outcome that a person has written, not accepted."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from msgspec import Struct
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import ValidationError

from app.actions.decide import decide, propose, take_back
from app.actions.open_assessment import require_assigned
from app.store import assessments, decisions, people
from app.store.assessments import CaseFile
from app.store.decisions import Decided, Review
from app.web import told
from app.web.forms import Form, at_least, at_most, required
from app.web.language import gettext, language, later, words
from app.web.problems import said, status_of
from app.web.tools import tools
from app.web.visitor import actor
from app.words import LANGUAGES, METHODS, translations
from assessments.decision import MOTIVATION, Decision
from assessments.draft import drafts, fingerprint
from assessments.problems import ProblemError
from assessments.rules import Reason

bp = Blueprint("decision", __name__)
LONGEST = 6000


class Why(Struct, frozen=True):
    """A reason in words, with address and criterion of each place it holds for."""

    sentence: str
    places: tuple[tuple[str, str], ...]


@bp.route("/arenden/<key>/beslut", methods=["GET", "POST"])
def page(key: str) -> ResponseReturnValue:
    """See what the rules say, write why, and stand for it."""
    case, decided, reviews = _read(key)
    form = motivation_form(case, decided, propose(tools(), case))
    if not form.is_submitted():
        return _page(case, decided, reviews, form)
    status = 400
    if form.validate():
        try:
            decide(tools(), actor(), key, seen=form["seen"].data, motivations=_motivations(case, form))
        except ProblemError as problem:
            form.refuse("", said(problem))
            status = status_of(problem)
        else:
            flash(gettext("Beslutet är bekräftat och väntar på kvalitetssäkring."))
            return redirect(f"/arenden/{key}/beslut", 303)
    case, decided, reviews = _read(key)
    form["seen"].data = case.standing.digest
    return make_response(_page(case, decided, reviews, form), status)


@bp.post("/arenden/<key>/beslut/aterta")
def undo(key: str) -> ResponseReturnValue:
    """Take the decision back while it waits."""
    take_back(tools(), actor(), key)
    flash(gettext("Beslutet är återtaget. Du kan bedöma vidare."))
    return redirect(f"/arenden/{key}/beslut", 303)


def motivation_form(case: CaseFile, decided: list[Decided], decision: Decision) -> Form:
    """A text for each outcome: the last one written for it, else the draft; the form remembers which it showed."""
    shown = draft(case, language())
    written = decided[-1].confirmed.motivations if decided else {}
    known = {fingerprint(text) for each in LANGUAGES for text in draft(case, each).values()}
    fields: dict[str, Any] = {"seen": HiddenField()}
    data: dict[str, Any] = {"seen": decision.events}
    for outcome in case.checklist.outcomes:
        name = f"why:{outcome.id}"
        label = f"{outcome.id} {words(outcome.text)}"
        checks = [required(), at_least(MOTIVATION), at_most(LONGEST), _edited(known)]
        fields[name] = TextAreaField(label, checks)
        data[name] = written.get(outcome.id, shown[outcome.id])
        fields[f"{name}:draft"], data[f"{name}:draft"] = HiddenField(), fingerprint(shown[outcome.id])
    sure = later("Bekräfta att du står för beslutet.")
    fields["sure"] = BooleanField(later("Jag står för beslutet och motiveringarna"), [required(sure)])
    made: Form = type("MotivationForm", (Form,), fields)(data=data)
    return made


def draft(case: CaseFile, wish: str) -> dict[str, str]:
    """The drafts by outcome in one language."""
    return drafts(case.checklist, case.standing, wish, translations(wish).gettext, METHODS)


def reasons(case: CaseFile, decision: Decision) -> dict[str, list[Why]]:
    """By module: each sentence once, with the places it holds for."""
    found: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for each in decision.reasons:
        places = found.setdefault(each.module, {}).setdefault(told.reason(case.checklist, each), [])
        places.append((_place(case.assessment.id, each), each.item))
    return {
        module: [Why(sentence, tuple(places)) for sentence, places in each.items()] for module, each in found.items()
    }


def _place(key: str, reason: Reason) -> str:
    if reason.code.startswith("prerequisite-") or not reason.module:
        return f"/arenden/{key}/bedomning#behorigheter"
    return f"/arenden/{key}/modul/{reason.module}#{reason.item or 'main'}"


def _edited(known: set[str]) -> Any:
    def check(form: Form, field: Field) -> None:
        if fingerprint(field.data or "") in known | {form[f"{field.name}:draft"].data}:
            raise ValidationError(
                gettext("Utkastet är inte ändrat. Skriv med egna ord varför resultatet är uppnått, eller inte är det.")
            )

    return check


def _motivations(case: CaseFile, form: Form) -> dict[str, str]:
    return {outcome.id: form[f"why:{outcome.id}"].data for outcome in case.checklist.outcomes}


def _read(key: str) -> tuple[CaseFile, list[Decided], list[Review]]:
    with tools().read() as tx:
        case = assessments.case_file(tx, key)
        require_assigned(actor(), case.assessment)
        return case, decisions.of(tx, key), decisions.reviews(tx, key)


def _page(case: CaseFile, decided: list[Decided], reviews: list[Review], form: Form) -> str:
    last = decided[-1] if decided else None
    standing = last if last and last.state in ("waiting", "approved") else None
    decision = standing.confirmed.decision if standing else propose(tools(), case)
    with tools().read() as tx:
        names = people.names(tx, {each.person for each in reviews} | {each.by for each in decided})
    return render_template(
        "pages/decision.html",
        case=case.assessment,
        checklist=case.checklist,
        scores=case.standing.scores,
        SCORES=told.SCORES,
        decision=decision,
        decided=standing,
        returned=reviews[-1] if reviews and last and last.state == "returned" else None,
        reasons=reasons(case, decision),
        drafts=draft(case, language()),
        result=next((each for each in case.checklist.edition.results if each.id == decision.result), None),
        form=form,
        names=names,
    )
