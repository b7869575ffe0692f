"""No award without another person's approval, a grant, and a decision that still holds."""

import msgspec
import pytest
from factories import ON, Pen, a_checklist, a_lenient_award, an_award, everything
from hypothesis import given
from hypothesis import strategies as st

from assessments.award import Award, digest
from assessments.decision import decide
from assessments.problems import (
    ChangedMeanwhileError,
    ForbiddenError,
    NoGrantError,
    NothingAchievedError,
    SamePersonError,
    WrongStateError,
)
from assessments.process import TRANSITIONS, Approval, Grant, move
from assessments.standing import standing

PEOPLE = ["anna", "bo", "quality"]


def test_the_award_says_what_was_judged_and_what_was_not():
    award = an_award(everything(M1_1="not_met"))
    assert award.result_id == "intyg"
    assert [module.id for module in award.modules] == ["M2"]
    assert award.not_assessed == ({"sv": "M1", "en": "M1"},)
    assert award.modules[0].criteria[0].facts[0].value == "0.07–0.07 dB (2)"
    assert award.modules[0].criteria[0].facts[0].limit == "≤ 0.10 dB"


def test_a_criterion_that_was_not_met_is_told_and_so_is_one_that_was_never_judged():
    scores = {each.id: each.score for module in a_lenient_award().modules for each in module.criteria}
    assert scores == {"M1.1": "met", "M1.2": "not_met", "M2.1": "met", "M2.2": "not_assessed"}


def test_the_award_tells_which_table_applied_and_an_award_without_tables_says_nothing_of_them():
    assert [(line.name["sv"], line.variant["sv"]) for line in a_lenient_award().applied] == [
        ("Fasfärger", "Märkning old")
    ]
    assert b"tables" not in msgspec.json.encode(an_award())


def test_an_award_from_before_there_were_tables_keeps_its_digest():
    old = msgspec.json.encode(an_award(), order="deterministic")
    assert digest(msgspec.json.decode(old, type=Award)) == digest(an_award())


def test_the_digest_names_the_fact():
    assert digest(an_award()) == digest(an_award())
    assert digest(an_award()) != digest(an_award(approval=Approval(person="quality", on="2026-11-25")))


@given(st.sampled_from(PEOPLE), st.sets(st.sampled_from(PEOPLE)))
def test_quality_assurance_is_never_by_a_person_who_judged(reviewer, judged):
    approval = Approval(person=reviewer, on="2026-11-24")
    if reviewer in judged | {"anna"}:
        with pytest.raises(SamePersonError):
            an_award(judged=frozenset(judged), approval=approval)
    else:
        assert an_award(judged=frozenset(judged), approval=approval).whole


@pytest.mark.parametrize(
    "grants",
    [
        (),
        (Grant(provider="other", standard="provyrke", given_on="2026-01-01"),),
        (Grant(provider="prov", standard="annat", given_on="2026-01-01"),),
        (Grant(provider="prov", standard="provyrke", given_on="2026-11-25"),),
        (Grant(provider="prov", standard="provyrke", given_on="2026-01-01", revoked_on="2026-11-24"),),
    ],
)
def test_no_grant_no_award(grants):
    with pytest.raises(NoGrantError):
        an_award(grants=grants)


def test_a_decision_on_other_events_is_refused():
    old = decide(a_checklist(), standing(everything()), ON)
    later = [*everything(), Pen("bo", first=300).score("M1.1")]
    with pytest.raises(ChangedMeanwhileError):
        an_award(later, decision=old)


def test_nothing_achieved_gives_no_award():
    with pytest.raises(NothingAchievedError):
        an_award([])


ROLES = frozenset({"coordinator", "assessor", "quality-assurer"})


@given(st.lists(st.sampled_from(sorted({verb for _, verb in TRANSITIONS})), max_size=12))
def test_awarded_is_reached_only_through_a_decision_and_an_approval(verbs):
    state, done = "planned", []
    for verb in verbs:
        try:
            state = move(state, verb, ROLES)
        except WrongStateError:
            continue
        done.append(verb)
    if state == "awarded":
        assert done[-2:] == ["decide", "approve"]


@pytest.mark.parametrize(("at", "verb"), list(TRANSITIONS))
def test_only_the_named_role_may_move_a_case(at, verb):
    with pytest.raises(ForbiddenError):
        move(at, verb, ROLES - {TRANSITIONS[at, verb].by})
