"""What cannot be signed whole is not signed at all."""

import contextlib
import copy
import json
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from records import OURS, WHOLE, a_list, a_whole, an_award, published_contexts

from app.issue import canon
from app.issue.canon import SENTINEL, LossyDocumentError, canonical, guard, nquads, signable
from app.issue.statements import statements
from app.issue.terms import CONTEXTS, EU, EU_CONTEXT, TABLES, V2
from assessments.award import Holder


@pytest.fixture(scope="module")
def full(standards):
    return published_contexts(standards)


def edited(edit: dict[tuple, Any]) -> dict[str, Any]:
    """A whole record with values put at these places; `None` as value of the edit stays a JSON null."""
    document = copy.deepcopy(a_whole())
    for place, value in edit.items():
        node: Any = document
        for step in place[:-1]:
            node = node[step]
        node[place[-1]] = value
    return document


SUBJECT = ("credentialSubject",)
ACHIEVEMENT = (*SUBJECT, "achievement")
MICRO = (*ACHIEVEMENT, "microCredential")

LOSSY = {
    "an unknown term": {("colour",): "red"},
    "an unknown term with nothing in it": {("colour",): []},
    "a null": {("name",): None},
    "an empty list": {("evidence",): []},
    "an empty object": {(*ACHIEVEMENT, "criteria"): {}},
    "a list in a list": {("evidence",): [[{"type": "Evidence", "genre": "x"}]]},
    "an empty text": {("name",): ""},
    "a term of another type": {("genre",): "x"},
    "a type used as a property": {(*ACHIEVEMENT, "Evidence"): "x"},
    "an unknown type": {("type",): ["VerifiableCredential", "GoldenBadge"]},
    "no type in the list of types": {("type",): []},
    "a null type": {("type",): None},
    "two types with words of their own": {("type",): ["VerifiableCredential", "Achievement"]},
    "a type twice": {("type",): ["VerifiableCredential", "VerifiableCredential"]},
    "a relative identifier": {("id",): "record-1"},
    "an identifier with a space": {("id",): "urn:uuid:a b"},
    "an identifier with a line feed at the end": {("id",): f"{WHOLE}\n"},
    "a moment as identifier": {(*SUBJECT, "id"): "2026-01-01T00:00:00Z"},
    "an identifier with a bar": {(*SUBJECT, "id"): "urn:x:a|b"},
    "an identifier with dots in its path": {(*MICRO, "homepage"): "https://intyga.example/a/../b"},
    "a blank node label": {(*SUBJECT, "id"): "_:b0"},
    "a key of the processor": {(*SUBJECT, "@id"): WHOLE},
    "a value object": {("name",): {"@value": "x"}},
    "a language of the processor": {(*SUBJECT, "@language"): "sv"},
    "a graph": {("@graph",): [{"name": "x"}]},
    "a list object in a proof, which ends the process": {("proof",): {"@set": ["q"]}},
    "a proof": {("proof",): [{"type": "DataIntegrityProof"}]},
    "a moment without offset": {("validFrom",): "2026-11-24T00:00:00"},
    "a day that does not exist": {("validFrom",): "2026-02-30T00:00:00+01:00"},
    "a moment with a line feed": {("validFrom",): "2026-11-24T00:00:00+01:00\n"},
    "an address that is none": {(*ACHIEVEMENT, "alignment", 0, "targetUrl"): "to be decided"},
    "a number with three decimals": {(*ACHIEVEMENT, "creditsAvailable"): 0.125},
    "a number that processors write differently": {(*ACHIEVEMENT, "creditsAvailable"): 99.99},
    "a tiny number": {(*ACHIEVEMENT, "creditsAvailable"): 1e-7},
    "a truth as a number": {(*ACHIEVEMENT, "creditsAvailable"): True},
    "a number as a text": {("name",): 7},
    "a number for a truth": {(*SUBJECT, "identifier", 0, "hashed"): 0},
    "a language with an underscore": {("title",): {"sv_SE": "x"}},
    "a language we do not write": {("title",): {"sv": "x", "lattlast": "x"}},
    "two texts in one language": {("title",): {"sv": ["x", "y"]}},
    "a plain text for translations": {("title",): "x"},
    "a text twice in a set": {(*ACHIEVEMENT, "tag"): ["fiber", "fiber"]},
    "a node where a moment is due": {("validFrom",): {"id": WHOLE}},
    "a thing described twice": {(*ACHIEVEMENT, "creator", "id"): "did:web:intyga.example:issuer:exempelnat"},
    "a control character": {("name",): "Intyg\x07"},
    "a carriage return": {("name",): "a\rb"},
    "a C1 control": {("name",): "a\x85b"},
    "half a character": {("name",): "a\ud800"},
    "a noncharacter": {("name",): "a\ufffe"},
    "a noncharacter far out": {("name",): "a\U0002ffff"},
    "another inline context": {("@context", 3): EU_CONTEXT | {"colour": "urn:intyga:term:colour"}},
    "an inline context that only looks equal": {("@context", 3): EU_CONTEXT | {"@protected": 1}},
    "a vocabulary for everything": {("@context", 3): {"@vocab": "https://schema.org/"}},
    "a base": {("@context", 3): {"@base": "https://schema.org/"}},
    "an unknown context": {("@context", 1): "https://intyga.example/context"},
    "a context twice": {("@context", 1): V2},
    "no context": {("@context",): []},
    "a context as a text": {("@context",): V2},
}


