"""What must be true of a house that was killed many times: nothing lost, doubled, half done or left behind."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from senders import Batch, Sender
from sqlalchemy import text
from workshop import Workshop

from app.store import awards, deliveries, intents
from assessments.delivered import gaps

NUMBER = re.compile(rb'"(?:licenseNumber|[A-Za-z]+)":\s*"(\d{4}-\d{6}-\d)"')


def faults(shop: Workshop, senders: list[Sender], said: list[dict[str, Any]], before: set[str]) -> list[str]:
    """One sentence for each thing that is wrong; nothing when the house is whole."""
    told = [fault for each in senders for fault in each.faults]
    told += [*_events(shop, senders, said, before), *_chains(shop, senders), *_acts(shop, said), *_numbers(shop)]
    return [*told, *_intents(shop), *shop.faults(), *_database(shop)]


class Signed:
    """Looks at any moment whether something is signed whose number the database does not know yet."""

    def __init__(self, shop: Workshop) -> None:
        self.shop, self.seen, self.numbers = shop, set[str](), set[str]()

    def too_early(self) -> list[str]:
        """One sentence for each such number; files are read once."""
        for path in self.shop.tools.files.every():
            if path.name not in self.seen:
                self.seen.add(path.name)
                data = path.read_bytes()
                if data.startswith(b"{"):
                    self.numbers |= {found.decode() for found in NUMBER.findall(data)}
        known = set(rows(self.shop, "SELECT number FROM awards WHERE number IS NOT NULL"))
        return [f"{number} was signed before it was allocated" for number in sorted(self.numbers - known)]


def kept(shop: Workshop, ids: list[str]) -> int:
    """How many of these events are in the database."""
    return len(set(ids) & set(rows(shop, "SELECT id FROM events")))


def rows(shop: Workshop, query: str) -> list[Any]:
    """The first column of each row."""
    with shop.tools.read() as tx:
        return [row[0] for row in tx.execute(text(query))]


def _events(shop: Workshop, senders: list[Sender], said: list[dict[str, Any]], before: set[str]) -> Iterator[str]:
    sent = [event for each in senders for batch in each.answered for event in batch.ids]
    sent += list(dict.fromkeys(e for each in said if each.get("done") == "record" for e in each["events"]))
    asked = {e for each in said if each.get("begin") == "record" for e in each["events"]}
    found = Counter(rows(shop, "SELECT id FROM events"))
    if lost := set(sent) - found.keys():
        yield f"{len(lost)} acknowledged events are lost"
    if doubled := [key for key, times in found.items() if times > 1]:
        yield f"{len(doubled)} events are doubled"
    if foreign := found.keys() - set(sent) - asked - before:
        yield f"{len(foreign)} events were never sent"
    batches = sum(len(each.answered) for each in senders)
    told = rows(shop, "SELECT count(*) FROM ledger WHERE action = 'assessment.deliver'")[0]
    if told != batches:
        yield f"{batches} batches were answered, {told} are in the ledger"
    by_entry = Counter(rows(shop, "SELECT entry FROM events"))
    entry_of = dict(_pairs(shop, "SELECT id, entry FROM events"))
    for batch in (batch for each in senders for batch in each.answered):
        if len(own := {entry_of.get(key) for key in batch.ids}) != 1 or by_entry[own.pop()] != len(batch.ids):
            yield "half a batch lies under its entry"


def _pairs(shop: Workshop, query: str) -> list[tuple[str, str]]:
    with shop.tools.read() as tx:
        return [(row[0], row[1]) for row in tx.execute(text(query))]


def _chains(shop: Workshop, senders: list[Sender]) -> Iterator[str]:
    for each in senders:
        with shop.tools.read() as tx:
            links = deliveries.chain(tx, each.device)
        reached, missing = gaps(link.seq for link in links)
        sent = sum(len(batch.ids) for batch in each.answered)
        if (reached, missing) != (sent, []):
            yield f"a tablet sent {sent} events, its chain reaches {reached} and misses {missing}"
        if any(link.prev != before.hash for before, link in pairwise(links)):
            yield "the chain of a tablet is broken"


def _acts(shop: Workshop, said: list[dict[str, Any]]) -> Iterator[str]:
    done = {name: {each["case"] for each in said if each.get("done") == name} for name in ("open", "decide", "approve")}
    for name, table in (("open", "assessments"), ("decide", "decisions"), ("approve", "awards")):
        column = "id" if name == "open" else "assessment"
        found = Counter(rows(shop, f"SELECT {column} FROM {table}"))  # noqa: S608 words of this file
        if lost := done[name] - found.keys():
            yield f"{len(lost)} acknowledged acts are lost: {name}"
        if [key for key, times in found.items() if times > 1]:
            yield f"an act was done twice: {name}"


def _numbers(shop: Workshop) -> Iterator[str]:
    with shop.tools.read() as tx:
        given = awards.of_provider(tx, shop.provider)
        papers = {each.id: awards.documents(tx, each.id) for each in given}
        revisions = {each.id: awards.revisions(tx, each.id) for each in given}
    numbers = sorted(each.number or "" for each in given)
    places = [int(number.split("-")[1]) if number else 0 for number in numbers]
    if places != list(range(1, len(given) + 1)):
        yield f"numbers are doubled, missing or skipped: {numbers}"
    if any(each.issued_at is None for each in given):
        yield "an award was never issued"
    kinds = {tuple(sorted((doc.format, doc.module) for doc in papers[each.id])) for each in given}
    if len(kinds) > 1 or () in kinds:
        yield f"not all awards have the same documents: {kinds}"
    for each in given:
        for doc in revisions[each.id]:
            data = shop.tools.files.get(doc.sha256)
            if len(data) != doc.size or hashlib.sha256(data).hexdigest() != doc.sha256:
                yield f"the {doc.format} of {each.number} is not whole"
            if data.startswith(b"{") and doc.format == "open-badge" and each.number not in _strings(json.loads(data)):
                yield f"the {doc.format} of {each.number} carries another number"


def _strings(value: Any) -> set[str]:
    """Every text in it."""
    if isinstance(value, dict):
        return {text for each in value.values() for text in _strings(each)}
    if isinstance(value, list):
        return {text for each in value for text in _strings(each)}
    return {value} if isinstance(value, str) else set()


def _intents(shop: Workshop) -> Iterator[str]:
    with shop.tools.read() as tx:
        if left := intents.due(tx, shop.tools.now()):
            yield f"{len(left)} intents are left behind"
        for each in intents.failing(tx):
            yield f"an intent fails: {each.kind} {each.failure}"
        issued = {each.id for each in awards.of_provider(tx, shop.provider)}
    wanted = set(rows(shop, "SELECT subject FROM intents WHERE kind = 'issue'"))
    if wanted != issued:
        yield f"{len(wanted ^ issued)} awards have no intent, or intents no award"


def _database(shop: Workshop) -> Iterator[str]:
    if shop.tools.database.sqlite:
        said = rows(shop, "PRAGMA integrity_check")
        if said != ["ok"]:
            yield f"the database is damaged: {said[:3]}"


def landed(batches: list[Batch]) -> tuple[set[int], set[int]]:
    """The kills that broke a line: before the commit (kept only when sent again), and between commit and answer."""
    before = {kill for each in batches if "stored" in each.statuses for kill in each.broken_at}
    after = {kill for each in batches if "duplicate" in each.statuses for kill in each.broken_at}
    return before, after
