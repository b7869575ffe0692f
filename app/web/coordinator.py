"""The coordinator's desk: the provider's cases, a new one, one as a whole, the candidate's way in, and an early end."""

import segno
from flask import Blueprint, abort, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from msgspec import Struct
from wtforms import TextAreaField

from app.actions.links import hand_over as make_link
from app.actions.open_assessment import open_assessment
from app.actions.open_assessment import withdraw as end
from app.actions.see_protected import see_protected
from app.policy import Actor, can, require
from app.settings import LOOPBACK
from app.store import assessments, awards, decisions, organisations, people, standards
from app.store.assessments import Candidate
from app.store.organisations import Organisation
from app.store.standards import Published
from app.store.timeline import Look
from app.web.case_form import CaseForm, case_form
from app.web.cases import called, history, parts, readable, title, titles
from app.web.forms import Form, at_least, at_most, required, trimmed
from app.web.language import gettext, later
from app.web.pages import STATES
from app.web.problems import said
from app.web.seen import is_page
from app.web.tools import tools
from app.web.visitor import actor, hostname
from assessments.problems import InvalidError
from assessments.process import TRANSITIONS

bp = Blueprint("coordinator", __name__)
ON_A_PAGE = 50


class WithdrawForm(Form):
    """Why a case ends without decision."""

    reason = TextAreaField(
        later("Varför återtas ärendet?"), [required(), at_least(10), at_most(1000)], filters=[trimmed]
    )


class Offer(Struct, frozen=True):
    """An edition a provider may assess against."""

    provider: Organisation
    published: Published
    title: str


