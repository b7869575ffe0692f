"""Every fault is found, where it is, in two languages."""

import string

import pytest
from faulty import MARKED, SOUND, found, place

from criteria.findings import finding
from criteria.linter import lint_bytes
from criteria.sentences import FORM, SENSE, SENTENCES, SHAPE

WHOLE = {
    "file-size": b"a" * 2_000_001,
    "file-encoding": 'title: "Ö"'.encode("latin-1"),
    "nodes": b"[" + b"1," * 200_001 + b"]",
    "too-many-findings": b"[" + b"&a 1," * 300 + b"]",
}


@pytest.mark.parametrize("code", MARKED)
def test_a_fault_is_found_where_it_is(code):
    text = MARKED[code]
    assert (code, *place(text)) in {(each.code, each.line, each.column) for each in found(text)}


@pytest.mark.parametrize("code", WHOLE)
def test_a_fault_of_the_whole_file_is_found(code):
    assert code in {each.code for each in lint_bytes(WHOLE[code])}


def test_every_code_is_exercised():
    assert MARKED.keys() | WHOLE.keys() == FORM.keys() | SHAPE.keys() | SENSE.keys()


@pytest.mark.parametrize("code", SENTENCES)
def test_every_code_speaks_both_languages_about_the_same_things(code):
    severity, sv, en = SENTENCES[code]
    assert severity in ("error", "warning")
    names = [{name for _, name, _, _ in string.Formatter().parse(each) if name} for each in (sv, en)]
    assert {name.removesuffix("_sv") for name in names[0]} == {name.removesuffix("_en") for name in names[1]}
    assert sv != en


def test_the_sound_file_has_no_findings():
    assert found(SOUND) == ()


def test_a_misspelt_key_is_met_with_a_proposal():
    (said,) = (each for each in found(MARKED["unknown-key"]) if each.code == "unknown-key")
    assert said.sv == "Okänd nyckel statsu. Menade du status?"
    assert said.en == "Unknown key statsu. Did you mean status?"
    assert said.path == "statsu"


def test_an_unquoted_edition_is_met_with_the_quotes_it_needs():
    (said,) = (each for each in found(MARKED["unquoted"]) if each.code == "unquoted")
    assert said.sv == 'Sätt värdet inom citattecken: "2026.1".'


def test_all_faults_are_told_at_once_and_in_the_order_of_the_file():
    text = SOUND.replace("id: M1.2", "id: M1.1").replace("source: [rule]", "source: [rulle]").replace("PT8H", "PT0H")
    codes = [each.code for each in found(text)]
    assert codes == ["workload-zero", "reference-unknown", "id-repeated", "reference-unknown"]


def test_what_was_written_is_shortened_and_kept_on_one_line():
    said = finding("unquoted", value="x\n" * 500)
    assert "\n" not in said.sv
    assert len(said.sv) < 150
