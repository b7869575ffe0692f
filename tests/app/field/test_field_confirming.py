"""A tablet's acts are claims until the person they name stands for them; practice stays practice."""

import pytest
from tablets import AT, case_file, rows
from workshop import ASSURED, HOLDER

from app.actions import candidate_code, checkout, decide, review
from app.actions.confirm import confirm, track, track_digest
from app.actions.enrol import DeviceRevokedError, revoke_device
from app.actions.erase import erase
from app.actions.open_assessment import withdraw
from app.actions.rederive import judged
from app.exports import export_case
from app.store import candidate_codes, confirmations, decisions, proofs
from app.web.confirm import signed
from assessments.event import SignedOff
from assessments.problems import (
    ChangedMeanwhileError,
    ForbiddenError,
    InvalidError,
    MissingError,
    PracticeError,
    WrongStateError,
)

STORED = ("stored", "")


def stand_for(shop, who="assessor", only=None):
    person = shop.actors[who]
    found = case_file(shop)
    ids = only or {each.event.id for each in track(found, person.person)}
    return confirm(shop.tools, person, shop.case, seen=track_digest(found, person.person), events=frozenset(ids))


def judged_in_the_field(tablet):
    """All that the standard asks for, without the photo's own evidence."""
    common = {"item": "M1.1"}
    sent = [
        tablet.event(kind="prerequisite", item="first-aid", issued="2025-11-01"),
        tablet.event(kind="fact", fact="measure", value="0,3", **common), tablet.event(),
        tablet.event(item="M2.1", methods=["SAM"]), tablet.event(item="M2.2", methods=["SAM"]),
        tablet.event(kind="evidence", item="M2.1", evidence="photo", day="2026-11-24", text="visat på plats"),
    ]  # fmt: skip
    assert tablet.results(*sent) == [STORED] * len(sent)
    return sent


def test_claims_count_for_nothing_until_their_person_stands_for_them(out_on_both):
    shop, tablet = out_on_both()
    judged_in_the_field(tablet)
    assert decide.propose(shop.tools, case_file(shop)).verdict == "incomplete"
    stand_for(shop)
    found = case_file(shop)
    assert found.unconfirmed == ()
    assert decide.propose(shop.tools, found).verdict == "competent"
    assert shop.faults() == []


def test_the_whole_way_from_the_field_to_an_issued_certificate(out_on_both):
    shop, tablet = out_on_both()
    judged_in_the_field(tablet)
    stand_for(shop)
    shop.decide(shop.case)
    assert shop.approve(shop.case)
    shop.work()
    assert shop.given.issued_at
    assert shop.faults() == []


def test_nobody_stands_for_another(out):
    shop, tablet = out()
    mine = tablet.event()
    tablet.results(mine)
    with pytest.raises(InvalidError):
        stand_for(shop, "second", only={mine["id"]})
    for who in ("coordinator", "quality", "stranger", "strange-assessor"):
        with pytest.raises((ForbiddenError, MissingError)):
            stand_for(shop, who, only={mine["id"]})


def test_only_what_was_seen_is_stood_for(out):
    shop, tablet = out()
    first = tablet.event()
    tablet.results(first)
    person = shop.actors["assessor"]
    seen = track_digest(case_file(shop), person.person)
    tablet.results(tablet.note("kom senare"))
    with pytest.raises(ChangedMeanwhileError):
        confirm(shop.tools, person, shop.case, seen=seen, events=frozenset({first["id"]}))


def test_a_part_can_be_stood_for_and_the_rest_goes_on_waiting(out):
    shop, tablet = out()
    one, two = tablet.event(), tablet.event(item="M2.1", methods=["SAM"], score="not_met")
    tablet.results(one, two)
    stand_for(shop, only={one["id"]})
    found = case_file(shop)
    assert set(found.standing.scores) == {"M1.1"}
    assert [each.event.id for each in found.unconfirmed] == [two["id"]]
    with pytest.raises(InvalidError):
        stand_for(shop, only={one["id"]})


def test_nothing_is_stood_for_after_the_decision(out):
    shop, tablet = out("judged")
    tablet.results(tablet.note("från fältet"))
    shop.decide(shop.case)
    with pytest.raises(WrongStateError):
        stand_for(shop)


