"""What is recorded beside a score: steps, series, custody, look-ups, test points, repetitions, and what they cost."""

from decimal import Decimal

import pytest
from factories import CASE, ON, Pen, a_checklist, a_criterion, a_module, an_award, an_edition, colours, t
from hypothesis import given
from hypothesis import strategies as st

from assessments import fulfilled, measured
from assessments.checklist import checklist
from assessments.decision import decide
from assessments.event import read_events
from assessments.problems import InvalidError, InvalidEventsError
from assessments.process import Grant
from assessments.standing import standing
from criteria.model import (
    Chain,
    Column,
    Edition,
    Evidence,
    Parameter,
    ParameterRef,
    Prerequisite,
    Result,
    Rule,
    ScoreFact,
    Step,
    StepsFact,
    TableFact,
)

STEPS = StepsFact(
    id="steps",
    title=t("Steg"),
    steps=(
        Step(id="open", title=t("Bryt")),
        Step(id="lock", title=t("Lås")),
        Step(id="prove", title=t("Prova"), critical=True),
        Step(id="earth", title=t("Jorda"), critical=True, witnessed=True),
    ),
)
SERIES = TableFact(
    id="series",
    title=t("Klor"),
    rows=2,
    different_days=2,
    chain=Chain(thing="sample", giver="giver", receiver="receiver"),
    columns=(
        Column(id="sample", title=t("Prov"), kind="text"),
        Column(id="day", title=t("Dag"), kind="date"),
        Column(
            id="value",
            title=t("Halt"),
            kind="number",
            unit="mg/l",
            minimum=Decimal("0.05"),
            maximum=Decimal("0.40"),
            warning_minimum=Decimal("0.10"),
            warning_maximum=Decimal("0.30"),
            explained_by="action",
        ),
        Column(id="action", title=t("Åtgärd"), kind="text"),
        Column(id="giver", title=t("Lämnar"), kind="text"),
        Column(id="receiver", title=t("Tar emot"), kind="text"),
    ),
)
LOOKED_UP = TableFact(
    id="phases",
    title=t("Faser"),
    rows=3,
    columns=(
        Column(id="phase", title=t("Fas"), kind="text", table="colours", part="key"),
        Column(id="colour", title=t("Färg"), kind="text", table="colours", part="value"),
    ),
)
THEORY = ScoreFact(id="theory", title=t("Teori"), points=20, threshold=ParameterRef("theory_min"))
EVERY = (
    "every-critical-met", "every-criterion-met", "facts-in-order", "evidence-enough", "methods-enough",
    "assessors-enough", "prerequisites-valid", "repetitions-enough",
)  # fmt: skip


def a_demanding_edition(**changes) -> Edition:
    """Everything a standard can ask for."""
    fields = {
        "parameters": (
            Parameter(id="theory_min", name=t("Teori"), unit="%", value=Decimal(60), tighter="higher"),
        ),
        "tables": (colours(),),
        "prerequisites": (
            Prerequisite(id="esa", name=t("ESA"), valid_years=3, before="start"),
            Prerequisite(id="intyg", name=t("Intyg")),
        ),
        "results": (
            Result(id="bevis", kind="kompetensbevis", name=t("Bevis"), modules="all", prerequisites=("intyg",)),
            Result(id="intyg", kind="intyg", name=t("Intyg"), modules="any"),
        ),
        "rules": (*(Rule(name=name) for name in EVERY), Rule(name="theory-threshold", minimum=Decimal("0.7"))),
        "modules": (
            a_module(
                "M1",
                (
                    a_criterion("M1.1", critical=True, fails="standard", facts=(STEPS,)),
                    a_criterion("M1.2", facts=(SERIES, LOOKED_UP)),
                ),
                prerequisites=("esa",),
            ),
            a_module(
                "M2",
                (
                    a_criterion("M2.1", facts=(THEORY,)),
                    a_criterion("M2.2", repetitions=3, evidence=Evidence(kinds=("note",), different_days=3)),
                    a_criterion("M2.3", may_be_not_applicable=True),
                ),
            ),
        ),
    }  # fmt: skip
    return an_edition(**(fields | changes))


LIST = a_checklist(a_demanding_edition())


