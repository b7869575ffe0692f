"""Whole cases on the command line: issue one for a look, export, import."""

import json
import tempfile
from pathlib import Path

import click

from app.cli import house
from app.exports import export_case, import_case
from app.store import organisations
from app.store.files import write_whole


@click.command()
@click.option("--standard", "standards", multiple=True, required=True, type=click.Path(exists=True, path_type=Path),
              help="The edition's file; repeat it for standards it reuses.")  # fmt: skip
@click.option("--assessment", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def issue(*, standards: tuple[Path, ...], assessment: Path, out: Path, as_json: bool) -> None:
    """Issue one case file in a throw-away database with development keys: always SPECIMEN."""
    from app.cli.outcome import write_outcome  # noqa: PLC0415 WeasyPrint and pyHanko only where they work
    from app.cli.serve import throw_away  # noqa: PLC0415 same
    from app.cli.specimen import approved  # noqa: PLC0415 same
    from app.issue.keyring import Keyring  # noqa: PLC0415 same

    house.require_own_app()
    files = [standard.read_bytes() for standard in standards]
    with tempfile.TemporaryDirectory(prefix="intyga-issue-") as folder:
        found = throw_away(Path(folder))
        tools = house.prepare(found)
        secret = house.passphrase(found)
        award = approved(tools, secret, files, assessment.read_bytes())
        summary = write_outcome(tools, Keyring(found.folder / "keys", secret), award, out)
        tools.database.close()
    click.echo(
        json.dumps(summary, ensure_ascii=False, indent=2) if as_json else f"{summary['number']} (SPECIMEN) {out}"
    )


@click.command()
@click.argument("assessment")
@click.option("-o", "--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def export(*, assessment: str, out: Path) -> None:
    """Write a whole case with events, photos and hashes into one file."""
    write_whole(out, export_case(house.tools(), assessment))
    click.echo(str(out))


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--provider", required=True, help="Slug of the provider that takes the case in.")
def import_(*, file: Path, provider: str) -> None:
    """Take a case file in; it awaits quality assurance and is marked as imported."""
    tools = house.tools()
    with tools.read() as tx:
        home = organisations.find(tx, provider)
    click.echo(import_case(tools, None, file.read_bytes(), provider=home.id))
