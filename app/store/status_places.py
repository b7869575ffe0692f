"""Which place of a status list a record gets: a random free one, so that neighbours tell nothing about each other."""

from collections.abc import Collection
from typing import Protocol

from assessments.problems import ConflictError

SIZE = 131_072
"""Entries of a list (Bitstring Status List, section 6.1: at least as many)."""


class StatusListFullError(ConflictError):
    """Every place of the list is taken; a new list is needed."""

    code = "status-list-indices"
    sv = "Statuslistan är full."
    en = "The status list is full."


class Dice(Protocol):
    """Where chance comes from: `random.SystemRandom()` in the house, a seeded one in tests."""

    def randrange(self, stop: int, /) -> int:
        """A number from 0 up to but not `stop`."""
        ...


def random_index(taken: Collection[int], rng: Dice) -> int:
    """A free place, every free place equally likely."""
    if len(taken) >= SIZE:
        raise StatusListFullError
    number = rng.randrange(SIZE - len(taken))
    for used in sorted(taken):
        if used > number:
            break
        number += 1
    return number
