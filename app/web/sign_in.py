"""Staff sign in and out; the answer is the same whatever does not fit."""

from urllib.parse import quote

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from wtforms import EmailField, HiddenField, PasswordField

from app.actions.sign_in import SignInError, sign_in, sign_out, visitor
from app.web.forms import Form, at_most, required
from app.web.kept import Kept, carried, of_lost_session
from app.web.language import gettext, later, remember, safe_path
from app.web.limits import LIMITER
from app.web.problems import said
from app.web.tools import tools
from app.web.visitor import forget, keep, secret_of, signed_in

bp = Blueprint("sign_in", __name__)


class SignInForm(Form):
    """Address and password; `till` is where the visitor was going."""

    email = EmailField(later("E-postadress"), [required(later("Skriv din e-postadress.")), at_most(255)])
    password = PasswordField(later("Lösenord"), [required(later("Skriv ditt lösenord.")), at_most(200)])
    till = HiddenField()


@bp.route("/logga-in", methods=["GET", "POST"])
@LIMITER.limit("30/minute", methods=["POST"])
def form() -> ResponseReturnValue:
    """Ask who it is; after that only local paths are gone to."""
    asked = SignInForm(till=request.args.get("till", ""))
    till = safe_path(asked.till.data, "/start")
    held = carried(request)
    if request.method == "GET" and signed_in():
        return redirect(till)
    if not asked.validate_on_submit():
        return _page(asked, till, held, 400 if asked.errors else 200)
    try:
        secret = sign_in(tools(), asked.email.data, asked.password.data)
    except SignInError as problem:
        asked.refuse("", said(problem))
        return _page(asked, till, held, 401)
    _end(secret_of("account"))
    session.clear()  # the form token of before signing in is worth nothing after it
    g.pop("csrf_token", None)  # Flask-WTF remembers it for the request as well
    return _come_in(secret, till, held)


def ask_again() -> ResponseReturnValue | None:
    """For a form whose sender's session ran out: sign in, and it goes on; None when it cannot be carried."""
    held = of_lost_session(request)
    return _page(SignInForm(formdata=None), "/start", held, 401) if held else None


def _page(asked: SignInForm, till: str, held: Kept | None, status: int) -> ResponseReturnValue:
    page = render_template("pages/sign_in.html", form=asked, came_for=till != "/start", held=held, here=_here(till))
    return make_response(page, status)


def _here(till: str) -> str:
    """Where a change of language comes back to."""
    return "/logga-in" if till == "/start" else f"/logga-in?till={quote(till, safe='')}"


def _come_in(secret: str, till: str, held: Kept | None) -> ResponseReturnValue:
    known = visitor(tools(), secret)
    actor = known.actor if known else None
    if held and actor and actor.account == held.account:
        g.visitors = {"account": known}
        response = make_response(render_template("pages/kept.html", held=held, here="/start"))
    else:
        if held:
            flash(gettext("Det som var skrivet hörde till någon annan och skickades inte."), "wait")
        response = make_response(redirect(till, 303))
    keep(response, "account", secret)
    if actor:
        remember(response, actor.language)
    return response


@bp.post("/logga-ut")
def out() -> ResponseReturnValue:
    """End the session on the server too."""
    _end(secret_of("account"))
    session.clear()
    response = make_response(redirect("/", 303))
    forget(response, "account")
    return response


def _end(secret: str | None) -> None:
    if secret:
        sign_out(tools(), secret)
