"""The visitor's own account: who they are here, and a password that only they know."""

from flask import Blueprint, flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import PasswordField, validators

from app.actions.people import set_password
from app.actions.sign_in import SignInError, sign_in, sign_out
from app.store import organisations
from app.web.forms import Form, at_least, at_most, required
from app.web.language import gettext, later, translated
from app.web.limits import LIMITER
from app.web.pages import ROLE_NAMES
from app.web.problems import said
from app.web.tools import tools
from app.web.visitor import actor, keep

bp = Blueprint("account", __name__)


class PasswordForm(Form):
    """The one in use proves who asks; the administrator who made the account does not know the new one."""

    current = PasswordField(later("Nuvarande lösenord"), [required(later("Skriv ditt lösenord.")), at_most(200)])
    new = PasswordField(later("Nytt lösenord"), [required(), at_least(12), at_most(200)])
    again = PasswordField(
        later("Nytt lösenord en gång till"), [required(), validators.EqualTo("new", later("De två är inte lika."))]
    )


@bp.route("/konto", methods=["GET", "POST"])
@LIMITER.limit("10/minute", methods=["POST"])
def overview() -> ResponseReturnValue:
    """Name, roles and the form for a new password; a change signs the account out everywhere else."""
    visitor, form = actor(), PasswordForm()
    if form.validate_on_submit():
        try:
            sign_out(tools(), sign_in(tools(), visitor.email, form.current.data))
        except SignInError as problem:
            form.refuse("current", said(problem))
        else:
            set_password(tools(), visitor.email, form.new.data, actor=visitor)
            flash(gettext("Lösenordet är bytt. På andra enheter behöver du logga in igen."))
            response = make_response(redirect("/konto", 303))
            keep(response, "account", sign_in(tools(), visitor.email, form.new.data))
            return response
    with tools().read() as tx:
        roles = [
            f"{translated(ROLE_NAMES[each.role])}, {organisations.find(tx, each.organisation).name}"
            for each in visitor.memberships
        ]
    page = render_template("pages/account.html", form=form, roles=roles)
    return make_response(page, 400 if form.errors else 200)
