"""What an operator does: set up, see what is missing, back up, restore, erase."""

import json
import secrets
from pathlib import Path

import click
import msgspec

from app.actions import back_up as archive
from app.actions import erase as verb
from app.actions import people
from app.cli import house
from app.store import organisations, proofs


@click.command()
@click.option("--operator", help="Name of the organisation that runs this installation.")
@click.option("--number", help="Its organisation number.")
@click.option("--admin", help="Address of the first administrator; a password is made and shown once.")
@click.option("--admin-name", default="", help="The administrator's own name.")
def init(*, operator: str | None, number: str | None, admin: str | None, admin_name: str) -> None:
    """Create database, form secret and key passphrase; what is there is kept. Then bring the schema up to date."""
    found = house.settings()
    tools = house.prepare(found)
    click.echo(f"database {tools.database.engine.url.render_as_string(hide_password=True)}")
    click.echo(f"folder   {found.folder}")
    if operator:
        new = people.add_organisation(
            tools, None, slug="operator", kind="operator", name=operator, organisation_number=number or ""
        )
        click.echo(f"operator {new.name}")
    if admin and not admin_name.strip():
        raise click.UsageError("--admin needs --admin-name: duties are separated by person")
    if admin:
        with tools.read() as tx:
            home = next(iter(organisations.every(tx, "operator")), None)
        if home is None:
            raise click.UsageError("--admin needs --operator and --number: an administrator belongs to who runs this")
        password = secrets.token_urlsafe(12)
        people.add_person(
            tools, None, name=admin_name, email=admin, password=password, organisation=home.id, role="administrator"
        )
        click.echo(f"admin    {admin}  password (shown once): {password}")


@click.command()
@click.option("--json", "as_json", is_flag=True)
def doctor(*, as_json: bool) -> None:
    """Say what is missing or wrong; exit 1 when the installation is unfit."""
    from app.cli.doctor import complaints  # noqa: PLC0415 the key machinery only where it is used

    found = house.settings()
    said = complaints(found)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(said), ensure_ascii=False, indent=2))
    else:
        for each in said:
            click.echo(f"{each.severity}: {each.text}")
        if not said:
            click.echo("fit: nothing is missing, every ledger is whole")
    if any(each.severity == "unfit" for each in said):
        raise SystemExit(1)


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@house.JSON
def backup(*, target: Path, as_json: bool) -> None:
    """Write database and files into one archive; keys and secrets are kept apart."""
    contents = archive.back_up(house.tools(), target)
    if as_json:
        house.tell(contents)
    else:
        click.echo(f"{target}: {contents.rows} rows, {len(contents.files)} files")
    for each in contents.missing:
        click.echo(f"unfit: a file that the database names is gone or damaged: {each}", err=True)
    if contents.missing:
        raise SystemExit(1)


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@house.JSON
def restore(*, source: Path, as_json: bool) -> None:
    """Read an archive into an empty database, forget whom the erasure list names, and verify every ledger."""
    found = house.settings()
    tools = house.prepare(found, schema=False)
    contents = archive.restore(tools, source)
    again = verb.erase_again(tools)
    with tools.read() as tx:
        faults = list(proofs.faults(tx))
    for fault in faults:
        click.echo(f"unfit: {fault}", err=True)
    if as_json:
        house.tell({"rows": contents.rows, "files": len(contents.files), "erased_again": again, "faults": faults})
    else:
        click.echo(f"{contents.rows} rows, {len(contents.files)} files, {len(again)} erased again")
    if faults:
        raise SystemExit(1)


@click.command()
@click.argument("person")
@click.option("--json", "as_json", is_flag=True)
def erase(*, person: str, as_json: bool) -> None:
    """Erase a candidate's or staff member's personal content by id; the ledger stays whole."""
    proof = verb.erase(house.tools(), person)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(proof)).decode())
    else:
        click.echo(f"erased {proof.person}: {proof.entries} entries, {proof.files} files; ledger entry {proof.entry}")
