"""Memory of the real web and worker processes while documents are made and pages asked for: it must stay flat."""

import contextlib
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from workshop import Workshop, a_workshop

from app.actions.open_assessment import NewCandidate
from app.store import awards, intents
from bench import house
from bench.measure import Goal, Result

PATHS = ("/", "/kontrollera", "/v/{token}", "/logga-in", "/integritet")


def memory(documents: int) -> Iterator[Result]:
    """A small standard, so that waiting is bearable; every document is a sealed PDF with its records."""
    with tempfile.TemporaryDirectory(prefix="intyga-bench-") as kept:
        shop = a_workshop(Path(kept) / "var")
        shop.tools.settings.secret_file.write_text("a secret of the bench, longer than thirty-two characters")
        yield from _worker(shop, documents)
        yield from _web(shop, documents)
        shop.tools.database.close()


def _worker(shop: Workshop, documents: int) -> Iterator[Result]:
    done, seen, last = 0, [], None
    with house.process("work", shop.tools.settings) as child:
        while done < documents:
            for number in range(20):
                case = shop.open(NewCandidate(name=f"Erik {done + number}", birth_date="1991-02-28"))
                shop.judge(case)
                shop.decide(case)
                last = shop.approve(case)
            done += 20
            _await_idle(shop, child)
            seen.append(house.resident(child.pid))
    with shop.tools.read() as tx:
        assert last
        assert awards.find(tx, last).issued_at
    tenth = max(1, len(seen) // 10)
    yield Result(f"worker after {20 * tenth} documents", seen[tenth - 1], unit="MB")
    yield Result(f"worker after {done} documents", seen[-1], seen[tenth - 1], "after a tenth of them", Goal(1.1), "MB")
    yield Result("  the most it held", max(seen), goal=Goal(200, "ours"), unit="MB")


def _await_idle(shop: Workshop, child) -> None:
    while True:
        with shop.tools.read() as tx:
            if not intents.due(tx, shop.tools.now()):
                return
        if child.poll() is not None:
            raise RuntimeError(f"the worker ended with {child.returncode}")
        time.sleep(0.2)


def _web(shop: Workshop, requests: int) -> Iterator[Result]:
    with shop.tools.read() as tx:
        token = awards.of_provider(tx, shop.provider)[0].token
    port, seen = house.free_port(), []
    with house.process("web", shop.tools.settings, INTYGA_PORT=str(port)) as child:
        house.await_answer(f"http://127.0.0.1:{port}", child)
        for number in range(requests):
            path = PATHS[number % len(PATHS)].format(token=token)
            # The limit for strangers holds here too: a refusal is an answer.
            with contextlib.suppress(urllib.error.HTTPError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30).read()
            seen.append(house.resident(child.pid))
    tenth = max(1, len(seen) // 10)
    yield Result(f"web after {requests} pages", seen[-1], seen[tenth - 1], "after a tenth of them", Goal(1.1), "MB")
    yield Result("  the most it held", max(seen), goal=Goal(120, "ours"), unit="MB")
