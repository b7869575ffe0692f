"""Pages for everybody, and the bytes that strangers' programs fetch."""

import os

import msgspec
from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import EmailField, StringField, TextAreaField

from app.actions.checks import report
from app.store import issuers
from app.store.schema import SchemaError, require_current
from app.web.forms import Form, at_least, at_most, required, trimmed
from app.web.language import later, remember, safe_path
from app.web.limits import LIMITER
from app.web.tools import tools
from app.words import LANGUAGES
from assessments.problems import MissingError
from criteria.schema import schema as standard_schema

bp = Blueprint("public", __name__)


class ReportForm(Form):
    """What somebody could not use."""

    text = TextAreaField(
        later("Vad fungerar inte?"),
        [required(later("Beskriv vad som inte fungerar.")), at_least(3), at_most(4000)],
        filters=[trimmed],
    )
    page = StringField(later("På vilken sida?"), [at_most(300)], filters=[trimmed])
    contact = EmailField(later("Din e-postadress"), [at_most(200)], filters=[trimmed])


@bp.get("/")
def home() -> str:
    """What this is and the three ways in."""
    return render_template("pages/home.html")


@bp.route("/tillganglighet", methods=["GET", "POST"])
@LIMITER.limit("10/minute", methods=["POST"])
def accessibility() -> ResponseReturnValue:
    """The statement, and the form for telling about faults."""
    form = ReportForm(page=request.args.get("sida", ""))
    if form.validate_on_submit():
        report(
            tools(),
            kind="accessibility",
            page=form.page.data or "",
            text=form.text.data,
            contact=form.contact.data or "",
        )
        return redirect("/tillganglighet?tack=1#rapportera", 303)
    page = render_template("pages/accessibility.html", form=form, thanks="tack" in request.args)
    return make_response(page, 400 if form.errors else 200)


@bp.get("/integritet")
def privacy() -> str:
    """Who is responsible for the personal data, why they are kept, and what one can ask for."""
    return render_template("pages/privacy.html")


@bp.get("/sprak/<code>")
def switch(code: str) -> Response:
    """Change language and stay where one was."""
    if code not in LANGUAGES:
        raise MissingError(language=code)
    response = make_response(redirect(safe_path(request.args.get("till")), 303))
    remember(response, code)
    return response


@bp.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def readyz() -> Response:
    """It can serve: right schema, and the folder can be written; says which of the two is wrong, nothing more."""
    faults = []
    try:
        require_current(tools().database)
    except SchemaError:
        faults.append("schema")
    if not os.access(tools().settings.folder, os.W_OK):
        faults.append("folder")
    return Response("\n".join([*faults, ""]) or "ready\n", 503 if faults else 200, mimetype="text/plain")


@bp.get("/schema/standard-1.json")
def schema() -> Response:
    """The JSON Schema of the criteria files, for editors."""
    made = msgspec.json.encode(standard_schema(f"{tools().settings.public_url}/schema/standard-1.json"))
    response = Response(made, content_type="application/schema+json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@bp.get("/issuer/<path:rest>")
def issuer(rest: str) -> Response:
    """DID documents and status lists, as published; any page may read them, and an unchanged one is not sent again."""
    del rest
    with tools().read() as tx:
        found = issuers.published(tx, request.path)
    response = Response(found.body, content_type=found.media_type)
    response.set_etag(found.sha256)
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.make_conditional(request)
    return response
