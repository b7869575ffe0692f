# ruff: noqa: INP001 a script beside the pages that it writes
"""Writes problems.md and findings.md from the code: `.venv/bin/python docs/tables.py`; `--check` only compares."""

import importlib
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from assessments.problems import ConflictError, ForbiddenError, InvalidError, MissingError, ProblemError
from criteria import exchange_sentences, sentences
from criteria.findings import FaultyStandardError

DOCS = Path(__file__).parent
FAMILIES = {"invalid": InvalidError, "forbidden": ForbiddenError, "missing": MissingError, "conflict": ConflictError}

PROBLEMS = """\
# Problems: what the house refuses, and with which words

Every refusal has a code that never changes, a family that decides what a program is answered, and one sentence in
each language. The page in the browser shows sentence and code; the command line writes the sentence and ends with
exit code 2; programs that ask the service for data get both as JSON. This page is written by `docs/tables.py`, and a
test compares.

| Family | Answer of the web | Meaning |
|---|---|---|
| invalid | 400 | what was sent is malformed; nothing of it was kept |
| forbidden | 403 | the person may not do this |
| missing | 404 | it does not exist, or not for you: the two are never told apart |
| conflict | 409 | it contradicts what is already there |
| problem | 400 | a refusal of no special kind; a failed sign-in answers 401 |

Too many waiting documents (`busy`) answer 503, a full disk 507.

"""
FINDINGS = """\
# Findings: what the linter can say about a criteria file

`intyga criteria lint` names every fault at once as `file:line:column: severity code sentence`. Errors keep a file from
being published; warnings do not, unless `--strict` is given. Words in braces are filled in. This page is written by
`docs/tables.py`, and a test compares.
"""
TABLES = {
    "The paper itself": sentences.FORM,
    "Shape: what the words of the format do not allow": sentences.SHAPE,
    "Sense: a file that can be read but does not hold together": sentences.SENSE,
    "Situations (`.cases.yaml`)": sentences.SITUATION,
    "Laying out anew (`intyga criteria format`)": sentences.LAYOUT,
    "Workbooks (`intyga criteria import`), with sheet, row and column": exchange_sentences.WORKBOOK,
    "CASE packages (`intyga criteria import`), with a JSON pointer": exchange_sentences.CASE,
}


def problems() -> list[tuple[str, str, str, str]]:
    """Code, family and sentences of every refusal in the house."""
    for room in ("assessments", "criteria", "app"):
        for each in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            if ".migrations" not in each.name and not each.name.endswith("__main__"):
                importlib.import_module(each.name)
    kinds: list[type[ProblemError]] = [ProblemError, *dict.fromkeys(_below(ProblemError))]
    found = [(kind.code, _family(kind), kind.sv, kind.en) for kind in kinds]
    found.append((FaultyStandardError.code, "problem", FaultyStandardError.sv, FaultyStandardError.en))
    return sorted(found, key=lambda each: (["problem", *FAMILIES].index(each[1]), each))


def pages() -> dict[str, str]:
    """Both pages as they should be."""
    table = "| Code | Family | Swedish | English |\n|---|---|---|---|\n"
    parts = (
        f"\n## {title}\n\n| Code | Severity | Swedish | English |\n|---|---|---|---|\n"
        + _rows((code, *said) for code, said in each.items())
        for title, each in TABLES.items()
    )
    return {"problems.md": PROBLEMS + table + _rows(problems()), "findings.md": FINDINGS + "".join(parts)}


def _below(kind: type[ProblemError]) -> Iterator[type[ProblemError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _family(kind: type[Exception]) -> str:
    return next((name for name, family in FAMILIES.items() if issubclass(kind, family)), "problem")


def _rows(lines: Iterable[tuple[str, ...]]) -> str:
    return "".join(f"| `{code}` | {' | '.join(rest)} |\n" for code, *rest in lines)


def main() -> int:
    """Write, or compare and name the pages that are out of date."""
    stale = [name for name, text in pages().items() if (DOCS / name).read_text("utf-8") != text]
    if "--check" in sys.argv:
        sys.stderr.write(
            "".join(f"docs/{name} is out of date: run .venv/bin/python docs/tables.py\n" for name in stale)
        )
        return 1 if stale else 0
    for name, text in pages().items():
        (DOCS / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
