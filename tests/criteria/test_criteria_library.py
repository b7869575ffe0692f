"""The shipped standards are without findings, judge as their situations say, and never change once published."""

import typing
from decimal import Decimal

import jsonschema
import msgspec
import pytest
from faulty import SOUND, edition, shelf, using

from assessments.situations import run
from criteria import model
from criteria.guard import sheet
from criteria.identity import canonical, from_canonical, identity
from criteria.linter import lint, lint_bytes
from criteria.reader import library, read, shipped
from criteria.schema import ID, schema
from criteria.wording import walk

PUBLISHED = {
    ("beredskapssvetsare-fibernat", "2026.1"): "25a5387bfd54b03e277cecdd3a80468cefc49ffe7832f44b384bd36a013471f4",
    ("distributionselektriker", "2026.1"): "5bd91ea79186c71249ae29fdf100472e297c65e9cb1a85a01ab2468389f27f63",
    ("drifttekniker-va", "2026.1"): "dd1d2c26b27f6d9dcd0161ecc3362f80340d2551cbcdb95bbf990a9ed26b792b",
    ("fastighetstekniker", "2026.1"): "03c24060f9000b577fb35bb9b4c71ea8a27365eadb2cb0ab8080dcc4fd9c78e1",
    ("fibertekniker-service", "2026.1"): "d7b7c78859a372130a37e7f48748d4956a5ea3cba8ea66045893304c8c47b29f",
    ("miljoarbetare-atervinning", "2026.1"): "a3ef33125b07f07fe7f86dbf55b05605ab50e4e394663634d674ba294c393b28",
}
"""A published edition never changes: to mend one, ship a new edition and add a line."""
SHIPPED = library()
NAMES = [f"{each.standard} {each.edition}" for each in SHIPPED]
SITUATIONS = [
    pytest.param(outcome, id=f"{each.standard}:{outcome.line}")
    for each in SHIPPED
    for edition_ in [shipped(each.standard, each.edition)]
    for outcome in run(edition_, identity(edition_), each.situations.read_bytes())
]


def as_json(value):
    match value:
        case dict():
            return {key: as_json(each) for key, each in value.items()}
        case list():
            return [as_json(each) for each in value]
        case Decimal():
            return float(value)
        case _:
            return value


@pytest.mark.parametrize("each", SHIPPED, ids=NAMES)
def test_a_shipped_standard_is_without_findings(each):
    assert lint_bytes(each.file.read_bytes()) == ()
    assert lint(shipped(each.standard, each.edition)) == ()


@pytest.mark.parametrize("each", SHIPPED, ids=NAMES)
def test_a_shipped_file_is_named_after_what_it_holds(each):
    held = shipped(each.standard, each.edition)
    assert (held.standard, held.edition) == (each.standard, each.edition)
    assert each.file.read_text(encoding="utf-8").startswith(f"# yaml-language-server: $schema={ID}\n")


def test_a_published_edition_never_changes():
    found = {(e.standard, e.edition): identity(shipped(e.standard, e.edition)) for e in SHIPPED}
    assert found == PUBLISHED


@pytest.mark.parametrize("outcome", SITUATIONS)
def test_a_situation_ends_as_the_trade_expects(outcome):
    assert outcome.got == outcome.expected, outcome.name
    assert outcome.passed


@pytest.mark.parametrize("each", SHIPPED, ids=NAMES)
def test_a_shipped_standard_has_enough_situations_of_every_verdict(each):
    held = shipped(each.standard, each.edition)
    outcomes = run(held, identity(held), each.situations.read_bytes())
    assert len(outcomes) >= 12
    assert {outcome.expected.partition(",")[0] for outcome in outcomes} >= {"competent", "partly", "incomplete"}


@pytest.mark.parametrize("each", SHIPPED, ids=NAMES)
def test_canonical_bytes_give_the_same_edition_back(each):
    held = shipped(each.standard, each.edition)
    data = canonical(held)
    assert from_canonical(data) == held
    assert canonical(from_canonical(data)) == data


def test_how_a_file_is_laid_out_does_not_change_its_identity():
    other = SOUND.replace("\n    ", "\n      # a comment\n    ", 1).replace(
        "licence: CC-BY-4.0", 'licence: "CC-BY-4.0"'
    )
    assert identity(read(other.encode())) == identity(edition())
    assert identity(read(SOUND.replace("value: 0.5", "value: 0.50").encode())) != identity(edition())


def test_a_value_left_at_its_default_is_no_part_of_the_identity():
    said = SOUND.replace("            critical: true", "            critical: true\n            repetitions: 1")
    assert said != SOUND
    assert identity(read(said.encode())) == identity(edition())


