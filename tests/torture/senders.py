"""Simulated tablets: each sends batch after batch through the real door and remembers every answer it got."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.tools import new_uuid7
from assessments.delivered import fingerprint

PACE = 0.22
"""Seconds between batches: the door takes 300 a minute from one tablet."""
PATIENCE = 5.0


@dataclass
class Batch:
    """What was sent, how often the line broke before an answer came, and at which kills."""

    ids: list[str]
    body: bytes
    case: str
    broken_at: list[int] = field(default_factory=list)
    statuses: tuple[str, ...] = ()


@dataclass
class Sender(threading.Thread):
    """One tablet. It sends a batch until it is answered, the same bytes each time."""

    port: int
    device: str
    token: str
    person: str
    cases: list[str]
    seed: int
    kills: Callable[[], int]
    """How many kills there have been: says which one broke the line."""
    stop: threading.Event
    answered: list[Batch] = field(default_factory=list)
    open: Batch | None = None
    asked_at: float = 0.0
    """When the request that waits for its answer was sent; 0 while none does."""
    answers: list[float] = field(default_factory=list)
    """When each answer came."""
    took: list[float] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    """Answers that said: not now."""
    faults: list[str] = field(default_factory=list)
    prev: str = ""
    seq: int = 0

    def __post_init__(self) -> None:
        super().__init__(daemon=True, name=f"tablet {self.device[-4:]}")
        self.random = Random(self.seed)  # noqa: S311 reproducible on purpose

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        line: http.client.HTTPConnection | None = None
        while not (self.stop.is_set() and self.open is None):
            batch = self.open = self.open or self.next_batch()
            try:
                line = line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
                if self.send(line, batch):
                    self.stop.wait(PACE)
            except (OSError, http.client.HTTPException):
                if line:
                    line.close()
                line = None
                time.sleep(0.05)
        if line:
            line.close()

    def send(self, line: http.client.HTTPConnection, batch: Batch) -> bool:
        line.connect() if line.sock is None else None
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            line.request("POST", "/api/v1/events", batch.body, headers)
            self.asked_at = time.monotonic()
            with line.getresponse() as answer:
                said = answer.read()
        except (OSError, http.client.HTTPException):
            if self.asked_at:
                batch.broken_at.append(self.kills())
            raise
        finally:
            began, self.asked_at = self.asked_at, 0.0
        if answer.status != 200:
            self.refused.append(answer.status)
            if answer.status not in (429, 503, 507):
                self.faults.append(f"answer {answer.status}: {said[:200]!r}")
            time.sleep(0.2)
            return False
        self.answers.append(time.monotonic())
        self.took.append(self.answers[-1] - began)
        results = json.loads(said)["results"]
        batch.statuses = tuple(each["status"] for each in results)
        if [each["id"] for each in results] != batch.ids:
            self.faults.append("the answer does not name what was sent")
        if len(set(batch.statuses)) != 1:
            self.faults.append(f"half a batch was kept: {batch.statuses}")
        if not set(batch.statuses) <= {"stored", "duplicate"}:
            self.faults.append(f"refused: {results[0]}")
        if "duplicate" in batch.statuses and not batch.broken_at:
            self.faults.append("sent once and kept before")
        self.answered.append(batch)
        self.open = None
        return True

    def next_batch(self) -> Batch:
        case = self.random.choice(self.cases)
        events = [self._event(case) for _ in range(self.random.randint(3, 30))]
        sent = {"events": events, "sent_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "app": "v1"}
        return Batch([each["id"] for each in events], json.dumps(sent).encode(), case)

    def _event(self, case: str) -> dict[str, Any]:
        self.seq += 1
        event = {
            "kind": "note", "id": new_uuid7(), "assessment": case, "actor": self.person, "item": "M1.1",
            "at": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()), "text": f"Anteckning {self.seq}",
            "replaces": [], "source": "tablet", "device": self.device, "seq": self.seq, "mono": self.seq,
            "prev": self.prev, "app": "v1",
        }  # fmt: skip
        self.prev = fingerprint(event)
        return event
