"""Three answers about each file, for whoever has a document and nothing else: no database, no settings, no network."""

import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import click
import msgspec

from app.tools import STOCKHOLM
from app.verify.answers import QUESTIONS, RESULTS, Shown, Verification
from app.verify.child import LARGEST, examine
from app.verify.online import examine_online, fetch
from app.verify.trust import Trust, TrustUnreadableError, read_did, read_list, read_roots

EXIT = {"yes": 0, "no": 1, "could-not-check": 2}
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Moment(click.ParamType[datetime]):
    """A date (noon in Sweden) or a date and time; without an offset it is Swedish time."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """From text; a fault is told with an example."""
        try:
            if len(value) == len("2026-11-24"):
                return datetime.combine(date.fromisoformat(value), time(12), STOCKHOLM)
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2026-11-24 or 2026-11-24T12:00:00+01:00", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=STOCKHOLM)


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option("--trust", "roots", multiple=True, type=FILE, help="PEM certificate of a root (or of the seal itself).")
@click.option("--clock", "clocks", multiple=True, type=FILE, help="PEM certificate of a time-stamp authority's root.")
@click.option("--did", "dids", multiple=True, type=FILE, help="An issuer's did.json.")
@click.option("--status", "lists", multiple=True, type=FILE, help="An issuer's status list.")
@click.option("--at", type=Moment(), help="Answer for this time instead of now.")
@click.option("--online", is_flag=True, help="Fetch did.json and the status list from the issuer; else nothing is.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON: a list with one entry per file.")
@click.option("--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
def verify(
    *,
    files: tuple[Path, ...],
    roots: tuple[Path, ...],
    clocks: tuple[Path, ...],
    dids: tuple[Path, ...],
    lists: tuple[Path, ...],
    at: datetime | None,
    online: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Who says it, is it unchanged, is it valid? Exit 0: all yes, 1: any no, 2: could not check.

    Only what is named with --trust, --did and --status is trusted, never files that lie beside the document.
    """
    trust = _trust(roots, clocks, dids, lists)
    found = [_examined(file, trust, at or datetime.now(UTC), online=online) for file in files]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(_entries(files, found))).decode())
    else:
        click.echo("\n\n".join(_told(file, each, lang) for file, each in zip(files, found, strict=True)))
    results = {each.result for each in found}
    sys.exit(next(EXIT[result] for result in ("no", "could-not-check", "yes") if result in results))


def _trust(roots: tuple[Path, ...], clocks: tuple[Path, ...], dids: tuple[Path, ...], lists: tuple[Path, ...]) -> Trust:
    try:
        return Trust(
            roots=tuple(der for file in roots for der in read_roots(file.read_bytes())),
            clocks=tuple(der for file in clocks for der in read_roots(file.read_bytes())),
            dids=tuple(read_did(file.read_bytes()) for file in dids),
            lists=tuple(read_list(file.read_bytes()) for file in lists),
        )
    except TrustUnreadableError as fault:
        raise click.UsageError(f"{fault.en} ({fault.details.get('reason')})") from fault


def _examined(file: Path, trust: Trust, at: datetime, *, online: bool) -> Verification:
    with file.open("rb") as opened:
        data = opened.read(LARGEST + 1)
    if online:
        return examine_online(lambda wider: examine(data, wider, at), trust, fetch)
    return examine(data, trust, at)


def _entries(files: tuple[Path, ...], found: list[Verification]) -> list[dict[str, Any]]:
    return [
        {"file": str(file), "result": each.result, **msgspec.to_builtins(each)}
        for file, each in zip(files, found, strict=True)
    ]


def _told(file: Path, found: Verification, lang: str) -> str:
    width = max(len(each[lang]) for each in QUESTIONS.values())
    lines = [
        f"  {QUESTIONS[each.question][lang]:<{width}}  {RESULTS[each.result][lang]}. {getattr(each, lang)}"
        for each in found.answers
    ]
    said = _said(found.shown, lang) if found.shown else []
    return "\n".join([str(file), *lines, *(f"  {line}" for line in said if line.strip())])


SAYS = {
    "sv": ("Handlingen säger:", "född", "Nummer", "Utfärdare", "föreslagen nivå", "nivå"),
    "en": ("The document says:", "born", "Number", "Issuer", "proposed level", "level"),
}


def _said(shown: Shown, lang: str) -> list[str]:
    """From the document's proved content; compare it with the paper and with the holder's identity document."""
    head, born, number, issuer, proposed, decided = SAYS[lang]
    level = proposed if shown.level_state == "proposed" else decided
    result = shown.result_name.get(lang) or shown.result_name.get("sv", "")
    return [
        head,
        f"  {shown.holder}, {born} {shown.birth_date}" if shown.holder else "",
        f"  {result}",
        f"  {shown.standard} {shown.edition}, {level} SeQF {shown.seqf}, EQF {shown.eqf}",
        *(f"  - {module.get(lang) or module.get('sv', '')}" for module in shown.modules),
        f"  {number} {shown.number}. {issuer}: {shown.issuer_name} {shown.organisation_number} {shown.issuer_id}",
    ]
