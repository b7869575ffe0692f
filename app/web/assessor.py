"""The assessor's pages: what is left in a case, the checklist of a module, and the photos that belong to it."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from msgspec import Struct

from app.actions.decide import propose
from app.actions.open_assessment import declare_no_tie, require_assigned
from app.policy import require
from app.store import assessments, people
from app.store.assessments import CaseFile
from app.tools import stockholm_day
from app.web import checklist_form, papers_form
from app.web.checklist_fields import module_form
from app.web.checklist_form import Pen, Plain
from app.web.checklist_page import views
from app.web.forms import Form
from app.web.language import gettext, ngettext
from app.web.problems import said, status_of
from app.web.seen import is_page
from app.web.tools import tools
from app.web.visitor import actor
from assessments.decision import Decision
from assessments.measured import clashes
from assessments.problems import InvalidEventsError, MissingError, ProblemError
from assessments.starting import unheld
from criteria.model import Module

bp = Blueprint("assessor", __name__)
OPEN = frozenset({"planned", "assessing"})


class ModuleView(Struct, frozen=True, kw_only=True):
    """How far a module has come."""

    module: Module
    judged: int
    left: int
    conflicts: int
    verdict: str


@bp.get("/arenden/<key>/bedomning")
def overview(key: str) -> str:
    """The case by module: progress, what is left, what differs, and the papers."""
    return _overview(_mine(key))


@bp.post("/arenden/<key>/jav")
def no_tie(key: str) -> ResponseReturnValue:
    """The assessor declares to have no tie to the candidate."""
    declare_no_tie(tools(), actor(), key)
    return redirect(f"/arenden/{key}/bedomning", 303)


@bp.post("/arenden/<key>/behorigheter")
def papers(key: str) -> ResponseReturnValue:
    """Keep what was seen of the papers."""
    case = _mine(key)
    form = papers_form.papers_form(case, _page(""))
    pen = Pen(tools(), actor(), key, _page(form["page"].data))
    status = 400
    if form.validate():
        sent = checklist_form.fresh(case, papers_form.changes(case, form, pen))
        status = _keep(form, key, sent)
    if status != 303:
        return make_response(_overview(_mine(key), form), status)
    return redirect(f"/arenden/{key}/bedomning#behorigheter", 303)


@bp.route("/arenden/<key>/modul/<module>", methods=["GET", "POST"])
def checklist(key: str, module: str) -> ResponseReturnValue:
    """The checklist of one module; everything works without script."""
    case = _mine(key)
    part = _module(case, module)
    if not _declared(case):
        return redirect(f"/arenden/{key}/bedomning")
    form = module_form(case, part, actor().person, tools().today(), tools().new_id())
    status = 200
    if request.method == "POST" and "more" not in request.form:
        status = _save(case, part, form)
        if status == 303:
            return redirect(f"/arenden/{key}/modul/{module}#{_anchor(part)}", 303)
        case = _mine(key)
    return make_response(_checklist(case, part, form), status)


@bp.get("/arenden/<key>/foto/<sha256>")
def photo(key: str, sha256: str) -> Response:
    """A photo of the case, for those who may read it; the browser may look at it and do nothing else."""
    with tools().read() as tx:
        case = assessments.find(tx, key)
        known = assessments.photo_names(tx, case)
    require(actor(), "assessment.read", case.provider)
    if actor().roles(case.provider) <= {"assessor"}:
        require_assigned(actor(), case)
    if sha256 not in known:
        raise MissingError(photo=sha256)
    response = Response(tools().files.get(known[sha256]), mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = f'inline; filename="foto-{sha256[:8]}.jpg"'
    response.headers["Cache-Control"] = "private, max-age=600"
    return response


def _mine(key: str) -> CaseFile:
    """The case, if it is the visitor's to assess."""
    with tools().read() as tx:
        case = assessments.case_file(tx, key)
    require_assigned(actor(), case.assessment)
    return case


