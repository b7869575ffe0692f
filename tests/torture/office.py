"""The desk of a tortured provider: opens, judges, decides and approves case after case, and says so after each return.

It runs as a process of its own, so that it can be killed anywhere. What it is about to send lies in a journal first, as
on a tablet: whatever was cut short is sent again, word for word, by the next desk.
"""

import json
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workshop import HOLDER, Workshop, a_photo, visit

from app.actions import keep_photo, record
from app.queue import waker
from app.store import assessments, awards
from app.store.files import write_whole
from assessments.event import EvidenceGiven

MOST_WAITING = 2
"""Awards that may wait for the worker before the next case is opened."""


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)  # noqa: T201 the harness reads it


def real(folder: Path, url: str) -> Workshop:
    """The workshop in real time, with the wake-up that the web process uses."""
    shop = visit(folder, database_url=url)
    return replace(shop, tools=replace(shop.tools, now=lambda: datetime.now(UTC), wake=waker(shop.tools.settings)))


def journal(shop: Workshop, place: Path) -> dict[str, Any]:
    """Everything that is going to be sent of one case, written down before the first word leaves."""
    if not place.exists():
        case = shop.tools.new_id()
        events = shop.everything(case)
        sha256 = shop.tools.files.put(keep_photo.cleaned(a_photo(case)))  # the case itself gets it below
        events.append(
            EvidenceGiven(evidence="photo", day=shop.tools.today(), sha256=sha256, **shop.common(case, "M2.1"))
        )
        write_whole(
            place, json.dumps({"case": case, "batches": [record.plain(events[:1]), record.plain(events[1:])]}).encode()
        )
    return json.loads(place.read_bytes())


def work(shop: Workshop, place: Path) -> None:
    """One case from the door to the award; each act says begin and, after its return, done."""
    plan = journal(shop, place)
    case = plan["case"]

    def act(name: str, do: Any, **about: Any) -> None:
        say(begin=name, case=case, **about)
        do()
        say(done=name, case=case, **about)

    act("open", lambda: shop.open(HOLDER, key=case))
    with shop.tools.read() as tx:
        state = assessments.find(tx, case).state
    if state in ("planned", "assessing"):
        keep_photo.keep_photo(shop.tools, shop.actors["assessor"], case, a_photo(case))
        for batch in plan["batches"]:
            ids = [each["id"] for each in batch]
            act("record", lambda sent=batch: record.record(shop.tools, shop.actors["assessor"], case, sent), events=ids)
        act("decide", lambda: shop.decide(case))
        state = "decided"
    with shop.tools.read() as tx:
        given = awards.of_assessment(tx, case)
    if not given:
        act("approve", lambda: shop.approve(case))
    place.rename(place.with_suffix(".done"))


def main(folder: Path, url: str, desk: Path) -> None:
    shop = real(folder, url)
    desk.mkdir(exist_ok=True)
    say(ready=True)
    while True:
        with shop.tools.read() as tx:
            waiting = sum(each.issued_at is None for each in awards.of_provider(tx, shop.provider))
        left = sorted(desk.glob("*.json"))
        if left or waiting < MOST_WAITING:
            work(shop, left[0] if left else desk / f"{time.time_ns()}.json")
        else:
            time.sleep(0.05)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
