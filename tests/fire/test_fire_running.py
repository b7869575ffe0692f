"""Against the running program: slow and oversized requests, and where names are found after a whole day of work."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from filled import door
from houses import Browser
from workshop import PASSPHRASE, PASSWORD, NewCandidate, Workshop, a_workshop, email, visit

from app.actions import decide

pytestmark = pytest.mark.slow


@dataclass
class Running:
    """Web and worker as the operator starts them."""

    port: int
    folder: Path
    web: subprocess.Popen
    log: Path

    def ask(self, raw: bytes, patience: float = 10) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=patience) as line:
            line.sendall(raw)
            return line.recv(65_536)

    def up(self) -> bool:
        try:
            return self.healthy()
        except OSError:
            return False

    def healthy(self) -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
            return answer.status == 200


def start(folder: Path, room: str, port: int, log: Path) -> subprocess.Popen:
    env = {key: value for key, value in os.environ.items() if not key.startswith("INTYGA_")}
    env |= {"INTYGA_FOLDER": str(folder), "INTYGA_PORT": str(port), "PYTHONUNBUFFERED": "1"}
    with log.open("ab") as out:
        return subprocess.Popen([sys.executable, "-m", "app.cli", room], env=env, stdout=out, stderr=out)


@pytest.fixture
def running(tmp_path) -> Iterator[Running]:
    a_workshop(tmp_path / "var", "approved").tools.database.close()
    folder = tmp_path / "var"
    (folder / "secret").write_text("a secret of the tests, longer than thirty-two characters")
    (folder / "keys" / "passphrase").write_text(PASSPHRASE)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path / "log.txt"
    rooms = [start(folder, room, port, log) for room in ("web", "work")]
    made = Running(port, folder, rooms[0], log)
    try:
        until(made.up)
        yield made
    finally:
        for each in rooms:
            each.send_signal(signal.SIGTERM)
        for each in rooms:
            each.wait(30)


def until(true, patience: float = 90) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)  # polled against a deadline


def test_a_hundred_who_never_finish_asking_keep_nobody_out(running):
    with ExitStack() as lines:
        for number in range(100):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", running.port), timeout=10))
            line.sendall(
                b"POST /logga-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
                + (b"\r\nx" if number % 2 else b"X: ")
            )
        began = time.monotonic()
        assert all(running.healthy() for _ in range(20))
        assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("raw", "refused"),
    [
        (b"POST /logga-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"4"),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 300_000 + b"\r\n\r\n", b"431"),
        (b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled", b"4"),  # noqa: E501 one request
        (b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n", b"4"),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: 127.0.0.1\r\n\r\n", b"400"),
        (b"\x00\x01\x02\r\n\r\n", b"4"),
    ],
)  # fmt: skip
def test_a_request_that_is_none_is_refused_without_a_trace_of_ours(running, raw, refused):
    answer = running.ask(raw)
    assert answer.split(b" ")[1].startswith(refused), answer[:200]
    assert b"Traceback" not in answer
    assert b"site-packages" not in answer
    assert running.healthy()


def test_the_process_that_answers_requests_does_not_know_the_passphrase(running):
    assert running.healthy()
    needle, held = PASSPHRASE.encode(), []
    with (
        Path(f"/proc/{running.web.pid}/maps").open() as maps,
        Path(f"/proc/{running.web.pid}/mem").open("rb") as memory,
    ):
        for line in maps:
            place, rights = line.split()[:2]
            first, last = (int(end, 16) for end in place.split("-"))
            if "rw" in rights and "[v" not in line:
                memory.seek(first)
                try:
                    held += [place] if needle in memory.read(last - first) else []
                except OSError:
                    continue
    assert held == []
    assert "/app/issue/" not in Path(f"/proc/{running.web.pid}/maps").read_text()


NAME, BIRTH, NOTE = "Kanarina Fågelsång-Gul", "1987-06-05", "Kanariefågeln sjöng i gruvan."
MAIL, REFERENCE = "kanarina.fagelsang@intyga.example", "KANARIE-4711"
CANARIES = (NAME, "Fågelsång", BIRTH, MAIL, "kanarina.fagelsang", NOTE, "Kanariefågeln", REFERENCE)
MAY_HOLD = re.compile(r"^(intyga\.sqlite(-wal|-shm)?|files/.*|mail/.*)$")
"""Ordinary rows, files and documents under their hash, and mail bodies; everything else must not know anybody."""


def spellings(word: str) -> set[bytes]:
    """A word as logs and files may hold it."""
    escaped = word.encode("ascii", "backslashreplace").decode()
    percent = quote(word)
    texts = {
        word,
        percent,
        percent.replace("%20", "+"),
        escaped,
        word.encode("unicode_escape").decode(),
        repr(word)[1:-1],
    }
    return {text.encode() for text in texts} | {word.encode("utf-16-le"), word.encode("latin-1", "replace")}


def canary_day(shop: Workshop, running: Running) -> None:
    """A candidate's whole way, and much that strangers type into the wrong fields."""
    case = shop.open(NewCandidate(name=NAME, birth_date=BIRTH, reference=REFERENCE, email=MAIL))
    shop.judge(case)
    words = {key: f"{NOTE} {key} är uppnått, med mått och samtal." for key in ("M1.L1", "M2.L1")}
    decide.decide(shop.tools, shop.actors["assessor"], case, seen=shop.seen(case), motivations=words)
    shop.approve(case)
    for path, form in (
        ("/mina", {"email": MAIL}),
        ("/logga-in", {"email": MAIL, "password": PASSWORD}),
        ("/kontrollera", {"number": NAME, "kind": "number"}),
        ("/tillganglighet", {"text": NOTE, "contact": MAIL}),
        ("/logga-in", {"email": email("coordinator"), "password": NAME}),
    ):
        data = urlencode(form)
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        running.ask(f"{head}Content-Length: {len(data)}\r\nConnection: close\r\n\r\n{data}".encode())


