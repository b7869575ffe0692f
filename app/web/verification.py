"""For strangers: is this paper real? By its number, by the link on it, or by handing over the file itself."""

import re

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from msgspec import MsgspecError, Struct
from wtforms import HiddenField, StringField

from app.actions.checks import BusyError, DocumentSizeError, ask
from app.store import awards, checks, issuers, organisations
from app.store.awards import Given, Status, printed_number
from app.store.timeline import Look
from app.tools import stockholm_day
from app.verify.answers import CHECKS, QUESTIONS, RESULTS, Answer, Shown, answer, from_json
from app.web.forms import Form, at_most, required, trimmed
from app.web.language import gettext, later
from app.web.limits import LIMITER
from app.web.problems import said, status_of
from app.web.tools import tools
from assessments.award import Award
from assessments.problems import MissingError
from criteria.model import Text

bp = Blueprint("verification", __name__)
NUMBER = re.compile(r"(\d{4})\D{0,3}(\d{6})\D{0,3}(\d)\Z")
UNCHANGED = Answer(
    question="unchanged",
    result="could-not-check",
    code="unchanged-by-eye",
    sv="Här står vad registret säger. Jämför med det du har framför dig, eller ladda upp filen så kontrollerar vi den.",
    en="This is what the register says. Compare it with what you have, or upload the file and we check it.",
)


class NumberForm(Form):
    """The printed number."""

    number = StringField(later("Nummer"), [required(later("Skriv numret.")), at_most(40)], filters=[trimmed])
    kind = HiddenField(default="number")


class FileForm(Form):
    """The document itself."""

    file = FileField(later("Fil"), [required(later("Välj en fil: PDF, JSON eller JWT."))])
    kind = HiddenField(default="file")


class Register(Struct, frozen=True, kw_only=True):
    """All that a number alone tells."""

    number: str
    standard: Text
    issuer: str
    status: Status
    valid_until: str | None


@bp.route("/kontrollera", methods=["GET", "POST"])
@LIMITER.limit("30/minute", methods=["POST"])
def check() -> ResponseReturnValue:
    """Two ways to ask on one page."""
    number, file = NumberForm(formdata=None), FileForm(formdata=None)
    found: Register | None = None
    status = 200
    if request.method == "POST" and request.form.get("kind") == "file":
        file = FileForm()
        key, status = _ask(file)
        if key:
            return redirect(f"/kontrollera/svar/{key}", 303)
    elif request.method == "POST":
        number = NumberForm()
        found, status = _look_up(number)
    page = render_template("pages/verify.html", number=number, file=file, found=found)
    return make_response(page, status)


@bp.get("/kontrollera/svar/<key>")
def reply(key: str) -> ResponseReturnValue:
    """The three answers, or a page that looks again by itself while the worker reads the file."""
    with tools().read() as tx:
        asked = checks.find(tx, key)
    try:
        found = from_json(asked.answer) if asked.answer else None
    except MsgspecError:
        found = None
    forgotten = asked.answered_at is not None and found is None
    return render_template(
        "pages/verify_answer.html",
        found=found,
        answers=found.answers if found else (),
        shown=found.shown if found else None,
        checks=found.checks if found else (),
        waiting=asked.answered_at is None,
        forgotten=forgotten,
        asked=asked,
        QUESTIONS=QUESTIONS,
        RESULTS=RESULTS,
        CHECKS=CHECKS,
    )


@bp.get("/v/<token>")
@LIMITER.limit("120/minute")
def certificate(token: str) -> str:
    """What the register says of the certificate whose link this is."""
    with tools().read() as tx:
        given = awards.by_token(tx, token)
        issuer = organisations.find(tx, given.provider)
        answers = _answers(tx, given, issuer.name)
    shown = _shown(given, given.award, issuer.name, issuer.organisation_number) if given.award else None
    return render_template(
        "pages/verify_register.html",
        given=given,
        answers=answers,
        shown=shown,
        QUESTIONS=QUESTIONS,
        RESULTS=RESULTS,
    )


def luhn(text: str) -> str | None:
    """The number as it is printed, or None when it cannot be one of ours; spaces and hyphens are no matter."""
    parts = NUMBER.match(text.strip())
    if parts is None:
        return None
    printed = printed_number(parts[1], int(parts[2]))
    return printed if printed.endswith(parts[3]) else None


def _look_up(form: NumberForm) -> tuple[Register | None, int]:
    if not form.validate():
        return None, 400
    printed = luhn(form.number.data or "")
    if printed is None:
        form.refuse(
            "number",
            gettext(
                "Det är inget nummer från ett bevis. Ett nummer ser ut så här: 2026-000042-5. Kontrollera siffrorna."
            ),
        )
        return None, 400
    try:
        with tools().read() as tx:
            given = awards.by_number(tx, printed)
            issuer = organisations.find(tx, given.provider)
    except MissingError:
        form.refuse(
            "number",
            gettext("Numret finns inte i registret eller visas inte. Ladda upp filen eller använd länken på beviset."),
        )
        return None, 404
    title: Text = given.award.title if given.award else {"sv": given.standard, "en": given.standard}
    return Register(
        number=printed,
        standard=title,
        issuer=issuer.name,
        status=given.status(tools().today()),
        valid_until=given.valid_until,
    ), 200


def _ask(form: FileForm) -> tuple[str, int]:
    """The id of the answer's page, or nothing and the status of the refusal."""
    if not form.validate():
        return "", 400
    try:
        return ask(tools(), form.file.data.read()), 303
    except (DocumentSizeError, BusyError) as problem:
        form.refuse("file", said(problem))
        return "", status_of(problem)


def _answers(tx: Look, given: Given, issuer: str) -> tuple[Answer, Answer, Answer]:
    return _who(tx, given, issuer), UNCHANGED, _valid(given)


def _who(tx: Look, given: Given, issuer: str) -> Answer:
    """A test issuer's register says nothing about any real person."""
    if any(key.development for key in issuers.keys(tx, given.provider, "seal")):
        return answer("who-test-issuer")
    return Answer(
        question="who",
        result="yes",
        code="who-in-register",
        sv=f"{issuer} har utfärdat det. Det står i registret på den här platsen.",
        en=f"{issuer} has issued it. That is what the register at this place says.",
    )


def _valid(given: Given) -> Answer:
    status, until = given.status(tools().today()), given.valid_until or ""
    if status == "revoked" and given.revoked_at:
        return answer("revoked-on", on=stockholm_day(given.revoked_at).isoformat())
    if status == "issuing":
        return answer("being-issued")
    if status == "expired":
        return answer("expired", until=until)
    return answer("valid-until-registered" if until else "valid-without-end-registered", until=until)


def _shown(given: Given, award: Award, issuer: str, organisation_number: str) -> Shown:
    """What the register shows; of a protected person everything but who it is."""
    return Shown(
        holder="" if given.protected else award.holder.name,
        birth_date="" if given.protected else award.holder.birth_date,
        result_name=award.result_name,
        standard=award.standard,
        edition=award.edition,
        eqf=str(award.level.eqf),
        seqf=str(award.level.seqf),
        level_state=award.level.state,
        modules=tuple(module.title for module in award.modules),
        number=given.number or "",
        issuer_name=issuer,
        issuer_id="",
        organisation_number=organisation_number,
        awarded_on=award.awarded_on,
        valid_from=award.awarded_on,
        valid_until=award.valid_until,
        withheld=given.protected,
    )
