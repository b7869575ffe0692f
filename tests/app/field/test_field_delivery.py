"""What a tablet sends is kept once, in whatever order and however often it comes, and whatever its clock says."""

import json
import threading
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tablets import AT, Tablet, a_tablet, case_file, rows

from app.actions.tidy_field import tidy_field
from app.store import ledger
from app.web.field_api import delivering
from app.web.guards import DOORS, anybody
from assessments.delivered import fingerprint
from assessments.standing import digest

STORED, TWICE = ("stored", ""), ("duplicate", "")


def kept(shop, case=None):
    found = case_file(shop, case)
    return {each.event.id for each in (*found.stored, *found.unconfirmed)}


def test_a_batch_is_kept_as_claims_under_one_entry_that_names_the_tablet(out_on_both):
    shop, tablet = out_on_both()
    sent = [tablet.event(), tablet.note("bra", item="M1.1"), tablet.event(item="M2.1", methods=["SAM"])]
    assert tablet.results(*sent) == [STORED] * 3
    found = case_file(shop)
    assert {each.event.id for each in found.unconfirmed} == {each["id"] for each in sent}
    assert (found.stored, found.standing.scores, found.assessment.state) == ((), {}, "assessing")
    assert rows(shop, "ledger", "actor, subject", "action = 'assessment.deliver'") == [(tablet.id, shop.case)]
    assert shop.faults() == []


def test_sending_again_is_free_in_any_order_and_company(out_on_both):
    shop, tablet = out_on_both()
    first, second, third = tablet.event(), tablet.note("a"), tablet.note("b")
    assert tablet.results(second, first) == [STORED] * 2
    assert tablet.results(third, first, second) == [STORED, TWICE, TWICE]
    assert tablet.results(third, third) == [TWICE] * 2
    assert kept(shop) == {each["id"] for each in (first, second, third)}
    assert shop.faults() == []


def test_twice_in_one_batch_is_once(out):
    shop, tablet = out()
    one = tablet.event()
    assert tablet.results(one, one) == [STORED, TWICE]
    assert shop.faults() == []


def test_two_senders_at_once_keep_each_event_once(out_on_both):
    shop, tablet = out_on_both()
    sent = [tablet.note(str(place)) for place in range(20)]
    other = tablet.another()
    theirs = [other.note(str(place), who="second") for place in range(20)]
    answers: list[list[tuple[str, str]]] = []
    loads = [(tablet, sent), (tablet, sent[::-1]), (other, theirs), (other, theirs[5:]), (tablet, sent[3:9])]
    threads = [threading.Thread(target=lambda t, e: answers.append(t.results(*e)), args=load) for load in loads]
    [each.start() for each in threads]
    [each.join() for each in threads]
    assert len(answers) == len(loads)
    assert {each for answer in answers for each in answer} <= {STORED, TWICE}
    assert kept(shop) == {each["id"] for each in (*sent, *theirs)}
    assert shop.faults() == []


def test_two_tablets_with_the_same_id_at_once_lose_neither(out_on_both):
    shop, tablet = out_on_both()
    other = tablet.another()
    one = tablet.note("min")
    same = other.note("din", id=one["id"])
    answers: list[list[tuple[str, str]]] = []
    threads = [
        threading.Thread(target=lambda t, e: answers.append(t.results(e)), args=load)
        for load in ((tablet, one), (other, same))
    ]
    [each.start() for each in threads]
    [each.join() for each in threads]
    assert sorted(each for answer in answers for each in answer) == [("quarantined", "id-reused"), STORED]
    assert len(rows(shop, "events")) == len(rows(shop, "quarantine")) == 1
    assert shop.faults() == []


def test_a_gap_is_seen_and_closed(out):
    _, tablet = out()
    sent = [tablet.note(str(place)) for place in range(6)]
    tablet.results(sent[0], sent[1], sent[4])
    told = tablet.receipt()
    assert (told["seq"], told["count"], told["missing"]) == (2, 3, [[3, 4]])
    assert told["head"] == fingerprint(sent[1])
    tablet.results(sent[2], sent[3], sent[5])
    told = tablet.receipt()
    assert (told["seq"], told["count"], told["missing"], told["head"]) == (6, 6, [], fingerprint(sent[5]))


def test_what_lies_in_quarantine_has_arrived_too(out):
    _, tablet = out()
    sent = [tablet.event(), tablet.event(item="finns-inte"), tablet.event()]
    assert tablet.results(*sent) == [STORED, ("quarantined", "gate"), STORED]
    assert (tablet.receipt()["seq"], tablet.receipt()["count"]) == (3, 3)


def test_an_unknown_tablet_has_nothing_to_be_told(out):
    _, tablet = out()
    assert tablet.receipt() | {"now": ""} == {
        "device": tablet.id, "seq": 0, "count": 0, "head": "", "missing": [], "revoked": False, "now": "",
    }  # fmt: skip


@pytest.mark.parametrize("days", [-400, 0, 400])
def test_wall_clocks_decide_nothing_but_are_noted(out, days):
    shop, tablet = out()
    wrong = shop.tools.now() + timedelta(days=days)
    one, two = tablet.event(at=wrong.isoformat()), tablet.event(score="not_met", at=wrong.isoformat())
    two["replaces"] = [one["id"]]
    answer = tablet.send(one, two, sent_at=wrong.isoformat())
    assert [each["status"] for each in answer.json["results"]] == ["stored", "stored"]
    assert abs(answer.json["skew_ms"] + days * 86_400_000) < 2_000
    [(skew,)] = rows(shop, "devices", "skew")
    assert abs(skew + days * 86_400) < 3


