"""Every refusal and every finding is written down in both languages, and what is written down exists."""

import json
import sys
from collections import Counter
from pathlib import Path

import pytest
from support.programs import output

from criteria.sentences import SENTENCES

HOUSE = Path(__file__).parents[2]
PROBLEMS = HOUSE / "docs/problems.md"
FINDINGS = HOUSE / "docs/findings.md"

# In an interpreter of its own: the whole running system is read, and nothing that a test made counts.
ALL = """
import importlib, json, pkgutil
for name in ("assessments", "criteria", "app"):
    for each in pkgutil.walk_packages(importlib.import_module(name).__path__, name + "."):
        if not (".migrations" in each.name or each.name.endswith("__main__")):
            importlib.import_module(each.name)
from assessments.problems import ConflictError, ForbiddenError, InvalidError, MissingError, ProblemError
from criteria.findings import FaultyStandardError
families = {InvalidError: "invalid", ForbiddenError: "forbidden", MissingError: "missing", ConflictError: "conflict"}
def below(kind):
    for each in kind.__subclasses__():
        yield each
        yield from below(each)
def family(kind):
    return next((name for each, name in families.items() if issubclass(kind, each)), "problem")
found = [ProblemError, *dict.fromkeys(below(ProblemError)), FaultyStandardError]
print(json.dumps([[each.code, family(each), each.sv, each.en] for each in found]))
"""


def rows(page: Path) -> list[str]:
    """The lines of the page's tables, without heads."""
    return [line for line in page.read_text().splitlines() if line.startswith("| `")]


@pytest.fixture(scope="module")
def problems() -> list[list[str]]:
    found: list[list[str]] = json.loads(output(sys.executable, "-c", ALL, cwd=HOUSE))
    return found


def test_every_problem_has_a_code_of_its_own(problems):
    assert [code for code, count in Counter(code for code, *_ in problems).items() if count > 1] == []


def test_every_problem_is_written_down_as_people_meet_it(problems):
    wanted = {f"| `{code}` | {family} | {sv} | {en} |" for code, family, sv, en in problems}
    assert sorted(wanted - set(rows(PROBLEMS))) == []
    assert sorted(set(rows(PROBLEMS)) - wanted) == []


def test_every_problem_speaks_both_languages_of_its_own(problems):
    assert [code for code, _, sv, en in problems if not sv.strip() or not en.strip() or sv == en] == []


def test_every_finding_is_written_down_as_authors_meet_it():
    wanted = {f"| `{code}` | {severity} | {sv} | {en} |" for code, (severity, sv, en) in SENTENCES.items()}
    assert sorted(wanted - set(rows(FINDINGS))) == []
    assert sorted(set(rows(FINDINGS)) - wanted) == []
