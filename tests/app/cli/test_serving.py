"""Two processes under one: what falls is started again, and nothing outlives the parent, however it ends."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from terminal import ROOT, Terminal
from workshop import PASSPHRASE, template

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
DEADLINE = 150


def until(wanted, what):
    """Asks again and again, until the answer is a yes; never longer than the deadline."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if answer := wanted():
            return answer
        time.sleep(0.05)
    pytest.fail(f"waited in vain: {what}")


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def children(number):
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            line = (folder / "cmdline").read_bytes().split(b"\0")
        except (OSError, IndexError, ValueError):
            continue
        if parent == number and b"app.cli" in line:
            found[line[line.index(b"app.cli") + 1].decode()] = int(folder.name)
    return found


def alive(number):
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def installed(folder: Path, stage: str) -> Terminal:
    shutil.copytree(template(stage), folder)
    (folder / "secret").write_text("a secret of the tests, longer than thirty-two characters")
    (folder / "keys" / "passphrase").write_text(PASSPHRASE)
    for file in (folder / "secret", folder / "keys" / "passphrase"):
        file.chmod(0o600)
    port = free_port()
    return Terminal(folder, {"INTYGA_PORT": str(port), "INTYGA_PUBLIC_URL": f"http://127.0.0.1:{port}"})


@contextmanager
def served(terminal, *words):
    """The program as `intyga serve` starts it; ended by the test, or by us."""
    with (terminal.folder / "log").open("wb") as log:
        process = subprocess.Popen(
            terminal.command("serve", *words), cwd=ROOT, env=terminal.surroundings, stdout=log, stderr=log,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    family = []
    try:
        parts = until(lambda: len(found := children(process.pid)) == 2 and found, "both parts")
        family += parts.values()
        until(lambda: answers(terminal), "an answer from the web")
        yield process, parts
    finally:
        family += children(process.pid).values() if alive(process.pid) else []
        if process.poll() is None:
            process.kill()
        process.wait()
        for each in family:
            if alive(each):
                os.kill(each, signal.SIGKILL)
        print((terminal.folder / "log").read_text()[-3000:])  # noqa: T201 shown when the test fails


def get(terminal, path):
    address = f"http://127.0.0.1:{terminal.environment['INTYGA_PORT']}{path}"
    with urllib.request.urlopen(address, timeout=5) as answer:
        return answer.status, answer.read().decode()


def answers(terminal):
    try:
        return get(terminal, "/healthz")[0] == 200
    except (urllib.error.URLError, OSError):
        return False


def issued(terminal):
    connection = sqlite3.connect(terminal.folder / "intyga.sqlite", timeout=10)
    try:
        return connection.execute("SELECT number FROM awards WHERE issued_at IS NOT NULL").fetchone()
    finally:
        connection.close()


@pytest.fixture
def waiting(tmp_path):
    """An installation where one certificate waits to be issued; the intents were made by a clock of the tests."""
    terminal = installed(tmp_path / "var", "approved")
    connection = sqlite3.connect(terminal.folder / "intyga.sqlite")
    with connection:
        connection.execute("UPDATE intents SET due_at = wanted_at")
    connection.close()
    return terminal


def test_web_and_worker_start_answer_and_end_in_order(waiting):
    with served(waiting) as (process, parts):
        assert get(waiting, "/healthz")[0] == 200
        assert "<html" in get(waiting, "/")[1]
        until(lambda: issued(waiting), "the certificate that waited")
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE) == 0
        until(lambda: not any(map(alive, parts.values())), "the end of both parts")
    said = (waiting.folder / "log").read_text()
    assert "Traceback" not in said
    assert f"http://127.0.0.1:{waiting.environment['INTYGA_PORT']}/" in said


def test_ctrl_c_ends_it_in_order_too(waiting):
    with served(waiting) as (process, parts):
        process.send_signal(signal.SIGINT)
        assert process.wait(DEADLINE) == 0
        assert not any(map(alive, parts.values()))
    assert "Traceback" not in (waiting.folder / "log").read_text()


