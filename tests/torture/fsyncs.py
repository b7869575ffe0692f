"""Watches the system calls of the web process (and of PostgreSQL): no answer may leave before its commit is on disk."""

import http.client
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from house import ROOT, House, wait_for
from senders import Sender
from workshop import HOLDER, PASSPHRASE, a_workshop, a_workshop_on

from app.actions.enrol import enrol, make_code

CALLS = "recvfrom,read,sendto,sendmsg,write,pwrite64,pwritev,fdatasync,fsync"
JOURNAL = re.compile(r"(-wal|/pg_wal/[0-9A-F]{24})>")
DEVICES = 8
"""One tablet may knock 300 times a minute."""


def acknowledged(lines: Iterator[str]) -> Counter[str]:
    """Answers to deliveries, by whether the journal was flushed between the question and the answer."""
    told: Counter[str] = Counter()
    open_calls: dict[str, str] = {}
    asked = flushed = False
    for line in lines:
        pid, _, call = line.partition(" ")
        call = call.strip()
        if "<unfinished ...>" in call:
            open_calls[pid] = call
        begun = call
        if call.startswith("<... "):
            begun = open_calls.pop(pid, "") + call
        name = begun.partition("(")[0]
        ended = call.endswith(" = 0")
        if name in ("fdatasync", "fsync") and JOURNAL.search(begun) and ended:
            flushed = True
        elif name in ("pwrite64", "pwritev", "write") and "-wal>" in begun and not call.startswith("<... "):
            flushed = False
        elif name in ("recvfrom", "read") and '"POST /api/v1/events' in begun:
            asked, flushed = True, False
        elif (
            asked
            and name in ("sendto", "sendmsg", "write")
            and '"HTTP/1.1 200' in begun
            and not call.startswith("<... ")
        ):
            told["after its fsync" if flushed else "before its fsync"] += 1
            asked = False
    return told


def watch(folder: Path, url: str, times: int, *, code: Path = ROOT, postmaster: int | None = None) -> Counter[str]:
    """Send so many batches one after the other to a web process under `strace`, and read what it noted."""
    shop = a_workshop_on(url, folder) if postmaster else a_workshop(folder)
    (folder / "keys" / "passphrase").write_text(PASSPHRASE)
    (folder / "secret").write_text("a secret of the tests, longer than thirty-two characters")
    house = House(folder, url, code)
    actor = shop.actors["assessor"]
    senders = []
    for place in range(DEVICES):
        tablet = enrol(shop.tools, make_code(shop.tools, actor, shop.provider), f"Platta {place}")
        cases = [shop.open(HOLDER) for _ in range(1 + times // 100)]
        senders.append(
            Sender(house.port, tablet.device, tablet.token, actor.person, cases, place, lambda: 0, threading.Event())
        )
    shop.tools.database.close()
    notes = folder / "calls"
    words = ["strace", "-f", "-y", "-s", "40", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(notes)]
    words += ["-p", str(postmaster)] if postmaster else []
    with (folder / "words.log").open("wb") as log:
        strace = subprocess.Popen(
            [*words, sys.executable, "-m", "app.cli", "web"], cwd=code, env=house.environ, stdout=log, stderr=log
        )
        try:
            wait_for("the web does not start", lambda: strace.poll() is not None or house.answers(), 90)
            line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30)
            for place in range(times):
                sender = senders[place % DEVICES]
                sender.open = sender.next_batch()
                while sender.open:
                    sender.send(line, sender.open)
            line.close()
        finally:
            for child in Path(f"/proc/{strace.pid}/task/{strace.pid}/children").read_text().split():
                subprocess.run(["kill", "-INT", child], check=False)
            try:
                strace.send_signal(signal.SIGINT) if postmaster else None
                strace.wait(20)
            except subprocess.TimeoutExpired:
                strace.kill()
                strace.wait()
    assert [fault for each in senders for fault in each.faults] == []
    with notes.open(errors="replace") as lines:
        return acknowledged(lines)
