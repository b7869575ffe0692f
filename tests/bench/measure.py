"""Interleaved runs, medians and one line per result: ratios survive a noisy machine, single figures do not."""

import gc
import math
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

Road = Callable[[], object]


class Goal(NamedTuple):
    """What the figure, or its ratio to the peer, may be at most."""

    most: float
    of: str = "ratio"

    def words(self, unit: str) -> str:
        return f"≤ {self.most:g} ×" if self.of == "ratio" else f"≤ {self.most:g} {unit}"


class Result(NamedTuple):
    """A figure, beside its peer's when there is one."""

    name: str
    ours: float
    peer: float | None = None
    peer_name: str = ""
    goal: Goal | None = None
    unit: str = "ms"

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        found = self.ours / self.peer if self.goal.of == "ratio" and self.peer else self.ours
        return found <= self.goal.most

    def line(self) -> str:
        ratio = f"{self.ours / self.peer:6.2f} ×" if self.peer else " " * 8
        beside = f"{self.peer:9.2f}  {self.peer_name}" if self.peer else f"{'':9}  {self.peer_name}"
        said = "" if self.goal is None else f"{'met' if self.met else 'MISSED'}: {self.goal.words(self.unit)}"
        return f"  {self.name:58} {self.ours:9.2f} {self.unit:5} {ratio} {beside:44} {said}".rstrip()


def cpu(run: Road) -> float:
    """CPU milliseconds of one run in this process."""
    began = time.process_time()
    run()
    return (time.process_time() - began) * 1000


def wall(run: Road) -> float:
    """Milliseconds on the wall."""
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def in_turn(*roads: Road, rounds: int, by: Callable[[Road], float] = cpu) -> list[float]:
    """Medians of several roads, taken in turn after one warm-up each, so that noise hits all alike."""
    for road in roads:
        road()
    took: list[list[float]] = [[] for _ in roads]
    for _ in range(rounds):
        for road, mine in zip(roads, took, strict=True):
            gc.collect()
            mine.append(by(road))
    return [statistics.median(mine) for mine in took]


def percentile(took: Iterable[float], share: float) -> float:
    """The value that this share of the runs did not exceed."""
    ordered = sorted(took)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


@contextmanager
def clocked(*places: tuple[object, str]) -> Iterator[dict[str, float]]:
    """Seconds of wall time spent in some functions while it is open, by their names."""
    spent: dict[str, float] = {}
    kept = [(home, name, getattr(home, name)) for home, name in places]

    def watched(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def run(*given: object, **named: object) -> object:
            began = time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                spent[name] = spent.get(name, 0.0) + time.perf_counter() - began

        return run

    for home, name, function in kept:
        setattr(home, name, watched(name, function))
    try:
        yield spent
    finally:
        for home, name, function in kept:
            setattr(home, name, function)


def child(words: Sequence[str | Path], folder: Path) -> float:
    """CPU milliseconds of a whole process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, check=True, cwd=folder, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