@pytest.mark.parametrize("word", ["", "nonsense", "2026-11-24T10:00:00", "0001-01-01T00:00:00+14:00", "9" * 300])
def test_a_clock_that_cannot_be_read_is_no_obstacle(out, word):
    _, tablet = out()
    answer = tablet.send(tablet.event(), sent_at=word)
    assert [each["status"] for each in answer.json["results"]] == ["stored"]


def test_an_empty_delivery_is_a_sign_of_life(out):
    shop, tablet = out()
    shop.clock.forward(days=2)
    assert tablet.results(waiting={"count": 7, "oldest": "2026-11-24T10:00:00+01:00"}) == []
    [(seen, waiting, oldest)] = rows(shop, "devices", "seen_at, waiting, oldest")
    assert datetime.fromisoformat(seen) > shop.tools.now() - timedelta(minutes=1)
    assert (waiting, oldest) == (7, "2026-11-24T10:00:00+01:00")
    assert rows(shop, "batches") == []


def test_the_bytes_of_a_delivery_are_kept_for_a_month(out):
    shop, tablet = out()
    tablet.results(tablet.event())
    [(raw,)] = rows(shop, "batches", "raw")
    assert json.loads(bytes(raw))["events"][0]["id"] == tablet.made[0]["id"]
    shop.clock.forward(days=31)
    tidy_field(shop.tools)
    assert rows(shop, "batches", "raw") == [(None,)]


def test_what_a_tablet_tells_of_itself_belongs_to_no_case(out):
    shop, tablet = out()
    told = tablet.event(
        kind="tablet", what="healed", text="41 av 41", assessment="", actor="", item=None, replaces=None
    )
    assert tablet.results(told) == [STORED]
    assert tablet.results(told) == [TWICE]
    assert kept(shop) == set()
    [(assessment, words)] = rows(shop, "deliveries", "assessment, told")
    assert assessment is None
    assert json.loads(words)["text"] == "41 av 41"


def test_several_cases_in_one_delivery_go_each_to_their_own(out):
    shop, tablet = out()
    second = shop.open()
    sent = [tablet.event(), tablet.event(case=second), tablet.event(case=second, who="second", score="not_met")]
    assert tablet.results(*sent) == [STORED] * 3
    assert kept(shop) == {sent[0]["id"]}
    assert kept(shop, second) == {sent[1]["id"], sent[2]["id"]}
    assert shop.faults() == []


def test_a_thousand_events_are_kept_quickly(out):
    shop, tablet = out()
    sent = [tablet.note(f"anteckning {place}") for place in range(1000)]
    began = datetime.now().astimezone()
    for start in range(0, 1000, 100):
        assert set(tablet.results(*sent[start : start + 100])) == {STORED}
    took = datetime.now().astimezone() - began
    assert took < timedelta(seconds=20)
    assert tablet.receipt()["seq"] == 1000
    with shop.tools.read() as tx:
        assert list(ledger.faults(tx)) == []


@pytest.fixture(scope="module")
def field_day(tmp_path_factory):
    """One workshop for all examples: each uses a tablet and a case of its own."""
    from workshop import a_workshop  # noqa: PLC0415 made once for this property

    shop = a_workshop(tmp_path_factory.mktemp("property") / "var", "opened")
    yield shop, a_tablet(shop).flask
    shop.tools.database.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_interleaving_and_repetition_of_deliveries_keeps_the_same_set(field_day, data):
    shop, flask = field_day
    case = shop.open()
    one: Tablet = a_tablet(shop, flask)
    two = a_tablet(shop, flask, name="Andra")
    made = [(one, one.note(str(place), case=case)) for place in range(4)]
    made += [(two, two.event(case=case, who="second", score=score)) for score in ("met", "not_met")]
    made.append((one, one.event(case=case, item="finns-inte")))
    loads = data.draw(st.lists(st.lists(st.sampled_from(range(len(made))), max_size=6), max_size=8))
    for load in [*loads, list(range(len(made)))]:
        for tablet in (one, two):
            tablet.results(*(event for owner, event in (made[place] for place in load) if owner is tablet))
    found = case_file(shop, case)
    good = {event["id"] for _, event in made[:-1]}
    assert {each.event.id for each in found.unconfirmed} == good
    assert digest(each.event for each in found.unconfirmed) == digest(
        {each.event.id: each.event for each in found.unconfirmed}.values()
    )
    assert [row[0] for row in rows(shop, "quarantine", "event", f"device = '{one.id}'")] == [made[-1][1]["id"]]
    assert (one.receipt()["seq"], two.receipt()["seq"]) == (5, 2)


def test_a_token_opens_the_doors_of_delivery_and_no_other(out):
    shop, tablet = out("issued")
    ways = tablet.flask.url_map.bind("127.0.0.1")
    for rule in tablet.flask.url_map.iter_rules():
        door = DOORS[rule.endpoint]
        path = ways.build(rule.endpoint, dict.fromkeys(rule.arguments, shop.case))
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = tablet.client.open(
                path, method=method, headers={"Authorization": f"Bearer {tablet.token}"}, base_url=AT, buffered=True
            )
            if door is delivering:
                assert answer.status_code != 401, rule
            elif door is not anybody:
                assert answer.status_code in (302, 400, 401, 403), rule
                assert "Åkerlund" not in answer.text, rule
