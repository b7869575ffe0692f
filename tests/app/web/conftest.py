"""A house for every test of the doors."""

from pathlib import Path

import pytest
from houses import House, a_house


@pytest.fixture
def house(tmp_path: Path) -> House:
    found = a_house(tmp_path / "var")
    yield found
    found.tools.database.close()
