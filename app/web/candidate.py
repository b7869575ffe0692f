"""The candidate's own pages: the way in by a link, what was judged, what is missing, and the documents to keep."""

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from msgspec import Struct
from wtforms import EmailField

from app.actions.links import LinkUsedError, ask, come_in, usable
from app.actions.sign_in import sign_out
from app.store import assessments, awards, decisions, issuers, organisations
from app.store.assessments import Assessment, CaseFile
from app.store.awards import Document, Given
from app.store.decisions import Decided
from app.store.timeline import Look
from app.web import told
from app.web.forms import Form as PageForm
from app.web.forms import at_most, required, trimmed
from app.web.language import language, later
from app.web.limits import LIMITER
from app.web.pages import SEALS
from app.web.tools import tools
from app.web.visitor import candidate, forget, keep, secret_of
from app.words import METHODS
from assessments.gaps import ModuleGaps, gaps
from assessments.problems import MissingError
from criteria.model import Edition, Text

bp = Blueprint("candidate", __name__)


class Form(Struct, frozen=True):
    """How a document of some format is offered."""

    suffix: str
    button: str
    about: str
    first: bool = False
    """Shown at once; the others lie one tap away."""


FORMS: dict[str, Form] = {
    "pdf": Form(
        "pdf", later("Hämta beviset (PDF)"), later("Stämplat dokument. Skriv ut det eller skicka filen."), first=True
    ),
    "open-badge": Form(
        "json", later("Hämta mikromeriten (JSON)"), later("För digitala plånböcker och rekryteringssystem."), first=True
    ),
    "badge-png": Form("png", later("Hämta märket (PNG)"), later("En bild med mikromeriten inuti."), first=True),
    "badge-svg": Form("svg", later("Hämta märket (SVG)"), later("Samma bild i ett format som kan förstoras.")),
    "vc-jwt": Form("jwt", later("Hämta mikromeriten (JWT)"), later("Samma uppgifter i ett kortare format.")),
    "elm": Form(
        "elm.json", later("Hämta uppgifterna för Europass"), later("European Learning Model, utan underskrift.")
    ),
}
"""Every format that is issued, in the order it is offered; a test compares."""
OUTCOMES: dict[str, tuple[str, str]] = {
    "achieved": ("ok", later("uppnådd")),
    "not_yet": ("no", later("inte uppnådd än")),
    "incomplete": ("wait", later("inte visad än")),
}
"""How a module ended → kind of badge and word, as one says it to the person."""


class AskForm(PageForm):
    """The address that the provider has."""

    email = EmailField(
        later("E-postadress"), [required(later("Skriv din e-postadress.")), at_most(255)], filters=[trimmed]
    )


class Download(Struct, frozen=True, kw_only=True):
    """A document to fetch."""

    path: str
    form: Form
    module: str
    name: str
    kilobytes: int
    waits: bool
    """Sealed, but its time-stamp is still to come."""


class Part(Struct, frozen=True):
    """A module with its downloads."""

    title: Text
    downloads: tuple[Download, ...]


class Paper(Struct, frozen=True, kw_only=True):
    """An award with its downloads."""

    given: Given
    status: str
    issuer: str
    seal: str
    """What kind of seal the paper has."""
    badge: str
    """Address of the picture; empty when there is none."""
    downloads: tuple[Download, ...]
    parts: tuple[Part, ...]


class Own(Struct, frozen=True, kw_only=True):
    """One of the candidate's cases."""

    case: Assessment
    edition: Edition
    provider: str
    decided: Decided | None
    """The approved decision; what is not approved is not told."""
    file: CaseFile
    papers: tuple[Paper, ...]
    gaps: tuple[ModuleGaps, ...]


@bp.route("/mina", methods=["GET", "POST"])
@LIMITER.limit("10/minute", methods=["POST"])
def request_link() -> ResponseReturnValue:
    """Ask for a link; the answer is the same whether we know the address or not."""
    form = AskForm()
    if form.validate_on_submit():
        ask(tools(), form.email.data)
        return redirect("/mina?skickat=1", 303)
    page = render_template("pages/candidate_ask.html", form=form, sent="skickat" in request.args)
    return make_response(page, 400 if form.errors else 200)


@bp.route("/mina/<secret>", methods=["GET", "POST"])
@LIMITER.limit("30/minute")
def link(secret: str) -> ResponseReturnValue:
    """Looking shows a button, since mail programs look too; pressing it uses the link up."""
    if request.method == "GET":
        page = render_template("pages/candidate_link.html", secret=secret, usable=usable(tools(), secret))
        return make_response(page)
    try:
        session = come_in(tools(), secret)
    except LinkUsedError:
        return make_response(render_template("pages/candidate_link.html", secret=secret, usable=False), 404)
    response = make_response(redirect("/mitt", 303))
    keep(response, "candidate", session)
    return response


