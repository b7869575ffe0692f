"""What tablets sent and the gate did not take: a coordinator reads it, takes it in, or sets it aside with a reason."""

import json
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from msgspec import Struct
from wtforms import TextAreaField

from app.actions.resolve import StillRefusedError, accept, set_aside
from app.policy import can
from app.store import assessments, devices, people, quarantine
from app.store.quarantine import Parked
from app.store.timeline import Look
from app.web.cases import called
from app.web.forms import Form, at_least, at_most, required, trimmed
from app.web.language import gettext, later, translated
from app.web.tools import tools
from app.web.visitor import actor
from assessments.problems import MissingError

bp = Blueprint("quarantine", __name__)
REASONS = {
    "gate": later("Innehållet passar inte standarden."),
    "id-reused": later("Samma händelse har kommit förut med annat innehåll."),
    "seq-reused": later("Surfplattan har använt samma löpnummer två gånger."),
    "other-device": later("Händelsen säger sig komma från en annan surfplatta."),
    "unknown-assessment": later("Ärendet finns inte här."),
    "not-assigned": later("Personen är inte bedömare i ärendet."),
    "tie-not-declared": later("Personen har inte intygat att hen saknar koppling till kandidaten."),
    "candidate-code": later("Kandidatens kod saknades eller var fel."),
    "device-revoked": later("Surfplattan är spärrad."),
    "late": later("Händelsen kom efter beslutet."),
    "withdrawn": later("Ärendet är återtaget."),
    "source": later("Händelsen säger inte att den kommer från en surfplatta."),
    "envelope": later("Uppgifterna om var händelsen kommer ifrån gick inte att läsa."),
}
"""Why an event waits; a test compares with what the taking says."""
MENDED = {
    "tie-not-declared": later("Be bedömaren intyga det i ärendet och ta sedan in händelsen."),
    "late": later("Ta tillbaka beslutet eller lämna tillbaka ärendet, och ta sedan in händelsen."),
    "device-revoked": later("Fråga bedömaren om händelsen är hens egen och ta sedan in den."),
    "id-reused": later("Tas den in får den ett nytt nummer, och båda syns i ärendet."),
    "seq-reused": later("Händelsen kan tas in om bedömaren känns vid den."),
}


class WhyForm(Form):
    """A reason; needed to set something aside."""

    why = TextAreaField(later("Skäl"), [required(), at_least(3), at_most(400)], filters=[trimmed])


class Held(Struct, frozen=True, kw_only=True):
    """One event in quarantine, as people read it."""

    parked: Parked
    tablet: str
    person: str
    candidate: str
    case: str
    reason: str
    mend: str
    lines: tuple[tuple[str, str], ...]
    at: datetime


@bp.get("/karantan")
def listing() -> str:
    """What waits, and what was seen to."""
    visitor = actor()
    with tools().read() as tx:
        keys = sorted({each.organisation for each in visitor.memberships})
        homes = [key for key in keys if can(visitor, "quarantine.resolve", key)]
        waiting = [_held(tx, home, each) for home in homes for each in quarantine.of_provider(tx, home)]
        done = [
            _held(tx, home, each)
            for home in homes
            for state in ("accepted", "set-aside")
            for each in quarantine.of_provider(tx, home, state, 50)
        ]
    return render_template("pages/quarantine.html", waiting=waiting, done=done, form=WhyForm(formdata=None))


@bp.post("/karantan/<key>/ta-in")
def accepted(key: str) -> ResponseReturnValue:
    """Into the case after all."""
    try:
        accept(tools(), actor(), key)
    except StillRefusedError as still:
        why = translated(REASONS.get(str(still.details.get("reason")), ""))
        flash(f"{gettext('Det går inte att ta in händelsen ännu.')} {why}", "no")
    else:
        flash(gettext("Händelsen är intagen. Den räknas när bedömaren har bekräftat den."))
    return redirect("/karantan", 303)


@bp.post("/karantan/<key>/lagg-at-sidan")
def put_aside(key: str) -> ResponseReturnValue:
    """It never counts."""
    form = WhyForm()
    if form.validate_on_submit():
        set_aside(tools(), actor(), key, form.why.data)
        flash(gettext("Händelsen är lagd åt sidan och finns kvar att läsa."))
    else:
        flash(gettext("Skriv varför händelsen läggs åt sidan."), "no")
    return redirect("/karantan", 303)


def _held(tx: Look, home: str, parked: Parked) -> Held:
    candidate = case = ""
    try:
        found = assessments.find(tx, parked.assessment)
        if found.provider == home:
            candidate, case = called(found.candidate), found.id
    except MissingError:
        pass
    return Held(
        parked=parked,
        tablet=devices.find(tx, parked.device).name,
        person=people.names(tx, {parked.actor}).get(parked.actor, "–") if case else "–",
        candidate=candidate,
        case=case,
        reason=REASONS.get(parked.reason, parked.reason),
        mend=MENDED.get(parked.reason, ""),
        lines=tuple(_lines(parked.body)),
        at=parked.received_at,
    )


def _lines(body: str) -> list[tuple[str, str]]:
    """The event as it came, field by field: nothing of it is interpreted."""
    found: Any = json.loads(body) if body else {}
    hidden = {"device", "prev", "proof", "app", "edition"}
    return [
        (str(key)[:40], value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for key, value in found.items()
        if key not in hidden
    ]
