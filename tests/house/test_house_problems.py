"""Every refusal and every finding is written down in both languages, and what is written down exists."""

import re
import sys
from collections import Counter
from pathlib import Path

from support.programs import output

from criteria.sentences import SENTENCES

HOUSE = Path(__file__).parents[2]
ROW = re.compile(r"^\| `([^`]+)` \| (\w+) \| (.+) \| (.+) \|$", re.MULTILINE)
WRITTEN = ROW.findall((HOUSE / "docs/problems.md").read_text())


def test_both_tables_say_what_the_code_says():
    output(sys.executable, HOUSE / "docs/tables.py", "--check", cwd=HOUSE)


def test_every_problem_has_a_code_of_its_own():
    assert [code for code, count in Counter(code for code, *_ in WRITTEN).items() if count > 1] == []


def test_every_problem_speaks_both_languages():
    assert WRITTEN
    assert [code for code, _, swedish, english in WRITTEN if swedish == english] == []


def test_every_finding_is_said_in_both_languages_with_the_same_values():
    def named(sentence: str) -> set[str]:
        return {name for name in re.findall(r"{(\w+)}", sentence) if not name.endswith(("_sv", "_en"))}

    assert [code for code, (_, swedish, english) in SENTENCES.items() if named(swedish) != named(english)] == []
