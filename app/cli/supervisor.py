"""Two children and one pipe: a child that falls is started again, and all fall with the parent, however it ends."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType

import click
import structlog

from app.settings import Settings

PARTS = ("web", "work")
PAUSE = 1.0  # seconds before a child that fell young is started again
YOUNG = 5.0  # a child that falls before this age never got going
PATIENCE = 5  # so many times in a row, then somebody has to look
GRACE = 10.0  # seconds a child has to end by itself
log = structlog.get_logger()


class NeverStartsError(click.ClickException):
    """A part falls as soon as it is started; starting it for ever would only hide why."""

    def __init__(self, part: str) -> None:
        super().__init__(f"{part} ended {PATIENCE} times right after its start: its last words stand above")


def supervise(settings: Settings, parts: tuple[str, ...] = PARTS) -> None:
    """Run until Ctrl-C or SIGTERM."""
    stop = threading.Event()

    def asked(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, asked)
    with _pipe() as reading:
        children = {part: _start(part, reading) for part in parts}
        began, young = dict.fromkeys(parts, time.monotonic()), dict.fromkeys(parts, 0)
        try:
            while not stop.wait(0.2):
                for part, child in children.items():
                    if child.poll() is None:
                        continue
                    young[part] = young[part] + 1 if time.monotonic() - began[part] < YOUNG else 0
                    if young[part] >= PATIENCE:
                        raise NeverStartsError(part)
                    log.warning("part ended, starting it again", part=part, code=child.returncode)
                    if young[part] and stop.wait(PAUSE):  # one that worked for a while comes back at once
                        break
                    children[part], began[part] = _start(part, reading), time.monotonic()
        finally:
            _end(list(children.values()))
    log.info("ended", folder=str(settings.folder))


def end_with_parent(reading: int) -> None:
    """End this process when the pipe closes: the kernel closes it even when the parent is killed."""
    if reading < 0:
        return

    def wait() -> None:
        with contextlib.suppress(OSError):
            os.read(reading, 1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True, name="parent").start()


@contextlib.contextmanager
def _pipe() -> Iterator[int]:
    reading, writing = os.pipe()
    os.set_inheritable(reading, True)
    try:
        yield reading
    finally:
        os.close(writing)
        os.close(reading)


def _start(part: str, reading: int) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches only the parent, which then ends the children in order.
    return subprocess.Popen(  # noqa: S603 our own program
        [sys.executable, "-m", "app.cli", part, "--parent", str(reading)], pass_fds=(reading,), start_new_session=True
    )


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.send_signal(signal.SIGINT)
    deadline = time.monotonic() + GRACE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
