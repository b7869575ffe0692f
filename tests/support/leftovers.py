"""Finds processes that outlive the tests that started them, by a mark that children inherit in their environment."""

import os
import time
import uuid
from pathlib import Path

MARK = "LEFT_BY_TEST_SESSION"
PATIENCE = 5
# Python's own keeper of shared resources ends with the process that started it.
NOT_OURS = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")


def mark() -> str:
    """Everything started from here on carries this mark."""
    os.environ[MARK] = uuid.uuid4().hex
    return os.environ[MARK]


def running(marked: str) -> dict[int, str]:
    """The processes that carry the mark, ourselves excepted: number and command line."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        number = int(folder.name)
        if number == os.getpid():
            continue
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:  # another's, or gone meanwhile
            continue
        if f"{MARK}={marked}".encode() in environment and not any(each in line for each in NOT_OURS):
            found[number] = line
    return found


def left_running(marked: str, patience: float = PATIENCE) -> dict[int, str]:
    """What is still there after a moment; a program told to stop may need it."""
    deadline = time.monotonic() + patience
    while (found := running(marked)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found
