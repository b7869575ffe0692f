"""Interleaved runs, medians and one line per result: ratios survive a noisy machine, single figures do not."""

import gc
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Result(NamedTuple):
    """Median CPU milliseconds of a road and of its peer."""

    name: str
    ours: float
    peer_name: str
    peer: float
    goal: str

    def line(self) -> str:
        ratio = f"{self.ours / self.peer:6.2f} ×" if self.peer else "        "
        peer = f"{self.peer:9.1f} ms {self.peer_name}" if self.peer else f"          {self.peer_name}"
        return f"{self.name:44} {self.ours:9.1f} ms  {ratio}  {peer}  {self.goal}"


def cpu(run: Callable[[], object]) -> float:
    """CPU milliseconds of one run in this process."""
    gc.collect()
    began = time.process_time()
    run()
    return (time.process_time() - began) * 1000


def paired(ours: Callable[[], object], peer: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Medians of both, taken in turn after one warm-up each."""
    ours(), peer()
    pairs = [(cpu(ours), cpu(peer)) for _ in range(rounds)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)
