"""Kills parts of a working house at random moments and then asks whether anything is missing."""

import os
import signal
import statistics
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import examine
from house import ROOT, House, wait_for
from senders import Sender
from workshop import HOLDER, PASSPHRASE, a_workshop, a_workshop_on

from app.actions.enrol import enrol, make_code
from app.store import awards, intents

VICTIMS = {"web": 5, "work": 5, "supervisor": 2, "desk": 3}
"""Who is killed how often, roughly."""
TABLETS = 3


@dataclass
class Told:
    """What happened in a run, for people to read."""

    kills: Counter[str] = field(default_factory=Counter)
    inside: Counter[str] = field(default_factory=Counter)
    """Kills that landed in the middle: a request or act had begun and was not committed; for the worker, a job."""
    unanswered: int = 0
    """Kills between commit and answer."""
    back: list[float] = field(default_factory=list)
    """Seconds from a kill until the door answered again."""
    falling: list[float] = field(default_factory=list)
    events: int = 0
    batches: int = 0
    awards: int = 0
    starts: int = 0
    orphans: int = 0
    """Files that were written and never listed: the price of a kill between the two, `intyga tidy` knows them."""
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kills = ", ".join(f"{name} {times} ({self.inside[name]} in the middle)" for name, times in self.kills.items())
        back = f"{statistics.median(self.back):.1f} s, at most {max(self.back):.1f} s" if self.back else "-"
        return (
            f"{self.kills.total()} kills: {kills}; {self.unanswered} between commit and answer; back after {back}; "
            f"{self.events} events in {self.batches} batches, {self.awards} awards, {self.orphans} unlisted files; "
            f"{self.starts} starts of the supervisor; {'WHOLE' if not self.faults else self.faults}"
        )

    @property
    def share(self) -> float:
        """How many of the kills landed in the middle."""
        return self.inside.total() / max(1, self.kills.total())


