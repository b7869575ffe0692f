"""The program as a new user starts it: `intyga serve --demo` in an empty folder, ended when the walk is over."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from walker import Served


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("walk") / "var"
    port = free_port()
    env = {key: value for key, value in os.environ.items() if not key.startswith("INTYGA_")}
    env |= {"INTYGA_FOLDER": str(folder), "INTYGA_PORT": str(port)}
    log = (folder.parent / "serve.log").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve", "--demo"], env=env, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process, folder.parent / "serve.log")
        said = (folder.parent / "serve.log").read_text()
        password = re.search(r"koordinator@intyga\.example\s+(\S+)", said)
        assert password, said
        yield Served(base=f"http://127.0.0.1:{port}", folder=folder, password=password[1])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        log.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(log.read_text())
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 our own address
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)  # polled against a deadline
    pytest.fail(f"no answer from {url}: {log.read_text()}")
