"""What cannot be kept at all is refused whole and plainly; everything else is kept, at worst for a person to see."""

import json
import re
from pathlib import Path

import pytest
from tablets import AT, Tablet, a_tablet, case_file, rows

from app.actions import decide, resolve
from app.actions.enrol import EnrolCodeError, enrol, make_code, revoke_device
from app.actions.open_assessment import declare_no_tie, withdraw
from app.web.quarantine import REASONS
from assessments.problems import ConflictError, ForbiddenError, MissingError

HOUSE = Path(__file__).parents[3]
STORED, TWICE = ("stored", ""), ("duplicate", "")


def held(shop) -> list[str]:
    return [row[0] for row in rows(shop, "quarantine", "id", "state = 'open'")]


BAD = {
    "no json": b"<html>Welcome to our free wireless network</html>",
    "empty": b"",
    "a list": b"[]",
    "no events": b"{}",
    "events of another kind": b'{"events": "all of them"}',
    "a key twice": b'{"events": [], "events": []}',
    "a key twice inside": b'{"events": [{"id": "a", "id": "b"}]}',
    "no number": b'{"events": [{"mono": NaN}]}',
    "endless": b'{"events": [{"mono": Infinity}]}',
    "deep": b'{"events": [' + b"[" * 20_000 + b"]" * 20_000 + b"]}",
    "long number": b'{"events": [{"mono": ' + b"9" * 5_000 + b"}]}",
    "not text": b'{"events": [{"id": "\xff\xfe"}]}',
    "too many": json.dumps({"events": [{}] * 101}).encode(),
    "cut off": b'{"events": [{"id": "019a',
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_what_cannot_be_read_is_refused_whole(out, body):
    shop, tablet = out()
    answer = tablet.post(body)
    assert (answer.status_code, answer.json["code"]) == (400, "body")
    assert rows(shop, "batches") == rows(shop, "quarantine") == rows(shop, "deliveries") == []


def test_five_megabytes_are_too_many(out):
    _, tablet = out()
    assert tablet.post(b'{"events": [], "app": "' + b"a" * 5_000_000 + b'"}').status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_taken(out, kind):
    _, tablet = out()
    assert tablet.post(b'{"events": []}', **{"Content-Type": kind}).status_code == 415


@pytest.mark.parametrize("token", ["", "x", "Bearer", "a" * 5_000, "å"])
def test_an_unknown_token_is_told_nothing(out, token):
    _, tablet = out()
    headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
    answer = tablet.post(b'{"events": []}', **headers)
    assert (answer.status_code, answer.json["code"]) == (401, "token")
    assert tablet.post(b"", Authorization="Basic YTpi").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)  # fmt: skip
def test_a_page_from_elsewhere_delivers_nothing(out, headers):
    _, tablet = out()
    assert tablet.post(b'{"events": []}', **headers).status_code == 403


