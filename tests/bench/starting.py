"""Whole processes, from nothing to done."""

import sys
from collections.abc import Iterator

from bench.house import ROOT
from bench.measure import Result, child

PROCESSES = (
    ("start of the command line (CPU)", "import app.cli"),
    ("start of `intyga verify`'s own code (CPU)", "import app.cli.verify"),
    ("start of the web process (CPU)", "import app; from app import web"),
    ("start of the worker (CPU)", "import app.jobs"),
)


def starting(quick: bool) -> Iterator[Result]:
    """CPU of the child, the least of some runs: what hinders a start is never the program."""
    rounds = 3 if quick else 7
    bare = min(_child("pass") for _ in range(rounds))
    for name, code in PROCESSES:
        yield Result(name, min(_child(code) for _ in range(rounds)), bare, "bare interpreter")


def _child(code: str) -> float:
    return child([sys.executable, "-c", code], ROOT)
