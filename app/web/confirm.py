"""An assessor reads what tablets delivered in that name, and stands for it; and the code for a candidate."""

from datetime import datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from msgspec import Struct
from wtforms import BooleanField, HiddenField

from app.actions.candidate_code import make_candidate_code
from app.actions.confirm import confirm, track, track_digest
from app.actions.open_assessment import require_assigned
from app.policy import require
from app.store import assessments, deliveries, people
from app.store.assessments import CaseFile
from app.store.deliveries import Delivery
from app.store.events import Stored
from app.store.timeline import Look
from app.web import told
from app.web.cases import called
from app.web.forms import Form, required
from app.web.language import gettext, later
from app.web.problems import said, status_of
from app.web.tools import tools
from app.web.visitor import actor
from assessments.delivered import covered, gaps
from assessments.event import EvidenceGiven, SignedOff
from assessments.problems import ProblemError
from assessments.process import recordable

bp = Blueprint("confirm", __name__)
SIGNED = {
    "ok": ("ok", later("stämmer med det som kommit in")),
    "gap": ("wait", later("kan inte kontrolleras än: händelser saknas")),
    "no": ("no", later("stämmer inte med det som kommit in")),
}


class ConfirmForm(Form):
    """What was seen, and the assessor's word; which events is a list of ticks beside."""

    seen = HiddenField()
    sure = BooleanField(
        later("Jag har själv gjort det som är ikryssat och står för det"),
        [required(later("Bekräfta att du står för det."))],
    )


class Claim(Struct, frozen=True, kw_only=True):
    """An event that waits for its person's word."""

    id: str
    said: told.Said
    item: str
    received: datetime
    tablet: str
    photo: str
    """none · here · missing"""
    signed: str
    """Whether a sign-off's digest fits what arrived: ok · gap · no; empty for other events."""


@bp.route("/arenden/<key>/bekrafta", methods=["GET", "POST"])
def page(key: str) -> ResponseReturnValue:
    """Read the track, tick what is one's own, stand for it."""
    case = _mine(key)
    form = ConfirmForm()
    if not form.is_submitted():
        return _page(case, form, None)
    ticked, status = frozenset(request.form.getlist("event")), 400
    if not ticked:
        form.validate()
        form.refuse("", gettext("Kryssa för minst en händelse."))
    elif form.validate():
        try:
            confirm(tools(), actor(), key, seen=form.seen.data, events=ticked)
        except ProblemError as problem:
            form.refuse("", said(problem))
            status = status_of(problem)
        else:
            flash(gettext("Bekräftat. Nu räknas det i bedömningen."))
            return redirect(f"/arenden/{key}/bedomning", 303)
    return make_response(_page(_mine(key), form, ticked), status)


@bp.post("/arenden/<key>/kod")
def candidate_code(key: str) -> str:
    """The candidate's own code: shown on this page and never again."""
    with tools().read() as tx:
        case = assessments.find(tx, key)
    require(actor(), "candidate.code", case.provider)
    secret = make_candidate_code(tools(), actor(), key)
    return render_template("pages/candidate_code.html", case=case, called=called, code=f"{secret[:3]} {secret[3:]}")


def _mine(key: str) -> CaseFile:
    with tools().read() as tx:
        case = assessments.case_file(tx, key)
    require_assigned(actor(), case.assessment)
    return case


def _page(case: CaseFile, form: ConfirmForm, ticked: frozenset[str] | None) -> str:
    form.seen.data = track_digest(case, actor().person)
    mine = track(case, actor().person)
    with tools().read() as tx:
        names = people.names(tx, {each.event.actor for each in case.unconfirmed})
        came = deliveries.of_case(tx, case.assessment.id)
        photos = assessments.photo_names(tx, case.assessment)
        claims = [_claim(tx, case, each, came.get(each.event.id), names, photos) for each in mine]
    home = {c.id: module.id for module in case.checklist.modules for c in module.criteria}
    grouped: dict[str, list[Claim]] = {}
    for each in claims:
        grouped.setdefault(home.get(each.item, ""), []).append(each)
    return render_template(
        "pages/confirm.html",
        case=case.assessment,
        called=called(case.assessment.candidate),
        checklist=case.checklist,
        grouped=grouped,
        count=len(mine),
        others=len(case.unconfirmed) - len(mine),
        ticked=ticked,
        open=recordable(case.assessment.state),
        form=form,
        SIGNED=SIGNED,
    )


def _claim(
    tx: Look, case: CaseFile, stored: Stored, came: Delivery | None, names: dict[str, str], photos: dict[str, str]
) -> Claim:
    event = stored.event
    photo = event.sha256 if isinstance(event, EvidenceGiven) else None
    return Claim(
        id=event.id,
        said=told.said(case.checklist, event, names),
        item=event.item,
        received=stored.received_at,
        tablet=came.device if came else "",
        photo="" if photo is None else f"/arenden/{case.assessment.id}/foto/{photo}" if photo in photos else "missing",
        signed=signed(tx, event, came) if isinstance(event, SignedOff) and came else "",
    )


def signed(tx: Look, event: SignedOff, came: Delivery) -> str:
    """Whether the digest is that of the case's events on the tablet before it, as far as they have arrived."""
    before = deliveries.chain(tx, came.device, event.assessment, came.seq)
    if covered(each.hash for each in before) == event.digest:
        return "ok"
    reached, _ = gaps(each.seq for each in deliveries.chain(tx, came.device, below=came.seq))
    return "gap" if reached < came.seq - 1 else "no"
