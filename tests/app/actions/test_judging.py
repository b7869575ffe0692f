"""Only the case's own assessors judge and decide, in their own name, on what they have seen."""

import pytest
from workshop import HOLDER, WORDS, a_photo

from app.actions import decide, keep_photo
from app.actions.decide import take_back
from app.actions.open_assessment import TieNotDeclaredError, declare_no_tie
from app.actions.record import record
from app.store import assessments, decisions
from assessments.event import EvidenceGiven, SignedOff
from assessments.problems import (
    ChangedMeanwhileError,
    ForbiddenError,
    InvalidEventsError,
    MissingError,
    MotivationMissingError,
    WrongStateError,
)


def state(shop):
    with shop.tools.read() as tx:
        return assessments.find(tx, shop.case).state


def test_recording_starts_the_assessment(shop_on_both):
    shop = shop_on_both("opened")
    shop.send(shop.case, shop.score(shop.case))
    assert state(shop) == "assessing"
    assert shop.faults() == []


@pytest.mark.parametrize(("who", "refusal"), [
    ("coordinator", ForbiddenError), ("quality", ForbiddenError), ("editor", MissingError), ("admin", MissingError),
    ("strange-assessor", MissingError), ("stranger", MissingError),
])  # fmt: skip
def test_others_do_not_judge(shop, who, refusal):
    shop = shop("opened")
    with pytest.raises(refusal):
        shop.send(shop.case, shop.score(shop.case, who=who), who=who)
    with pytest.raises(refusal):
        keep_photo.keep_photo(shop.tools, shop.actors[who], shop.case, a_photo())
    with pytest.raises(refusal):
        decide.decide(shop.tools, shop.actors[who], shop.case, seen="", motivations=WORDS)
    assert state(shop) == "planned"


def test_to_an_assessor_who_is_not_assigned_the_case_does_not_exist(shop):
    shop = shop()
    case = shop.open(HOLDER, "assessor")
    with pytest.raises(MissingError):
        shop.send(case, shop.score(case, who="second"), who="second")
    with pytest.raises(MissingError):
        decide.decide(shop.tools, shop.actors["second"], case, seen="", motivations=WORDS)
    with pytest.raises(MissingError):
        take_back(shop.tools, shop.actors["second"], case)


def test_a_case_that_does_not_exist_is_missing(shop):
    shop = shop()
    with pytest.raises(MissingError):
        record(shop.tools, shop.actors["assessor"], "019a0000-0000-7000-8000-000000000001", [])


def test_nothing_is_recorded_kept_or_decided_before_the_declaration(shop):
    shop = shop()
    case = shop.open(declared=False)
    declare_no_tie(shop.tools, shop.actors["second"], case)
    with pytest.raises(TieNotDeclaredError):
        shop.send(case, shop.score(case))
    with pytest.raises(TieNotDeclaredError):
        keep_photo.keep_photo(shop.tools, shop.actors["assessor"], case, a_photo())
    shop.send(case, shop.score(case, who="second", score="not_met"), who="second")
    with pytest.raises(TieNotDeclaredError):
        decide.decide(shop.tools, shop.actors["assessor"], case, seen=shop.seen(case), motivations=WORDS)


def test_nobody_acts_in_anothers_name_nor_in_the_candidates(shop):
    shop = shop("opened")
    forged = shop.score(shop.case, who="second")
    signed = SignedOff(role="candidate", digest="a" * 64, **shop.common(shop.case, ""))
    with pytest.raises(InvalidEventsError) as refused:
        shop.send(shop.case, shop.score(shop.case), forged, signed)
    assert [place for place, _ in refused.value.details["faults"]] == ["1.actor", "2.role"]
    assert state(shop) == "planned"


def test_a_photo_must_be_in_the_case(shop):
    shop = shop("opened")
    other = shop.open()
    sha256 = keep_photo.keep_photo(shop.tools, shop.actors["assessor"], other, a_photo())
    for wrong in (sha256, "a" * 64):
        common = shop.common(shop.case, "M2.1")
        with pytest.raises(InvalidEventsError):
            shop.send(shop.case, EvidenceGiven(evidence="photo", day="2026-11-24", sha256=wrong, **common))


@pytest.mark.parametrize("what", [None, {}, "text", [1], [{}], [{"kind": "score"}], [[]] * 101])
def test_what_is_no_batch_of_events_is_refused_whole(shop, what):
    shop = shop("opened")
    with pytest.raises(InvalidEventsError):
        record(shop.tools, shop.actors["assessor"], shop.case, what)
    assert state(shop) == "planned"


def test_a_decision_rests_on_what_was_seen(shop_on_both):
    shop = shop_on_both("judged")
    seen = shop.seen(shop.case)
    shop.send(shop.case, shop.score(shop.case, "M2.2", who="second"), who="second")
    with pytest.raises(ChangedMeanwhileError):
        decide.decide(shop.tools, shop.actors["assessor"], shop.case, seen=seen, motivations=WORDS)
    assert state(shop) == "assessing"
    shop.decide(shop.case)
    assert state(shop) == "decided"
    assert shop.faults() == []


def test_deciding_twice_is_refused_and_leaves_one_decision(shop_on_both):
    shop = shop_on_both("judged")
    seen = shop.seen(shop.case)
    first = shop.decide(shop.case)
    with pytest.raises(WrongStateError):
        decide.decide(shop.tools, shop.actors["assessor"], shop.case, seen=seen, motivations=WORDS)
    with shop.tools.read() as tx:
        assert [each.id for each in decisions.of(tx, shop.case)] == [first]


@pytest.mark.parametrize(
    "words", [{}, {"M1.L1": WORDS["M1.L1"]}, WORDS | {"M2.L1": "kort"}, WORDS | {"M2.L1": " " * 40}]
)
def test_every_outcome_is_motivated(shop, words):
    shop = shop("judged")
    with pytest.raises(MotivationMissingError) as refused:
        decide.decide(shop.tools, shop.actors["assessor"], shop.case, seen=shop.seen(shop.case), motivations=words)
    assert "M2.L1" in refused.value.details["outcomes"]
    assert state(shop) == "assessing"


def test_nothing_new_is_recorded_on_a_decided_case_but_a_retry_is_answered(shop):
    shop = shop("decided")
    with shop.tools.read() as tx:
        kept = [each.event for each in assessments.case_file(tx, shop.case).stored]
    assert shop.send(shop.case, *kept).new == ()
    with pytest.raises(WrongStateError):
        shop.send(shop.case, shop.score(shop.case))


def test_a_decision_taken_back_stays_in_the_record(shop_on_both):
    shop = shop_on_both("decided")
    with pytest.raises(ForbiddenError):
        take_back(shop.tools, shop.actors["quality"], shop.case)
    take_back(shop.tools, shop.actors["second"], shop.case)
    assert state(shop) == "assessing"
    with pytest.raises(WrongStateError):
        take_back(shop.tools, shop.actors["second"], shop.case)
    again = shop.decide(shop.case, "second")
    with shop.tools.read() as tx:
        assert [each.state for each in decisions.of(tx, shop.case)] == ["taken-back", "waiting"]
        assert decisions.waiting(tx, shop.case).id == again
    assert shop.faults() == []
