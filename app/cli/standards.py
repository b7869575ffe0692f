"""Publish standards into the database."""

from pathlib import Path

import click

from app.actions import publish as verb
from app.cli import house
from app.store import organisations
from criteria.findings import FaultyStandardError


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--owner", help="Slug of the sector body; not needed when there is only one.")
@house.JSON
def publish(*, paths: tuple[Path, ...], owner: str | None, as_json: bool) -> None:
    """Put editions (files, or all of a folder) into the database; refuses a changed edition."""
    tools = house.tools()
    if owner is None:
        with tools.read() as tx:
            bodies = organisations.every(tx, "sector-body")
        if len(bodies) != 1:
            raise click.ClickException("say --owner SLUG: " + (", ".join(each.slug for each in bodies) or "none yet"))
        owner = bodies[0].slug
    done = []
    for file in _files(paths):
        try:
            published = verb.publish(tools, None, file.read_bytes(), owner=owner)
        except FaultyStandardError as faulty:
            for each in faulty.findings:
                click.echo(f"{file}:{each.line}:{each.column}: {each.severity} {each.code} {each.en}", err=True)
            raise click.ClickException(f"{file} was not published; nothing has changed") from faulty
        done.append({"standard": published.standard, "edition": published.edition, "sha256": published.sha256})
        if not as_json:
            click.echo(" ".join(done[-1].values()))
    if as_json:
        house.tell(done)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        found += [file for file in inside if not file.name.endswith(".cases.yaml")]
    return sorted(found, key=lambda file: verb.reuses(file.read_bytes()))
