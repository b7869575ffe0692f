"""Runs one reader on one input in a process of its own, and says what it answered and what that cost.

`python -m fire.budget READER FOLDER` loads the reader once and forks for each input: the fork is the disposable child.
Inputs come on standard input as base64 lines, answers leave as JSON lines.
"""

import base64
import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).parents[2]
PATIENCE = 60
Reader = Callable[[bytes], str]


@dataclass(frozen=True)
class Outcome:
    """What the reader said, or how it ended, with processor seconds and megabytes at the peak."""

    code: str
    seconds: float
    megabytes: int


def run(reader: str, inputs: Iterable[bytes], folder: Path) -> list[Outcome]:
    """Every input through the real reader."""
    lines = b"".join(base64.b64encode(each) + b"\n" for each in inputs)
    done = subprocess.run(
        [sys.executable, "-m", "fire.budget", reader, str(folder)],
        input=lines, stdout=subprocess.PIPE, check=True, cwd=HOUSE,
        env={**os.environ, "PYTHONPATH": f"{HOUSE}:{HOUSE / 'tests'}"},
    )  # fmt: skip
    return [Outcome(**json.loads(line)) for line in done.stdout.splitlines()]


def criteria(_folder: Path) -> Reader:
    """A standard that somebody wrote."""
    from criteria.findings import FaultyStandardError, errors  # noqa: PLC0415 one reader per process
    from criteria.linter import lint_bytes  # noqa: PLC0415 same
    from criteria.reader import read  # noqa: PLC0415 same

    def answer(data: bytes) -> str:
        found = sorted({each.code for each in errors(lint_bytes(data))})
        try:
            read(data)
        except FaultyStandardError:
            return ",".join(found) or "refused-without-finding"
        return "taken" if not found else "taken," + ",".join(found)

    return answer


def case(folder: Path) -> Reader:
    """A whole case out of somebody's file, into a database that is there."""
    _paths()
    from workshop import visit  # noqa: PLC0415 one reader per process

    from app.exports import import_case  # noqa: PLC0415 same
    from assessments.problems import ProblemError  # noqa: PLC0415 same

    shop = _ready(visit(folder))

    def answer(data: bytes) -> str:
        try:
            import_case(shop.tools, None, data, provider=shop.provider)
        except ProblemError as fault:
            return fault.code
        return "taken"

    return answer


def events(folder: Path) -> Reader:
    """A batch of events as a form or a tablet sends it."""
    _paths()
    import msgspec  # noqa: PLC0415 one reader per process
    from workshop import visit  # noqa: PLC0415 same

    from app.actions.record import record  # noqa: PLC0415 same
    from assessments.problems import ProblemError  # noqa: PLC0415 same

    shop = _ready(visit(folder))

    def answer(data: bytes) -> str:
        try:
            record(shop.tools, shop.actors["assessor"], shop.case, msgspec.json.decode(data))
        except (msgspec.DecodeError, UnicodeDecodeError):
            return "no-json"
        except ProblemError as fault:
            return fault.code
        return "taken"

    return answer


def picture(_folder: Path) -> Reader:
    """The child that decodes photos, with its limits."""
    from app import photo  # noqa: PLC0415 one reader per process

    def answer(data: bytes) -> str:
        resource.setrlimit(resource.RLIMIT_AS, (photo.MEMORY, photo.MEMORY))
        try:
            made = photo.clean(data)
        except Exception:  # noqa: BLE001 as the child itself does
            return "photo"
        return "taken" if made.startswith(b"\xff\xd8\xff") and b"<" * 3 not in made else "not-clean"

    photo.Image.preinit()
    return answer


def document(_folder: Path) -> Reader:
    """The child that verifies what strangers upload, with its limits and its closed door."""
    _paths()
    import asyncio  # noqa: PLC0415 one reader per process
    from importlib import import_module  # noqa: PLC0415 same

    from parts import NOW, trust  # noqa: PLC0415 same

    from app.verify import child  # noqa: PLC0415 same
    from app.verify.document import verify_document  # noqa: PLC0415 same

    given = trust()
    for name in child.AHEAD:
        import_module(name)

    def answer(data: bytes) -> str:
        if not 0 < len(data) <= child.LARGEST:
            return "too-large" if data else "empty"
        resource.setrlimit(resource.RLIMIT_AS, (child.MEMORY, child.MEMORY))
        with asyncio.Runner() as runner:
            runner.get_loop()
            child._close_the_door()  # noqa: SLF001 as the child itself does
            try:
                found = runner.run(verify_document(data, given, NOW))
            except MemoryError:
                return "unsafe"
        return found.unchanged.code

    return answer


READERS = {"criteria": criteria, "case": case, "events": events, "picture": picture, "document": document}


def _ready(shop: Any) -> Any:
    """Looked at once, so that forks find everything loaded; each opens a connection of its own."""
    shop.tools.database.engine.dispose()
    return shop


def _paths() -> None:
    sys.path += [str(HOUSE / "tests" / room) for room in ("app", "app/verify")]


def _forked(read: Reader, data: bytes) -> Outcome:
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
        signal.alarm(PATIENCE)
        try:
            said = read(data)
        except BaseException as fault:  # noqa: BLE001 whatever gets out is what the test looks for
            said = f"crash:{type(fault).__name__}"
        os.write(there, said.encode(errors="replace")[:4000])
        os._exit(0)
    os.close(there)
    with os.fdopen(here, "rb") as told:
        said = told.read().decode()
    _, status, used = os.wait4(child, 0)
    if os.WIFSIGNALED(status):
        said = f"killed:{signal.Signals(os.WTERMSIG(status)).name}"
    return Outcome(said, round(used.ru_utime + used.ru_stime, 3), used.ru_maxrss // 1024)


def _main(reader: str, folder: Path) -> Iterator[Outcome]:
    read = READERS[reader](folder)
    for line in sys.stdin.buffer.read().splitlines():
        yield _forked(read, base64.b64decode(line))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        for each in _main(sys.argv[1], Path(sys.argv[2])):
            sys.stdout.write(json.dumps(each.__dict__) + "\n")
            sys.stdout.flush()
