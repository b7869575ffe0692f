"""Commands for those who write standards: check a file, try its situations, start a new one."""

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import click
import msgspec

from assessments.situations import Outcome, run
from criteria import reader
from criteria.findings import FaultyStandardError, Finding, errors
from criteria.linter import lint_bytes
from criteria.mends import told
from criteria.model import Edition
from criteria.reader import Lookup, identity, read
from criteria.reports import REPORTS

CASES = ".cases.yaml"
TEMPLATE = Path(reader.__file__).with_name("new.yaml")
UNREADABLE = {"file-size", "file-empty", "file-encoding", "yaml", "depth", "nodes"}
"""With these there is no standard to speak of, only a file."""

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON instead of lines.")
LANG = click.option("--lang", type=click.Choice(["sv", "en"]), help="Language of the sentences (else from LANG).")


@click.group()
def criteria() -> None:
    """Write, check and try standards."""


@criteria.command()
@FILES
@JSON
@LANG
@click.option("--sarif", "form", flag_value="sarif", help="Write SARIF 2.1.0, as code hosts show it beside the lines.")
@click.option("--junit", "form", flag_value="junit", help="Write JUnit XML, as build servers show it.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
def lint(*, files: tuple[Path, ...], as_json: bool, lang: str | None, form: str | None, strict: bool) -> None:
    """Say everything that is wrong with FILES: 0 clean, 1 errors, 2 unreadable. Warnings alone are 0."""
    found = dict(_lint(file) for file in files)
    if as_json:
        write_json([{"file": str(file), "findings": each} for file, each in found.items()])
    elif form:
        named = {file.as_posix(): each for file, each in found.items()}
        click.echo(REPORTS[form](named, language_of(lang)), nl=False)
    else:
        for file, each in found.items():
            say(file, each, lang)
    everything = [finding for each in found.values() for finding in each]
    if any(finding.code in UNREADABLE for finding in everything):
        sys.exit(2)
    sys.exit(1 if any(errors(everything)) or (strict and everything) else 0)


@criteria.command()
@FILES
@JSON
@LANG
def test(*, files: tuple[Path, ...], as_json: bool, lang: str | None) -> None:
    """Try the situations beside FILES: 0 all as expected, 1 not, 2 a file has faults."""
    outcomes: dict[Path, list[Outcome]] = {}
    for file in files:
        try:
            outcomes[_cases(file)] = _run(file)
        except FaultyFileError as faulty:
            say(faulty.file, faulty.findings, lang, err=True)
            sys.exit(2)
    if as_json:
        write_json([{"file": str(file), "situations": each} for file, each in outcomes.items()])
    else:
        _tell(outcomes)
    sys.exit(0 if all(each.passed for found in outcomes.values() for each in found) else 1)


@criteria.command()
@click.argument("file", type=click.Path(path_type=Path))
def new(*, file: Path) -> None:
    """Start a standard in FILE: a small commented example that is without findings."""
    name = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")
    name = name if re.match(r"[a-z]", name) else "min-standard"
    text = TEMPLATE.read_text(encoding="utf-8").replace("standard: STANDARD", f"standard: {name}")
    with file.open("x", encoding="utf-8") as out:
        out.write(text)
    click.echo(f"{file}")


def beside(file: Path) -> Lookup:
    """Shipped editions, else `<standard>/<edition>.yaml` in the folder above the file's."""

    def find(standard: str, edition: str) -> Edition:
        try:
            return reader.shipped(standard, edition)
        except LookupError:
            near = file.resolve().parent.parent / standard / f"{edition}.yaml"
            if not near.is_file() or near == file.resolve():
                raise
            try:
                return read(near.read_bytes())
            except FaultyStandardError as faulty:  # a file that cannot be used has no modules to give
                raise LookupError(str(near)) from faulty

    return find


class FaultyFileError(Exception):
    """Which of a standard and its situations has the faults."""

    def __init__(self, file: Path, findings: tuple[Finding, ...]) -> None:
        self.file, self.findings = file, findings
        super().__init__()


def _lint(file: Path) -> tuple[Path, tuple[Finding, ...]]:
    if not file.name.endswith(CASES):
        return file, lint_bytes(file.read_bytes(), modules=beside(file))
    try:
        _run(file)
    except FaultyFileError as faulty:
        return faulty.file, faulty.findings
    return file, ()


def _run(file: Path) -> list[Outcome]:
    edition, cases = edition_of(file), _cases(file)
    try:
        return run(edition, identity(edition), cases.read_bytes())
    except FaultyStandardError as faulty:
        raise FaultyFileError(cases, faulty.findings) from faulty


def edition_of(file: Path) -> Edition:
    """The edition of a file, or of the file beside situations; raises `FaultyFileError`."""
    standard = file.with_name(file.name.removesuffix(CASES) + ".yaml") if file.name.endswith(CASES) else file
    try:
        return read(standard.read_bytes(), modules=beside(standard))
    except FaultyStandardError as faulty:
        raise FaultyFileError(standard, faulty.findings) from faulty


def _cases(file: Path) -> Path:
    return file if file.name.endswith(CASES) else file.with_name(file.stem + CASES)


def language_of(lang: str | None) -> str:
    """What the person asked for, else what the machine speaks."""
    return lang or ("sv" if os.environ.get("LANG", "").startswith("sv") else "en")


def say(file: Path, findings: Iterable[Finding], lang: str | None, *, err: bool = False) -> None:
    """One line for each finding, as editors read them."""
    language = language_of(lang)
    for each in findings:
        click.echo(f"{file}:{each.line}:{each.column}: {each.severity} {each.code} {told(each, language)}", err=err)


def _tell(outcomes: dict[Path, list[Outcome]]) -> None:
    for file, found in outcomes.items():
        for each in found:
            click.echo(f"{file}:{each.line}: {'ok' if each.passed else 'FAILED'} {each.name}")
            if not each.passed:
                click.echo(f"    expected: {each.expected}\n    got:      {each.got}")
        click.echo(f"{file}: {sum(each.passed for each in found)} of {len(found)} as expected")


def write_json(value: object) -> None:
    """For programs."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
