"""A comparison tells every difference in meaning and no other, names it, and weighs it by one table."""

import json
from pathlib import Path

import msgspec
import pytest
from faulty import SOUND, edition
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from criteria import model
from criteria.diff import Difference, diff, harder
from criteria.identity import canonical
from criteria.model import Edition
from criteria.reader import library, read, shipped
from criteria.telling import DIRECTIONS, KINDS, THINGS, WEIGHTS, said
from criteria.weights import FIELDS, NODES, ORDERED, PLACED, TIGHTER

GOLDEN = Path(__file__).parent / "golden"
SHIPPED = [shipped(each.standard, each.edition) for each in library()]
OTHERWISE = [
    "draft", "retired", "skill", "competence", "OBS", "SIM", "photo", "note", "intyg", "kompetensbevis", "share-met",
    "lower", "higher", "decision", "start", "module", "standard", "text", "date", "number", "key", "value", "decided",
    "proposed", "SUN", "NO", "PT99H", "2031-01-01", "a" * 64, "2031.7", "x-1", "all", "any", "556000-0167",
]  # fmt: skip
MIRROR = {
    "added": "removed",
    "removed": "added",
    "language-added": "language-removed",
    "language-removed": "language-added",
}
TURNED = {"": "", "tighter": "looser", "looser": "tighter"}


def changed(*swaps: tuple[str, str]) -> Edition:
    text = SOUND
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new, 1)
    return read(text.encode())


def one(*swaps: tuple[str, str]) -> tuple[str, str, str, str, str]:
    (change,) = diff(edition(), changed(*swaps)).changes
    return change.kind, change.weight, change.item, change.field, change.direction


def paths(value, path=()):
    """Every leaf and every list, by path."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from paths(each, (*path, key))
    else:
        yield path
        for place, each in enumerate(value if isinstance(value, list) else ()):
            yield from paths(each, (*path, place))


def as_written(held: Edition) -> dict:
    return json.loads(canonical(held))


PLACES = [
    (held, path) for held in SHIPPED for path in paths(as_written(held)) if path and path != ("edition",)
]  # fmt: skip
"""Where one thing can be changed; never only the edition's number."""


def edited(place: int, choice: int) -> tuple[Edition, Edition, tuple]:
    """An edition, and the same with one thing changed."""
    held, path = PLACES[place]
    plain = as_written(held)
    owner = plain
    for step in path[:-1]:
        owner = owner[step]
    ways = list(otherwise(owner[path[-1]]))
    owner[path[-1]] = ways[choice % len(ways)]
    try:
        return held, msgspec.json.decode(json.dumps(plain), type=Edition), path
    except msgspec.ValidationError:
        assume(condition=False)
        raise


def otherwise(value):
    match value:
        case bool():
            yield not value
        case int():
            yield from (value + 1, value - 1)
        case str():
            yield from (f"{value} ny", f"{value}x", f"{value}1", *(each for each in OTHERWISE if each != value))
        case list():
            yield from (value[1:], value[:-1])


@pytest.mark.parametrize("held", SHIPPED, ids=lambda each: each.standard)
def test_nothing_differs_from_itself(held):
    assert diff(held, held) == Difference(proposed="none", changes=())


def test_layout_comments_quotes_order_of_keys_and_the_number_do_not_count():
    held = changed(
        ("licence: CC-BY-4.0", 'licence: "CC-BY-4.0" # fri'),
        ("value: 0.5", "value: 0.50"),
        ("{sv: Yrkets namn, en: Name of the trade role}", "{en: Name  of the trade role, sv: Yrkets namn}"),
        ('edition: "2026.1"', 'edition: "2026.2"'),
        ("allowed: [OBS, PRA]", "allowed: [PRA, OBS]"),
        ("            critical: true", "            repetitions: 1\n            critical: true"),
    )
    assert diff(edition(), held) == Difference(proposed="none", changes=())


def test_the_last_fact_of_a_criterion_is_told_when_it_goes():
    whole = edition()
    module, *others = whole.modules
    outcome, *outcomes = module.outcomes
    criterion, *criteria = outcome.criteria
    assert criterion.facts
    bare = msgspec.structs.replace(criterion, facts=())
    outcome = msgspec.structs.replace(outcome, criteria=(bare, *criteria))
    module = msgspec.structs.replace(module, outcomes=(outcome, *outcomes))
    less = msgspec.structs.replace(whole, modules=(module, *others))
    assert {(each.kind, each.what) for each in diff(whole, less).changes} == {("removed", "fact")}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.integers(0, len(PLACES) - 1), st.integers(0, 60))
