"""CASE packages: ours come back whole, others' keep their tree, broken ones are refused with the place named."""

import json

import msgspec
import pytest
from faulty import edition
from generated import editions
from hypothesis import HealthCheck, given, settings

from criteria import case
from criteria.findings import FaultyStandardError
from criteria.identity import canonical
from criteria.linter import lint
from criteria.reader import library, read, shipped
from criteria.written import written

SHIPPED = library()
NAMES = [each.standard for each in SHIPPED]
SAMPLES = ["ItemTypeTestFramework", "SequenceNumberFramework", "SmartLevelFramework"]
TOP = "d0000000-0000-0000-0000-000000000000"
SAID = {
    "el": "Συγκολλά οπτικές ίνες\nμε ασφάλεια",
    "mi": "Ka tūhono i ngā weu ā-rama, ā, ka tiaki i te haumaru",
    "da": "Svejser fibre og måler dæmpning, også på øer",
    "nb": "Skjøter fiber, måler demping – æøå ÆØÅ",
    "sv": "Svetsar fiber\noch mäter dämpning, åäö ÅÄÖ\n\n$x^2$",
}


def item(name, said="Gör något", **more):
    known = {"identifier": name, "uri": f"https://server/{name}", "lastChangeDateTime": "2024-05-06T07:08:09Z"}
    return known | {"fullStatement": said} | more


def child(name, parent, number=None):
    ends = {"originNodeURI": {"identifier": name}, "destinationNodeURI": {"identifier": parent}}
    told = {"sequenceNumber": number} if number else {}
    return {"identifier": f"a-{name}", "associationType": "isChildOf", **ends, **told}


def a_package(items, associations, **document):
    head = {"identifier": TOP, "uri": "https://server/d", "title": "Ramverk", "creator": "Någon", "language": "sv"}
    return {"CFDocument": head | document, "CFItems": items, "CFAssociations": associations}


def a_tree(*pairs, **document):
    """Items named by letters: `("a", TOP), ("b", "a")`."""
    return a_package([item(name, f"Text {name}") for name, _ in pairs], [child(*each) for each in pairs], **document)


def encoded(value) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def tree(value):
    """Statements with those of their parents, in order."""
    said = {each["identifier"]: each["fullStatement"] for each in value["CFItems"]}
    links = [each for each in value["CFAssociations"] if each["associationType"] == "isChildOf"]
    links.sort(key=lambda each: each.get("sequenceNumber", 0))
    found: dict[str, list[str]] = {}
    for each in links:
        above = said.get(each["destinationNodeURI"]["identifier"], "")
        found.setdefault(above, []).append(said[each["originNodeURI"]["identifier"]])
    return found


@pytest.mark.parametrize("each", SHIPPED, ids=NAMES)
def test_a_shipped_standard_comes_back_as_it_left(each):
    held = shipped(each.standard, each.edition)
    back, found = case.examine(case.encoded(held))
    assert found.findings == []
    assert canonical(back) == canonical(held)


@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(editions())
def test_any_edition_comes_back_as_it_left(held):
    held = msgspec.structs.replace(held, modules=tuple(held.modules))
    back, found = case.examine(case.encoded(held))
    assert back is not None, [(each.path, each.en) for each in found.findings if each.severity == "error"]
    assert canonical(back) == canonical(held)


def test_the_package_looks_as_the_standard_describes_it():
    made = case.package(edition(), base="https://intyga.example")
    assert list(made) == ["CFDocument", "CFItems", "CFAssociations", "CFDefinitions", "CFRubrics"]
    document, first, link = made["CFDocument"], made["CFItems"][0], made["CFAssociations"][0]
    assert document | {"extensions": None} == {
        "identifier": "8fa50590-4d57-5785-8169-1a4c2eb2208b",
        "uri": "https://intyga.example/ims/case/v1p1/CFDocuments/8fa50590-4d57-5785-8169-1a4c2eb2208b",
        "lastChangeDateTime": "2026-01-01T00:00:00+00:00",
        "creator": "Exempelbranschen",
        "title": "Yrkets namn",
        "publisher": "Exempelbranschen",
        "description": "Vad personen gör i yrket, i två meningar.",
        "language": "sv",
        "version": "2026.1",
        "adoptionStatus": "Draft",
        "statusStartDate": "2026-01-01",
        "licenseURI": document["licenseURI"],
        "notes": "Utkast, inte godkänt av någon. Gränserna är exempelvärden.",
        "CFPackageURI": document["CFPackageURI"],
        "officialSourceURL": "https://intyga.example",
        "frameworkType": "Competency framework",
        "caseVersion": "1.1",
        "extensions": None,
    }
    assert (first["humanCodingScheme"], first["CFItemType"], first["abbreviatedStatement"]) == (
        "M1",
        "Module",
        "Modulens namn",
    )
    assert link["associationType"] == "isChildOf"
    assert link["originNodeURI"]["identifier"] == first["identifier"]
    assert link["destinationNodeURI"]["identifier"] == document["identifier"]
    levels = made["CFRubrics"][0]["CFRubricCriteria"][0]["CFRubricCriterionLevels"]
    assert [each["quality"] for each in levels][:1] == ["met"]


