"""The operator's desk: organisations, people, their accounts and roles, reported faults and jobs that fail."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import EmailField, PasswordField, RadioField, SelectField, StringField, validators

from app.actions import people as acts
from app.policy import ROLES
from app.store import checks, intents, organisations, people
from app.store.organisations import Organisation
from app.store.people import Listed
from app.web.forms import Form, at_least, at_most, required, trimmed
from app.web.language import gettext, later, translated
from app.web.pages import KIND_NAMES, ROLE_NAMES
from app.web.problems import said
from app.web.tools import tools
from app.web.visitor import actor
from assessments.problems import ConflictError, InvalidError, ProblemError

bp = Blueprint("admin", __name__)
ANOTHER = "another"


class OrganisationForm(Form):
    """A new tenant."""

    name = StringField(later("Namn"), [required(), at_most(120)], filters=[trimmed])
    kind = SelectField(later("Vad gör organisationen?"), [required()], choices=dict(KIND_NAMES))
    organisation_number = StringField(later("Organisationsnummer"), [required(), at_most(20)], filters=[trimmed])
    slug = StringField(
        later("Kortnamn i adresser"),
        [required(), validators.Regexp(acts.SLUG, message=later("Små bokstäver a–z, siffror och bindestreck."))],
        filters=[trimmed],
    )
    homepage = StringField(
        later("Webbplats"),
        [
            at_most(200),
            validators.Optional(),
            validators.Regexp(r"https://\S+\Z", message=later("En adress som börjar med https://")),
        ],
        filters=[trimmed],
    )


class PersonForm(Form):
    """A new account with a role; `whose` is asked only when the name is known already."""

    name = StringField(later("Namn"), [required(), at_most(120)], filters=[trimmed])
    email = EmailField(later("E-postadress"), [required(), at_most(255)], filters=[trimmed])
    password = PasswordField(later("Första lösenord"), [required(), at_least(12), at_most(200)])
    place = SelectField(later("Roll och organisation"), [required()])
    whose = RadioField(later("Vem är det?"), validate_choice=False)


@bp.get("/admin")
def overview() -> str:
    """Organisations and people."""
    with tools().read() as tx:
        found, everybody = organisations.every(tx), people.listed(tx)
    return render_template("pages/admin.html", organisations=found, people=_by_person(everybody, found))


@bp.route("/admin/organisation", methods=["GET", "POST"])
def organisation() -> ResponseReturnValue:
    """Add a tenant."""
    form = OrganisationForm()
    if form.validate_on_submit():
        try:
            acts.add_organisation(
                tools(), actor(), slug=form.slug.data, kind=form.kind.data, name=form.name.data,
                organisation_number=form.organisation_number.data, homepage=form.homepage.data or None,
            )  # fmt: skip
        except acts.OrganisationNumberError as problem:
            form.refuse("organisation_number", said(problem))
        except InvalidError as problem:
            form.refuse(str(problem.details.get("field", "")), said(problem))
        except ConflictError:
            form.refuse("slug", gettext("Kortnamnet används redan."))
        else:
            flash(gettext("Organisationen är tillagd."))
            return redirect("/admin", 303)
    return make_response(render_template("pages/admin_organisation.html", form=form), 400 if form.errors else 200)


@bp.route("/admin/person", methods=["GET", "POST"])
def person() -> ResponseReturnValue:
    """Add an account with a role; a known name asks whether it is the same human being."""
    form, namesakes = PersonForm(), dict[str, str]()
    with tools().read() as tx:
        tenants, everybody = organisations.every(tx), people.listed(tx)
    form.place.choices = {"": gettext("Välj roll"), **_places(tenants)}
    if form.validate_on_submit():
        try:
            acts.add_person(tools(), actor(), **_wanted(form))
        except acts.NameKnownError as problem:
            namesakes = _namesakes(problem, everybody, tenants)
            form.refuse("whose", said(problem))
        except acts.EmailTakenError as problem:
            form.refuse("email", said(problem))
        except InvalidError as problem:
            form.refuse(str(problem.details.get("field", "")), said(problem))
        else:
            flash(gettext("Personen är tillagd. Lämna över lösenordet på ett säkert sätt."))
            return redirect("/admin#personer", 303)
    form.whose.choices = namesakes | {ANOTHER: gettext("En annan person med samma namn")}
    page = render_template("pages/admin_person.html", form=form, asks_whose=bool(namesakes))
    return make_response(page, 400 if form.errors else 200)


@bp.route("/admin/person/<key>", methods=["GET", "POST"])
def role(key: str) -> ResponseReturnValue:
    """One person: roles, accounts, and one more role."""
    with tools().read() as tx:
        who, tenants, everybody = people.find(tx, key), organisations.every(tx), people.listed(tx)
    known = next((each for each in _by_person(everybody, tenants) if each["id"] == key), None)
    form = RoleForm()
    form.place.choices = {"": gettext("Välj roll"), **_places(tenants)}
    if form.validate_on_submit():
        given, _, home = form.place.data.partition("@")
        acts.add_role(tools(), actor(), person=who.id, organisation=home, role=given)
        flash(gettext("%(name)s har fått rollen.", name=who.name))
        return redirect(f"/admin/person/{key}", 303)
    page = render_template("pages/admin_role.html", form=form, who=who, known=known)
    return make_response(page, 400 if form.errors else 200)


class RoleForm(Form):
    """One more role."""

    place = SelectField(later("Roll och organisation"), [required()])


@bp.post("/admin/stang")
def disable() -> ResponseReturnValue:
    """Close an account; nobody locks themselves out."""
    email = request.form.get("email", "")
    if email == actor().email:
        flash(gettext("Du kan inte stänga ditt eget konto."), "no")
        return redirect("/admin#personer", 303)
    acts.disable_account(tools(), actor(), email)
    flash(gettext("Kontot är stängt och utloggat."))
    return redirect("/admin#personer", 303)


@bp.get("/admin/rapporter")
def reports() -> str:
    """What visitors reported, and which jobs need a hand."""
    with tools().read() as tx:
        found, failing = checks.reports(tx), intents.failing(tx)
    return render_template("pages/admin_reports.html", reports=found, failing=failing)


def _places(tenants: list[Organisation]) -> dict[str, str]:
    return {
        f"{role}@{tenant.id}": f"{tenant.name}: {translated(ROLE_NAMES[role])}"
        for tenant in tenants
        for role, kind in ROLES.items()
        if kind == tenant.kind
    }


def _wanted(form: PersonForm) -> dict[str, Any]:
    given, _, home = form.place.data.partition("@")
    whose = form.whose.data or ""
    return {
        "name": form.name.data,
        "email": form.email.data,
        "password": form.password.data,
        "organisation": home,
        "role": given,
        "person": whose if whose not in ("", ANOTHER, "None") else None,
        "another": whose == ANOTHER,
    }


def _namesakes(problem: ProblemError, everybody: list[Listed], tenants: list[Organisation]) -> dict[str, str]:
    known = _by_person(everybody, tenants)
    return {
        each["id"]: gettext("Samma person: %(name)s (%(roles)s)", name=each["name"], roles="; ".join(each["roles"]))
        for each in known
        if each["id"] in problem.details["people"]  # type: ignore[operator] # the action lists ids
    }


def _by_person(everybody: list[Listed], tenants: list[Organisation]) -> list[dict[str, Any]]:
    """One entry per human being, with all roles and addresses."""
    names = {each.id: each.name for each in tenants}
    found: dict[str, dict[str, Any]] = {}
    for each in everybody:
        entry = found.setdefault(
            each.person,
            {"id": each.person, "name": each.name, "emails": each.emails, "disabled": each.disabled, "roles": []},
        )
        entry["roles"].append(f"{translated(ROLE_NAMES[each.role])}, {names[each.organisation]}")  # type: ignore[index] # the table holds only known roles
    return list(found.values())
