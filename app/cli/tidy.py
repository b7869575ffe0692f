"""`intyga criteria format`: one layout for all files, comments kept, and never another edition than before."""

import sys
from pathlib import Path

import click

from app.cli.criteria import LANG, say
from app.store.files import write_whole
from criteria.findings import FaultyStandardError
from criteria.layout import laid_out


@click.command("format")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", is_flag=True, help="Write nothing; 1 when a file would change.")
@LANG
def layout(*, files: tuple[Path, ...], check: bool, lang: str | None) -> None:
    """Lay FILES out anew: 0 done, 1 would change (with --check), 2 a file cannot be read; that one is left as it is."""
    worst = 0
    for file in files:
        data = file.read_bytes()
        try:
            made = laid_out(data)
        except FaultyStandardError as faulty:
            say(file, faulty.findings, lang, err=True)
            worst = 2
            continue
        if made == data:
            continue
        click.echo(f"{file}")
        if check:
            worst = max(worst, 1)
        else:
            write_whole(file.resolve(), made, mode=file.stat().st_mode & 0o777)
    sys.exit(worst)