def test_a_single_edit_is_always_found_named_and_seen_the_same_from_both_sides(place, choice):
    old, new, path = edited(place, choice)
    there, back = diff(old, new), diff(new, old)
    assert bool(there.changes) is (old != new), path
    assert (there.proposed == "none") is (there.changes == ())
    mirrored = sorted((MIRROR.get(each.kind, each.kind), each.what) for each in back.changes)
    assert sorted((each.kind, each.what) for each in there.changes) == mirrored
    turned = sorted(TURNED[each.direction] for each in back.changes if each.kind not in MIRROR)
    assert sorted(each.direction for each in there.changes if each.kind not in MIRROR) == turned
    assert all(said(each, tongue) for each in there.changes for tongue in ("sv", "en"))


@pytest.mark.parametrize(
    ("swaps", "expected"),
    [
        ([("value: 0.5", "value: 0.4")], ("parameter", "major", "parameters.example_max", "value", "tighter")),
        ([("value: 0.5", "value: 0.6")], ("parameter", "minor", "parameters.example_max", "value", "looser")),
        (
            [("maximum: {parameter: example_max}", "maximum: 0.5")],
            ("limit", "minor", "M1.1", "facts.measure.maximum", ""),
        ),
        (
            [("maximum: {parameter: example_max}", "maximum: 0.2")],
            ("limit", "major", "M1.1", "facts.measure.maximum", "tighter"),
        ),
        ([(", maximum: {parameter: example_max}", "")], ("limit", "minor", "M1.1", "facts.measure.maximum", "looser")),
        ([("     critical: true", "     critical: false")], ("critical", "minor", "M1.1", "critical", "looser")),
        ([("allowed: [OBS, PRA]", "allowed: [OBS]")], ("methods", "major", "M1.1", "methods", "tighter")),
        ([("allowed: [OBS, PRA]", "allowed: [OBS, PRA, SIM]")], ("methods", "minor", "M1.1", "methods", "looser")),
        ([("allowed: [OBS, PRA]", "allowed: [OBS, SIM]")], ("methods", "major", "M1.1", "methods", "")),
        ([("evidence: {kinds: [photo]}", "evidence: {kinds: [photo], minimum: 2}")],
         ("evidence", "major", "M1.1", "evidence", "tighter")),
        ([("            evidence: {kinds: [photo]}", "")], ("evidence", "minor", "M1.1", "evidence", "looser")),
        ([("Mäter och håller", "Mäter, och håller")], ("reworded", "patch", "M1.1", "text", "")),
        ([("Name of the trade role", "The trade")], ("reworded", "patch", "", "title", "")),
        ([("{sv: Yrkets namn,", "{sv: Yrkets namn, fi: Ammatti,")], ("language-added", "minor", "", "title", "")),
        ([("valid_years: 5", "valid_years: 4")], ("validity", "major", "results.yrkesbevis", "valid_years", "tighter")),
        ([("  - {name: facts-in-order}\n", "")], ("removed", "major", "rules.facts-in-order", "", "")),
        ([("    prerequisites: [first-aid]\n", "")], ("prerequisite", "minor", "M1", "prerequisites", "looser")),
        ([("status: draft", "status: review")], ("standing", "patch", "", "status", "")),
        ([("workload: PT8H", "workload: PT9H")], ("workload", "minor", "M1", "workload", "")),
        ([("source: [rule]\n            hint", "source: []\n            hint")],
         ("reference", "patch", "M1.1", "source", "")),
    ],
)  # fmt: skip
def test_a_change_has_its_name_weight_and_direction(swaps, expected):
    assert one(*swaps) == expected


def test_a_language_that_comes_everywhere_is_told_once():
    held = as_written(shipped("fastighetstekniker", "2026.1"))
    held["languages"].append("fi")

    def speak(value):
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            speak(each)
        if isinstance(value, dict) and "sv" in value:
            value["fi"] = "suomeksi"

    speak(held)
    found = diff(shipped("fastighetstekniker", "2026.1"), msgspec.json.decode(json.dumps(held), type=Edition))
    assert [(each.kind, each.language) for each in found.changes] == [("language-added", "fi")]
    assert found.proposed == "minor"