@bp.get("/arenden")
def listing() -> str:
    """The cases of every provider where the visitor may list them, by state and by words."""
    visitor = actor()
    wish, words = request.args.get("lage", ""), request.args.get("sok", "").strip().casefold()
    place = max(1, request.args.get("sida", 1, type=int))
    with tools().read() as tx:
        homes = {
            each.organisation for each in visitor.memberships if can(visitor, "assessment.list", each.organisation)
        }
        cases = [case for home in sorted(homes) for case in assessments.of_provider(tx, home)]
        names = titles(tx, cases)
    found = [case for case in cases if words in f"{called(case.candidate)} {case.candidate.reference}".casefold()]
    counts = {state: sum(case.state == state for case in found) for state in STATES}
    chosen = [case for case in found if case.state == wish] if wish in STATES else found
    return render_template(
        "pages/cases.html",
        cases=chosen[(place - 1) * ON_A_PAGE : place * ON_A_PAGE],
        counts=counts,
        total=len(found),
        wish=wish,
        words=request.args.get("sok", ""),
        place=place,
        pages=max(1, -(-len(chosen) // ON_A_PAGE)),
        titles=names,
        called=called,
        may_open=bool(visitor.organisations("coordinator")),
    )


@bp.route("/arenden/nytt", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Choose an edition unless there is only one, then fill in; sending twice opens one case."""
    with tools().read() as tx:
        offers = _offers(tx, actor())
        offer = _chosen(offers)
        able = people.with_role(tx, offer.provider.id, "assessor") if offer else []
    if offer is None:
        return render_template("pages/case_choose.html", offers=offers)
    form = case_form(offer.published, able, tools().new_id())
    if not is_page(form.key.data or ""):
        abort(400)
    if form.validate_on_submit() and _open(form, offer):
        flash(gettext("Ärendet är öppnat. Bedömarna ser det på sin startsida."))
        return redirect(f"/arenden/{form.key.data}", 303)
    page = render_template("pages/case_new.html", form=form, offer=offer, many=len(offers) > 1, able=able)
    return make_response(page, 400 if form.errors else 200)


@bp.get("/arenden/<key>")
def overview(key: str) -> str:
    """Where the case stands, who is in it, and what comes next for the visitor."""
    return _overview(key, WithdrawForm())


@bp.post("/arenden/<key>/visa")
def reveal(key: str) -> str:
    """Show a protected candidate's details once; the look is logged."""
    case = _own(key, "candidate.protected")
    who = see_protected(tools(), actor(), case.candidate.id)
    return _overview(key, WithdrawForm(), revealed=who)


@bp.post("/arenden/<key>/lank")
def hand_over(key: str) -> str:
    """A link for the candidate at the desk: shown on this page and never again."""
    case = _own(key, "candidate.hand-over")
    secret = make_link(tools(), actor(), case.candidate.id)
    base = request.host_url.rstrip("/") if hostname(request) in LOOPBACK else tools().settings.public_url
    address = f"{base}/mina/{secret}"
    picture = segno.make(address, error="m").svg_data_uri(scale=6, border=2, dark="#1c2723", light="#ffffff")
    return render_template(
        "pages/case_link.html", case=case, called=called, address=address, picture=picture, here=f"/arenden/{key}"
    )


@bp.post("/arenden/<key>/aterta")
def withdraw(key: str) -> ResponseReturnValue:
    """End the case without decision."""
    _own(key, "assessment.withdraw")
    form = WithdrawForm()
    if not form.validate_on_submit():
        return make_response(_overview(key, form), 400)
    end(tools(), actor(), key, form.reason.data)
    flash(gettext("Ärendet är återtaget."))
    return redirect(f"/arenden/{key}", 303)


def _own(key: str, action: str) -> assessments.Assessment:
    with tools().read() as tx:
        case = assessments.find(tx, key)
    require(actor(), action, case.provider)
    return case


def _offers(tx: Look, visitor: Actor) -> list[Offer]:
    return [
        Offer(organisations.find(tx, home), published, title(published))
        for home in visitor.organisations("coordinator")
        for published in standards.granted(tx, home, tools().today())
    ]


def _chosen(offers: list[Offer]) -> Offer | None:
    wish = (request.args.get("leverantor", ""), request.args.get("utgava", ""))
    if not any(wish) and len(offers) == 1:
        return offers[0]
    return next((each for each in offers if (each.provider.slug, each.published.sha256) == wish), None)


def _open(form: CaseForm, offer: Offer) -> bool:
    try:
        open_assessment(
            tools(),
            actor(),
            provider=offer.provider.id,
            edition=offer.published.sha256,
            candidate=form.candidate,
            assessors=tuple(form.assessors.data),
            key=form.key.data,
            chosen=tuple(form.modules.data),
            tightened=form.tightened,
            practice=form.practice.data,
        )
    except InvalidError as problem:
        form.refuse(form.place(problem), said(problem))
        return False
    return True


def _overview(key: str, form: WithdrawForm, revealed: Candidate | None = None) -> str:
    visitor = actor()
    with tools().read() as tx:
        case = readable(tx, visitor, key)
        found = case.assessment
        published = standards.find(tx, found.edition)
        given = awards.of_assessment(tx, key)
        decided = decisions.of(tx, key)
        subjects = [key, *(each.id for each in given)]
        if can(visitor, "assessment.list", found.provider):  # that somebody is protected is nothing for tablets
            subjects.append(found.candidate.id)
        lines = history(tx, subjects, found.provider)
        provider = organisations.find(tx, found.provider)
        opened_by = people.names(tx, {found.opened_by}).get(found.opened_by, "")
        reviews = decisions.reviews(tx, key)
    mine = visitor.person in {each.person for each in found.assigned}
    return render_template(
        "pages/case.html",
        case=found,
        name=found.candidate.name if mine and not found.candidate.erased_at else called(found.candidate),
        here=f"/arenden/{key}",
        hidden_details=found.candidate.protected and revealed is None,
        revealed=revealed,
        today=tools().today(),
        edition=published,
        title=title(published),
        checklist=case.checklist,
        parts=parts(case),
        awards=given,
        decided=decided[-1] if decided else None,
        returned=reviews[-1] if reviews and not reviews[-1].approved and found.state == "assessing" else None,
        lines=lines,
        provider=provider,
        opened_by=opened_by,
        mine=mine,
        judged=mine or visitor.person in case.standing.actors,
        can_withdraw=(found.state, "withdraw") in TRANSITIONS and can(visitor, "assessment.withdraw", found.provider),
        form=form,
    )