def a_case(lists=LIST, scores=None, facts=None, papers=None, notes=3):
    """All that a complete case has, with what is different; a fact of None is not given."""
    events, number = [], iter(range(1, 1000))

    def enter(kind: str, item: str, **fields: object) -> None:
        each = {"id": f"019a0000-0000-7000-8000-{next(number):012x}", "assessment": CASE, "actor": "anna"}
        events.append(each | {"at": "2026-11-20T10:00:00+01:00", "kind": kind, "item": item} | fields)

    for criterion in lists.criteria.values():
        score = (scores or {}).get(criterion.id, "met")
        enter("score", criterion.id, score=score, methods=["OBS"], reason="skäl" if score == "not_applicable" else "")
        for fact in criterion.facts:
            value = (facts or {}).get(fact.id, fulfilled.value(lists, fact, ON))
            if value is not None:
                enter("fact", criterion.id, fact=fact.id, value=value if isinstance(value, str) else list(value))
        for place in range(notes if criterion.evidence else 0):
            enter("evidence", criterion.id, evidence="note", day=f"2026-11-{10 + place}", text="sett")
    for key, issued in ({"esa": "2026-11-01", "intyg": "2026-10-01"} | (papers or {})).items():
        if issued and key in {paper.id for paper in lists.edition.prerequisites}:
            enter("prerequisite", key, issued=issued)
    return read_events(events, lists, CASE)


def decided(**changes):
    return decide(changes.get("lists", LIST), standing(a_case(**changes)), ON)


def reasons(decision):
    return {(r.code, r.item, r.effect, r.detail) for r in decision.reasons}


def row(**changes):
    fields = {"sample": "P1", "day": "2026-11-10", "value": "0,2", "action": "", "giver": "tekniker", "receiver": "bil"}
    return fields | changes


def taken(*steps: str, witness: str = "EH"):
    return tuple({"step": step, "witness": witness} for step in steps)


def phases(*colour: str):
    return tuple({"phase": f"L{number}", "colour": each} for number, each in enumerate(colour, 1))


GOOD = (row(), row(day="2026-11-11", giver="bil", receiver="lab"))
BROKEN = {
    "the earth goes on before the proof": (
        {"steps": taken("open", "lock", "earth", "prove")},
        {("step-order", "M1.1", "not_yet", "4 → 3"), ("standard-failed", "", "not_yet", "M1.1")},
    ),
    "a step that can be shown again is forgotten": (
        {"steps": taken("open", "prove", "earth")},
        {("step-missing", "M1.1", "incomplete", "2")},
    ),
    "the critical step is forgotten": (
        {"steps": taken("open", "lock", "earth")},
        {("step-missing", "M1.1", "not_yet", "3"), ("standard-failed", "", "not_yet", "M1.1")},
    ),
    "nobody stood beside": (
        {"steps": taken("open", "lock", "prove", "earth", witness=" ")},
        {("witness-missing", "M1.1", "incomplete", "4")},
    ),
    "two steps of no weight change places": (
        {"steps": taken("lock", "open", "prove", "earth")},
        {("step-order", "M1.1", "incomplete", "2 → 1")},
    ),
    "no steps are recorded": ({"steps": None}, {("fact-missing", "M1.1", "incomplete", "")}),
    "an alarm": (
        {"series": (GOOD[0] | {"value": "0.41"}, GOOD[1])},
        {("fact-outside-limit", "M1.2", "not_yet", "1: 0.41 > 0.40")},
    ),
    "a warning without measure": (
        {"series": (GOOD[0], GOOD[1] | {"value": "0.07"})},
        {("warning-unexplained", "M1.2", "incomplete", "2: 0.07 < 0.10")},
    ),
    "a warning that somebody acted on": ({"series": (GOOD[0], GOOD[1] | {"value": "0.07", "action": "ökade"})}, set()),
    "both on one day": (
        {"series": (GOOD[0], GOOD[1] | {"day": GOOD[0]["day"]})},
        {("fact-days", "M1.2", "incomplete", "1 < 2")},
    ),
    "a day to come": (
        {"series": (GOOD[0], GOOD[1] | {"day": "2026-11-25"})},
        {("fact-too-old", "M1.2", "incomplete", "2026-11-25")},
    ),
    "somebody unknown has had the sample": (
        {"series": (GOOD[0], GOOD[1] | {"giver": "okänd"})},
        {("chain-broken", "M1.2", "not_yet", "2")},
    ),
    "another sample has a chain of its own": (
        {"series": (GOOD[0], GOOD[1] | {"sample": "P2", "giver": "tekniker"})},
        set(),
    ),
    "a phase of another network": (
        {"phases": phases("brun", "vit", "grå")},
        {("fact-not-in-table", "M1.2", "not_yet", "2: L2 – vit")},
    ),
    "colours in another language and case": ({"phases": phases("Brown", "SVART", "grey")}, set()),
    "a test below its own threshold": (
        {"theory": "11"},
        {
            ("fact-outside-limit", "M2.1", "not_yet", "55 % < 60 %"),
            ("theory-not-reached", "", "not_yet", "55 % < 70 %"),
        },
    ),
    "tests that together are too few points": (
        {"theory": "13,5"},
        {("theory-not-reached", "", "not_yet", "68 % < 70 %")},
    ),
}