def test_a_reused_module_brings_along_what_it_stands_on_and_says_where_it_is_from():
    whole = read(using().replace("¤", "").encode(), modules=shelf)
    (module,) = whole.modules
    assert module.origin is not None
    assert (module.origin.standard, module.origin.sha256) == ("min-standard", identity(edition()))
    assert msgspec.structs.replace(module, origin=None) == edition().modules[0]
    for name in ("parameters", "prerequisites", "sources"):
        assert getattr(whole, name) == getattr(edition(), name)


def test_the_emergency_splicer_is_made_of_the_technicians_modules():
    whole, part = shipped("fibertekniker-service", "2026.1"), shipped("beredskapssvetsare-fibernat", "2026.1")
    originals = {module.id: module for module in whole.modules}
    assert [module.id for module in part.modules] == ["SAK", "SKA", "MAT", "BER"]
    for module in part.modules:
        assert msgspec.structs.replace(module, origin=None) == originals[module.id]
    assert len(whole.criteria) == 36


UNUSED = {
    "Party.organisation_number", "Level.by", "Level.on",  # an example has none, and nobody has decided a level
    "Parameter.example", "Edition.assessors", "Criterion.codes",  # known from the first editions, all at their defaults
    "TableFact.required", "StepsFact.required", "ScoreFact.required",  # may be left out, as every kind of fact
}  # fmt: skip


def test_every_word_of_the_format_is_used_by_a_shipped_standard():
    used, known = set(), set()
    for each in SHIPPED:
        for _, value in walk(shipped(each.standard, each.edition)):
            if isinstance(value, msgspec.Struct):
                for field in msgspec.structs.fields(value):
                    name = f"{type(value).__name__}.{field.name}"
                    known.add(name)
                    if field.default is msgspec.NODEFAULT or getattr(value, field.name) != field.default:
                        used.add(name)
    assert known - used == UNUSED
    facts = {type(fact) for each in SHIPPED for c in shipped(each.standard, each.edition).criteria for fact in c.facts}
    assert facts == set(typing.get_args(model.Fact))
    rules = {rule.name for each in SHIPPED for rule in shipped(each.standard, each.edition).rules}
    assert set(typing.get_args(model.RuleName)) - rules == {"share-met"}


def test_the_environmental_worker_stands_on_the_technicians_base_and_is_whole_in_easy_swedish():
    base, worker = shipped("fastighetstekniker", "2026.1").modules[0], shipped("miljoarbetare-atervinning", "2026.1")
    assert msgspec.structs.replace(worker.modules[0], origin=None) == base
    texts = [value for path, value in walk(worker) if isinstance(value, dict) and "hint" not in path]
    assert all("lattlast" in text for text in texts)
    assert max(len(sentence) for text in texts for sentence in text["lattlast"].split(".")) < 100


def test_a_reused_module_brings_its_look_up_tables():
    source = shipped("distributionselektriker", "2026.1")
    head = SOUND[: SOUND.index("modules:\n  - id: M1")].replace("min-standard", "other").replace("first-aid", "own")
    rules = "".join(
        f"  - {{name: {rule.name}{f', minimum: {rule.minimum}' if rule.minimum else ''}}}\n" for rule in source.rules
    )
    head = head[: head.index("rules:\n")] + f"rules:\n{rules}"
    use = f'{{standard: distributionselektriker, module: KAB, edition: "2026.1", sha256: {identity(source)}}}'
    whole = read(f"{head}modules:\n  - use: {use}\n".encode())
    assert whole.tables == source.tables
    assert {"hd-308", "owner-rules"} <= {each.id for each in whole.sources}


def test_an_unknown_standard_is_not_on_the_shelf():
    with pytest.raises(LookupError):
        shipped("../../etc", "passwd")


def test_the_schema_is_valid_and_accepts_the_shipped_files():
    validator = jsonschema.Draft202012Validator(schema("https://intyga.example/schema/standard-1.json"))
    validator.check_schema(validator.schema)
    for each in SHIPPED:
        assert list(validator.iter_errors(as_json(sheet(each.file.read_bytes()).value))) == []


@pytest.mark.parametrize(
    ("old", "new"), [('"2026.1"', "2026.1"), ("value: 0.5", 'value: "0.5"'), ("status:", "statsu:")]
)
def test_the_schema_refuses_what_the_reader_refuses(old, new):
    validator = jsonschema.Draft202012Validator(schema())
    assert validator.is_valid(as_json(sheet(SOUND.encode()).value))
    assert not validator.is_valid(as_json(sheet(SOUND.replace(old, new, 1).encode()).value))
