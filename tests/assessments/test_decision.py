"""What the rules say: examples an assessor would recognise."""

from datetime import date
from decimal import Decimal

import pytest
from factories import ON, Pen, a_checklist, everything, rows

from assessments.decision import confirm, decide
from assessments.problems import ChangedMeanwhileError, LoosenedParameterError, MotivationMissingError
from assessments.rules import RULES, last_day
from assessments.standing import standing
from criteria.model import RuleName


def decided(events, **changes):
    return decide(a_checklist(**changes), standing(events), ON)


def codes(decision):
    return {(reason.code, reason.item) for reason in decision.reasons}


def test_everything_met_is_competent_and_leads_to_the_trade_certificate():
    decision = decided(everything())
    assert (decision.verdict, decision.result, decision.reasons) == ("competent", "yrkesbevis", ())


def test_one_critical_criterion_not_met_costs_its_module_only():
    decision = decided(everything(M1_1="not_met"))
    assert (decision.verdict, decision.result, decision.achieved) == ("partly", "intyg", ("M2",))
    assert ("not-met", "M1.1") in codes(decision)


def test_a_critical_criterion_is_never_satisfied_by_not_applicable():
    assert decided(everything(M1_1="not_applicable")).modules["M1"] == "not_yet"


def test_the_mean_of_both_directions_is_held_against_the_limit():
    pen = Pen(first=50)
    fine = [e for e in everything() if getattr(e, "fact", "") != "splices"]
    good = decided([*fine, pen.fact("M2.1", "splices", rows(("0.15", "0.05"), ("0.1", "0.1")))])
    bad = decided([*fine, pen.fact("M2.1", "splices", rows(("0.15", "0.06"), ("0.1", "0.1")))])
    assert good.verdict == "competent"
    assert ("fact-outside-limit", "M2.1") in codes(bad)


def test_a_provider_may_tighten_a_limit_and_it_then_counts():
    tight = decided(everything(), tightened={"splice_max": Decimal("0.05")})
    assert ("fact-outside-limit", "M2.1") in codes(tight)
    with pytest.raises(LoosenedParameterError):
        a_checklist(tightened={"splice_max": Decimal("0.2")})


def test_what_is_missing_is_incomplete_and_named():
    bare = [e for e in everything() if type(e).__name__ == "Scored"]
    decision = decided(bare)
    assert decision.modules == {"M1": "achieved", "M2": "incomplete"}
    assert {("fact-missing", "M2.1"), ("evidence-missing", "M2.1"), ("prerequisite-missing", "esa")} <= codes(decision)


def test_an_expired_paper_keeps_the_module_back():
    events = [e for e in everything() if e.item != "esa"]
    decision = decided([*events, Pen(first=90).paper("esa", issued="2023-11-23")])
    assert ("prerequisite-expired", "esa") in codes(decision)
    fresh = decided([*events, Pen(first=90).paper("esa", issued="2023-11-25")])
    assert fresh.verdict == "competent"


def test_two_assessors_who_disagree_are_shown_and_block_the_decision():
    events = [*everything(), Pen("bo", first=200).score("M1.1", "not_met")]
    decision = decided(events)
    assert decision.verdict == "incomplete"
    assert ("conflict", "M1.1") in codes(decision)


def test_nothing_judged_is_incomplete_without_a_result():
    assert (decided([]).verdict, decided([]).result) == ("incomplete", None)


def test_a_decision_is_confirmed_only_on_the_events_that_were_seen_and_with_words():
    lists, stands = a_checklist(), standing(everything())
    decision = decide(lists, stands, ON)
    words = {outcome.id: "Visade arbetet på plats, se mätningarna." for outcome in lists.outcomes}
    assert confirm(decision, lists, seen=decision.events, motivations=words, by="anna", at="now").by == "anna"
    with pytest.raises(ChangedMeanwhileError):
        confirm(decision, lists, seen="0" * 64, motivations=words, by="anna", at="now")
    with pytest.raises(MotivationMissingError):
        confirm(decision, lists, seen=decision.events, motivations=words | {"M1.L1": "ok"}, by="anna", at="now")


def test_every_rule_name_of_the_format_has_a_function_and_no_function_is_unnamed():
    assert set(RULES) == set(RuleName.__args__)


@pytest.mark.parametrize(
    ("since", "years", "until"),
    [((2026, 1, 1), 5, "2030-12-31"), ((2028, 2, 29), 1, "2029-02-27"), ((2026, 11, 24), 3, "2029-11-23")],
)
def test_validity_ends_the_day_before_the_same_calendar_day(since, years, until):
    assert last_day(date(*since), years).isoformat() == until