def test_addresses_are_stable_and_a_new_edition_has_new_ones():
    one, again = case.package(edition()), case.package(edition())
    other = case.package(msgspec.structs.replace(edition(), edition="2026.2"))
    assert one == again
    assert {each["uri"] for each in one["CFItems"]}.isdisjoint(each["uri"] for each in other["CFItems"])
    everything = [each["identifier"] for name in ("CFItems", "CFAssociations") for each in one[name]]
    assert len(everything) == len(set(everything))


def test_version_1_0_carries_the_tree_and_nothing_of_our_own():
    made = case.package(edition(), version="1.0")
    assert "extensions" not in json.dumps(made)
    assert "/v1p0/" in made["CFDocument"]["uri"]
    back, _ = case.examine(encoded(made))
    assert [(each.id, each.text["sv"]) for each in back.criteria] == [
        (each.id, each.text["sv"]) for each in edition().criteria
    ]
    assert back.status == "draft"


def test_what_was_touched_elsewhere_is_a_draft_and_the_change_is_taken_over():
    held = shipped("fastighetstekniker", "2026.1")
    made = case.package(held)
    assert case.read(encoded(made)).status == "published"
    made["CFItems"][2]["fullStatement"] = "Ändrad i ett annat program"
    back = case.read(encoded(made))
    assert back.status == "draft"
    assert back.criteria[0].text["sv"] == "Ändrad i ett annat program"
    assert back.criteria[0].methods == held.criteria[0].methods


@pytest.mark.parametrize("name", SAMPLES)
def test_a_framework_of_others_keeps_its_tree(standards, name):
    data = (standards("case-samples") / f"{name}.json").read_bytes()
    first = case.read(data, language="en")
    assert first.status == "draft"
    assert [each.code for each in lint(first) if each.severity == "error"] == []
    out = case.encoded(first)
    assert tree(json.loads(out)) == tree(json.loads(data))
    again = case.read(out)
    assert canonical(again) == canonical(first)
    assert canonical(read(written(first).encode())) == canonical(first)


def test_the_order_is_the_one_that_the_associations_tell(standards):
    held = case.read((standards("case-samples") / "SequenceNumberFramework.json").read_bytes())
    assert [each.id for each in held.modules] == ["SNT.2", "SNT.1"]


@pytest.mark.parametrize("pairs", [
    [("a", TOP)],
    [("a", TOP), ("b", TOP), ("c", "a")],
    [("a", TOP), ("b", "a"), ("c", "b"), ("d", "c"), ("e", "d"), ("f", "d"), ("g", "c"), ("h", "b")],
    [("b", "a"), ("a", TOP)],
], ids=["one", "uneven", "deep", "children first"])  # fmt: skip
def test_a_tree_of_any_shape_comes_back(pairs):
    made = a_tree(*pairs)
    first = case.read(encoded(made))
    assert tree(case.package(first)) == tree(made)
    assert canonical(case.read(case.encoded(first))) == canonical(first)


@pytest.mark.parametrize("tag", SAID)
def test_every_script_and_line_stays(tag):
    made = a_package([item("a", SAID[tag])], [child("a", TOP)], language=tag, title=SAID[tag])
    first = case.read(encoded(made))
    assert first.modules[0].title[tag] == SAID[tag]
    assert first.modules[0].title["sv"] == (SAID[tag] if tag == "sv" else f"[{tag}] {SAID[tag]}")
    out = case.package(read(written(first).encode()))
    assert (out["CFItems"][0]["fullStatement"], out["CFItems"][0]["language"]) == (SAID[tag], tag)
    assert out["CFDocument"]["title"] == SAID[tag]


def test_a_rubric_of_others_says_what_it_takes():
    levels = [{"description": "Knappt", "score": 1}, {"description": "Fullt ut", "score": 3}]
    made = a_tree(("a", TOP), ("b", "a"), ("c", "b"))
    made["CFRubrics"] = [{"CFRubricCriteria": [{"CFItemURI": {"identifier": "c"}, "CFRubricCriterionLevels": levels}]}]
    assert case.read(encoded(made)).criteria[0].passed == {"sv": "Fullt ut"}


def without(key, place="CFDocument"):
    made = a_tree(("a", TOP), ("b", "a"))
    held = made[place] if place == "CFDocument" else made[place][0]
    del held[key]
    return made