@pytest.mark.parametrize("situation", BROKEN)
def test_what_is_recorded_is_held_against_what_is_asked(situation):
    facts, expected = BROKEN[situation]
    assert reasons(decided(facts=facts)) == expected


def test_everything_in_order_gives_the_certificate():
    decision = decided()
    assert (decision.verdict, decision.result, decision.reasons) == ("competent", "bevis", ())


def test_a_criterion_that_fails_the_standard_costs_every_module():
    decision = decided(scores={"M1.1": "not_met"})
    assert (decision.verdict, decision.result) == ("not_yet", None)
    assert decision.modules == {"M1": "not_yet", "M2": "not_yet"}


def test_a_broken_critical_step_costs_every_module_whatever_the_score_says():
    for score in ("met", "not_met", "not_assessed"):
        decision = decided(scores={"M1.1": score}, facts={"steps": taken("open", "earth", "lock", "prove")})
        assert decision.achieved == ()


def test_a_paper_for_the_start_must_hold_on_each_day_of_judging():
    late = decided(papers={"esa": "2026-11-21"})
    assert reasons(late) == {("prerequisite-not-at-start", "esa", "incomplete", "2026-11-20")}
    assert late.modules == {"M1": "incomplete", "M2": "achieved"}
    assert decided(papers={"esa": "2026-11-20"}).verdict == "competent"
    assert reasons(decided(papers={"esa": ""})) == {("prerequisite-missing", "esa", "incomplete", "")}


def test_the_statement_comes_before_the_certificate():
    first = decided(papers={"intyg": ""})
    assert (first.verdict, first.result) == ("competent", "intyg")
    assert reasons(first) == {("prerequisite-for-result", "intyg", "incomplete", "")}
    assert {paper.id for paper in LIST.papers} == {"esa", "intyg"}


@pytest.mark.parametrize(("notes", "shown"), [(2, "2 < 3"), (0, "0 < 3")])
def test_what_is_shown_three_times_leaves_three_traces(notes, shown):
    found = {(r.code, r.detail) for r in decided(notes=notes).reasons}
    assert ("repetitions-missing", shown) in found


def test_a_table_is_filled_anew_each_time_it_is_shown():
    table = TableFact(id="rounds", title=t("Varv"), rows=2, columns=(Column(id="a", title=t("A"), kind="text"),))
    edition = an_edition(
        modules=(a_module("M1", (a_criterion("M1.1", repetitions=2, facts=(table,)),)),),
        rules=(Rule(name="facts-in-order"), Rule(name="repetitions-enough")),
    )
    lists = a_checklist(edition)
    rounds = tuple({"a": str(number)} for number in range(4))
    assert decide(lists, standing(a_case(lists, facts={"rounds": rounds})), ON).verdict == "competent"
    three = decide(lists, standing(a_case(lists, facts={"rounds": rounds[:3]})), ON)
    assert [(r.code, r.detail) for r in three.reasons] == [("repetitions-missing", "1 < 2")]


def test_the_picked_table_is_the_one_that_counts():
    old = checklist(LIST.edition, "e" * 64, picked={"colours": "old"})
    assert decided(lists=old, facts={"phases": phases("svart", "vit", "röd")}).verdict == "competent"
    assert decided(lists=old, facts={"phases": phases("brun", "svart", "grå")}).modules["M1"] == "not_yet"
    with pytest.raises(InvalidError):
        checklist(LIST.edition, "e" * 64, picked={"colours": "older"})


def test_a_tightened_threshold_counts():
    lists = checklist(LIST.edition, "e" * 64, tightened={"theory_min": Decimal(80)})
    assert ("fact-outside-limit", "M2.1", "not_yet", "75 % < 80 %") in reasons(
        decided(lists=lists, facts={"theory": "15"})
    )


