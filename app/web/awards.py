"""The provider's certificates: what was issued, its documents, and taking one out of force by two people."""

from itertools import groupby

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from app.actions import revoke
from app.policy import can, require
from app.store import awards, intents, issuers, people
from app.store.awards import Document, Given
from app.web.forms import Form, at_least, at_most, required, trimmed
from app.web.language import gettext, later, words
from app.web.pages import SEALS, STATUSES
from app.web.tools import tools
from app.web.visitor import actor

bp = Blueprint("awards", __name__)
SUFFIXES: dict[str, str] = {
    "pdf": "pdf",
    "open-badge": "json",
    "vc-jwt": "jwt",
    "badge-svg": "svg",
    "badge-png": "png",
    "elm": "elm.json",
}
FORMATS: dict[str, str] = {
    "pdf": later("Dokument att skriva ut (PDF)"),
    "open-badge": later("Mikromerit (Open Badges 3.0)"),
    "vc-jwt": later("Mikromerit för plånböcker (VC-JWT)"),
    "badge-svg": later("Märke med mikromeriten i (SVG)"),
    "badge-png": later("Märke med mikromeriten i (PNG)"),
    "elm": later("Europass (European Learning Model)"),
}
"""Format of a document → what people call it."""


class RevokeForm(Form):
    """Why a certificate is taken out of force; read by colleagues, never public."""

    reason = TextAreaField(
        later("Varför ska beviset återkallas?"), [required(), at_least(10), at_most(2000)], filters=[trimmed]
    )


@bp.get("/bevis")
def listing() -> str:
    """What the visitor's providers have issued, by status and by words."""
    visitor, today = actor(), tools().today()
    wish, words = request.args.get("lage", ""), request.args.get("sok", "").strip().casefold()
    homes = {each.organisation for each in visitor.memberships if can(visitor, "award.revoke", each.organisation)}
    with tools().read() as tx:
        found = [each for home in sorted(homes) for each in awards.of_provider(tx, home)]
    found = [each for each in found if words in f"{holder(each)} {each.number or ''}".casefold()]
    counts = {status: sum(each.status(today) == status for each in found) for status in STATUSES}
    chosen = [each for each in found if each.status(today) == wish] if wish in STATUSES else found
    return render_template(
        "pages/awards.html", awards=chosen, counts=counts, total=len(found), wish=wish,
        words=request.args.get("sok", ""), today=today, holder=holder,
    )  # fmt: skip


@bp.get("/bevis/<key>")
def overview(key: str) -> str:
    """One certificate with its documents and what was asked of it."""
    return _overview(key, RevokeForm())


@bp.get("/bevis/<key>/dokument/<document>")
def document(key: str, document: str) -> Response:
    """The stored bytes, as they were sealed."""
    given = _own(key)
    with tools().read() as tx:
        found = awards.document(tx, given.id, document)
    response = Response(tools().files.get(found.sha256), content_type=found.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=filename(given, found))
    return response


@bp.post("/bevis/<key>/aterkalla")
def ask(key: str) -> ResponseReturnValue:
    """Ask for revocation; nothing happens until another person confirms it."""
    _own(key)
    form = RevokeForm()
    if not form.validate_on_submit():
        return make_response(_overview(key, form), 400)
    revoke.ask(tools(), actor(), key, form.reason.data)
    flash(gettext("Återkallelsen är begärd. En annan person behöver bekräfta den."))
    return redirect(f"/bevis/{key}", 303)


@bp.post("/bevis/<key>/bekrafta/<revocation>")
def confirm(key: str, revocation: str) -> ResponseReturnValue:
    """The second person's yes."""
    _own(key)
    revoke.confirm(tools(), actor(), key, revocation)
    flash(gettext("Beviset är återkallat. Alla som kontrollerar det ser det nu."))
    return redirect(f"/bevis/{key}", 303)


def holder(given: Given) -> str:
    """Who has it, as lists may say."""
    if given.protected:
        return gettext("Skyddad identitet")
    return given.award.holder.name if given.award else gettext("Raderad person")


def filename(given: Given, document: Document) -> str:
    """Neutral and findable: the number, then the module."""
    number = given.number or given.id
    module = f"-{document.module}" if document.module else ""
    return f"intyga-{number}{module}.{SUFFIXES.get(document.format, 'bin')}"


def _grouped(given: Given, documents: list[Document]) -> list[tuple[str, list[Document]]]:
    """The whole first, then each module by its title; the formats in our order, the one to print before all."""
    titles = {module.id: words(module.title) for module in given.award.modules} if given.award else {}
    places = {name: place for place, name in enumerate(FORMATS)}
    ordered = sorted(documents, key=lambda each: (each.module, places.get(each.format, len(places))))
    return [(titles.get(key, key), list(group)) for key, group in groupby(ordered, key=lambda each: each.module)]


def _own(key: str) -> Given:
    with tools().read() as tx:
        given = awards.find(tx, key)
    require(actor(), "award.revoke", given.provider)
    return given


def _overview(key: str, form: RevokeForm) -> str:
    given = _own(key)
    with tools().read() as tx:
        asked = awards.revocations(tx, key)
        documents = awards.documents(tx, key)
        names = people.names(tx, {each.asked_by for each in asked} | {each.confirmed_by or "" for each in asked})
        job = intents.of(tx, "issue", key)
        paper = next((each for each in documents if each.format == "pdf"), None)
        level = issuers.seal_level(tx, given.provider, paper.key) if paper else None
    waits = [each for each in asked if each.confirmed_at is None] if given.revoked_at is None else []
    return render_template(
        "pages/award.html", given=given, today=tools().today(), holder=holder(given),
        documents=_grouped(given, documents), seal=SEALS[level] if level else None,
        FORMATS=FORMATS, asked=asked, waits=waits, names=names, form=form, failing=bool(job and job.failure),
        me=actor().person, here=f"/bevis/{key}",
    )  # fmt: skip
