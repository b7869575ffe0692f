"""Laying a file out anew changes its looks and nothing else, twice as once; what could lose something is left alone."""

import json
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from faulty import MARKED, SOUND
from hypothesis import given, settings
from hypothesis import strategies as st
from support.programs import output

from app.cli.criteria import criteria
from criteria.findings import FaultyStandardError, finding
from criteria.guard import sheet
from criteria.identity import identity
from criteria.layout import laid_out
from criteria.mends import MENDS
from criteria.quality import VAGUE
from criteria.reader import library, read
from criteria.reports import junit, sarif
from criteria.schema import ID
from criteria.sentences import SENTENCES

HOUSE = Path(__file__).parents[2]
LINES = SOUND.split("\n")


@pytest.mark.parametrize("each", library(), ids=lambda each: each.standard)
def test_a_shipped_file_keeps_its_edition_and_its_comments(each):
    before = each.file.read_bytes()
    after = laid_out(before)
    assert laid_out(after) == after
    assert identity(read(after)) == identity(read(before))
    assert after.count(b"#") == before.count(b"#")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, len(LINES) - 1), st.sampled_from(["comment", "behind", "blank", "spaces"])), max_size=8
    ),
    st.booleans(),
)
def test_whatever_the_looks_the_layout_rests_and_the_edition_and_every_comment_stay(marks, windows):
    lines = list(LINES)
    for place, what in sorted(marks, reverse=True):
        if what == "comment":
            lines.insert(place, f"# anmärkning {place}")
        elif what == "blank":
            lines.insert(place, "")
        elif what == "spaces":
            lines[place] += "   "
        elif lines[place] and "#" not in lines[place]:
            lines[place] += f"    # bakom {place}"
    data = ("\r\n" if windows else "\n").join(lines).encode()
    made = laid_out(data)
    assert laid_out(made) == made
    assert identity(read(made)) == identity(read(data))
    said = re.compile(rb"# (?:bakom|anm\xc3\xa4rkning) \d+")
    assert said.findall(made) == said.findall(data)
    assert b"\r" not in made
    assert b" \n" not in made


@pytest.mark.parametrize("code", ["alias", "anchor", "tag", "merge-key", "second-document", "depth", "key-repeated"])
def test_what_the_guard_refuses_never_reaches_the_slow_reader(code, monkeypatch):
    monkeypatch.setattr("criteria.layout._written", lambda _: pytest.fail("reached"))
    with pytest.raises(FaultyStandardError):
        laid_out(MARKED[code].replace("¤", "").encode())


def test_five_thousand_brackets_are_refused_at_once():
    with pytest.raises(FaultyStandardError):
        laid_out(b"a: " + b"[" * 5000 + b"]" * 5000)


def test_a_layout_that_would_lose_something_is_not_given(monkeypatch):
    monkeypatch.setattr("criteria.layout._written", lambda text: text.replace("value: 0.5", "value: 0.50"))
    with pytest.raises(FaultyStandardError) as refused:
        laid_out(SOUND.encode())
    assert [each.code for each in refused.value.findings] == ["layout-lost"]


def test_the_command_checks_writes_and_leaves_unreadable_files_alone(tmp_path):
    def run(*words):
        return CliRunner().invoke(criteria, ["format", *words])

    rough, bad = tmp_path / "rough.yaml", tmp_path / "bad.yaml"
    rough.write_text(SOUND.replace("licence: CC-BY", "licence:     CC-BY"))
    bad.write_text("a: [")
    assert run("--check", str(rough)).exit_code == 1
    assert "licence:     CC-BY" in rough.read_text()
    answer = run(str(rough), str(bad))
    assert answer.exit_code == 2
    assert f"{bad}:" in answer.output
    assert bad.read_text() == "a: ["
    assert rough.read_text() == SOUND
    assert run("--check", str(rough)).exit_code == 0


def test_every_mend_is_of_a_code_and_in_both_languages():
    assert set(MENDS) <= set(SENTENCES)
    assert all(sv and en and sv != en for sv, en in MENDS.values())


def test_no_proposed_verb_is_itself_vague():
    for verbs in VAGUE.values():
        assert set(verbs.values()) & set(verbs) == set()


@pytest.mark.parametrize("file", [*[each.file for each in library()], HOUSE / "criteria/new.yaml"])
def test_a_file_tells_editors_where_its_schema_is(file):
    assert file.read_text(encoding="utf-8").splitlines()[0] == f"# yaml-language-server: $schema={ID}"


def test_reports_survive_any_name_and_any_words():
    found = {'å <&" \x01\ud800.yaml': [finding("unknown-key", (1, 2), key="\x02<&", mend_sv="", mend_en="")]}
    root = ET.fromstring(junit(found, "en"))  # noqa: S314 our own text
    assert root.find(".//testcase").get("name").startswith('å <&"')
    assert junit({}, "sv").count("testcase") == 0
    log = json.loads(sarif({"a b.yaml": found.popitem()[1]}, "sv"))
    (result,) = log["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b.yaml"
    assert log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_every_hook_is_a_command_that_exists():
    hooks = yaml.safe_load((HOUSE / ".pre-commit-hooks.yaml").read_text())
    assert {each["id"] for each in hooks} == {"criteria-lint", "criteria-test", "criteria-format"}
    for each in hooks:
        program, group, command = each["entry"].split()
        assert (program, group) == ("intyga", "criteria")
        assert command in criteria.commands
        re.compile(each["files"])
    assert sheet((HOUSE / ".pre-commit-hooks.yaml").read_bytes()).findings == []


def test_checking_a_file_waits_for_no_database_no_sheets_and_no_web():
    code = """
import sys
from app.cli import cli
try:
    cli(["criteria", "lint", "criteria/new.yaml"], standalone_mode=False)
except SystemExit:
    pass
print(*sys.modules)
"""
    loaded = set(output(sys.executable, "-c", code, cwd=HOUSE).split())
    assert loaded & {"sqlalchemy", "openpyxl", "flask", "ruamel.yaml", "weasyprint", "cryptography"} == set()
