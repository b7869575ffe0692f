"""The commands for authors answer with lines that editors understand and codes that scripts understand."""

import json

import pytest
from click.testing import CliRunner
from faulty import MARKED, SOUND, edition

from app.cli.criteria import criteria
from criteria.identity import identity
from criteria.reader import library

CASES = """standard: min-standard
edition: "2026.1"
on: "2026-11-24"
situations:
  - {when: allt är uppfyllt, everything: met, then: VERDICT}
"""


@pytest.fixture
def intyga(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LANG", raising=False)
    return lambda *words: CliRunner().invoke(criteria, list(words))


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace("¤", ""), encoding="utf-8")


def test_lint_is_silent_about_a_sound_file(tmp_path, intyga):
    write(tmp_path / "a.yaml", SOUND)
    answer = intyga("lint", "--strict", "a.yaml")
    assert (answer.exit_code, answer.output) == (0, "")


def test_lint_writes_lines_that_editors_jump_to(tmp_path, intyga):
    write(tmp_path / "a.yaml", MARKED["unquoted"])
    answer = intyga("lint", "--lang", "sv", "a.yaml")
    assert answer.exit_code == 1
    assert answer.output == 'a.yaml:7:10: error unquoted Sätt värdet inom citattecken: "2026.1".\n'
    assert "Put it in quotes" in intyga("lint", "a.yaml").output


def test_warnings_alone_do_not_fail_unless_asked(tmp_path, intyga):
    write(tmp_path / "a.yaml", MARKED["en-missing"])
    assert "warning en-missing" in intyga("lint", "a.yaml").output
    assert intyga("lint", "a.yaml").exit_code == 0
    assert intyga("lint", "--strict", "a.yaml").exit_code == 1


def test_lint_tells_an_unreadable_file_from_a_faulty_one(tmp_path, intyga):
    (tmp_path / "a.yaml").write_bytes(SOUND.encode("utf-16"))
    assert intyga("lint", "a.yaml").exit_code == 2


def test_lint_writes_json_for_programs(tmp_path, intyga):
    write(tmp_path / "a.yaml", MARKED["unquoted"])
    (file,) = json.loads(intyga("lint", "--json", "a.yaml").stdout)
    (finding,) = file["findings"]
    assert (file["file"], finding["line"], finding["path"], finding["code"]) == ("a.yaml", 7, "edition", "unquoted")
    assert finding.keys() == {"code", "line", "column", "path", "severity", "sv", "en"}


def test_lint_finds_a_reused_standard_in_the_next_folder(tmp_path, intyga):
    write(tmp_path / "min-standard" / "2026.1.yaml", SOUND)
    head = SOUND[: SOUND.index("modules:\n  - id: M1")].replace("standard: min-standard", "standard: other")
    use = f'{{standard: min-standard, module: M1, edition: "2026.1", sha256: "{identity(edition())}"}}'
    write(tmp_path / "other" / "2026.1.yaml", f"{head}modules:\n  - use: {use}\n")
    answer = intyga("lint", "other/2026.1.yaml")
    assert (answer.exit_code, answer.output) == (0, "")
    write(tmp_path / "min-standard" / "2026.1.yaml", SOUND + "x")
    assert "reuse-unknown" in intyga("lint", "other/2026.1.yaml").output


@pytest.mark.parametrize(("verdict", "code"), [("competent", 0), ("partly", 1)])
def test_test_runs_the_situations_beside_a_file(tmp_path, intyga, verdict, code):
    write(tmp_path / "a.yaml", SOUND)
    write(tmp_path / "a.cases.yaml", CASES.replace("VERDICT", verdict))
    answer = intyga("test", "a.yaml")
    assert answer.exit_code == code
    assert f"a.cases.yaml: {1 - code} of 1 as expected" in answer.output
    (file,) = json.loads(intyga("test", "--json", "a.cases.yaml").stdout)
    assert file["situations"][0]["passed"] is (code == 0)


def test_test_and_lint_name_the_line_of_a_faulty_situation(tmp_path, intyga):
    write(tmp_path / "a.yaml", SOUND)
    write(tmp_path / "a.cases.yaml", CASES.replace("VERDICT", "splendid"))
    assert intyga("test", "a.yaml").exit_code == 2
    answer = intyga("lint", "a.cases.yaml")
    assert answer.exit_code == 1
    assert answer.output.startswith("a.cases.yaml:5:")


def test_new_starts_a_standard_without_findings_and_overwrites_nothing(tmp_path, intyga):
    assert intyga("new", "Plåtslagare 2.yaml").exit_code == 0
    answer = intyga("lint", "--strict", "Plåtslagare 2.yaml")
    assert (answer.exit_code, answer.output) == (0, "")
    before = (tmp_path / "Plåtslagare 2.yaml").read_bytes()
    assert intyga("new", "Plåtslagare 2.yaml").exit_code != 0
    assert (tmp_path / "Plåtslagare 2.yaml").read_bytes() == before


def test_export_writes_the_schema(tmp_path, intyga):
    assert intyga("export", "--to", "schema", "-o", "s.json").exit_code == 0
    assert json.loads((tmp_path / "s.json").read_text())["$id"] == "https://intyga.example/schema/standard-1.json"
    assert json.loads(intyga("export", "--to", "schema", "-o", "-").stdout)["$defs"]


def test_the_shipped_files_pass_both_commands(intyga):
    files = [str(each.file) for each in library()]
    assert intyga("lint", "--strict", *files).exit_code == 0
    assert intyga("test", *files).exit_code == 0
