"""`intyga criteria export` and `import`: standards to and from workbooks and CASE packages, and the format's schema."""

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click
import msgspec

from app.cli.criteria import LANG, FaultyFileError, beside, edition_of, language_of, say
from criteria import case, spreadsheet
from criteria.diff import diff
from criteria.findings import FaultyStandardError, Finding
from criteria.model import Edition
from criteria.reader import Lookup
from criteria.schema import ID, schema
from criteria.telling import said
from criteria.written import written, written_onto

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_OUT = click.Path(path_type=Path, dir_okay=False)
_FORCE = click.option("--force", is_flag=True, help="Replace OUT if it is there.")
_CASE = ["1.0", "1.1"]


@click.command()
@click.argument("file", required=False, type=_FILE)
@click.option(
    "--to",
    type=click.Choice(["xlsx", "case", "schema"]),
    required=True,
    help="xlsx: a workbook to edit; case: a CASE package (experimental); schema: JSON Schema of the file format.",
)
@click.option("-o", "--out", type=_OUT, required=True, help="Where to write it; - is the screen (not for xlsx).")
@click.option("--id", "identifier", default=ID, show_default=True, help="schema: its $id.")
@click.option("--base", default="", help="case: where the addresses begin (else the owner's homepage).")
@click.option(
    "--case-version", type=click.Choice(_CASE), default="1.1", show_default=True, help="case: 1.0 loses more."
)
@_FORCE
@LANG
def export(
    *,
    file: Path | None,
    to: str,
    out: Path,
    identifier: str,
    base: str,
    case_version: str,
    force: bool,
    lang: str | None,
) -> None:
    """Write the standard in FILE as a workbook or a CASE package, or the file format as JSON Schema."""
    edition = None if file is None else _edition(file, lang)
    if to == "schema":
        _write(out, msgspec.json.format(msgspec.json.encode(schema(identifier)), indent=2) + b"\n", force=True)
        return
    if file is None or edition is None:
        raise click.UsageError("FILE is missing.")
    if to == "xlsx" and str(out) == "-":
        raise click.UsageError("A workbook cannot be written to the screen.")
    try:
        made = (
            spreadsheet.write(edition)
            if to == "xlsx"
            else case.encoded(edition, base=base, version="1.0" if case_version == "1.0" else "1.1")
        )
    except FaultyStandardError as faulty:
        say(file, faulty.findings, lang, err=True)
        sys.exit(2)
    _write(out, made, force=force)


@click.command("import")
@click.argument("file", type=_FILE)
@click.option("--from", "kind", type=click.Choice(["xlsx", "case"]), help="Else told from the content of FILE.")
@click.option(
    "-o", "--out", type=_OUT, help="The YAML file to write; - is the screen; without it only the diff is shown."
)
@click.option(
    "--onto", type=_FILE, help="An older file of the standard: its comments stay, and the difference is shown."
)
@click.option("--language", default="", help="case: the language of a package that does not tell, for example en.")
@_FORCE
@LANG
def import_(
    *, file: Path, kind: str | None, out: Path | None, onto: Path | None, language: str, force: bool, lang: str | None
) -> None:
    """Read a workbook or a CASE package as a standard: 0 written, 2 faults, each with its place."""
    modules = beside(onto or out or file)
    edition = _imported(file.read_bytes(), kind, modules, (file, language, lang))
    if edition is None:
        sys.exit(2)
    if onto is not None:
        _difference(_edition(onto, lang), edition, lang, quiet=str(out) == "-")
    if out is not None:
        text = written_onto(onto.read_bytes(), edition, modules=modules) if onto else written(edition, modules=modules)
        _write(out, text.encode(), force=force)


def _imported(data: bytes, kind: str | None, modules: Lookup, told: tuple[Path, str, str | None]) -> Edition | None:
    """The edition, after everything there is to say has been said."""
    file, language, lang = told
    findings: Iterable[Finding]
    if (kind or ("xlsx" if data.startswith(b"PK") else "case")) == "xlsx":
        book = spreadsheet.examine(data, modules=modules)
        edition, findings = None if book.faulty else book.edition, book.findings
    else:
        edition, framework = case.examine(data, language=language)
        edition, findings = None if framework.faulty else edition, framework.findings
    for each in findings:
        where = each.cell if isinstance(each, spreadsheet.CellFinding) else each.path
        place = f":{where}" if where else ""
        click.echo(f"{file}{place}: {each.severity} {each.code} {each.said(language_of(lang))}", err=True)
    return edition


def _edition(file: Path, lang: str | None) -> Edition:
    try:
        return edition_of(file)
    except FaultyFileError as faulty:
        say(faulty.file, faulty.findings, lang, err=True)
        sys.exit(2)


def _difference(old: Edition, new: Edition, lang: str | None, *, quiet: bool) -> None:
    """What the import changes, before anything is written."""
    found = diff(old, new)
    for each in found.changes:
        click.echo(f"{each.weight}: {said(each, language_of(lang))}", err=quiet)
    click.echo(f"proposed: {found.proposed}", err=quiet)


def _write(out: Path, content: bytes, *, force: bool) -> None:
    """All of it or nothing; what is there stays unless told otherwise."""
    if str(out) == "-":
        click.echo(content.decode(), nl=False)
        return
    if out.exists() and not force:
        raise click.ClickException(f"{out} is there already; --force replaces it.")
    with tempfile.NamedTemporaryFile(dir=out.parent, delete=False) as part:
        part.write(content)
    Path(part.name).chmod(0o666 & ~_mask())
    Path(part.name).replace(out)


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
