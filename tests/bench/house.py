"""The demo's house and the tests' workshop, for every measurement that needs people, standards and cases."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import demo
from app.actions.keys import key_folder
from app.cli import house
from app.cli.serve import throw_away
from app.issue.keyring import Keyring
from app.settings import Settings
from app.store import awards
from app.store.awards import Given
from app.tools import Tools

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
HOLDER = demo.NewCandidate(name="Erik Åkerlund-Łoś", birth_date="1991-02-28")


class Demo:
    """The demo's people, standards and cases in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.settings: Settings = throw_away(folder)
        self.tools: Tools = house.prepare(self.settings)
        self.passphrase = house.passphrase(self.settings)
        self.sign_ins = demo.people_and_standards(self.tools, self.passphrase)
        self.keyring = Keyring(key_folder(self.tools), self.passphrase)
        self.given = demo.cases(self.tools, self.keyring)

    def award(self) -> Given:
        """The issued one."""
        with self.tools.read() as tx:
            return awards.find(tx, self.given)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """What a process of the house needs to find that folder."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("INTYGA_")}
    return clean | {"INTYGA_FOLDER": str(settings.folder), "INTYGA_DATABASE_URL": settings.database, **more}


@contextmanager
def process(part: str, settings: Settings, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """The real web or worker process, ended afterwards."""
    child = subprocess.Popen(
        [sys.executable, "-m", "app.cli", part], env=environment(settings, **more), cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def await_answer(address: str, child: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if child.poll() is not None:
            raise RuntimeError(f"the process ended with {child.returncode}")
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310 our own loopback
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)


def resident(pid: int) -> float:
    """MB of memory that a process holds now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def private(pid: int) -> float:
    """MB of it that the process shares with nobody; the rest is libraries that the other process has loaded as well."""
    lines = (line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    return sum(int(size) for name, size, *_ in lines if name.startswith("Private_")) / 1000
