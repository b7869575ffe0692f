"""A Node that is new enough for the published packages our records are read with."""

import os
import shutil
import subprocess
from pathlib import Path

import playwright

NEEDED = 20


def put_a_fit_node_first() -> None:
    """Debian's own may be too old; the one inside the pinned Playwright package always does."""
    program = shutil.which("node")
    if program and version(program) >= NEEDED:
        return
    os.environ["PATH"] = f"{Path(playwright.__file__).parent / 'driver'}{os.pathsep}{os.environ['PATH']}"


def version(program: str) -> int:
    said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    return int(said.strip().removeprefix("v").split(".")[0])