def test_a_claim_nobody_stood_for_still_keeps_its_person_from_quality_assuring(out):
    shop, tablet = out("judged")
    tablet.results(tablet.note("från fältet", who="second"))
    shop.decide(shop.case)
    with shop.tools.read() as tx:
        waiting = decisions.waiting(tx, shop.case)
    assert shop.actors["second"].person in judged(case_file(shop), waiting)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM confirmations",
        "UPDATE confirmations SET events = '[]'",
        "UPDATE confirmations SET person = (SELECT id FROM people WHERE name = 'Amina Warsame')",
    ],
)
def test_a_confirmation_that_somebody_edits_is_found(out, statement):
    from sqlalchemy import text  # noqa: PLC0415 only this test meddles

    shop, tablet = out()
    tablet.results(tablet.event())
    stand_for(shop)
    with shop.tools.begin() as tx:
        tx.execute(text(statement))
    assert shop.faults() != []


def test_a_confirmation_that_was_never_given_is_found(out):
    shop, tablet = out()
    one = tablet.event()
    tablet.results(one)
    with shop.tools.begin() as tx:
        confirmations.add(
            tx,
            confirmations.Confirmation(
                id="x", assessment=shop.case, person=shop.actors["assessor"].person, digest="a" * 64,
                events=(one["id"],), at=shop.tools.now(), entry="x",
            ),
        )  # fmt: skip
    with shop.tools.read() as tx:
        assert [each for each in proofs.faults(tx) if "confirmation x" in each]


def test_while_a_tablet_has_the_case_nothing_is_decided(out_on_both):
    shop, tablet = out_on_both("judged")
    for _ in range(2):
        checkout.take_along(shop.tools, shop.actors["assessor"], shop.case, tablet.id)
    with pytest.raises(checkout.StillOutError) as still:
        shop.decide(shop.case)
    assert still.value.details["devices"] == ["Plattan"]
    returned = tablet.event(kind="tablet", what="returned", assessment=shop.case, actor="", item=None, replaces=None)
    assert tablet.results(returned) == [STORED]
    assert rows(shop, "checkouts", "how") == [("returned",)]
    assert shop.decide(shop.case)


@pytest.mark.parametrize("how", ["declared", "lost"])
def test_a_silent_tablet_is_declared_back_with_a_reason(out, how):
    shop, tablet = out("judged")
    checkout.take_along(shop.tools, shop.actors["assessor"], shop.case, tablet.id)
    [(key,)] = rows(shop, "checkouts", "id")
    with pytest.raises(InvalidError):
        checkout.bring_back(shop.tools, shop.actors["assessor"], key, how, " ")
    for who in ("quality", "stranger", "strange-assessor"):
        with pytest.raises((ForbiddenError, MissingError)):
            checkout.bring_back(shop.tools, shop.actors[who], key, how, "Föll i brunnen")
    checkout.bring_back(shop.tools, shop.actors["assessor"], key, how, "Föll i brunnen")
    assert rows(shop, "checkouts", "how, why") == [(how, "Föll i brunnen")]
    assert shop.decide(shop.case)


def test_a_case_goes_out_only_with_its_own_assessor_on_a_tablet_of_the_house(out):
    shop, tablet = out("founded")
    case = shop.open(HOLDER, "assessor")
    with pytest.raises(MissingError):
        checkout.take_along(shop.tools, shop.actors["second"], case, tablet.id)
    with pytest.raises(MissingError):
        checkout.take_along(shop.tools, shop.actors["assessor"], case, "nowhere")
    from tablets import a_tablet  # noqa: PLC0415 a stranger's

    theirs = a_tablet(shop, tablet.flask, "strange-assessor")
    with pytest.raises(MissingError):
        checkout.take_along(shop.tools, shop.actors["assessor"], case, theirs.id)
    revoke_device(shop.tools, shop.actors["assessor"], tablet.id, "Gammal")
    with pytest.raises(DeviceRevokedError):
        checkout.take_along(shop.tools, shop.actors["assessor"], case, tablet.id)


def a_code(shop):
    code = candidate_code.make_candidate_code(shop.tools, shop.actors["coordinator"], shop.case)
    with shop.tools.read() as tx:
        return code, candidate_codes.of(tx, [shop.case])[shop.case].salt


def test_the_candidate_signs_with_an_own_code(out_on_both):
    shop, tablet = out_on_both()
    code, salt = a_code(shop)
    first = tablet.event()
    agreed = tablet.signs(code, salt)
    declined = tablet.signs(code, salt, declined=True, comment="Jag håller inte med om M1.1")
    assert tablet.results(first, agreed, declined) == [STORED] * 3
    stand_for(shop)
    assert [each.declined for each in case_file(shop).standing.sign_offs] == [False, True]


