"""Organisations, accounts and grants from the command line."""

import secrets

import click

from app.actions import grants
from app.actions import people as verbs
from app.cli import house
from app.policy import ROLES
from app.store import organisations, people

KINDS = ("provider", "sector-body", "operator")


@click.group()
def organisation() -> None:
    """Providers, sector bodies and the operator."""


@organisation.command("add")
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--kind", required=True, type=click.Choice(KINDS))
@click.option("--number", required=True, help="Organisation number, for example 556000-0167.")
@click.option("--homepage")
def add_organisation(*, slug: str, name: str, kind: str, number: str, homepage: str | None) -> None:
    """Add an organisation."""
    new = verbs.add_organisation(
        house.tools(), None, slug=slug, kind=kind, name=name, organisation_number=number, homepage=homepage  # type: ignore[arg-type] # one of KINDS
    )  # fmt: skip
    click.echo(f"{new.slug} {new.id}")


@organisation.command("list")
@house.JSON
def list_organisations(*, as_json: bool) -> None:
    """All organisations."""
    with house.tools().read() as tx:
        every = organisations.every(tx)
    if as_json:
        house.tell(every)
    else:
        for each in every:
            click.echo(f"{each.slug:24} {each.kind:12} {each.organisation_number}  {each.name}")


@click.group()
def user() -> None:
    """Accounts of people who work here."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--organisation", "home", required=True, help="Slug of the organisation.")
@click.option("--role", required=True, type=click.Choice(list(ROLES)))
@click.option("--person", help="Id of the person whose second account this is.")
@click.option("--another", is_flag=True, help="A namesake who is somebody else.")
@click.option("--password", help="Left out: one is made and shown once.")
def add_user(
    *, email: str, name: str, home: str, role: str, person: str | None, another: bool, password: str | None
) -> None:
    """Add an account with a role."""
    made = password or secrets.token_urlsafe(12)
    who = verbs.add_person(
        house.tools(), None, name=name, email=email, password=made, organisation=home, role=role,  # type: ignore[arg-type] # one of ROLES
        person=person, another=another,
    )  # fmt: skip
    click.echo(f"{who.id} {who.name}")
    if not password:
        click.echo(f"password (shown once): {made}")


@user.command("role")
@click.argument("person")
@click.option("--organisation", "home", required=True)
@click.option("--role", required=True, type=click.Choice(list(ROLES)))
def add_role(*, person: str, home: str, role: str) -> None:
    """Give a person one more role."""
    verbs.add_role(house.tools(), None, person=person, organisation=home, role=role)  # type: ignore[arg-type] # one of ROLES


@user.command("password")
@click.argument("email")
@click.password_option()
def set_password(*, email: str, password: str) -> None:
    """Set a new password; all sessions of the account end."""
    verbs.set_password(house.tools(), email, password)


@user.command("disable")
@click.argument("email")
def disable(*, email: str) -> None:
    """The account can no longer sign in."""
    verbs.disable_account(house.tools(), None, email)


@user.command("list")
@house.JSON
def list_users(*, as_json: bool) -> None:
    """All people with their roles."""
    with house.tools().read() as tx:
        homes = {each.id: each.slug for each in organisations.every(tx)}
        listed = people.listed(tx)
    if as_json:
        house.tell(listed)
    else:
        for each in listed:
            state = " (disabled)" if each.disabled else ""
            click.echo(
                f"{each.person} {homes[each.organisation]:20} {each.role:16} {each.name} {' '.join(each.emails)}{state}"
            )


@click.group()
def grant() -> None:
    """Rights of providers to issue a standard."""


@grant.command("give")
@click.argument("standard")
@click.option("--owner", required=True, help="Slug of the sector body.")
@click.option("--provider", required=True, help="Slug of the provider.")
def give(*, standard: str, owner: str, provider: str) -> None:
    """Give a provider the right to issue a standard from today."""
    new = grants.give(house.tools(), None, owner=owner, provider=provider, standard=standard)
    click.echo(f"{new.id} {new.standard} from {new.given_on}")