@bp.get("/mitt")
def mine() -> str:
    """The candidate's cases with result and documents."""
    with tools().read() as tx:
        found = [_own(tx, case) for case in assessments.of_candidate(tx, candidate().id)]
    waiting = any(paper.status == "issuing" for own in found for paper in own.papers)
    return render_template("pages/candidate.html", cases=found, waiting=waiting, SCORES=told.SCORES, OUTCOMES=OUTCOMES)


@bp.get("/mitt/saknas/<key>")
def missing(key: str) -> str:
    """The gap card: what is missing and how to show it, made to be printed."""
    with tools().read() as tx:
        case = assessments.find(tx, key)
        if case.candidate.id != candidate().id:
            raise MissingError(assessment=key)
        own = _own(tx, case)
    if not own.decided or not own.gaps:
        raise MissingError(assessment=key)
    sentences = {
        (reason.module, reason.item, reason.code, reason.fact, reason.detail): told.reason(own.file.checklist, reason)
        for reason in own.decided.confirmed.decision.reasons
    }

    def sentence(module: str, reason: object) -> str:
        fields = tuple(getattr(reason, each) for each in ("item", "code", "fact", "detail"))
        return sentences[(module, *fields)]

    return render_template(
        "pages/gaps.html",
        own=own,
        sentence=sentence,
        on=own.decided.confirmed.decision.on,
        METHODS=METHODS,
        OUTCOMES=OUTCOMES,
    )


@bp.get("/mitt/<award>/<document>")
def fetch(award: str, document: str) -> Response:
    """A document as it was sealed, under a name that can be found again."""
    with tools().read() as tx:
        given = awards.find(tx, award)
        if given.candidate != candidate().id:
            raise MissingError(award=award)
        found = awards.document(tx, award, document)
    response = Response(tools().files.get(found.sha256), mimetype=found.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(given, found)}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@bp.post("/mitt/ut")
def leave() -> ResponseReturnValue:
    """End the candidate's session."""
    secret = secret_of("candidate")
    if secret:
        sign_out(tools(), secret)
    response = make_response(redirect("/", 303))
    forget(response, "candidate")
    return response


def file_name(given: Given, document: Document) -> str:
    """Such as `yrkesbevis-fibertekniker-service-2026-000001-8.pdf`; it never holds a name of a person."""
    number = given.number or given.id
    if given.protected or given.award is None:
        parts = ["dokument", document.module.lower(), number]
    elif document.format == "pdf":
        parts = [given.award.result_kind, given.standard, number]
    else:
        parts = ["mikromerit", given.standard, document.module.lower(), number]
    return f"{'-'.join(part for part in parts if part)}.{FORMS[document.format].suffix}"


def _own(tx: Look, case: Assessment) -> Own:
    file = assessments.case_file(tx, case.id)
    provider = organisations.find(tx, case.provider).name
    decided = next((each for each in decisions.of(tx, case.id) if each.state == "approved"), None)
    return Own(
        case=case,
        edition=file.checklist.edition,
        provider=provider,
        decided=decided,
        file=file,
        papers=tuple(_paper(tx, given, provider) for given in reversed(awards.of_assessment(tx, case.id))),
        gaps=gaps(file.checklist, decided.confirmed.decision, language()) if decided else (),
    )


def _paper(tx: Look, given: Given, issuer: str) -> Paper:
    status = given.status(tools().today())
    listed = awards.documents(tx, given.id) if status != "issuing" else []
    order = list(FORMS)
    found = [_download(given, each) for each in sorted(listed, key=lambda each: order.index(each.format))]
    whole = tuple(each for each in found if not each.module)
    return Paper(
        given=given,
        status=status,
        issuer=issuer,
        seal=_seal(tx, given, listed),
        badge=next((each.path for each in whole if each.form.suffix == "png"), ""),
        downloads=whole,
        parts=tuple(
            Part(module.title, tuple(each for each in found if each.module == module.id))
            for module in (given.award.modules if given.award else ())
        ),
    )


def _seal(tx: Look, given: Given, listed: list[Document]) -> str:
    paper = next((each for each in listed if each.format == "pdf"), None)
    level = issuers.seal_level(tx, given.provider, paper.key) if paper else None
    return SEALS[level] if level else ""


def _download(given: Given, document: Document) -> Download:
    return Download(
        path=f"/mitt/{given.id}/{document.id}",
        form=FORMS[document.format],
        module=document.module,
        name=file_name(given, document),
        kilobytes=max(1, document.size // 1000),
        waits=document.waits,
    )
