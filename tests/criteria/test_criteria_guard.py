"""Whatever bytes come, the guard answers with findings: never a crash, never a wait."""

import json
from decimal import Decimal

import pytest
from faulty import SOUND, changed
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria.findings import FaultyStandardError
from criteria.guard import sheet
from criteria.linter import lint_bytes
from criteria.reader import read

LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12))
HOSTILE = {
    "100,000 brackets": b"[" * 100_000,
    "100,000 braces": b"{" * 100_000,
    "brackets hidden behind a comment": b"[\n# " + b"]" * 500 + b"\n" + b"[" * 50_000,
    "100,000 dashes": b"- " * 100_000,
    "100,000 question marks": b"? " * 100_000,
    "deep indentation": b"\n".join(b" " * depth + b"a:" for depth in range(1_500)),
    "billion laughs": LAUGHS.encode(),
    "python object": b"a: !!python/object/apply:os.system [ls]",
    "3 MB": b"a: " + b"x" * 3_000_000,
    "a number of a million digits": b"a: " + b"9" * 1_000_000,
    "a huge exponent": b"a: 1e999999999",
    "a key of a megabyte": b"? " + b"x" * 1_000_000 + b"\n: 1",
    "100,000 unknown keys": b"".join(b"k%d: 1\n" % i for i in range(100_000)),
    "UTF-16": SOUND.encode("utf-16"),
    "UTF-32": SOUND.encode("utf-32"),
    "Windows-1252": SOUND.encode("cp1252", errors="replace"),
    "NUL": SOUND.replace("draft", "dra\0ft", 1).encode(),
    "an escaped NUL": changed("Yrkets namn", '"a\\0b"').encode(),
    "a lone surrogate": b'a: "\\ud800"',
    "a torn file": SOUND.encode()[:1_501],
    "only a document end": b"...",
    "a list": b"- 1",
    "a number": b"5",
}


@pytest.mark.timeout(
    60
)  # what hangs or grows without bound; how quick it is the budgets of tests/fire and the bench say
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_are_refused_with_a_reason_and_never_hang(name):
    findings = lint_bytes(HOSTILE[name])
    assert any(each.severity == "error" and each.line >= 1 for each in findings)
    assert len(findings) <= 201
    with pytest.raises(FaultyStandardError):
        read(HOSTILE[name])


def test_bom_and_windows_line_ends_are_warned_of_but_read():
    windows = ("\ufeff" + SOUND.replace("\n", "\r\n")).encode()
    assert read(windows) == read(SOUND.encode())
    assert read(SOUND.replace("\n", "\r").encode()) == read(SOUND.encode())
    assert {each.code for each in lint_bytes(windows)} == {"file-bom", "file-line-ends"}


def test_words_mean_what_they_mean_in_yaml_1_2():
    text = "a: true\nb: 'NO'\nc: 0.10\nd: 10\ne: null\nf: [1.0, x]\non: 1\nno: 2\ng: >\n  two\n  lines\nh: PT8H\n"
    read_sheet = sheet(text.encode())
    assert not read_sheet.findings
    expected = {"a": True, "b": "NO", "c": Decimal("0.10"), "d": 10, "e": None, "f": [Decimal("1.0"), "x"]}
    assert read_sheet.value == expected | {"on": 1, "no": 2, "g": "two lines", "h": "PT8H"}
    assert str(read_sheet.value["c"]) == "0.10"


@pytest.mark.parametrize(
    "word", ["NO", "yes", "Off", "0714", "2026-01-31", "12:30", ".inf", "0x1f", "1_000", "+5", "1e3"]
)
def test_words_that_readers_differ_on_must_be_quoted(word):
    assert [each.line for each in sheet(f"# sv\na: {word}\n".encode()).findings] == [2]
    assert sheet(f'a: "{word}"\n'.encode()).value == {"a": word}


def test_letters_are_composed_so_that_two_keyboards_write_the_same_standard():
    assert sheet("a: A\u030asa".encode()).value == {"a": "Åsa"}


@given(st.binary(max_size=300))
def test_random_bytes_only_ever_give_findings(data):
    assert isinstance(lint_bytes(data), tuple)
    with pytest.raises(FaultyStandardError):
        read(data)


@given(st.text(alphabet="ab:- \n\t[]{}\"'|>&*!#%?,<1.~\\é", max_size=120))
def test_random_yaml_only_ever_gives_findings(text):
    assert isinstance(lint_bytes(text.encode()), tuple)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.integers(0, 3), max_size=3),
    st.dictionaries(st.sampled_from(["sv", "id", "use", "type", "parameter", "x"]), st.text(max_size=3), max_size=3),
)


def spots(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield from spots(each, (*path, key))


def put(value, path, junk):
    """Change one spot; an earlier change may have taken it away."""
    for key in path[:-1]:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(value, dict) or (isinstance(value, list) and isinstance(path[-1], int) and path[-1] < len(value)):
        value[path[-1]] = junk


WHOLE = json.loads(json.dumps(sheet(SOUND.encode()).value, default=float))
SPOTS = [path for path in spots(WHOLE) if path]


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(SPOTS), JUNK), min_size=1, max_size=3))
def test_junk_anywhere_in_a_sound_file_gives_an_edition_or_findings(changes):
    value = json.loads(json.dumps(WHOLE))
    for path, junk in changes:
        put(value, path, junk)
    data = json.dumps(value, ensure_ascii=False).encode(errors="replace")
    findings = lint_bytes(data)
    try:
        read(data)
    except FaultyStandardError:
        assert any(each.severity == "error" for each in findings)


@given(st.lists(st.integers(0, SOUND.count("\n")), min_size=1, max_size=4), st.booleans())
def test_lost_or_doubled_lines_give_an_edition_or_findings(lines, double):
    kept = SOUND.split("\n")
    for line in lines:
        kept[line % len(kept) : line % len(kept) + 1] = [kept[line % len(kept)]] * 2 if double else []
    data = "\n".join(kept).encode()
    findings = lint_bytes(data)
    assert all(1 <= each.line <= len(kept) + 1 for each in findings)
