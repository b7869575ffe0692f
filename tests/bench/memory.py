"""Memory of the real web and worker processes while documents are made and pages asked for: it must stay flat."""

import contextlib
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from workshop import PASSPHRASE, PROVIDER, Workshop, a_workshop

from app.actions.open_assessment import NewCandidate
from app.store import awards, organisations
from bench import house
from bench.measure import Goal, Result

BATCH = 20
PATHS = ("/", "/kontrollera", "/v/{token}", "/logga-in", "/integritet")


def memory(documents: int) -> Iterator[Result]:
    """A small standard, so that waiting is bearable; every document is a sealed PDF with its records."""
    with tempfile.TemporaryDirectory(prefix="intyga-bench-") as kept:
        shop = a_workshop(Path(kept) / "var")
        shop.tools.settings.secret_file.write_text("a secret of the bench, longer than thirty-two characters")
        shop.tools.settings.passphrase_file.write_text(PASSPHRASE)
        shop.tools.settings.passphrase_file.chmod(0o600)
        yield from _worker(shop, documents)
        yield from _web(shop, documents)
        shop.tools.database.close()


def _worker(shop: Workshop, documents: int) -> Iterator[Result]:
    seen = []
    with house.process("work", shop.tools.settings) as child:
        for first in range(0, documents, BATCH):
            _await_issued(shop, child, [_approved(shop, first + number) for number in range(BATCH)])
            seen.append(house.resident(child.pid))
        own = house.private(child.pid)
    tenth = max(1, len(seen) // 10)
    yield Result(f"worker after {BATCH * tenth} documents", seen[tenth - 1], unit="MB")
    done = BATCH * len(seen)
    yield Result(f"worker after {done} documents", seen[-1], seen[tenth - 1], "after a tenth of them", Goal(1.1), "MB")
    yield Result("  the most it held", max(seen), goal=Goal(200, "ours"), unit="MB")
    yield Result("  at the end, shared with nobody", own, unit="MB")


def _approved(shop: Workshop, number: int) -> str:
    case = shop.open(NewCandidate(name=f"Erik {number}", birth_date="1991-02-28"))
    shop.judge(case)
    shop.decide(case)
    award = shop.approve(case)
    assert award
    return award


def _await_issued(shop: Workshop, child: subprocess.Popen[bytes], given: list[str]) -> None:
    waiting = set(given)
    while waiting:
        if child.poll() is not None:
            raise RuntimeError(f"the worker ended with {child.returncode}")
        time.sleep(0.2)
        with shop.tools.read() as tx:
            waiting = {each for each in waiting if awards.find(tx, each).issued_at is None}


def _web(shop: Workshop, requests: int) -> Iterator[Result]:
    with shop.tools.read() as tx:
        token = awards.of_provider(tx, organisations.find(tx, PROVIDER).id)[0].token
    port, seen = house.free_port(), []
    with house.process("web", shop.tools.settings, INTYGA_PORT=str(port)) as child:
        house.await_answer(f"http://127.0.0.1:{port}", child)
        for number in range(requests):
            path = PATHS[number % len(PATHS)].format(token=token)
            # The limit for strangers holds here too: a refusal is an answer.
            with contextlib.suppress(urllib.error.HTTPError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30).read()
            seen.append(house.resident(child.pid))
        own = house.private(child.pid)
    tenth = max(1, len(seen) // 10)
    yield Result(f"web after {requests} pages", seen[-1], seen[tenth - 1], "after a tenth of them", Goal(1.1), "MB")
    yield Result("  the most it held", max(seen), goal=Goal(120, "ours"), unit="MB")
    yield Result("  at the end, shared with nobody", own, unit="MB")
