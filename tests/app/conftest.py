"""A workshop for every test below: `shop("issued")` gives a provider at that stage, in a folder of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from workshop import Workshop, a_workshop, a_workshop_on


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Callable[..., Workshop]]:
    """On SQLite, copied: cheap."""
    opened: list[Workshop] = []

    def enter(stage: str = "founded", **settings) -> Workshop:
        opened.append(a_workshop(tmp_path / f"var{len(opened)}", stage, **settings))
        return opened[-1]

    yield enter
    for each in opened:
        each.tools.database.close()


@pytest.fixture
def shop_on_both(database_url: str, tmp_path: Path) -> Iterator[Callable[..., Workshop]]:
    """On SQLite and on PostgreSQL, made anew."""
    opened: list[Workshop] = []

    def enter(stage: str = "founded") -> Workshop:
        folder = tmp_path / "var"
        folder.mkdir()
        made = a_workshop if database_url.startswith("sqlite") else None
        opened.append(made(folder, stage) if made else a_workshop_on(database_url, folder, stage))
        return opened[-1]

    yield enter
    for each in opened:
        each.tools.database.close()