class Torture:
    """One run on one database."""

    def __init__(
        self, folder: Path, url: str, *, seed: int, code: Path = ROOT, desk: bool = True, cases: int = 8
    ) -> None:
        self.random, self.told, self.with_desk = Random(seed), Told(), desk  # noqa: S311 reproducible on purpose
        shop = a_workshop_on(url, folder) if url.startswith("postgresql") else a_workshop(folder)
        self.shop = replace(shop, tools=replace(shop.tools, now=lambda: datetime.now(UTC)))
        (folder / "keys" / "passphrase").write_text(PASSPHRASE)
        self.house = House(folder, url, code)
        self.stop = threading.Event()
        self.dead: set[str] = set()
        """Leases of workers that have fallen."""
        self.signed = examine.Signed(self.shop)
        self.senders = [self._sender(place, cases) for place in range(TABLETS)]
        self.hit: dict[int, tuple[str, float]] = {}
        """The kills that broke the line of the web, and when."""

    def _sender(self, place: int, cases: int) -> Sender:
        who = ("assessor", "second")[place % 2]
        actor = self.shop.actors[who]
        tablet = enrol(self.shop.tools, make_code(self.shop.tools, actor, self.shop.provider), f"Platta {place}")
        mine = [self.shop.open(HOLDER) for _ in range(cases)]
        return Sender(
            self.house.port, tablet.device, tablet.token, actor.person, mine, place, self.told.kills.total, self.stop
        )

    def run(self, rounds: int, victims: dict[str, int] | None = None, until_fault: bool = False) -> Told:
        """Start all, kill `rounds` times, let it come to rest, and look."""
        chosen = victims or VICTIMS
        self.before = set(examine.rows(self.shop, "SELECT id FROM events"))
        try:
            self.house.start()
            if self.with_desk:
                self.house.start_desk()
            for each in self.senders:
                each.start()
            self.house.keep_up()
            self._until_at_work()
            for _ in range(rounds):
                [victim] = self.random.choices(list(chosen), weights=list(chosen.values()))
                self._round(victim)
                self.told.faults += self.signed.too_early()
                if until_fault and self.told.faults:
                    break
            self._come_to_rest()
        finally:
            self.stop.set()
            self.house.stop()
        return self._look()

    def _until_at_work(self) -> None:
        """A tablet was answered since the last kill of the web; at first: every tablet was, and the worker is there."""
        since = max((at for _, at in self.hit.values()), default=0.0)

        def working() -> bool:
            answered = [any(at > since for at in each.answers[-5:]) for each in self.senders]
            return any(answered) if since else all(answered) and self.house.part("work") is not None

        wait_for("the house does not come back", working)

    def _round(self, victim: str) -> None:
        """Others come back while the next one falls; only the web has to be there before it falls again."""
        {"desk": self._kill_desk, "work": self._kill_worker}.get(victim, lambda: self._kill_web(victim))()

    def _kill_web(self, victim: str) -> None:
        """Somewhere in the life of a request that is under way; the line it breaks tells where exactly."""
        self._until_at_work()
        usual = statistics.quantiles([took for each in self.senders for took in each.took[-20:]], n=4)[0]
        wait_for("no tablet asks", lambda: any(each.asked_at for each in self.senders), step=0.001)
        time.sleep(self.random.uniform(0, usual * 0.6))
        self.told.kills[victim] += 1
        number, fell = self.told.kills.total(), 0.0
        self.hit[number] = (victim, time.monotonic())  # from here on a broken line is this kill's
        if victim == "supervisor":
            fell = self.house.kill_supervisor()
            self.told.falling.append(fell)
            self.dead |= self._leases()
        else:
            kill(self.house.part("web"))
        self.hit[number] = (victim, time.monotonic() - fell)

    def _kill_worker(self) -> None:
        """In the middle of a job if one comes, at any rate at a random moment."""
        with suppress(TimeoutError):
            self._wait_for_job()
            until = time.monotonic() + self.random.uniform(0, self.random.choice((0.3, 1, 3)))
            while time.monotonic() < until:
                self.told.faults += self.signed.too_early()
                time.sleep(0.02)
            self._wait_for_job()  # another one, when the first was done meanwhile
        if kill(self.house.part("work")):
            self.told.kills["work"] += 1
            self.told.inside["work"] += self._at_a_job()
            self.dead |= self._leases()

    def _wait_for_job(self) -> None:
        wait_for("no job", lambda: self.house.part("work") and self._at_a_job(), 12)

    def _at_a_job(self) -> bool:
        """Somebody has taken it since the last worker fell; the leases of the dead say nothing."""
        return bool(self._leases() - self.dead)

    def _leases(self) -> set[str]:
        query = "SELECT id || leased_until FROM intents WHERE done_at IS NULL AND leased_until IS NOT NULL"
        return set(examine.rows(self.shop, query))

    def _kill_desk(self) -> None:
        """In an act: it has said begin and not yet done."""
        name = self.random.choice(("open", "record", "decide", "approve"))
        with suppress(TimeoutError):
            wait_for("the desk rests", lambda: self._act_begun(name), 5, 0.0005)
        if not self.house.kill_desk():
            return
        self.told.kills["desk"] += 1
        last = self.house.said[-1] if self.house.said else {}
        self.told.inside["desk"] += "begin" in last and not self._committed(last)

    def _act_begun(self, name: str) -> bool:
        return bool(self.house.said) and self.house.said[-1].get("begin") == name

    def _committed(self, act: dict[str, Any]) -> bool:
        """Whether the act that nobody heard the end of has happened."""
        name, case = act["begin"], act["case"]
        if name == "record":
            return examine.kept(self.shop, act["events"]) > 0
        table, column = {
            "open": ("assignments", "no_tie = 1 AND assessment"),
            "decide": ("decisions", "assessment"),
            "approve": ("awards", "assessment"),
        }[name]
        return bool(examine.rows(self.shop, f"SELECT 1 FROM {table} WHERE {column} = '{case}'"))  # noqa: S608 our own ids

    def _come_to_rest(self) -> None:
        """No more asking; the desk ends; the worker does what is left."""
        self._until_at_work()
        self.house.close_desk()
        self.stop.set()
        rested = lambda: not any(each.is_alive() for each in self.senders)  # noqa: E731 a question, asked once
        wait_for("a tablet never gets its last answer", rested)
        # A worker that starts looks around at once; one that runs would do so within a minute.
        kill(self.house.part("work"))
        with suppress(TimeoutError):  # what is left then is told as a fault
            wait_for("the worker does not finish", self._nothing_due, 60)

    def _nothing_due(self) -> bool:
        with self.shop.tools.read() as tx:
            due = intents.due(tx, self.shop.tools.now())
        return not due and not self._leases()

    def _look(self) -> Told:
        told, batches = self.told, [batch for each in self.senders for batch in each.answered]
        before, after = examine.landed(batches)
        answers = sorted(at for each in self.senders for at in each.answers)
        for number, (victim, at) in self.hit.items():
            told.inside[victim] += number in before
            told.back += [each - at for each in answers if each > at][:1]
        told.unanswered = len(after - before)
        told.batches, told.events = len(batches), sum(len(each.ids) for each in batches)
        told.starts = self.house.began
        with self.shop.tools.read() as tx:
            given = awards.of_provider(tx, self.shop.provider)
            listed = {doc.sha256 for each in given for doc in awards.revisions(tx, each.id)}
        photos = set(examine.rows(self.shop, "SELECT sha256 FROM photos"))
        told.awards = len(given)
        told.orphans = sum(path.name not in listed | photos for path in self.shop.tools.files.every())
        told.faults += [
            *self.signed.too_early(),
            *examine.faults(self.shop, self.senders, self.house.said, self.before),
        ]
        told.faults = list(dict.fromkeys(told.faults))
        self.shop.tools.database.close()
        return told


def kill(pid: int | None) -> bool:
    if pid is None:
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False
