"""What the house can do is written down, and what is written down exists."""

import os
import re
import sys
from pathlib import Path

import pytest
from support.programs import output

from app.settings import VARIABLES

HOUSE = Path(__file__).parents[2]
PAGES = [HOUSE / "README.md", HOUSE / "CHANGELOG.md", *sorted((HOUSE / "docs").glob("**/*.md"))]
DECISIONS = sorted((HOUSE / "docs/decisions").glob("*.md"))
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.fixture(scope="module")
def words() -> str:
    return "\n".join(page.read_text() for page in PAGES)


@pytest.mark.parametrize("name", sorted(VARIABLES.values()))
def test_every_setting_is_explained(words, name):
    assert name in words


def test_no_setting_is_explained_that_does_not_exist(words):
    assert set(re.findall(r"\bINTYGA_[A-Z_]+\b", words)) <= {*VARIABLES.values(), "INTYGA_STANDARDS"}


def test_every_command_is_explained(words):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INTYGA_")}
    said = output(Path(sys.executable).parent / "intyga", "--help", cwd=HOUSE, env=environment)
    commands = re.findall(r"^  ([a-z][a-z-]+)(?:  |$)", said.partition("Commands:")[2], re.MULTILINE)
    assert commands
    assert [each for each in commands if f"intyga {each}" not in words] == []


def test_every_target_of_make_is_explained(words):
    said = output("make", "help", cwd=HOUSE)
    assert [each for each in re.findall(r"^make (\w+)", said, re.MULTILINE) if f"make {each}" not in words] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_every_link_inside_the_house_leads_somewhere(page):
    assert [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda page: page.name)
def test_a_decision_is_short_and_says_what_was_rejected(decision):
    lines = decision.read_text().splitlines()
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", decision.name)
    assert len(lines) <= 40
    assert any("Rejected" in line for line in lines)
