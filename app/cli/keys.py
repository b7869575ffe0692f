"""Keys from the command line."""

from pathlib import Path
from typing import TextIO

import click

from app.cli import house
from app.store import issuers, organisations


@click.group()
def key() -> None:
    """Keys that organisations seal and prove with."""


@key.command("new")
@click.argument("organisation")
@click.option("--p12", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The organisation's own seal certificate; left out: a development seal (SPECIMEN).")  # fmt: skip
@click.option("--p12-passphrase-file", type=click.File(), help="A file that holds what opens the PKCS#12 file.")
def new(*, organisation: str, p12: Path | None, p12_passphrase_file: TextIO | None) -> None:
    """Give an organisation a seal and a first record key."""
    from app.actions import keys  # noqa: PLC0415 the key machinery only where it is used

    found = house.settings()
    data = p12.read_bytes() if p12 else None
    opens = p12_passphrase_file.read().strip() if p12_passphrase_file else ""
    keys.make(house.tools(found), house.passphrase(found), organisation, p12=data, p12_passphrase=opens)
    click.echo("made; the worker publishes the DID document")


@key.command("rotate")
@click.argument("organisation")
def rotate(*, organisation: str) -> None:
    """A new record key; older ones stay listed so that old records can be checked."""
    from app.actions import keys  # noqa: PLC0415 same

    found = house.settings()
    place = keys.rotate(house.tools(found), house.passphrase(found), organisation)
    click.echo(f"key-{place} proves from now on")


@key.command("list")
def list_keys() -> None:
    """All public keys, retired ones included."""
    with house.tools().read() as tx:
        homes = {each.id: each.slug for each in organisations.every(tx)}
        for each in issuers.keys(tx):
            state = f"retired {each.retired_at:%Y-%m-%d}" if each.retired_at else "in use"
            kind = " development" if each.development else ""
            click.echo(
                f"{homes[each.provider]:20} {each.purpose:6} {each.place:3} {each.made_at:%Y-%m-%d} {state}{kind}"
            )
