"""Public answers by link and by number while the register grows: they must not slow down with it.

Rows are generated. A thousand of them, spread over all, are whole and looked up; the rest are as many, but short.
"""

import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import NamedTuple

from flask.testing import FlaskClient

from app import create_app
from app.store.awards import printed_number
from app.tools import tools_for
from app.web.limits import LIMITER
from bench.house import Demo
from bench.measure import Goal, Result, percentile

AT = "http://127.0.0.1:8080"
WHOLE = 1000
LEAST = 100


def lookups(at: Demo, sizes: tuple[int, ...], asks: int) -> Iterator[Result]:
    """The sizes asked in turn, so that noise hits all alike."""
    LIMITER.enabled = False
    dice = Random(1)  # noqa: S311 which rows are asked for is no secret
    registers = {size: _register(at, size) for size in sizes}
    for client, tokens in registers.values():
        for token in tokens[:20]:
            _ask(client, token)
    took: dict[int, list[Taken]] = {size: [] for size in sizes}
    for _ in range(asks):
        for size, (client, tokens) in registers.items():
            took[size].append(_ask(client, dice.choice(tokens)))
    for size in sizes:
        goal = None if size == LEAST else Goal(1.2)
        beside = "" if size == LEAST else f"p99 among {LEAST} awards"
        for clock in Taken._fields:
            ours, first = (percentile((getattr(each, clock) for each in took[s]), 0.99) for s in (size, LEAST))
            peer = None if size == LEAST else first
            among = f"{size:,}".replace(",", " ")
            name = f"answer by link among {among} awards, p99 ({clock.upper()})"
            yield Result(name, ours, peer, beside, goal if clock == "cpu" else None)


class Taken(NamedTuple):
    """Milliseconds of one answer: neighbours on the machine lengthen the second, hardly the first."""

    cpu: float
    wall: float


def _ask(client: FlaskClient, token: str) -> Taken:
    work, began = time.process_time(), time.perf_counter()
    answer = client.get(f"/v/{token}", base_url=AT, buffered=True)
    took = Taken((time.process_time() - work) * 1000, (time.perf_counter() - began) * 1000)
    assert answer.status_code == 200, answer.status_code
    return took


def _register(at: Demo, size: int) -> tuple[FlaskClient, list[str]]:
    """The demo's house with that many awards in it, and the links of the whole ones."""
    folder = at.settings.folder.with_name(f"register-{size}")
    folder.mkdir()
    file = at.settings.folder / "intyga.sqlite3"
    source = Path(at.settings.database.removeprefix("sqlite:///"))
    with sqlite3.connect(source) as open_one:
        open_one.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    target = folder / file.name
    shutil.copyfile(source, target)
    shutil.copyfile(at.settings.secret_file, folder / "secret")
    tokens = _filled(target, at.given, size)
    settings = replace(at.settings, folder=folder, secret_file=folder / "secret", database_url=f"sqlite:///{target}")
    return create_app(settings, tools_for(settings)).test_client(), tokens


def _filled(file: Path, award: str, size: int) -> list[str]:
    base = sqlite3.connect(file)
    base.execute("PRAGMA foreign_keys = OFF")
    base.execute("PRAGMA synchronous = OFF")
    columns = [row[1] for row in base.execute("PRAGMA table_info(awards)")]
    model = dict(zip(columns, base.execute("SELECT * FROM awards WHERE id = ?", (award,)).fetchone(), strict=True))
    every, tokens = max(1, size // WHOLE), []

    def rows() -> Iterator[list[object]]:
        for place in range(2, size + 1):
            token = secrets.token_urlsafe(16)
            whole = place % every == 0
            if whole:
                tokens.append(token)
            changed = {
                "id": f"generated-{place}", "decision": f"d-{place}", "review": f"r-{place}", "token": token,
                "number": printed_number("2026", place), "body": model["body"] if whole else "x" * 400,
            }  # fmt: skip
            yield [changed.get(name, model[name]) for name in columns]

    base.executemany(f"INSERT INTO awards VALUES ({', '.join('?' * len(columns))})", rows())  # noqa: S608 question marks
    base.commit()
    base.execute("ANALYZE")
    base.close()
    return tokens
