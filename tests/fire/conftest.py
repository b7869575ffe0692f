"""Tests that attack: they borrow the workshops and houses of the tests that build."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
for room in ("criteria", "app/verify", "app/issue", "app/web", "app/store", "app"):
    sys.path.append(str(TESTS / room))

from workshop import Workshop, a_workshop  # noqa: E402 found by the path above


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Callable[..., Workshop]]:
    """As the tests of `app` have it: a provider at that stage, in a folder of its own."""
    opened: list[Workshop] = []

    def enter(stage: str = "founded", **settings) -> Workshop:
        opened.append(a_workshop(tmp_path / f"var{len(opened)}", stage, **settings))
        return opened[-1]

    yield enter
    for each in opened:
        each.tools.database.close()
