"""The desk's view of the field: which tablets there are, what is out on them, and the last resort for a silent one."""

from datetime import datetime, timedelta

import segno
from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from msgspec import Struct
from wtforms import FileField, HiddenField, RadioField, SelectField, TextAreaField

from app.actions.checkout import bring_back as end_checkout
from app.actions.enrol import make_code, revoke_device
from app.actions.hand_in import hand_in
from app.policy import Actor, can
from app.settings import LOOPBACK
from app.store import assessments, checkouts, deliveries, devices, organisations, people, quarantine
from app.store.checkouts import Checkout
from app.store.devices import Device
from app.store.organisations import Organisation
from app.store.timeline import Look
from app.web.cases import called
from app.web.forms import Form, asked, at_least, at_most, required, trimmed
from app.web.language import gettext, later
from app.web.problems import said
from app.web.tools import tools
from app.web.visitor import actor, hostname
from assessments.delivered import gaps
from assessments.problems import InvalidError, ProblemError

bp = Blueprint("devices", __name__)
SKEWED = 120
"""Seconds by which a clock may differ before it is said."""
SILENT = ((timedelta(days=6), "no"), (timedelta(days=3), "no"), (timedelta(hours=24), "wait"))
HOWS = {
    "declared": later("Allt är inlämnat eller det finns inget mer på surfplattan"),
    "lost": later("Surfplattan är förlorad eller trasig"),
}


class CodeForm(Form):
    """For which provider a tablet is enrolled."""

    provider = SelectField(later("Leverantör"), [required()])


class ReasonForm(Form):
    """Why a tablet is revoked."""

    why = TextAreaField(
        later("Varför spärras surfplattan?"), [required(), at_least(3), at_most(400)], filters=[trimmed]
    )


class BackForm(Form):
    """Why a case is no longer out."""

    how = RadioField(later("Vad har hänt?"), [required()], choices=HOWS)
    why = TextAreaField(later("Beskriv kort"), [required(), at_least(3), at_most(400)], filters=[trimmed])
    till = HiddenField()


class FileForm(Form):
    """The sealed file of a tablet that cannot send."""

    provider = SelectField(later("Leverantör"), [required()])
    file = FileField(later("Filen från surfplattan"), [asked(later("Välj filen från surfplattan."))])


class Out(Struct, frozen=True):
    """A case on a tablet, as the desk may read it."""

    checkout: Checkout
    candidate: str
    waits: bool
    """Its decision waits for the tablet."""


class Tablet(Struct, frozen=True, kw_only=True):
    """A tablet with what it has and how it is."""

    device: Device
    enrolled_by: str
    out: tuple[Out, ...]
    arrived: int
    missing: int
    broken: bool
    """An event does not follow the one that arrived before it."""
    silent: str
    skewed: bool


@bp.get("/surfplattor")
def listing() -> str:
    """All tablets of the visitor's providers."""
    return _listing(FileForm())


@bp.post("/surfplattor/kod")
def code() -> ResponseReturnValue:
    """A code for one tablet: shown on this page and never again."""
    form = _choosing(CodeForm())
    if not form.validate_on_submit():
        return redirect("/surfplattor", 303)
    secret = make_code(tools(), actor(), form.provider.data)
    address = f"{_origin()}/falt/#kod={secret}"
    picture = segno.make(address, error="m").svg_data_uri(scale=6, border=2, dark="#1c2723", light="#ffffff")
    half = len(secret) // 2
    return render_template(
        "pages/device_code.html", code=f"{secret[:half]} {secret[half:]}", address=f"{_origin()}/falt/", picture=picture
    )


@bp.post("/surfplattor/<key>/sparra")
def revoke(key: str) -> ResponseReturnValue:
    """Nothing more goes straight into a case from there."""
    form = ReasonForm()
    if form.validate_on_submit():
        revoke_device(tools(), actor(), key, form.why.data)
        flash(gettext("Surfplattan är spärrad. Det den skickar hamnar i karantän."))
    else:
        flash(gettext("Skriv varför surfplattan spärras."), "no")
    return redirect("/surfplattor", 303)


