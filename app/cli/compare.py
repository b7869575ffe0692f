"""`intyga criteria diff`: what a new edition changes, what number it should get, and which running cases it touches."""

import sys
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from app.cli import house
from app.cli.criteria import JSON, LANG, FaultyFileError, edition_of, language_of, say, write_json
from app.store import assessments
from app.store.assessments import CaseFile
from criteria.diff import Difference, harder
from criteria.diff import diff as compared
from criteria.identity import identity
from criteria.model import Edition
from criteria.telling import WEIGHTS, said, word

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


class Touched(Struct, frozen=True, kw_only=True):
    """A running case on the old edition. Nothing is done to it: the default is to finish on the old one."""

    case: str
    state: str
    default: str
    if_moved: str
    """`carry-over`: its judgements hold as new events; `restart`: those named in `again` must be made again."""
    carried: tuple[str, ...]
    again: tuple[str, ...]


@click.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@JSON
@LANG
@click.option("--database", is_flag=True, help="Also tell which running cases are on OLD, and what may happen to each.")
def diff(*, old: Path, new: Path, as_json: bool, lang: str | None, database: bool) -> None:
    """Say what differs in meaning between two editions, and propose patch, minor or major."""
    try:
        before, after = edition_of(old), edition_of(new)
    except FaultyFileError as faulty:
        say(faulty.file, faulty.findings, lang, err=True)
        sys.exit(2)
    found = compared(before, after)
    cases = _touched(before, after, found) if database else []
    if as_json:
        write_json(msgspec.to_builtins(found) | ({"cases": cases} if database else {}))
    else:
        _tell(found, cases if database else None, language_of(lang))


def touched(case: CaseFile, before: Edition, after: Edition, found: Difference) -> Touched:
    """What moving the case to the new edition would cost."""
    judged = {where[1] for where in case.standing.heads if where[1] in {each.id for each in before.criteria}}
    again = judged & (harder(before, found) | ({each.id for each in before.criteria} - {e.id for e in after.criteria}))
    return Touched(
        case=case.assessment.id,
        state=case.assessment.state,
        default="finish-on-old",
        if_moved="restart" if again else "carry-over",
        carried=tuple(sorted(judged - again)),
        again=tuple(sorted(again)),
    )


def _touched(before: Edition, after: Edition, found: Difference) -> list[Touched]:
    tools = house.tools()
    with tools.read() as tx:
        running = assessments.running(tx, identity(before))
        return [touched(assessments.case_file(tx, each), before, after, found) for each in running]


def _tell(found: Difference, cases: list[Touched] | None, language: str) -> None:
    for each in found.changes:
        click.echo(f"{each.weight:5}  {said(each, language)}")
    click.echo(f"{'förslag' if language == 'sv' else 'proposed'}: {word(WEIGHTS[found.proposed], language)}")
    if cases is None:
        return
    sv = language == "sv"
    running = "pågående ärenden på den gamla utgåvan" if sv else "running cases on the old edition"
    click.echo(f"{len(cases)} {running}")
    for case in cases:
        click.echo(f"  {case.case} ({case.state}): " + ("slutförs på den gamla" if sv else "finished on the old one"))
        click.echo(f"    {_if_moved(case, sv=sv)}")


def _if_moved(case: Touched, *, sv: bool) -> str:
    if not case.again:
        told = "om det flyttas följer allt bedömt med" if sv else "if moved, all that was judged is carried over"
        return f"{told} ({len(case.carried)})"
    told = "om det flyttas bedöms på nytt" if sv else "if moved, to be judged again"
    return f"{told}: {', '.join(case.again)}"