@pytest.mark.parametrize("what", LOSSY)
def test_a_lossy_document_is_refused_and_the_place_named(what):
    with pytest.raises(LossyDocumentError) as refused:
        canonical(edited(LOSSY[what]))
    assert refused.value.details["place"].startswith("$")


def test_the_place_is_exact():
    with pytest.raises(LossyDocumentError) as refused:
        guard(edited({(*SUBJECT, "result", 1, "value"): ""}))
    assert refused.value.details == {"place": "$.credentialSubject.result[1].value", "reason": "text"}


@pytest.mark.parametrize("body", [{}, {"id": WHOLE}])
def test_a_document_that_says_nothing_is_refused(body):
    with pytest.raises(LossyDocumentError):
        canonical({"@context": [V2]} | body)


def test_something_nested_beyond_reason_is_refused_without_a_crash():
    document = a_whole()
    for _ in range(2000):
        document = {"@context": document["@context"], "microCredential": document}
    with pytest.raises(LossyDocumentError):
        guard(document)


@pytest.mark.parametrize("word", ["colour", "narrative"])
def test_the_sentinel_sees_an_undefined_word_even_without_the_guard(word):
    assert f"<{SENTINEL}{word}>".encode() in nquads(a_list() | {word: "x"}, CONTEXTS)


def test_the_sentinel_sees_a_relative_identifier_even_without_the_guard():
    assert f"<{SENTINEL}a>".encode() in nquads(a_list() | {"id": "a"}, CONTEXTS)


def named(name: str) -> dict[str, Any]:
    award = an_award()
    return a_whole(replace(award, holder=Holder(name=name, birth_date="1990-02-28")))


HOSTILE = [
    'Anna "Nanna" Öberg',
    "back\\slash \\u0041 \\n",
    '" .\n<urn:a> <urn:b> "c',
    "\u202eanna\u202c",
    "👩🏽\u200d🔧 Åsa",
    "A\u030asa",
    "ZQNAMEQZ {{ name }} %s ${x}",
    "a\tb\nc",
    f"<{SENTINEL[:-1]}>",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_signed_letter_by_letter(name):
    assert names_in(canonical(named(name))) == [name]


def names_in(signed: bytes) -> list[str]:
    """The name as the signed statements hold it, read by the escapes of N-Quads."""
    lines = [line for line in signed.decode().split("\n") if "#identityHash>" in line and "1990-02-28" not in line]
    return [json.loads(line[line.index('> "') + 2 : line.rindex('"') + 1].replace("\t", "\\t")) for line in lines]


text = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


@given(text)
@example("a\x00b")
@example("\x7f")
def test_any_name_is_signed_whole_or_refused(name):
    try:
        signed = canonical(named(name))
    except LossyDocumentError as refused:
        assert refused.details["place"] == "$.credentialSubject.identifier[0].identityHash"  # noqa: PT017 either way is fine
        return
    assert names_in(signed) == [name]


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.decimals(0, 9999, places=2).map(float),
    st.floats(),
    text,
    st.sampled_from([WHOLE, "https://intyga.example/x", "did:web:x", "x y", "_:b", "2026-01-01T00:00:00Z", "PT1H"]),
    st.sampled_from([[], {}, ["a", "a"], {"sv": "x"}, {"id": WHOLE}, {"@set": ["q"]}, {"@list": ["q"]}]),
)
WORDS = [*(word for table in [*TABLES.values(), EU] for word in table.terms), "colour", "@type", "@id"]


