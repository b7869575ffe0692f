"""A tablet for every test of the field: enrolled through the real door, with a chain of its own."""

from collections.abc import Callable

import pytest
from tablets import Tablet, a_tablet
from workshop import Workshop


@pytest.fixture
def out(shop) -> Callable[..., tuple[Workshop, Tablet]]:
    """A workshop with an open case and a tablet, on SQLite."""

    def enter(stage: str = "opened") -> tuple[Workshop, Tablet]:
        house = shop(stage)
        return house, a_tablet(house)

    return enter


@pytest.fixture
def out_on_both(shop_on_both) -> Callable[..., tuple[Workshop, Tablet]]:
    """The same on SQLite and on PostgreSQL."""

    def enter(stage: str = "opened") -> tuple[Workshop, Tablet]:
        house = shop_on_both(stage)
        return house, a_tablet(house)

    return enter
