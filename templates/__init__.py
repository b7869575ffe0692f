"""What people read: a leaf that knows only where it lies."""

from pathlib import Path

FOLDER = Path(__file__).parent