def _module(case: CaseFile, module: str) -> Module:
    found = next((each for each in case.checklist.modules if each.id == module), None)
    if found is None:
        raise MissingError(module=module)
    return found


def _declared(case: CaseFile) -> bool:
    return any(each.no_tie for each in case.assessment.assigned if each.person == actor().person)


def _names(case: CaseFile) -> dict[str, str]:
    with tools().read() as tx:
        return people.names(tx, case.standing.actors)


def _page(posted: str | None) -> str:
    return posted if posted and is_page(posted) else tools().new_id()


def _save(case: CaseFile, part: Module, form: Form) -> int:
    """Keep what changed; 303 when everything is kept, else the status with which the form is shown again."""
    pen = Pen(tools(), actor(), case.assessment.id, _page(form["page"].data))
    fine = form.validate()
    try:
        kept = checklist_form.keep_photos(tools(), actor(), case, part, form, pen, tools().today())
    except ProblemError as problem:
        form.refuse("", said(problem))
        return status_of(problem)
    if not fine or form.errors:
        if kept:
            flash(gettext("Fotona är sparade."))
        return 400
    sent = checklist_form.fresh(case, checklist_form.changes(case, part, form, pen))
    return _keep(form, case.assessment.id, sent, kept)


def _keep(form: Form, key: str, sent: list[Plain], already: int = 0) -> int:
    try:
        count = already + checklist_form.keep(tools(), actor(), key, sent)
    except InvalidEventsError as problem:
        for where, sentence in problem.details.get("faults", ()):  # type: ignore[attr-defined] # a list of pairs
            form.refuse(checklist_form.place(form, sent, where), f"{gettext('Kan inte sparas')}: {sentence}")
        return 400
    except ProblemError as problem:
        form.refuse("", said(problem))
        return status_of(problem)
    flash(_saved(count))
    return 303


def _saved(count: int) -> str:
    if not count:
        return gettext("Inget var ändrat.")
    return ngettext("Sparat: %(num)s uppgift.", "Sparat: %(num)s uppgifter.", count)


def _anchor(part: Module) -> str:
    """Back to the criterion whose button was pressed."""
    pressed = request.form.get("save", "")
    return pressed if pressed in {each.id for each in part.criteria} else "main"


def _progress(case: CaseFile, decision: Decision) -> list[ModuleView]:
    return [_module_view(case, decision, module) for module in case.checklist.modules]


def _module_view(case: CaseFile, decision: Decision, module: Module) -> ModuleView:
    items = [criterion.id for criterion in module.criteria]
    scores = case.standing.scores
    return ModuleView(
        module=module,
        judged=sum(item in scores and scores[item].score != "not_assessed" for item in items),
        left=len({reason.item for reason in decision.reasons if reason.module == module.id}),
        conflicts=sum(where[1] in items for where in case.standing.conflicts),
        verdict=decision.modules[module.id],
    )


def _overview(case: CaseFile, form: Form | None = None) -> str:
    decision = propose(tools(), case)
    return render_template(
        "pages/assessor.html",
        case=case.assessment,
        edition=case.checklist.edition,
        modules=_progress(case, decision),
        decision=decision,
        declared=_declared(case),
        open=case.assessment.state in OPEN,
        papers=case.checklist.papers,
        form=form or papers_form.papers_form(case, tools().new_id()),
        expired={reason.item: reason.code for reason in decision.reasons if reason.code.startswith("prerequisite-")},
        differing={where[1] for where in case.standing.conflicts if where[0] == "prerequisite"},
    )


def _checklist(case: CaseFile, part: Module, form: Form) -> str:
    decision = propose(tools(), case)
    found = clashes(case.checklist, case.standing, stockholm_day(tools().now()))
    return render_template(
        "pages/checklist.html",
        case=case.assessment,
        module=part,
        modules=_progress(case, decision),
        form=form,
        cards=views(case, part, form, actor().person, _names(case), decision, found),
        closed=unheld(case.checklist, case.standing, stockholm_day(tools().now())).get(part.id, ()),
        open=case.assessment.state in OPEN,
    )