@pytest.mark.parametrize(
    ("fact", "value", "place"),
    [
        ("steps", "open", "value"),
        ("steps", [{"step": "fly"}], "value.0.step"),
        ("steps", [{"step": "open"}, {"step": "open"}], "value.1.step"),
        ("steps", [{"step": "open", "who": "EH"}], "value.0"),
        ("theory", "21", "value"),
        ("theory", "-1", "value"),
        ("theory", "many", "value"),
        ("series", [{"day": "i går"}], "value.0.day"),
    ],
)
def test_the_gate_refuses_what_cannot_be_recorded(fact, value, place):
    with pytest.raises(InvalidEventsError) as refused:
        a_case(facts={fact: value})
    assert [where.partition(".")[2] for where, _ in refused.value.details["faults"]] == [place]


def test_the_award_tells_steps_points_days_and_papers():
    award = an_award(
        a_case(),
        checklist=LIST,
        grants=(Grant(provider="prov", standard="provyrke", given_on="2026-01-01"),),
    )
    told = {line.title["sv"]: (line.value, line.limit) for m in award.modules for c in m.criteria for line in c.facts}
    assert told == {
        "Steg": ("4/4", ""),
        "Klor": ("0.2–0.2 mg/l (2, 2 d)", "≥ 0.05, ≤ 0.40 mg/l"),
        "Faser": ("(3)", ""),
        "Teori": ("20/20 (100 %)", "≥ 60 %"),
    }
    assert [line.name["sv"] for line in award.prerequisites] == ["ESA", "Intyg"]
    assert [line.variant["sv"] for line in award.applied] == ["Märkning new"]


def test_people_read_steps_and_points_on_one_line():
    pen = Pen()
    steps = pen.fact("M1.1", "steps", taken("open", "lock", "earth", witness="EH"))
    assert measured.value(STEPS, steps, "sv") == "1 (EH), 2 (EH), 4 (EH)"
    assert measured.value(THEORY, pen.fact("M2.1", "theory", "13,5"), "sv") == "13,5/20 (68 %)"
    assert measured.limits(LIST, THEORY, "sv") == "≥ 60 %"
    assert measured.warning(LIST, SERIES.columns[2], "sv") == "≥ 0,10, ≤ 0,30 mg/l"


SCORES = ["met", "not_met", "not_assessed"]
ITEMS = sorted(LIST.criteria)
FACTS = {
    "steps": [None, taken("open", "lock", "prove", "earth"), taken("open", "earth", "prove"), taken("lock", "open")],
    "series": [None, GOOD, (GOOD[0] | {"value": "9"}, GOOD[1]), (GOOD[0], GOOD[1] | {"giver": "okänd"})],
    "phases": [None, phases("brun", "svart", "grå"), phases("vit")],
    "theory": [None, "20", "13", "3"],
}
GIVEN = st.fixed_dictionaries({key: st.sampled_from(values) for key, values in FACTS.items()})
PAPERS = st.fixed_dictionaries(
    {
        "esa": st.sampled_from(["", "2026-11-20", "2026-11-21", "2020-01-01"]),
        "intyg": st.sampled_from(["", "2026-10-01"]),
    }
)
SCORED = st.fixed_dictionaries({item: st.sampled_from(SCORES) for item in ITEMS})


@given(SCORED, st.sampled_from(ITEMS), GIVEN, PAPERS, st.integers(0, 4))
def test_meeting_one_more_criterion_never_hurts_whatever_else_was_recorded(scores, better, facts, papers, notes):
    before = decided(scores=scores, facts=facts, papers=papers, notes=notes)
    after = decided(scores=scores | {better: "met"}, facts=facts, papers=papers, notes=notes)
    assert set(before.achieved) <= set(after.achieved)


SHARE = a_checklist(
    a_demanding_edition(
        rules=(Rule(name="share-met", minimum=Decimal("0.6")), *a_demanding_edition().rules[2:]),
    )
)


@given(SCORED, st.sampled_from(ITEMS))
def test_meeting_one_more_never_hurts_where_a_share_is_enough(scores, better):
    before, after = decided(lists=SHARE, scores=scores), decided(lists=SHARE, scores=scores | {better: "met"})
    assert set(before.achieved) <= set(after.achieved)


@given(SCORED, GIVEN, PAPERS, st.randoms(use_true_random=False))
def test_the_order_in_which_things_arrive_changes_no_decision(scores, facts, papers, random):
    events = a_case(scores=scores, facts=facts, papers=papers)
    shuffled = [*events, *events]
    random.shuffle(shuffled)
    assert decide(LIST, standing(shuffled), ON) == decide(LIST, standing(events), ON)
