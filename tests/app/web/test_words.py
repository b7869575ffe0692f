"""Every text of the pages is there in English, with the same places to fill in, in order, once."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po

from app.policy import ROLES
from app.web.cases import ACTIONS
from app.web.pages import KIND_NAMES, ROLE_NAMES, STATES
from app.web.start import AWAITS
from assessments.process import State
from templates import FOLDER

HOUSE = Path(__file__).parents[3]
WORDS = {"gettext": None, "ngettext": (1, 2), "later": None, "_": None}
CATALOG = FOLDER / "locale/en.po"
PLACES = re.compile(r"%\(\w+\)s|%(?!\()")
Text = str | tuple[str, ...]


def texts() -> Iterator[Text]:
    for file in sorted((HOUSE / "app/web").glob("*.py")):
        with file.open("rb") as opened:
            yield from (each[1] for each in extract("python", opened, keywords=WORDS))
    for file in sorted((FOLDER / "pages").glob("*.html")):
        options = {"trim_blocks": "true", "extensions": "jinja2.ext.do", "silent": "false"}
        with file.open("rb") as opened:
            yield from (each[1] for each in extract("jinja2.ext:babel_extract", opened, WORDS, options=options))


def english() -> dict[Text, Text]:
    with CATALOG.open("rb") as opened:
        return {each.id: each.string for each in read_po(opened, locale="en") if each.id}


def test_every_text_has_its_english():
    known = english()
    assert [each for each in texts() if not known.get(each)] == []


def test_english_fills_in_what_swedish_fills_in():
    for swedish, said in english().items():
        pairs = zip(swedish, said, strict=True) if isinstance(swedish, tuple) else [(swedish, said)]
        for one, other in pairs:
            assert sorted(PLACES.findall(one)) == sorted(PLACES.findall(other)), one


def test_entries_stand_in_order_and_once():
    keys = re.findall(r'^msgid "(.+)"$', CATALOG.read_text(), re.MULTILINE)
    assert len(keys) == len(set(keys))
    assert keys == sorted(keys, key=str.casefold)


def test_every_state_role_and_kind_has_words():
    assert set(STATES) == set(State.__args__)
    assert set(ROLE_NAMES) == set(AWAITS) == set(ROLES)
    assert set(KIND_NAMES) == set(ROLES.values())


def test_every_act_on_a_case_has_words():
    written = re.compile(r'action="((?:assessment|award|candidate)\.[a-z-]+)"')
    found = {each for file in (HOUSE / "app/actions").glob("*.py") for each in written.findall(file.read_text())}
    assert found <= set(ACTIONS)
