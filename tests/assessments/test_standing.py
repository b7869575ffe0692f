"""What counts, whatever the order in which things arrive."""

from datetime import date

from factories import CASE, Pen, a_checklist, everything
from hypothesis import given
from hypothesis import strategies as st

from assessments.decision import decide
from assessments.event import Withdrawn
from assessments.standing import standing

ITEMS = ["M1.1", "M1.2", "M2.1", "M2.2"]
SCORES = ["met", "not_met", "not_assessed", "not_applicable"]


@st.composite
def histories(draw):
    """Some acts by two people, each replacing any of the earlier ones."""
    pens = {name: Pen(name, first=1000 * place) for place, name in enumerate(("anna", "bo"))}
    events = []
    for _ in range(draw(st.integers(0, 12))):
        pen = pens[draw(st.sampled_from(("anna", "bo")))]
        seen = tuple(draw(st.lists(st.sampled_from([e.id for e in events]), unique=True)) if events else ())
        events.append(pen.score(draw(st.sampled_from(ITEMS)), draw(st.sampled_from(SCORES)), replaces=seen))
    return events


@given(histories(), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(events, random):
    shuffled = [*events, *events]
    random.shuffle(shuffled)
    assert standing(shuffled) == standing(events)


@given(histories())
def test_every_unreplaced_difference_is_a_conflict_and_never_a_silent_winner(events):
    stands = standing(events)
    for where, heads in stands.heads.items():
        if len({head.score for head in heads}) > 1:
            assert where in stands.conflicts
            assert where[1] not in stands.scores


@given(st.fixed_dictionaries({item: st.sampled_from(SCORES) for item in ITEMS}), st.sampled_from(ITEMS))
def test_meeting_one_more_criterion_never_hurts(scores, better):
    def achieved(given_scores):
        events = everything(**{item.replace(".", "_"): score for item, score in given_scores.items()})
        return set(decide(a_checklist(), standing(events), date(2026, 11, 24)).achieved)

    assert achieved(scores) <= achieved(scores | {better: "met"})


def test_a_correction_replaces_and_the_old_value_stays_in_history():
    pen = Pen()
    first = pen.score("M1.1", "not_met")
    second = pen.score("M1.1", "met", replaces=(first.id,))
    stands = standing([second, first])
    assert stands.scores["M1.1"].score == "met"
    assert not stands.conflicts


def test_two_tabs_of_the_same_person_that_differ_are_a_conflict():
    pen = Pen()
    stands = standing([pen.score("M1.1", "met"), pen.score("M1.1", "not_met")])
    assert ("score", "M1.1") in stands.conflicts


def test_a_replacement_in_another_slot_replaces_nothing():
    pen = Pen()
    first = pen.score("M1.1")
    stands = standing([first, pen.score("M1.2", replaces=(first.id,))])
    assert stands.scores["M1.1"] == first


def test_a_withdrawal_leaves_nothing_and_no_conflict():
    pen = Pen()
    first = pen.score("M1.1")
    taken = Withdrawn(**pen._common("M1.1", (first.id,)))  # noqa: SLF001 the factory's own field maker
    stands = standing([first, taken])
    assert "M1.1" not in stands.scores
    assert not stands.conflicts
    assert first.assessment == CASE


def test_a_ring_of_replacements_is_shown_as_a_conflict():
    a = Pen().score("M1.1", replaces=("019a0000-0000-7000-8000-0000000003e9",))
    b = Pen("bo", first=1000).score("M1.1", replaces=(a.id,))
    assert ("score", "M1.1") in standing([a, b]).conflicts


def test_two_agreeing_assessors_count_as_two_judges():
    stands = standing([Pen().score("M1.1"), Pen("bo", first=100).score("M1.1")])
    assert stands.judges["M1.1"] == {"anna", "bo"}
