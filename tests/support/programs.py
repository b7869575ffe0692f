"""Runs a program to its end and hands back what it printed; one that fails says everything it printed."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

PATIENCE = 300


def output(*words: str | Path, cwd: Path | str | None = None, env: Mapping[str, str] | None = None) -> str:
    """Standard output; anything but exit code 0 fails the test with both streams shown."""
    run = subprocess.run(
        words, cwd=cwd, env=env, check=False, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL
    )
    if run.returncode:
        pytest.fail(f"{' '.join(map(str, words))} exited {run.returncode}:\n{run.stdout}\n{run.stderr}")
    return run.stdout
