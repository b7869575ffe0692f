"""What is checked is made with the parts of those who test the making."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "issue"))
