"""Standards to read as a whole, and the rights to issue them, which only their owner gives and takes back."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import SelectField, TextAreaField

from app.actions import grants as rights
from app.policy import Actor
from app.store import organisations, standards
from app.store.standards import GrantView, Published
from app.store.timeline import Look
from app.web.forms import Form, at_least, at_most, required, trimmed
from app.web.language import decimal, gettext, later, words
from app.web.problems import said
from app.web.tools import tools
from app.web.visitor import actor
from app.words import METHODS
from assessments.problems import MissingError
from criteria.model import Edition, EvidenceKind, Limit, ParameterRef, RuleName

bp = Blueprint("editor", __name__)
RULES: dict[RuleName, str] = {
    "every-critical-met": later("Alla kritiska kriterier ska vara uppfyllda."),
    "every-criterion-met": later(
        "Alla kriterier ska vara uppfyllda, eller ej tillämpliga där standarden tillåter det."
    ),
    "share-met": later("Minst en viss andel av kriterierna ska vara uppfylld."),
    "facts-in-order": later("Alla begärda uppgifter ska finnas och ligga inom gränserna."),
    "evidence-enough": later("Underlaget ska räcka till antal och dagar."),
    "methods-enough": later("Kriteriet ska vara bedömt med tillräckligt många metoder."),
    "assessors-enough": later("Det ska finnas tillräckligt många bedömare."),
    "prerequisites-valid": later("Förkunskapsbevisen ska vara sedda och giltiga."),
    "repetitions-enough": later("Det som ska visas flera gånger ska ha lämnat spår varje gång."),
    "theory-threshold": later("Teoriproven i modulen ska tillsammans nå en viss andel av poängen."),
}
"""Rule → what it asks; a test compares it with the model."""
EVIDENCE: dict[EvidenceKind, str] = {
    "photo": later("foto"),
    "document": later("dokument"),
    "note": later("anteckning"),
    "link": later("länk"),
}


class GrantForm(Form):
    """A new right."""

    provider = SelectField(later("Leverantör"), [required()])
    standard = SelectField(later("Standard"), [required()])


class RevokeGrantForm(Form):
    """Why a right ends."""

    reason = TextAreaField(later("Varför upphör rätten?"), [required(), at_least(10), at_most(1000)], filters=[trimmed])


@bp.get("/standarder")
def listing() -> str:
    """A sector body's own standards, and those a provider may issue."""
    with tools().read() as tx:
        found = _readable(tx, actor())
        owners = {each.owner: organisations.find(tx, each.owner).name for each in found}
    return render_template("pages/standards.html", standards=found, owners=owners, today=tools().today())


@bp.get("/standarder/<sha256>")
def standard(sha256: str) -> str:
    """The whole edition, as its owner published it."""
    found = one(sha256)
    with tools().read() as tx:
        others = [e for e in _readable(tx, actor()) if e.standard == found.standard and e.sha256 != sha256]
    return render_template(
        "pages/standard.html", found=found, others=others, edition=found.content, RULES=RULES, EVIDENCE=EVIDENCE,
        METHODS=METHODS, limit=lambda value: limit(found.content, value),
    )  # fmt: skip


@bp.get("/standarder/<sha256>/fil")
def file(sha256: str) -> Response:
    """The file, byte for byte."""
    found = one(sha256)
    with tools().read() as tx:
        data = standards.file(tx, sha256)
    response = Response(data, content_type="application/yaml; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.standard}-{found.edition}.yaml")
    return response


@bp.route("/utfardanderatter", methods=["GET", "POST"])
def grants() -> ResponseReturnValue:
    """The rights that are and were, and the form for a new one."""
    home = actor().organisations("editor")[0]
    with tools().read() as tx:
        mine = {each.standard: words(each.content.title) for each in reversed(standards.every(tx, home))}
        providers = organisations.every(tx, "provider")
    form = GrantForm()
    form.provider.choices = {"": gettext("Välj leverantör"), **{each.id: each.name for each in providers}}
    form.standard.choices = {"": gettext("Välj standard"), **mine}
    if form.validate_on_submit():
        try:
            rights.give(tools(), actor(), owner=home, provider=form.provider.data, standard=form.standard.data)
        except rights.GrantExistsError as problem:
            form.refuse("provider", said(problem))
        else:
            flash(gettext("Utfärdanderätten gäller från och med i dag."))
            return redirect("/utfardanderatter", 303)
    return make_response(_grants(form, mine), 400 if form.errors else 200)


@bp.route("/utfardanderatter/<key>", methods=["GET", "POST"])
def revoke(key: str) -> ResponseReturnValue:
    """Let a right end, with the reason."""
    with tools().read() as tx:
        found = next(
            (
                each
                for home in actor().organisations("editor")
                for each in standards.grant_views(tx, owner=home)
                if each.id == key
            ),
            None,
        )
        if found is None:
            raise MissingError(grant=key)
        names = {each.standard: words(each.content.title) for each in standards.every(tx, found.owner)}
    form = RevokeGrantForm()
    if form.validate_on_submit():
        rights.revoke(tools(), actor(), key, form.reason.data)
        flash(gettext("Utfärdanderätten har upphört. Det som redan är utfärdat gäller."))
        return redirect("/utfardanderatter", 303)
    page = render_template(
        "pages/grant_revoke.html", form=form, grant=found, title=names.get(found.standard, found.standard)
    )
    return make_response(page, 400 if form.errors else 200)


def limit(edition: Edition, value: Limit | None) -> str:
    """The number that a limit means in this edition, as people write it."""
    if isinstance(value, ParameterRef):
        value = next(each.value for each in edition.parameters if each.id == value.parameter)
    return "" if value is None else decimal(value)


def _grants(form: GrantForm, names: dict[str, str]) -> str:
    with tools().read() as tx:
        views: list[GrantView] = [
            each for home in actor().organisations("editor") for each in standards.grant_views(tx, owner=home)
        ]
    running = [each for each in views if each.revoked_on is None]
    ended = [each for each in views if each.revoked_on is not None]
    return render_template("pages/grants.html", form=form, running=running, ended=ended, names=names)


def _readable(tx: Look, visitor: Actor) -> list[Published]:
    own = set(visitor.organisations("editor"))
    homes = {each.organisation for each in visitor.memberships}
    granted = {grant.standard for home in homes for grant in standards.grants(tx, home)}
    return [each for each in standards.every(tx) if each.owner in own or each.standard in granted]


def one(sha256: str) -> Published:
    """The edition, if it is the visitor's to read; raises `MissingError`."""
    with tools().read() as tx:
        found = next((each for each in _readable(tx, actor()) if each.sha256 == sha256), None)
    if found is None:
        raise MissingError(edition=sha256)
    return found
