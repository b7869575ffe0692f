"""A batch of 30 events: against the bare driver with the same promise of durability, and with eight at once."""

import http.client
import json
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from support import postgres
from tablets import Tablet, a_tablet
from workshop import Workshop, a_workshop, a_workshop_on

from app.actions import deliver, record, taking
from app.actions.open_assessment import NewCandidate
from app.store import assessments, deliveries, events, ledger
from app.web.limits import LIMITER
from bench import house
from bench.measure import Result, clocked, percentile, wall

EVENTS, CLIENTS = 30, 8
TABLE = "CREATE TABLE bare (id TEXT PRIMARY KEY, body TEXT NOT NULL)"
COSTS = (
    (record, "read_events"), (taking, "read_events"), (assessments, "sheet"), (ledger, "append"), (events, "add"),
    (deliveries, "add"), (deliveries, "known"),
)  # fmt: skip


def ingest(quick: bool) -> Iterator[Result]:
    """On both databases."""
    with tempfile.TemporaryDirectory(prefix="intyga-bench-") as kept:
        folder = Path(kept)
        shop = a_workshop(folder / "sqlite", "opened")
        yield from _one(shop, "SQLite", _bare_sqlite(folder / "bare.sqlite"), quick)
        shop.tools.database.close()
        with postgres.server() as server:
            url = server.new_database()
            shop = a_workshop_on(url, folder / "postgresql", "opened")
            with shop.tools.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")
            yield from _one(shop, "PostgreSQL", _bare_postgres(url), quick)
            shop.tools.database.close()


def _one(shop: Workshop, kind: str, bare: Callable[[list[Any]], None], quick: bool) -> Iterator[Result]:
    shop.tools.settings.secret_file.write_text("a secret of the bench, longer than thirty-two characters")
    batches, tablet = 20 if quick else 60, a_tablet(shop)
    desk, field, peer = [], [], []
    with clocked(*COSTS, (shop.tools.database.engine.dialect, "do_commit")) as spent:
        for _ in range(batches):
            scores = [shop.score(shop.case) for _ in range(EVENTS)]
            sent, body = record.plain(scores), _body(tablet, shop.case)
            rows = [(each.id, json.dumps(one)) for each, one in zip(scores, sent, strict=True)]
            desk.append(wall(lambda: record.record(shop.tools, shop.actors["assessor"], shop.case, sent)))  # noqa: B023 run at once
            field.append(wall(lambda: _deliver(shop, tablet, body)))  # noqa: B023 same
            peer.append(wall(lambda: bare(rows)))  # noqa: B023 same
    yield _beside(f"{kind}: batch of {EVENTS} at the desk", desk, peer)
    yield _beside(f"{kind}: batch of {EVENTS} from a tablet", field, peer)
    whole = sum(desk) + sum(field)
    for name, seconds in sorted(spent.items(), key=lambda each: -each[1])[:4]:
        yield Result(f"  of which {name}", 100_000 * seconds / whole, unit="%")
    each = 10 if quick else 40
    yield from _at_once(f"{kind}: {CLIENTS} at once, desk", _desk_clients(shop), each)
    yield from _over_http(shop, kind, each)


def _beside(name: str, ours: list[float], peer: list[float]) -> Result:
    return Result(f"{name} (wall)", statistics.median(ours), statistics.median(peer), "bare driver, same durability")


def _body(tablet: Tablet, case: str) -> bytes:
    sent = [tablet.event(case) for _ in range(EVENTS)]
    return json.dumps({"events": sent, "sent_at": tablet.now(), "app": "v1"}).encode()


def _deliver(shop: Workshop, tablet: Tablet, body: bytes) -> None:
    done = deliver.deliver(shop.tools, tablet.id, deliver.read_delivery(body), body)
    assert all(each.status == "stored" for each in done.results)


def _bare_sqlite(file: Path) -> Callable[[list[Any]], None]:
    bare = sqlite3.connect(file, isolation_level=None)
    for word in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", f"{TABLE} STRICT"):
        bare.execute(word)

    def write(rows: list[Any]) -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.executemany("INSERT INTO bare VALUES (?, ?)", rows)
        bare.execute("COMMIT")

    return write


def _bare_postgres(url: str) -> Callable[[list[Any]], None]:
    bare = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
    bare.execute(TABLE)

    def write(rows: list[Any]) -> None:
        with bare.transaction(), bare.cursor() as cursor:
            cursor.executemany("INSERT INTO bare VALUES (%s, %s)", rows)

    return write


def _desk_clients(shop: Workshop) -> list[Callable[[], None]]:
    """Each with a case of its own."""

    def client(number: int) -> Callable[[], None]:
        case = shop.open(NewCandidate(name=f"Bänk {number}", birth_date="1990-01-01"))

        def send() -> None:
            sent = record.plain([shop.score(case) for _ in range(EVENTS)])
            record.record(shop.tools, shop.actors["assessor"], case, sent)

        return send

    return [client(number) for number in range(CLIENTS)]


def _at_once(name: str, clients: list[Callable[[], None]], each: int) -> Iterator[Result]:
    took: list[float] = []

    def run(send: Callable[[], None]) -> None:
        took.extend(wall(send) for _ in range(each))

    threads = [threading.Thread(target=run, args=(send,)) for send in clients]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.perf_counter() - began
    yield Result(f"{name}: batches a second", len(took) / lasted, unit="/s")
    yield Result("  median", statistics.median(took))
    yield Result("  p99", percentile(took, 0.99))


def _over_http(shop: Workshop, kind: str, each: int) -> Iterator[Result]:
    """Tablets against the real web process, each over a connection of its own."""
    LIMITER.enabled = False
    cases = [shop.open(NewCandidate(name=f"Fält {number}", birth_date="1990-01-01")) for number in range(CLIENTS)]
    tablets = [a_tablet(shop, name=f"Platta {number}") for number in range(CLIENTS)]
    bodies = {
        tablet.id: [_body(tablet, case) for _ in range(each)] for tablet, case in zip(tablets, cases, strict=True)
    }
    port = house.free_port()
    with house.process("web", shop.tools.settings, INTYGA_PORT=str(port)) as child:
        house.await_answer(f"http://127.0.0.1:{port}", child)
        with _connections(tablets, port, bodies) as clients:
            yield from _at_once(f"{kind}: {CLIENTS} tablets at once over HTTP", clients, each)


@contextmanager
def _connections(
    tablets: list[Tablet], port: int, bodies: dict[str, list[bytes]]
) -> Iterator[list[Callable[[], None]]]:
    opened = []

    def client(tablet: Tablet) -> Callable[[], None]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        opened.append(connection)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {tablet.token}"}

        def send() -> None:
            connection.request("POST", "/api/v1/events", bodies[tablet.id].pop(0), headers)
            answer = connection.getresponse()
            assert answer.read()
            assert answer.status == 200, answer.status

        return send

    yield [client(tablet) for tablet in tablets]
    for connection in opened:
        connection.close()