def spots(document: Any) -> list[dict[str, Any]]:
    """Every object inside, to change something in."""
    inner = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    return ([document] if isinstance(document, dict) else []) + [spot for each in inner for spot in spots(each)]


@st.composite
def disturbed(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """One of our documents after a few acts: leaving out, grafting a part elsewhere, other values, other types."""
    document = copy.deepcopy(OURS[kind]())
    for _ in range(draw(st.integers(1, 4))):
        places = [*spots({key: value for key, value in document.items() if key != "@context"})[1:], document]
        spot, other = draw(st.sampled_from(places)), draw(st.sampled_from(places))
        mine = draw(st.sampled_from(sorted(spot) or ["name"]))
        theirs = draw(st.sampled_from(sorted(set(other) - {"id", "@context"}) or ["name"]))
        match draw(st.sampled_from(["leave out", "leave out", "graft", "graft", "graft over", "value", "word"])):
            case "leave out" if mine != "@context":
                spot.pop(mine, None)
            case "graft":
                spot[theirs] = copy.deepcopy(other.get(theirs, "x"))
            case "graft over" if mine != "@context":
                spot[mine] = copy.deepcopy(other.get(theirs, "x"))
            case "value":
                spot[mine] = copy.deepcopy(draw(VALUES))
            case _:
                spot[draw(st.sampled_from(WORDS))] = copy.deepcopy(draw(VALUES))
    return document


@pytest.mark.parametrize("kind", OURS)
@settings(max_examples=150)
@given(data=st.data())
def test_whatever_the_guard_lets_pass_is_signed_as_everybody_else_reads_it(kind, data, full):
    document = data.draw(disturbed(kind))
    try:
        signed = canonical(document)
    except LossyDocumentError:
        return
    assert signed == nquads(document, full)


@pytest.mark.parametrize("kind", OURS)
@settings(max_examples=200)
@given(data=st.data())
def test_what_is_signed_by_the_short_road_is_what_the_processor_reads(kind, data):
    document = data.draw(disturbed(kind))
    try:
        read = canonical(document)
    except LossyDocumentError:
        with pytest.raises(LossyDocumentError):
            signable(document)
        return
    assert signable(document) == signable(document) == read


@given(st.decimals(min_value=0, max_value=9999, places=2), st.sampled_from([float, int]))
def test_numbers_are_written_as_the_processor_writes_them(number, kind):
    document = edited({(*ACHIEVEMENT, "creditsAvailable"): kind(number)})
    with contextlib.suppress(LossyDocumentError):
        assert canonical(document) == signable(document)


def test_a_short_road_that_says_less_than_the_processor_signs_nothing(monkeypatch):
    def forgetful(document, words):
        told = list(statements(document, words))
        return ox.Dataset(told[1:])

    monkeypatch.setattr(canon, "statements", forgetful)
    monkeypatch.setattr(canon, "_MET", set())
    with pytest.raises(LossyDocumentError) as caught:
        signable(a_whole())
    assert caught.value.details["reason"] == "processor-disagrees"


def test_every_new_shape_is_held_against_the_processor_and_a_known_one_is_not(monkeypatch):
    asked = []
    monkeypatch.setattr(canon, "canonical", lambda document: asked.append(document) or canonical(document))
    monkeypatch.setattr(canon, "_MET", set())
    for place, value in ((("name",), "A"), (("name",), "B"), ((*SUBJECT, "id"), f"{WHOLE[:-1]}7")):
        signable(edited({place: value}))
    assert len(asked) == 1
    for change in ({(*ACHIEVEMENT, "creditsAvailable"): 8.25}, {(*ACHIEVEMENT, "tag"): ["a"]}):
        signable(edited(change))
    assert len(asked) == 3


def test_the_canonical_example_of_1edtech_comes_out_byte_by_byte(standards):
    vectors = standards("openbadges-3.0") / "test-vectors"
    document = json.loads((vectors / "unsigned.json").read_text())
    assert nquads(document, CONTEXTS) == (vectors / "document-canon.txt").read_bytes()


def test_documents_of_others_in_words_we_do_not_use_are_refused_never_read_otherwise(standards):
    for file in sorted(standards("1edtech-validator-vectors").glob("*.json")):
        document = {key: value for key, value in json.loads(file.read_text()).items() if key != "proof"}
        with pytest.raises(LossyDocumentError):
            canonical(document)
