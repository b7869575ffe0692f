"""A file of situations is judged through the real gate; what is wrong with it is told by line."""

import inspect
import re

import pytest
from factories import an_edition

from assessments import breaches, decision, rules
from assessments.casefile import REASONS
from assessments.situations import run
from criteria.findings import FaultyStandardError
from criteria.sentences import SITUATION

HEAD = 'standard: provyrke\nedition: "2026.1"\non: "2026-11-24"\nsituations:\n'
FULL = "  - when: x\n    everything: met\n    then: competent\n"


def outcome(text: str):
    (found,) = run(an_edition(), "e" * 64, (HEAD + text).encode())
    return found


def faults(data: str):
    with pytest.raises(FaultyStandardError) as faulty:
        run(an_edition(), "e" * 64, data.encode())
    return [(each.code, each.line) for each in faulty.value.findings]


def test_everything_met_is_what_the_rules_call_competent():
    found = outcome("  - {when: allt, everything: met, then: competent, result: yrkesbevis, because: []}\n")
    assert (found.passed, found.line, found.name) == (True, 5, "allt")


def test_a_wrong_expectation_shows_what_came_instead():
    found = outcome("  - {when: x, everything: met, scores: {M1.1: not_met}, then: competent, because: []}\n")
    assert not found.passed
    assert (found.expected, found.got) == ("competent", "partly, because not-met M1.1")


def test_a_reason_that_nobody_expected_fails_the_situation():
    text = FULL.replace("competent", "partly") + "    scores: {M1.1: not_met, M1.2: not_met}\n"
    assert outcome(text + "    because: [not-met M1.1]\n").got == "partly, because not-met M1.1, because not-met M1.2"


def test_some_rows_of_a_table_can_differ_from_the_fulfilled_ones():
    text = FULL.replace("competent", "partly") + "    facts: {M2.1: {splices: {2: {ab: 0.3}}}}\n"
    assert outcome(text + "    because: [fact-outside-limit splices]\n").passed


def test_numbers_are_measured_as_written_and_nothing_is_a_missing_value():
    partly = FULL.replace("competent", "partly")
    assert outcome(partly + "    facts: {M2.1: {splices: null}}\n    because: [fact-missing M2.1]\n").passed
    exact = FULL + "    tightened: {splice_max: 0.07}\n    facts: {M2.1: {splices: {1: {ab: 0.08, ba: 0.06}}}}\n"
    assert outcome(exact).passed


def test_a_second_assessor_can_disagree():
    text = "  - {when: x, everything: met, second: {M1.1: not_met}, then: incomplete, because: [conflict M1.1]}\n"
    assert outcome(text).passed


def test_papers_evidence_methods_and_choice_of_modules_can_differ():
    text = """  - when: x
    everything: met
    chosen: [M2]
    evidence: {M2.1: 0}
    prerequisites: {esa: "2023-01-01"}
    then: incomplete
    result: none
    modules: {M2: incomplete}
    because: [evidence-missing, prerequisite-expired esa]
"""
    assert outcome(text).passed


SITUATION_FAULTS = {
    "situation-other-standard": (HEAD.replace("provyrke", "annat") + FULL, 1),
    "situation-unknown": (HEAD + FULL + "    scores: {M1.9: met}\n", 8),
    "situation-value": (HEAD + FULL + "    scores:\n      M1.2: not_applicable\n", 9),
    "situation-reason": (HEAD + FULL + "    because: [not-mett]\n", 8),
}


@pytest.mark.parametrize("code", SITUATION)
def test_a_faulty_situation_is_told_by_line(code):
    text, line = SITUATION_FAULTS[code]
    assert faults(text) == [(code, line)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("chosen: [M7]", "situation-unknown"),
        ("facts: {M2.1: {spices: 1}}", "situation-unknown"),
        ("prerequisites: {esb: missing}", "situation-unknown"),
        ('prerequisites: {esa: "long ago"}', "situation-value"),
        ("tightened: {splice_min: 1}", "situation-unknown"),
        ("tightened: {splice_max: 0.2}", "situation-value"),
        ("tightened: {splice_max: much}", "situation-value"),
        ("modules: {M7: achieved}", "situation-unknown"),
        ("result: diplom", "situation-unknown"),
        ("facts: {M2.1: {splices: {9: {ab: 1}}}}", "situation-value"),
        ("facts: {M2.1: {splices: 1}}", "situation-value"),
        ("methods: {M1.1: [TEO]}", "situation-value"),
        ("score: {M1.1: met}", "unknown-key"),
        ("evidence: {M2.1: many}", "wrong-kind"),
        ("facts: {M2.1: {splices: &a 1}}", "anchor"),
    ],
)
def test_every_line_of_a_situation_is_checked(line, code):
    assert faults(f"{HEAD}{FULL}    {line}\n") == [(code, 8)]


def test_faults_of_all_situations_are_told_at_once():
    two = FULL + "    scores: {M1.9: met}\n"
    assert faults(HEAD + two + two) == [("situation-unknown", 8), ("situation-unknown", 12)]


def test_a_day_must_be_in_the_calendar():
    assert faults(HEAD.replace("2026-11-24", "2026-11-31") + FULL) == [("day-unreal", 3)]


@pytest.mark.parametrize("data", ["", "- 1", "[" * 5_000, HEAD + "  - \x00", "situations: 5"])
def test_hostile_files_are_refused(data):
    assert faults(data)


def test_every_reason_that_a_rule_can_give_may_be_expected():
    source = "".join(inspect.getsource(each) for each in (rules, breaches, decision))
    given = set(re.findall(r'code="([a-z-]+)"', source)) | set(re.findall(r'yield "([a-z-]+)", ', source))
    given |= set(re.findall(r'"(prerequisite-[a-z-]+)"', source))
    assert given == REASONS
