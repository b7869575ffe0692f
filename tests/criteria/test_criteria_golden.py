"""What the commands for authors write, word for word. `GOLDEN=write` writes the files anew, to be read before kept."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from faulty import MARKED, SOUND

from app.cli.criteria import criteria

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def intyga(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LANG", raising=False)
    text = SOUND
    for old, new in json.loads((GOLDEN / "new-edition.swaps.json").read_text()):
        assert old in text
        text = text.replace(old, new, 1)
    faulty = MARKED["unknown-key"].replace("¤", "").replace("workload: PT8H", "workload: PT0H")
    vague = SOUND.replace('text: {sv: "Dokumenterar', 'text: {sv: "Vet hur man gör', 1).replace("sv: Yrkets namn, ", "")
    for name, content in {"vague": vague, "old": SOUND, "new": text, "faulty": faulty}.items():
        (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
    return lambda *words: CliRunner().invoke(criteria, list(words))


CASES = {
    "diff.sv.txt": ("diff", "old.yaml", "new.yaml", "--lang", "sv"),
    "diff.en.txt": ("diff", "old.yaml", "new.yaml", "--lang", "en"),
    "diff.json": ("diff", "old.yaml", "new.yaml", "--json"),
    "lint.sv.txt": ("lint", "faulty.yaml", "vague.yaml", "--lang", "sv"),
    "lint.sarif.json": ("lint", "old.yaml", "faulty.yaml", "vague.yaml", "--sarif"),
    "lint.junit.xml": ("lint", "old.yaml", "faulty.yaml", "vague.yaml", "--junit", "--lang", "en"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_command_writes_what_it_wrote(intyga, name):
    written = intyga(*CASES[name]).output
    if os.environ.get("GOLDEN") == "write":
        (GOLDEN / name).write_text(written, encoding="utf-8")
    assert written == (GOLDEN / name).read_text(encoding="utf-8")
