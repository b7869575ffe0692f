"""The house under torture: supervisor, web and worker as in real use, a desk beside them, and how to kill each."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 40.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what: str, found: Any, patience: float = PATIENCE, step: float = 0.02) -> Any:
    """Ask until there is an answer."""
    deadline = time.monotonic() + patience
    while not (answer := found()):
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(step)
    return answer


@dataclass
class House:
    """Everything that runs on one folder and one database."""

    folder: Path
    url: str
    code: Path = ROOT
    """Whose program runs: ours, or a sabotaged copy."""
    port: int = field(default_factory=free_port)
    supervisor: subprocess.Popen[bytes] | None = None
    desk: subprocess.Popen[bytes] | None = None
    said: list[dict[str, Any]] = field(default_factory=list)
    began: int = 0
    lock: Any = field(default_factory=threading.RLock)
    keeping: threading.Event = field(default_factory=threading.Event)

    @property
    def environ(self) -> dict[str, str]:
        plain = {key: value for key, value in os.environ.items() if not key.startswith("INTYGA_")}
        ours = {
            "INTYGA_FOLDER": str(self.folder), "INTYGA_PORT": str(self.port), "INTYGA_DATABASE_URL": self.url,
            "INTYGA_PUBLIC_URL": "https://intyga.example", "PYTHONPATH": str(self.code), "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        return plain | ours

    def start(self) -> None:
        """As `intyga serve`; the words of all parts go into one file."""
        self.began += 1
        with (self.folder / "words.log").open("ab") as words:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "serve"], cwd=self.code, env=self.environ, stdin=subprocess.DEVNULL,
                stdout=words, stderr=words,
            )  # fmt: skip

    def start_desk(self) -> None:
        with (self.folder / "desk.log").open("ab") as words:
            self.desk = subprocess.Popen(
                [sys.executable, Path(__file__).with_name("office.py"), self.folder, self.url, self.folder / "desk"],
                cwd=ROOT, env=self.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests/app'}"}, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=words,
            )  # fmt: skip
        threading.Thread(target=self._hear, args=(self.desk,), daemon=True).start()

    def _hear(self, desk: subprocess.Popen[bytes]) -> None:
        assert desk.stdout
        with desk.stdout as lines:
            for line in lines:
                if line.endswith(b"\n"):
                    self.said.append(json.loads(line))

    def part(self, name: str) -> int | None:
        """The process id of `web` or `work`."""
        if self.supervisor is None or self.supervisor.poll() is not None:
            return None
        return next((pid for pid, line in children(self.supervisor.pid) if f"app.cli\0{name}" in line), None)

    def parts(self) -> list[int]:
        return [pid for name in ("web", "work") if (pid := self.part(name))]

    def answers(self) -> bool:
        """Whether the web is there and sees its database."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        with closing(line), suppress(OSError, http.client.HTTPException):
            line.request("GET", "/readyz")
            with line.getresponse() as answer:
                answer.read()
                return answer.status == 200
        return False

    def keep_up(self) -> None:
        """What a service manager does from now on: whatever has ended is started again."""
        self.keeping.set()

        def keep() -> None:
            while self.keeping.is_set():
                with self.lock:
                    if self.keeping.is_set() and self.supervisor and self.supervisor.poll() is not None:
                        self.start()
                    if self.keeping.is_set() and self.desk and self.desk.poll() is not None:
                        self.start_desk()
                time.sleep(0.05)

        threading.Thread(target=keep, daemon=True).start()

    def kill_supervisor(self) -> float:
        """Both children must fall with it; returns how long they took."""
        with self.lock:
            assert self.supervisor
            left = self.parts()
            self.supervisor.kill()
            self.supervisor.wait()
            began = time.monotonic()
            wait_for("children outlive their supervisor", lambda: not any(map(alive, left)), 10)
            return time.monotonic() - began

    def kill_desk(self) -> bool:
        """False when it was not there."""
        with self.lock:
            if self.desk is None or self.desk.poll() is not None:
                return False
            self.desk.kill()
            self.desk.wait()
            return True

    def close_desk(self) -> None:
        """For good."""
        with self.lock:
            self.kill_desk()
            self.desk = None

    def stop(self) -> None:
        """In order; whatever does not obey is killed by its number."""
        self.keeping.clear()
        with self.lock:
            self._stop()

    def _stop(self) -> None:
        for process, number in ((self.desk, signal.SIGKILL), (self.supervisor, signal.SIGTERM)):
            if process is None:
                continue
            left = self.parts() if process is self.supervisor else []
            process.send_signal(number)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for pid in left:
                if alive(pid):
                    os.kill(pid, signal.SIGKILL)
        self.desk = self.supervisor = None


def children(pid: int) -> Iterator[tuple[int, str]]:
    """Number and command line of each child."""
    with suppress(OSError):
        for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with suppress(OSError):
                yield int(each), Path(f"/proc/{each}/cmdline").read_text()


def alive(pid: int) -> bool:
    """Running, and not merely waiting to be buried."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