@bp.post("/surfplattor/ute/<key>")
def bring_back(key: str) -> ResponseReturnValue:
    """A case is no longer out, as a person says."""
    form = BackForm()
    if form.validate_on_submit():
        end_checkout(tools(), actor(), key, form.how.data, form.why.data)
        flash(gettext("Ärendet räknas inte längre som ute. Det som ändå kommer in hamnar rätt eller i karantän."))
    else:
        flash(gettext("Välj vad som har hänt och beskriv kort."), "no")
    with tools().read() as tx:
        case = checkouts.find(tx, key).assessment
    return redirect(f"/arenden/{case}" if form.till.data == "case" else "/surfplattor", 303)


@bp.post("/api/v1/import")
def bring_in() -> ResponseReturnValue:
    """The last resort: a sealed file goes the same way as a delivery, as often as anybody likes."""
    form = _choosing(FileForm())
    wants_json = request.accept_mimetypes.best == "application/json"
    sent = request.files.get("file")
    if not form.validate_on_submit() or sent is None:
        if wants_json:
            raise InvalidError(field="file")
        return _listing(form), 400
    try:
        done = hand_in(tools(), actor(), form.provider.data, sent.read())
    except ProblemError as problem:
        if wants_json:
            raise
        form.refuse("file", said(problem))
        return _listing(form), 400
    if wants_json:
        return jsonify(results=[{"id": each.id, "status": each.status, "reason": each.reason} for each in done.results])
    counted = {status: sum(each.status == status for each in done.results) for status in ("stored", "quarantined")}
    flash(
        gettext(
            "Filen är inläst: %(num)s händelser, varav %(new)s nya och %(held)s i karantän. %(photos)s foton.",
            num=len(done.results), new=counted["stored"], held=counted["quarantined"], photos=done.photos,
        )
    )  # fmt: skip
    return redirect("/surfplattor", 303)


def _listing(form: FileForm) -> str:
    visitor = actor()
    with tools().read() as tx:
        homes = _homes(tx, visitor)
        tablets = [_tablet(tx, each) for home in homes for each in devices.of_provider(tx, home.id)]
        held = {home.id: quarantine.waiting(tx, home.id) for home in homes}
        may_resolve = any(can(visitor, "quarantine.resolve", home.id) for home in homes)
    return render_template(
        "pages/devices.html",
        tablets=tablets,
        out=[(tablet, each) for tablet in tablets for each in tablet.out],
        form=_choosing(form),
        code_form=_choosing(CodeForm(formdata=None)),
        many=len(homes) > 1,
        held=sum(held.values()) if may_resolve else 0,
        may_resolve=may_resolve,
        HOWS=HOWS,
    )


def _homes(tx: Look, visitor: Actor) -> list[Organisation]:
    keys = {each.organisation for each in visitor.memberships}
    return [organisations.find(tx, key) for key in sorted(keys) if can(visitor, "device.manage", key)]


def _choosing(form: Form) -> Form:
    """The visitor's providers; the only one is chosen already."""
    with tools().read() as tx:
        homes = _homes(tx, actor())
    form.provider.choices = [(home.id, home.name) for home in homes]
    if not form.provider.data and len(homes) == 1:
        form.provider.data = homes[0].id
    return form


def _tablet(tx: Look, device: Device) -> Tablet:
    chain = deliveries.chain(tx, device.id)
    _, missing = gaps(each.seq for each in chain)
    hashes = {each.seq: each.hash for each in chain}
    broken = any(each.prev and hashes.get(each.seq - 1, each.prev) not in ("", each.prev) for each in chain)
    return Tablet(
        device=device,
        enrolled_by=_name(tx, device.enrolled_by),
        out=tuple(_out(tx, each) for each in checkouts.on_device(tx, device.id)),
        arrived=len(chain),
        missing=sum(last - first + 1 for first, last in missing),
        broken=broken,
        silent=_silent(device.seen_at, tools().now()),
        skewed=abs(device.skew) > SKEWED,
    )


def _name(tx: Look, person: str | None) -> str:
    return people.names(tx, {person}).get(person, "–") if person else gettext("Driftansvarig")


def _out(tx: Look, checkout: Checkout) -> Out:
    case = assessments.find(tx, checkout.assessment)
    return Out(checkout, called(case.candidate), case.state == "assessing")


def _silent(seen: datetime, now: datetime) -> str:
    return next((kind for age, kind in SILENT if now - seen > age), "")


def _origin() -> str:
    """Where a tablet reaches us."""
    settings = tools().settings
    if settings.tablet_url:
        return settings.tablet_url
    return request.host_url.rstrip("/") if hostname(request) in LOOPBACK else settings.public_url
