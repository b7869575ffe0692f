"""`make bench`: what the costly things cost, each beside a peer or a goal, and whether the goal is met."""

import argparse
import logging
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS.parent), *(str(TESTS / "app" / each) for each in (".", "issue", "field"))]

import structlog  # noqa: E402 the folders of the tests have to be named first
from support import node  # noqa: E402 same

from bench.certificates import certificates  # noqa: E402 same
from bench.house import Demo  # noqa: E402 same
from bench.ingest import ingest  # noqa: E402 same
from bench.lookups import lookups  # noqa: E402 same
from bench.measure import Result  # noqa: E402 same
from bench.memory import memory  # noqa: E402 same
from bench.pages import pages  # noqa: E402 same
from bench.records import records  # noqa: E402 same
from bench.standards import standards  # noqa: E402 same
from bench.starting import starting  # noqa: E402 same

Part = Callable[[Demo, bool], Iterator[Result]]
say = partial(print, flush=True)
PARTS: dict[str, Part] = {
    "certificates": lambda at, quick: certificates(at, 3 if quick else 9),
    "records": lambda at, quick: records(at, 15 if quick else 60),
    "ingest": lambda _at, quick: ingest(quick),
    "starting": lambda _at, quick: starting(quick),
    "pages": lambda at, quick: pages(at, 3 if quick else 9),
    "lookups": lambda at, quick: lookups(
        at, (100, 10_000) if quick else (100, 10_000, 1_000_000), 300 if quick else 2000
    ),
    "standards": lambda at, quick: standards(at, 3 if quick else 9),
}


def main() -> int:
    """Exit code 0 whatever is met or missed: a noisy neighbour is no fault of the program."""
    asked = _asked()
    node.put_a_fit_node_first()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    load = os.getloadavg()[0]
    say(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, load {load:.1f}.")
    say("Medians, taken in turn with the peer; ratios are ours to the peer's.")
    began, found = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="intyga-bench-") as kept:
        folder = Path(kept) / "demo"
        folder.mkdir()
        at = Demo(folder)
        for name in asked.part or PARTS:
            found += _told(name, PARTS[name](at, asked.quick))
        at.tools.database.close()
    if asked.memory:
        found += _told("memory", memory(asked.memory))
    goals = [each for each in found if each.met is not None]
    missed = [each for each in goals if not each.met]
    say(f"\n{len(goals) - len(missed)} of {len(goals)} goals met, in {time.monotonic() - began:.0f} s.")
    return 0


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="make bench", description=__doc__)
    words.add_argument("--quick", action="store_true", help="fewer rounds and no million awards: under three minutes")
    words.add_argument(
        "--memory", type=int, default=0, metavar="N", help="also N documents through the real worker: long"
    )
    words.add_argument("part", nargs="*", choices=[*PARTS, []], help="only these parts")
    return words.parse_args()


def _told(name: str, results: Iterator[Result]) -> list[Result]:
    say(f"\n{name}")
    found = []
    for each in results:
        say(each.line())
        found.append(each)
    return found


if __name__ == "__main__":
    sys.exit(main())