def test_a_criterion_moved_within_its_module_weighs_little_and_to_another_module_much():
    held = as_written(shipped("fibertekniker-service", "2026.1"))
    first = next(each for each in held["modules"][0]["outcomes"] if len(each["criteria"]) > 1)
    second = next(each for each in held["modules"][0]["outcomes"] if each is not first)
    item = first["criteria"].pop()
    second["criteria"].append(item)
    found = diff(shipped("fibertekniker-service", "2026.1"), msgspec.json.decode(json.dumps(held), type=Edition))
    assert [(each.kind, each.item, each.weight) for each in found.changes] == [("moved", item["id"], "patch")]
    second["criteria"].pop()
    held["modules"][1]["outcomes"][0]["criteria"].append(item)
    found = diff(shipped("fibertekniker-service", "2026.1"), msgspec.json.decode(json.dumps(held), type=Edition))
    assert [(each.kind, each.item, each.weight) for each in found.changes] == [("moved", item["id"], "major")]


def test_reordering_tells_the_fewest_moves_and_the_order_of_results_weighs():
    held = as_written(shipped("fibertekniker-service", "2026.1"))
    held["modules"].append(held["modules"].pop(0))
    held["results"].reverse()
    found = diff(shipped("fibertekniker-service", "2026.1"), msgspec.json.decode(json.dumps(held), type=Edition))
    moved = [(each.what, each.weight) for each in found.changes]
    assert moved.count(("module", "patch")) == 1
    assert moved.count(("result", "major")) == len(held["results"]) - 1


def test_what_was_judged_must_be_judged_again_where_more_or_other_is_asked():
    def again(*swaps):
        held = changed(*swaps)
        return harder(edition(), diff(edition(), held))

    assert again(("Mäter och håller", "Mäter, och håller")) == frozenset()
    assert again(("value: 0.5", "value: 0.6")) == frozenset()
    assert again(("value: 0.5", "value: 0.4")) == {"M1.1"}
    assert again(("id: M1.2", "id: M1.9")) == {"M1.2"}
    assert again(("allowed: [DOK, SAM]", "allowed: [DOK]")) == {"M1.2"}
    more = """          - id: M1.3
            kind: competence
            text: {sv: Ny, en: New}
            pass: {sv: Ny, en: New}
            methods: {allowed: [DOK]}
          - id: M1.2"""
    assert again(("          - id: M1.2", more)) == frozenset()


def test_every_word_of_the_format_has_a_name_for_its_change():
    kinds = [each for each in vars(model).values() if isinstance(each, type) and each.__module__ == model.__name__]
    spoken = {"id", "languages", "edition", "sources", "parameters", "tables", "results", "rules", "codes", "variants"}
    spoken |= {"outcomes", "criteria", "facts", "columns", "options", "steps", "owner", "level", "summary", "notice"}
    spoken |= {"participation", "assessment_form", "quality_assurance", "supervision", "text", "pass", "faults", "hint"}
    spoken |= {"words", "renewal"}
    inside = {"Party", "Level", "Methods", "Evidence", "Chain", "Origin", "Use", "ParameterRef", "Word"}
    fields = {f.encode_name for k in kinds if k.__name__ not in inside for f in msgspec.structs.fields(k)}
    assert fields - spoken - set(FIELDS) == set()


def test_every_change_can_be_told_in_both_languages():
    assert set(KINDS) == {*(kind for kind, _ in [*FIELDS.values(), *PLACED.values()]), *MIRROR, "moved"}
    assert set(THINGS) == {*NODES, "edition"}
    assert set(ORDERED) <= set(NODES)
    assert set(TIGHTER) <= set(FIELDS)
    for table in (KINDS, THINGS, WEIGHTS):
        assert all(sv and en for sv, en in table.values())
    assert DIRECTIONS.keys() == {"", "tighter", "looser"}


def test_the_page_about_the_format_names_every_kind_of_change():
    page = (Path(__file__).parents[2] / "docs/criteria-format.md").read_text()
    assert [kind for kind in KINDS if f"`{kind}`" not in page] == []