def test_names_are_found_only_where_they_may_be(running):
    shop = visit(running.folder)
    canary_day(shop, running)
    until(lambda: not undone(running.folder), 200)
    found = []
    for path in running.folder.rglob("*"):
        name = path.relative_to(running.folder).as_posix()
        found += [f"in the name {name}" for word in CANARIES if any(each in name.encode() for each in spellings(word))]
        if path.is_file() and not MAY_HOLD.match(name):
            data = path.read_bytes()
            found += [f"in {name}: {word}" for word in CANARIES if any(each in data for each in spellings(word))]
    log = running.log.read_bytes()
    found += [f"in the log: {word}" for word in CANARIES if any(each in log for each in spellings(word))]
    with closing(sqlite3.connect(running.folder / "intyga.sqlite")) as raw:
        for table in (
            "ledger",
            "ledger_heads",
            "salts",
            "intents",
            "keys",
            "numbers",
            "status_lists",
            "published",
            "sessions",
            "links",
            "grants",
        ):
            rows = "\n".join(map(str, raw.execute(f"SELECT * FROM {table}"))).encode()  # noqa: S608 our own names
            found += [f"in {table}: {word}" for word in CANARIES if any(each in rows for each in spellings(word))]
    assert found == []
    letters = "".join(each.read_text() for each in (running.folder / "mail").iterdir())
    assert MAIL in letters  # the search finds what is there
    with closing(sqlite3.connect(running.folder / "intyga.sqlite")) as raw:
        assert NAME in str(raw.execute("SELECT * FROM candidates").fetchall())
    shop.tools.database.close()


def undone(folder: Path) -> list[tuple[str, str, int]]:
    """What the worker has still to do; making a seal last is asked of an authority that may rest."""
    with closing(sqlite3.connect(folder / "intyga.sqlite")) as raw:
        query = "SELECT kind, failure, tries FROM intents WHERE done_at IS NULL AND kind <> 'lengthen'"
        return raw.execute(query).fetchall()


def test_no_address_and_no_error_page_repeats_who_it_is_about(tmp_path):
    shop = a_workshop(tmp_path / "var", "founded")
    case = shop.open(NewCandidate(name=NAME, birth_date=BIRTH, reference=REFERENCE, email=MAIL))
    browser: Browser = door(shop, "coordinator")
    seen = []
    for path in ("/start", "/arenden", f"/arenden/{case}", "/arenden/nytt", "/bevis"):
        text = browser.get(path).text
        seen += re.findall(r'(?:href|src|action)="([^"]*)"', text)
    assert len(seen) > 20
    assert not [each for each in seen for word in CANARIES if any(form in each.encode() for form in spellings(word))]
    for path in (f"/arenden/{case}/x", f"/bevis/{case}", f"/arenden/{case}/beslut", f"/arenden/{case}/granskning"):
        answer = browser.get(path)
        assert answer.status_code in (403, 404)
        assert not [word for word in CANARIES if word in answer.text]
    shop.tools.database.close()