def test_our_own_page_and_a_program_deliver(out):
    _, tablet = out()
    assert tablet.post(b'{"events": []}', Origin=AT, **{"Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert tablet.post(b'{"events": []}').status_code == 200


ODD = {
    "gate": [
        {"item": "finns-inte"}, {"score": "excellent"}, {"methods": ["HEX"]}, {"at": "igår"}, {"extra": 1},
        {"id": "1"}, {"id": None}, {"kind": "party"}, {"reason": "\x00"}, {"reason": "\ud800"}, {"reason": "a" * 5_000},
    ],
    "envelope": [
        {"device": "x"}, {"seq": 0}, {"seq": "1"}, {"seq": 2**40}, {"seq": None}, {"prev": "z"}, {"mono": 1.5},
        {"device": None}, {"mono": -1}, {"kind": "tablet", "what": "dances", "score": None, "methods": None},
    ],
    "unknown-assessment": [{"assessment": "x"}, {"assessment": None}, {"assessment": 7}, {"assessment": "\n" * 30}],
    "source": [{"source": "desk"}, {"source": "import"}, {"source": None}],
    "not-assigned": [{"actor": "nobody"}],
}  # fmt: skip


@pytest.mark.parametrize(("reason", "changes"), [(reason, each) for reason, odd in ODD.items() for each in odd])
def test_what_the_gate_refuses_waits_for_a_person_and_holds_nobody_up(out, reason, changes):
    shop, tablet = out()
    before, odd, after = tablet.event(), tablet.event(**changes), tablet.event()
    assert tablet.results(before, odd, after) == [STORED, ("quarantined", reason), STORED]
    assert tablet.results(before, odd, after) == [TWICE, ("quarantined", reason), TWICE]
    [(body,)] = rows(shop, "quarantine", "body")
    assert json.loads(body) == odd
    assert len(case_file(shop).unconfirmed) == 2
    assert shop.faults() == []


@pytest.mark.parametrize("nonsense", [None, 1, "text", [], ["x"], {}, {"id": {}}, {"id": ["a"]}, True])
def test_what_is_no_event_at_all_is_kept_too(out_on_both, nonsense):
    shop, tablet = out_on_both()
    assert tablet.results(tablet.event(), nonsense) == [STORED, ("quarantined", "envelope")]
    assert len(held(shop)) == 1


def test_the_same_id_with_other_content_is_kept_beside_the_first(out_on_both):
    shop, tablet = out_on_both()
    one = tablet.event()
    changed = tablet.event(id=one["id"], score="not_met")
    assert tablet.results(one) == [STORED]
    assert tablet.results(changed) == [("quarantined", "id-reused")]
    assert tablet.results(one, changed) == [TWICE, ("quarantined", "id-reused")]
    assert [each.event.score for each in case_file(shop).unconfirmed] == ["met"]


def test_a_number_used_twice_is_told(out):
    shop, tablet = out()
    one, two = tablet.event(), tablet.event(seq=1)
    assert tablet.results(one, two) == [STORED, ("quarantined", "seq-reused")]
    assert tablet.receipt()["count"] == 2
    assert len(held(shop)) == 1


def test_a_desk_event_is_not_overwritten_from_the_field(out):
    shop, tablet = out()
    desk = shop.score(shop.case)
    shop.send(shop.case, desk)
    assert tablet.results(tablet.event(id=desk.id, score="not_met")) == [("quarantined", "id-reused")]
    assert [each.event for each in case_file(shop).stored] == [desk]


def test_another_tablets_event_is_not_taken_in_its_name(out):
    _, tablet = out()
    other = tablet.another()
    stolen = other.event()
    assert tablet.results(stolen) == [("quarantined", "other-device")]
    assert other.results(stolen) == [STORED]


def test_another_tenants_case_is_as_unknown_as_one_that_never_was(out):
    shop, _ = out()
    theirs: Tablet = a_tablet(shop, who="strange-assessor")
    one = theirs.event(actor=shop.actors["assessor"].person)
    other = theirs.event(assessment="nowhere")
    assert theirs.results(one, other) == [("quarantined", "unknown-assessment")] * 2
    assert case_file(shop).unconfirmed == ()
    with pytest.raises((MissingError, ForbiddenError)):
        resolve.accept(shop.tools, shop.actors["coordinator"], held(shop)[0])
    with pytest.raises(ConflictError):
        resolve.accept(shop.tools, shop.actors["stranger"], held(shop)[0])


def test_whoever_has_not_declared_is_heard_when_that_is_mended(out):
    shop, tablet = out("founded")
    case = shop.open(declared=False)
    one = tablet.event(case=case)
    assert tablet.results(one) == [("quarantined", "tie-not-declared")]
    [key] = held(shop)
    with pytest.raises(resolve.StillRefusedError) as still:
        resolve.accept(shop.tools, shop.actors["coordinator"], key)
    assert still.value.details["reason"] == "tie-not-declared"
    declare_no_tie(shop.tools, shop.actors["assessor"], case)
    assert resolve.accept(shop.tools, shop.actors["coordinator"], key) == one["id"]
    assert [each.event.id for each in case_file(shop, case).unconfirmed] == [one["id"]]
    assert tablet.results(one) == [TWICE]
    assert held(shop) == []
    assert shop.faults() == []


def test_a_revoked_tablet_hands_in_for_a_person_to_see(out):
    shop, tablet = out()
    before, after = tablet.event(), tablet.event()
    tablet.results(before)
    revoke_device(shop.tools, shop.actors["coordinator"], tablet.id, "Borttappad på tåget")
    answer = tablet.send(before, after)
    assert answer.json["revoked"] is True
    assert [(each["status"], each["reason"]) for each in answer.json["results"]] == [
        TWICE, ("quarantined", "device-revoked"),
    ]  # fmt: skip
    assert len(case_file(shop).unconfirmed) == 1
    resolve.accept(shop.tools, shop.actors["coordinator"], held(shop)[0])
    assert len(case_file(shop).unconfirmed) == 2
    assert shop.faults() == []


def test_the_same_act_under_a_used_id_can_be_taken_in_under_a_new_one(out_on_both):
    shop, tablet = out_on_both()
    one = tablet.event()
    tablet.results(one, tablet.event(id=one["id"], score="not_met"))
    new = resolve.accept(shop.tools, shop.actors["coordinator"], held(shop)[0])
    assert new != one["id"]
    assert {each.event.score for each in case_file(shop).unconfirmed} == {"met", "not_met"}
    assert shop.faults() == []


def test_what_is_set_aside_stays_readable_and_never_counts(out):
    shop, tablet = out()
    odd = tablet.event(item="finns-inte")
    tablet.results(odd)
    resolve.set_aside(shop.tools, shop.actors["coordinator"], held(shop)[0], "Fel ärende, bedömd på papper")
    [(state, why, body)] = rows(shop, "quarantine", "state, why, body")
    assert (state, why, json.loads(body)) == ("set-aside", "Fel ärende, bedömd på papper", odd)
    assert tablet.results(odd) == [("quarantined", "gate")]
    with pytest.raises(resolve.StillRefusedError):
        resolve.set_aside(shop.tools, shop.actors["coordinator"], rows(shop, "quarantine", "id")[0][0], "En gång till")


@pytest.mark.parametrize("who", ["assessor", "quality", "stranger", "admin"])
def test_only_the_coordinator_empties_the_quarantine(out, who):
    shop, tablet = out()
    tablet.results(tablet.event(item="finns-inte"))
    with pytest.raises((ForbiddenError, MissingError)):
        resolve.accept(shop.tools, shop.actors[who], held(shop)[0])
    with pytest.raises((ForbiddenError, MissingError)):
        resolve.set_aside(shop.tools, shop.actors[who], held(shop)[0], "Det passar inte")


def test_a_withdrawn_case_takes_nothing_in(out):
    shop, tablet = out()
    withdraw(shop.tools, shop.actors["coordinator"], shop.case, "Kandidaten slutade hos oss")
    assert tablet.results(tablet.event()) == [("quarantined", "withdrawn")]


def test_acts_after_the_decision_are_late_and_told_when_they_would_have_mattered(out_on_both):
    shop, tablet = out_on_both("decided")
    same, other = tablet.event(replaces=heads(shop)), tablet.note("allt gick bra")
    assert tablet.results(other) == [("quarantined", "late")]
    assert rows(shop, "quarantine", "changes_verdict") == [(0,)]
    same["score"] = "not_met"
    assert tablet.results(same) == [("quarantined", "late")]
    assert {flag for (flag,) in rows(shop, "quarantine", "changes_verdict")} == {1}
    before = case_file(shop).standing.digest
    shop.approve(shop.case)
    assert case_file(shop).standing.digest == before
    assert shop.given.award
    assert shop.faults() == []


def test_a_late_act_comes_in_when_the_decision_is_taken_back(out):
    shop, tablet = out("decided")
    late = tablet.note("kom ihåg skyddsglasögonen")
    tablet.results(late)
    with pytest.raises(resolve.StillRefusedError):
        resolve.accept(shop.tools, shop.actors["coordinator"], held(shop)[0])
    decide.take_back(shop.tools, shop.actors["assessor"], shop.case)
    resolve.accept(shop.tools, shop.actors["coordinator"], held(shop)[0])
    assert [each.event.id for each in case_file(shop).unconfirmed] == [late["id"]]


def heads(shop) -> list[str]:
    return [each.id for each in case_file(shop).standing.heads["score", "M1.1"]]


def test_every_reason_has_words():
    source = (HOUSE / "app/actions/taking.py").read_text()
    assert set(re.findall(r'Refusal\(\s*"([a-z-]+)"', source)) | {"late", "withdrawn"} == set(REASONS)


def test_a_code_enrols_one_tablet_within_a_quarter_of_an_hour(out):
    shop, _ = out()
    code = make_code(shop.tools, shop.actors["coordinator"], shop.provider)
    enrol(shop.tools, f" {code[:5].lower()}-{code[5:]}", "En")
    with pytest.raises(EnrolCodeError):
        enrol(shop.tools, code, "Två")
    late = make_code(shop.tools, shop.actors["coordinator"], shop.provider)
    shop.clock.forward(minutes=16)
    with pytest.raises(EnrolCodeError):
        enrol(shop.tools, late, "Tre")
    with pytest.raises(EnrolCodeError):
        enrol(shop.tools, "0000000000", "Fyra")
    assert len(rows(shop, "devices")) == 2


@pytest.mark.parametrize("who", ["quality", "admin", "editor", "stranger"])
def test_only_assessors_and_coordinators_enrol_tablets(out, who):
    shop, _ = out()
    with pytest.raises((ForbiddenError, MissingError)):
        make_code(shop.tools, shop.actors[who], shop.provider)


def test_no_secret_of_a_tablet_lies_in_the_database(out):
    shop, tablet = out()
    code = make_code(shop.tools, shop.actors["assessor"], shop.provider)
    whole = repr([rows(shop, table) for table in ("devices", "enrolments", "ledger", "batches")])
    assert tablet.token not in whole
    assert code not in whole
