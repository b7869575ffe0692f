"""A standard of a thousand criteria, larger than any trade has written: linting it and reading it again."""

import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from app.store import standards as published
from bench.house import ROOT, Demo
from bench.measure import Goal, Result, child, in_turn
from criteria.linter import lint_bytes
from criteria.reader import canonical, from_canonical, library, read

CRITERIA = 1000
HOME = "fibertekniker-service"


def standards(at: Demo, rounds: int) -> Iterator[Result]:
    """Against the bare YAML loader over the same bytes."""
    file = large()
    edition = read(file)
    assert len(edition.criteria) >= CRITERIA
    stored = canonical(edition)
    path = at.settings.folder / "large.yaml"
    path.write_bytes(file)
    known = at.award()
    with at.tools.read() as tx:
        sha256 = published.named(tx, known.standard, known.award.edition if known.award else "")
        assert sha256
        linted, loaded, again, kept = in_turn(
            lambda: lint_bytes(file),
            lambda: yaml.load(file, Loader=yaml.CSafeLoader),
            lambda: from_canonical(stored),
            lambda: published.find(tx, sha256.sha256),
            rounds=rounds,
        )
    command = min(_command(path) for _ in range(3))
    beside = "bare YAML loader"
    yield Result(
        f"`criteria lint`, {len(file) // 1000} kB, {CRITERIA} criteria, whole process (CPU)",
        command,
        loaded,
        beside,
        Goal(1500, "ours"),
    )
    yield Result("  of which linting", linted, loaded, beside)
    yield Result("load of that edition as published, first time in a process", again, loaded, beside)
    yield Result(
        "load of an edition that the process has read (from the database)", kept, loaded, beside, Goal(10, "ours")
    )


def _command(file: Path) -> float:
    return child([sys.executable, "-m", "app.cli", "criteria", "lint", file], ROOT)


def large() -> bytes:
    """The shipped standard with its modules repeated under other ids."""
    plain = yaml.safe_load(next(each for each in library() if HOME in str(each.file)).file.read_bytes())
    modules = plain["modules"]
    count = sum(len(outcome["criteria"]) for module in modules for outcome in module["outcomes"])
    turns = -(-CRITERIA // count)
    plain["modules"] = [deepcopy(again(slim(module), turn)) for turn in range(turns) for module in modules]
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False).encode()


def slim(value: Any) -> Any:
    """Without what may be left out, since a file may have two megabytes at most."""
    if isinstance(value, dict):
        return {key: slim(each) for key, each in value.items() if key not in {"lattlast", "faults", "hint"}}
    return [slim(each) for each in value] if isinstance(value, list) else value


def again(module: Any, turn: int) -> Any:
    """The module under other ids, its outcomes and criteria with it."""
    if turn == 0:
        return module
    outcomes = [
        outcome | {"id": f"T{turn}{outcome['id']}"}
        | {"criteria": [each | {"id": f"T{turn}{each['id']}"} for each in outcome["criteria"]]}
        for outcome in module["outcomes"]
    ]  # fmt: skip
    return module | {"id": f"T{turn}{module['id']}", "outcomes": outcomes}
