"""Tests that kill: they borrow the workshop of the tests that build."""

import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
for room in ("torture", "app/field", "app/web", "app"):
    sys.path.append(str(TESTS / room))
