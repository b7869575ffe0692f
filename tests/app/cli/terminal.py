"""Types commands as an operator does: real processes on a folder of their own."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]
PATIENCE = 120


@dataclass(frozen=True)
class Terminal:
    """A shell with settings for one installation."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def surroundings(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("INTYGA_", "LANG", "LC_"))}
        return kept | {"INTYGA_FOLDER": str(self.folder), "LANG": "C.UTF-8"} | self.environment

    def command(self, *words: object) -> list[str]:
        return [sys.executable, "-m", "app.cli", *map(str, words)]

    def run(self, *words: object, code: int = 0, **more: object) -> subprocess.CompletedProcess[str]:
        """Ends with the code that is expected; whatever happens, nobody is shown a stack trace."""
        done = subprocess.run(
            self.command(*words), cwd=ROOT, env=self.surroundings | more.pop("env", {}), capture_output=True,
            text=True, check=False, timeout=PATIENCE, stdin=subprocess.DEVNULL, **more,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def said(self, *words: object, **more: object) -> str:
        return self.run(*words, **more).stdout

    def refused(self, *words: object, code: int = 2, **more: object) -> str:
        """What an operator reads when it does not go: a clear line or two, nothing on standard output."""
        done = self.run(*words, code=code, **more)
        assert done.stderr.strip(), "refused without a word"
        assert len(done.stderr.strip().splitlines()) <= 6, done.stderr
        return done.stderr