def test_a_killed_worker_is_started_again_and_what_it_left_gets_done(tmp_path):
    """Killed in the middle of its work, with the lease on the row."""
    terminal = installed(tmp_path / "var", "decided")
    with served(terminal) as (process, parts):
        first = parts["work"]
        os.kill(first, signal.SIGSTOP)  # it sleeps while we give it work, so that it dies with it in hand
        connection = sqlite3.connect(terminal.folder / "intyga.sqlite", timeout=10)
        with connection:
            connection.execute(
                "UPDATE intents SET done_at = NULL, due_at = '2026-01-01T00:00:00.000000+00:00', "
                "leased_until = '2999-01-01T00:00:00.000000+00:00' WHERE kind = 'issuer'"
            )
        connection.close()
        os.kill(first, signal.SIGKILL)
        second = until(lambda: (found := children(process.pid).get("work")) != first and found, "a new worker")
        assert second != first
        until(lambda: not open_intents(terminal), "what the dead worker had in hand")
        assert children(process.pid)["web"] == parts["web"]
        assert answers(terminal)


def open_intents(terminal):
    connection = sqlite3.connect(terminal.folder / "intyga.sqlite", timeout=10)
    try:
        query = "SELECT kind FROM intents WHERE done_at IS NULL AND kind <> 'lengthen'"
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_a_killed_web_is_started_again(waiting):
    with served(waiting) as (process, parts):
        os.kill(parts["web"], signal.SIGKILL)
        until(lambda: children(process.pid).get("web") not in (None, parts["web"]), "a new web")
        until(lambda: answers(waiting), "an answer from the new web")
        assert children(process.pid)["work"] == parts["work"]


def test_nothing_survives_a_parent_that_is_killed(waiting):
    with served(waiting) as (process, parts):
        process.kill()
        process.wait()
        until(lambda: not any(map(alive, parts.values())), "the end of both parts")
        assert not answers(waiting)


def test_after_the_worst_end_it_starts_again_and_nothing_is_lost_or_doubled(waiting):
    for _ in range(3):
        with served(waiting) as (process, parts):
            os.kill(parts["work"], signal.SIGKILL)
            process.kill()
            process.wait()
            until(lambda them=parts: not any(map(alive, them.values())), "the end of both parts")
    with served(waiting) as (process, _):
        [number] = until(lambda: issued(waiting), "the certificate")
        process.send_signal(signal.SIGTERM)
        process.wait(DEADLINE)
    assert number[5:11] == "000001"
    assert not [each for each in json.loads(waiting.said("doctor", "--json")) if each["severity"] == "unfit"]


def test_the_demo_serves_people_of_each_role(tmp_path):
    port = free_port()
    terminal = Terminal(tmp_path / "var", {"INTYGA_PORT": str(port), "INTYGA_PUBLIC_URL": f"http://127.0.0.1:{port}"})
    terminal.folder.mkdir()
    with served(terminal, "--demo") as (process, _):
        until(lambda: "koordinator@intyga.example" in (terminal.folder / "log").read_text(), "the sign-ins")
        assert len((terminal.folder / "demo-sign-ins.txt").read_text().splitlines()) >= 6
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE) == 0


def test_a_part_that_cannot_start_is_not_started_for_ever(tmp_path):
    """The address is taken by somebody else."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        terminal = Terminal(tmp_path / "var", {"INTYGA_PORT": port, "INTYGA_PUBLIC_URL": f"http://127.0.0.1:{port}"})
        done = subprocess.run(
            terminal.command("serve"), cwd=ROOT, env=terminal.surroundings, capture_output=True, text=True, check=False,
            timeout=120,
        )  # fmt: skip
    assert done.returncode != 0
    assert "in use" in done.stderr
    assert "web ended" in done.stderr
