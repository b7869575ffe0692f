"""The gate keeps good acts and refuses bad batches whole, naming every fault."""

import msgspec
import pytest
from factories import CASE, a_checklist, everything
from hypothesis import given
from hypothesis import strategies as st

from assessments.event import read_events
from assessments.problems import InvalidEventsError


def sent(**changes):
    good = {
        "kind": "score",
        "id": "019a0000-0000-7000-8000-000000000001",
        "assessment": CASE,
        "actor": "anna",
        "at": "2026-11-20T10:00:00+01:00",
        "item": "M1.1",
        "score": "met",
        "methods": ["OBS"],
    }
    return {key: value for key, value in (good | changes).items() if value is not None}


def test_what_went_out_comes_in_again():
    events = everything()
    plain = msgspec.json.decode(msgspec.json.encode(events))
    assert read_events(plain, a_checklist(), CASE) == events


FACT = {"kind": "fact", "score": None, "methods": None, "item": "M2.1", "fact": "splices"}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"id": "019a0000-0000-4000-8000-000000000001"}, "0"),
        ({"id": "019A0000-0000-7000-8000-000000000001"}, "0"),
        ({"score": "splendid"}, "0"),
        ({"surprise": 1}, "0"),
        ({"item": "M9.9"}, "0.item"),
        ({"assessment": "case-2"}, "0.assessment"),
        ({"at": "2026-11-20T10:00:00"}, "0.at"),
        ({"score": "not_applicable"}, "0.score"),
        ({"methods": ["TEO"]}, "0.methods"),
        ({"item": "M1.1\x00"}, "0"),
        ({"replaces": ["019a0000-0000-7000-8000-000000000001"]}, "0.replaces"),
        ({**FACT, "value": "0.1"}, "0.value"),
        ({**FACT, "value": [{"ab": "much"}]}, "0.value.0.ab"),
        ({**FACT, "value": [{"mean": "0.1"}]}, "0.value.0.mean"),
        ({**FACT, "fact": "weather", "value": "rain"}, "0.fact"),
    ],
)
def test_a_faulty_event_is_named_by_its_place(changes, place):
    with pytest.raises(InvalidEventsError) as refused:
        read_events([sent(**changes)], a_checklist(), CASE)
    assert place in {where for where, _ in refused.value.details["faults"]}


def test_every_fault_of_a_batch_is_told_at_once():
    with pytest.raises(InvalidEventsError) as refused:
        read_events([sent(), sent(item="M9.9"), sent(score="?")], a_checklist(), CASE)
    assert [where for where, _ in refused.value.details["faults"]] == ["1.item", "2"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


@given(
    JSON | st.lists(st.builds(lambda key, value: sent(**{key: value}), st.sampled_from([*sent(), "replaces"]), JSON))
)
def test_whatever_is_sent_is_read_or_refused_and_never_crashes(value):
    try:
        read_events(value, a_checklist(), CASE)
    except InvalidEventsError as refused:
        assert refused.details["faults"]  # noqa: PT017 both ways are right, silence is not
