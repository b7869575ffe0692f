"""Quality assurance: everything that led to the decision on one page, what deserves a closer look, and a yes or no."""

from datetime import datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from msgspec import Struct
from wtforms import HiddenField, TextAreaField

from app.actions.rederive import judged, moments
from app.actions.review import approve, send_back
from app.policy import require
from app.store import assessments, decisions, people
from app.store.assessments import CaseFile
from app.store.decisions import Decided, Review
from app.web import told
from app.web.cases import called
from app.web.decision import reasons
from app.web.forms import Form, at_most, trimmed
from app.web.language import gettext, language, later, words
from app.web.problems import said, status_of
from app.web.tools import tools
from app.web.visitor import actor
from assessments import measured
from assessments.clocks import WRONG
from assessments.event import Scored
from assessments.flags import flags
from assessments.problems import ProblemError, SamePersonError
from criteria.model import Criterion, Fact

bp = Blueprint("quality", __name__)
SHORTEST = 10


class ReviewForm(Form):
    """What the quality assurer says; reasons are needed for a return."""

    decision = HiddenField()
    reasons = TextAreaField(later("Skäl eller kommentar"), [at_most(4000)], filters=[trimmed])


class FactLine(Struct, frozen=True):
    """A value as it is read, with its limit."""

    title: str
    value: str
    limit: str


class Basis(Struct, frozen=True, kw_only=True):
    """What the decision rests on for one criterion."""

    criterion: Criterion
    score: Scored | None
    judges: str
    facts: tuple[FactLine, ...]
    notes: tuple[str, ...]
    evidence: tuple[told.Said, ...]


class Step(Struct, frozen=True, kw_only=True):
    """An event in the timeline; `replaced` says by whom it was superseded."""

    said: told.Said
    item: str
    received: datetime
    replaced: str
    counted: datetime | None
    """When it happened, where the clock of the tablet says something else."""


@bp.route("/arenden/<key>/granskning", methods=["GET", "POST"])
def review(key: str) -> ResponseReturnValue:
    """Look through the case; approve, or return it with reasons."""
    with tools().read() as tx:
        case = assessments.case_file(tx, key)
        require(actor(), "assessment.review", case.assessment.provider)
        decided = decisions.of(tx, key)
    waiting = next((each for each in decided if each.state == "waiting"), None)
    form = ReviewForm(decision=waiting.id if waiting else "")
    status = 200
    if form.is_submitted():
        status = 400
        if form.validate():
            status = _act(key, form)
            if status == 303:
                return redirect(f"/arenden/{key}", 303)
    return make_response(_page(case, decided, form), status)


def _act(key: str, form: ReviewForm) -> int:
    try:
        if request.form.get("verdict") == "approve":
            award = approve(tools(), actor(), key, decision=form.decision.data, comment=form.reasons.data or "")
            flash(
                gettext("Godkänt. Beviset utfärdas nu.")
                if award
                else gettext("Godkänt. Ärendet är avslutat utan bevis.")
            )
        elif len(form.reasons.data or "") < SHORTEST:
            form.refuse("reasons", gettext("Skriv varför ärendet lämnas tillbaka, minst %(min)s tecken.", min=SHORTEST))
            return 400
        else:
            send_back(tools(), actor(), key, decision=form.decision.data, reasons=form.reasons.data)
            flash(gettext("Ärendet är tillbaka hos bedömarna."))
    except SamePersonError:
        raise
    except ProblemError as problem:
        form.refuse("", said(problem))
        return status_of(problem)
    return 303


def _page(case: CaseFile, decided: list[Decided], form: ReviewForm) -> str:
    key = case.assessment.id
    last = decided[-1] if decided else None
    with tools().read() as tx:
        reviews = decisions.reviews(tx, key)
        photos = assessments.photo_names(tx, case.assessment).items()
        elsewhere = frozenset(name for name, sha256 in photos if assessments.photo_shared(tx, sha256, key))
        names = people.names(tx, _people(case, decided, reviews))
        happened = moments(tx, case)
    return render_template(
        "pages/quality.html",
        case=case.assessment,
        called=called(case.assessment.candidate),
        edition=case.checklist.edition,
        checklist=case.checklist,
        decided=last,
        own=last is not None and actor().person in judged(case, last),
        reviews=reviews,
        names=names,
        flags=[(told.flag(each), each.items) for each in flags(case.checklist, case.standing, elsewhere)],
        reasons=reasons(case, last.confirmed.decision) if last else {},
        result=_result(case, last),
        basis={each.id: _basis(case, each, names) for each in case.checklist.criteria.values()},
        steps=_steps(case, names, happened),
        SCORES=told.SCORES,
        form=form,
    )


def _people(case: CaseFile, decided: list[Decided], reviews: list[Review]) -> set[str]:
    return set(case.standing.actors) | {each.by for each in decided} | {each.person for each in reviews}


def _result(case: CaseFile, last: Decided | None) -> str:
    wanted = last.confirmed.decision.result if last else None
    return next((words(each.name) for each in case.checklist.edition.results if each.id == wanted), "")


def _basis(case: CaseFile, criterion: Criterion, names: dict[str, str]) -> Basis:
    standing, item = case.standing, criterion.id
    return Basis(
        criterion=criterion,
        score=standing.scores.get(item),
        judges=", ".join(sorted(names.get(each, "–") for each in standing.judges.get(item, ()))),
        facts=tuple(line for fact in criterion.facts if (line := _fact(case, item, fact)).value),
        notes=tuple(note.text for note in standing.notes.get(item, ())),
        evidence=tuple(told.said(case.checklist, each, names) for each in standing.evidence.get(item, ())),
    )


def _fact(case: CaseFile, item: str, fact: Fact) -> FactLine:
    given = case.standing.facts.get((item, fact.id))
    return FactLine(
        words(fact.title),
        measured.value(fact, given, language()),
        measured.limits(case.checklist, fact, language()),
    )


def _steps(case: CaseFile, names: dict[str, str], happened: dict[str, datetime]) -> dict[str, list[Step]]:
    """By module, the rest under nothing: who said what and when, and what became of it."""
    home = {c.id: module.id for module in case.checklist.modules for c in module.criteria}
    replaced = {old: each.event for each in case.stored for old in each.event.replaces}
    found: dict[str, list[Step]] = {}
    for each in sorted(case.stored, key=lambda stored: (happened[stored.event.id], stored.event.id)):
        after = replaced.get(each.event.id)
        step = Step(
            said=told.said(case.checklist, each.event, names),
            item=each.event.item,
            received=each.received_at,
            replaced=names.get(after.actor, "–") if after else "",
            counted=_unless_told(each.event.at, happened[each.event.id]),
        )
        found.setdefault(home.get(each.event.item, ""), []).append(step)
    return found


def _unless_told(at: str, happened: datetime) -> datetime | None:
    return happened if abs(happened - datetime.fromisoformat(at)) > WRONG else None