@pytest.mark.parametrize("how", ["no code was made", "wrong code", "no proof", "the proof of another"])
def test_nobody_signs_for_the_candidate(out, how):
    shop, tablet = out()
    code, salt = a_code(shop) if how != "no code was made" else ("123456", "salt")
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    sent = tablet.signs(wrong if how == "wrong code" else code, salt)
    if how == "no proof":
        sent.pop("proof")
    if how == "the proof of another":
        sent["proof"] = tablet.signs(code, salt, declined=True)["proof"]
    assert tablet.results(sent) == [("quarantined", "candidate-code")]


def test_only_the_coordinator_hands_out_the_candidates_code(out):
    shop, _ = out()
    for who in ("assessor", "quality", "stranger"):
        with pytest.raises((ForbiddenError, MissingError)):
            candidate_code.make_candidate_code(shop.tools, shop.actors[who], shop.case)


def test_a_sign_off_is_held_against_what_arrived(out):
    shop, tablet = out()
    first, second = tablet.event(), tablet.note("två")
    good = tablet.signs()
    lie = tablet.signs(digest="b" * 64)
    tablet.results(first, good, lie)

    def said(sent) -> str:
        from app.store import deliveries  # noqa: PLC0415 only here

        with shop.tools.read() as tx:
            came = deliveries.of_case(tx, shop.case)
            event = next(e.event for e in case_file(shop).unconfirmed if e.event.id == sent["id"])
            assert isinstance(event, SignedOff)
            return signed(tx, event, came[sent["id"]])

    assert (said(good), said(lie)) == ("gap", "gap")
    tablet.results(second)
    assert (said(good), said(lie)) == ("ok", "no")


def test_practice_is_never_decided_approved_or_carried_out(out_on_both):
    shop, tablet = out_on_both("founded")
    case = shop.open(practice=True)
    shop.judge(case)
    for who in ("assessor", "second"):
        with pytest.raises(PracticeError):
            shop.decide(case, who)
    with pytest.raises(PracticeError):
        export_case(shop.tools, case)
    assert tablet.results(tablet.event(case=case)) == [STORED]
    assert shop.faults() == []


def test_practice_cannot_be_made_real_behind_our_backs(out):
    from sqlalchemy import text  # noqa: PLC0415 only this test meddles

    shop, _ = out("founded")
    case = shop.open(practice=True)
    shop.judge(case)
    with shop.tools.begin() as tx:
        tx.execute(text("UPDATE assessments SET practice = 0"))
    shop.decide(case)
    with pytest.raises(Exception, match="record-changed"):
        review.approve(shop.tools, shop.actors["quality"], case, decision=shop.waiting(case), comment=ASSURED)


def test_an_erased_person_leaves_no_trace_in_the_field_tables(out_on_both):
    shop, tablet = out_on_both()
    secret, case = "Erik darrade på handen", shop.case
    one, odd = tablet.note(secret), tablet.note(secret, item="finns-inte")
    other = tablet.note("en annan", case=shop.open())
    tablet.results(one, odd, other)
    candidate_code.make_candidate_code(shop.tools, shop.actors["coordinator"], case)
    checkout.take_along(shop.tools, shop.actors["assessor"], case, tablet.id)
    withdraw(shop.tools, shop.actors["coordinator"], case, "Slutade hos oss i höst")
    erase(shop.tools, case_file(shop, case).assessment.candidate.id)
    tables = ("batches", "deliveries", "quarantine", "events", "checkouts", "candidate_codes")
    assert secret not in repr([rows(shop, table) for table in tables])
    assert rows(shop, "candidate_codes") == []
    assert tablet.receipt()["seq"] == 3
    assert tablet.results(one, other)[1] == ("duplicate", "")
    assert secret not in repr(rows(shop, "events")) + repr(rows(shop, "quarantine"))
    assert shop.faults() == []


def test_the_desk_may_write_beside_claims(out):
    shop, tablet = out()
    tablet.results(tablet.event(score="not_met"))
    shop.send(shop.case, shop.score(shop.case))
    assert case_file(shop).standing.scores["M1.1"].score == "met"
    stand_for(shop)
    assert ("score", "M1.1") in case_file(shop).standing.conflicts


def test_an_empty_look_at_the_desk_is_no_way_in(out):
    _, tablet = out()
    assert tablet.client.get(f"/arenden/{tablet.shop.case}/bekrafta", base_url=AT).status_code == 302