def having(place, key, value):
    made = a_tree(("a", TOP), ("b", "a"))
    held = made[place] if place == "CFDocument" else made[place][1]
    held[key] = value
    return made


BROKEN = {
    "no JSON": ("json", "", b"{"),
    "no UTF-8": ("json", "", '{"a": "å"}'.encode("latin-1")),
    "a key twice": ("json", "", b'{"CFItems": [], "CFItems": []}'),
    "not a number": ("json", "", b'{"CFItems": NaN}'),
    "half a character": ("json", "", b'{"CFItems": "\\ud800"}'),
    "a number without end": ("json", "", b'{"a": ' + b"9" * 5000 + b"}"),
    "too deep": ("json", "", b"[" * 100_000),
    "a list": ("case-kind", "/", b"[]"),
    "nothing": ("case-missing", "/CFDocument", b"{}"),
    "no document": ("case-missing", "/CFDocument", encoded({"CFItems": [item("a")]})),
    "no items": ("case-missing", "/", encoded({"CFDocument": {"identifier": TOP, "title": "a", "creator": "b"}})),
    "empty items": ("case-missing", "/CFItems", encoded(a_package([], []))),
    "items as text": ("case-kind", "/CFItems", encoded(a_package("x", []))),
    "an item as text": ("case-kind", "/CFItems/1", encoded(a_package([item("a"), "x"], []))),
    "no title": ("case-missing", "/CFDocument", encoded(without("title"))),
    "no creator": ("case-missing", "/CFDocument", encoded(without("creator"))),
    "a blank title": ("case-missing", "/CFDocument", encoded(having("CFDocument", "title", " \n"))),
    "a title as number": ("case-kind", "/CFDocument/title", encoded(having("CFDocument", "title", 7))),
    "no statement": ("case-missing", "/CFItems/0", encoded(without("fullStatement", "CFItems"))),
    "no identifier": ("case-missing", "/CFItems/0", encoded(without("identifier", "CFItems"))),
    "a long statement": (
        "too-long",
        "/CFItems/1/fullStatement",
        encoded(having("CFItems", "fullStatement", "x" * 4000)),
    ),
    "a hidden sign": ("character", "/CFItems/1/fullStatement", encoded(having("CFItems", "fullStatement", "a\u202eb"))),
    "an identifier twice": ("case-repeated", "/CFItems/1/identifier", encoded(a_package([item("a"), item("a")], []))),
    "an unknown parent": (
        "case-unknown",
        "/CFAssociations/0/destinationNodeURI/identifier",
        encoded(a_package([item("a")], [child("a", "z")])),
    ),
    "an unknown child": (
        "case-unknown",
        "/CFAssociations/0/originNodeURI/identifier",
        encoded(a_package([item("a")], [child("z", TOP)])),
    ),
    "a circle": ("case-circle", "/CFItems/1", encoded(a_tree(("a", TOP), ("b", "c"), ("c", "b")))),
    "itself": ("case-circle", "/CFItems/1", encoded(a_tree(("a", TOP), ("b", "b")))),
    "no ends": ("case-missing", "/CFAssociations/0/originNodeURI", encoded(without("originNodeURI", "CFAssociations"))),
    "an end as text": (
        "case-kind",
        "/CFAssociations/1/originNodeURI",
        encoded(having("CFAssociations", "originNodeURI", "a")),
    ),
    "no type": ("case-missing", "/CFAssociations/0", encoded(without("associationType", "CFAssociations"))),
    "a number as text": (
        "case-kind",
        "/CFAssociations/1/sequenceNumber",
        encoded(having("CFAssociations", "sequenceNumber", "2")),
    ),
    "too many levels": (
        "case-deep",
        "/CFItems/12",
        encoded(a_tree(("i0", TOP), *((f"i{n}", f"i{n - 1}") for n in range(1, 13)))),
    ),
    "our own data damaged": (
        "form",
        "/CFItems/1/extensions/intyga",
        encoded(having("CFItems", "extensions", {"intyga": {"kind": "outcome", "value": {"id": 7}}})),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_package_is_refused_with_the_place(name):
    code, pointer, data = BROKEN[name]
    with pytest.raises(FaultyStandardError) as refused:
        case.read(data)
    assert (code, pointer) in {(each.code, each.path) for each in refused.value.findings}
    assert all(each.sv != each.en for each in refused.value.findings)


def test_what_a_standard_has_no_place_for_is_told():
    made = a_tree(("a", TOP), ("b", "a"))
    made["CFAssociations"] += [child("b", TOP), {**child("a", "b"), "associationType": "isRelatedTo"}]
    made["CFItems"].append(item("c"))
    _, found = case.examine(encoded(made))
    codes = {each.code for each in found.findings}
    assert codes >= {"case-second-parent", "case-dropped", "case-loose", "case-filled"}
    assert not found.faulty
