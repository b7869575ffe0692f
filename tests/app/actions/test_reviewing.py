"""Quality assurance is another person's, by person and not by account, on the decision that was shown."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from workshop import ASSURED, BODY, PASSWORD, PROVIDER, email

from app.actions import grants, people, review
from app.actions.rederive import RecordChangedError
from app.store import assessments, awards, decisions, intents
from app.store import people as known
from assessments.problems import (
    ChangedMeanwhileError,
    ForbiddenError,
    InvalidError,
    MissingError,
    NoGrantError,
    SamePersonError,
)


def state(shop):
    with shop.tools.read() as tx:
        return assessments.find(tx, shop.case).state


def given(shop):
    with shop.tools.read() as tx:
        return awards.of_assessment(tx, shop.case)


def approve(shop, who="quality", actor=None, decision=None):
    actor, decision = actor or shop.actors[who], decision or shop.waiting(shop.case)
    return review.approve(shop.tools, actor, shop.case, decision=decision, comment=ASSURED)


def test_approval_freezes_the_award_and_wants_it_issued(shop_on_both):
    shop = shop_on_both("decided")
    award = approve(shop)
    [found] = given(shop)
    assert (found.id, found.number, found.issued_at, found.status(shop.tools.today())) == (award, None, None, "issuing")
    assert found.award.holder.name == "Erik Åkerlund-Łoś"
    assert [each.id for each in found.award.modules] == ["M1", "M2"]
    assert found.award.whole
    assert len(found.token) == 22
    assert state(shop) == "awarded"
    with shop.tools.read() as tx:
        assert [each.module for each in awards.records(tx, award)] == ["", "M1", "M2"]
        assert len({each.status_index for each in awards.records(tx, award)}) == 3
        assert intents.of(tx, "issue", award).id in intents.due(tx, shop.tools.now())
    assert shop.faults() == []


def test_approving_twice_gives_one_award(shop_on_both):
    shop = shop_on_both("decided")
    decision = shop.waiting(shop.case)
    approve(shop)
    with pytest.raises(MissingError):
        approve(shop, decision=decision)
    assert len(given(shop)) == 1


def test_two_who_approve_at_once_give_one_award(shop_on_both):
    shop = shop_on_both("decided")
    decision, start, answers = shop.waiting(shop.case), Barrier(3), []

    def submit():
        start.wait()
        try:
            answers.append(approve(shop, decision=decision))
        except MissingError:
            answers.append(None)

    threads = [Thread(target=submit) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(answers) == 3
    assert [each.id for each in given(shop)] == [each for each in answers if each]
    assert len(given(shop)) == 1
    assert shop.faults() == []


def test_a_decision_that_is_no_longer_the_one_shown_is_not_approved(shop):
    shop = shop("decided")
    old = shop.waiting(shop.case)
    review.send_back(shop.tools, shop.actors["quality"], shop.case, decision=old, reasons="Fotot visar en annan skarv.")
    shop.decide(shop.case)
    with pytest.raises(ChangedMeanwhileError):
        approve(shop, decision=old)
    assert given(shop) == []


def test_a_return_gives_reasons_and_the_case_back(shop_on_both):
    shop = shop_on_both("decided")
    decision = shop.waiting(shop.case)
    with pytest.raises(InvalidError):
        review.send_back(shop.tools, shop.actors["quality"], shop.case, decision=decision, reasons="  nej  ")
    review.send_back(shop.tools, shop.actors["quality"], shop.case, decision=decision, reasons="Fotot är för mörkt.")
    assert state(shop) == "assessing"
    with shop.tools.read() as tx:
        [said] = decisions.reviews(tx, shop.case)
        assert (said.approved, said.reasons) == (False, "Fotot är för mörkt.")
        assert [each.state for each in decisions.of(tx, shop.case)] == ["returned"]
    shop.decide(shop.case)
    assert approve(shop)
    assert shop.faults() == []


@pytest.mark.parametrize(("who", "refusal"), [
    ("coordinator", ForbiddenError), ("assessor", ForbiddenError), ("editor", MissingError), ("admin", MissingError),
    ("strange-quality", MissingError), ("stranger", MissingError),
])  # fmt: skip
def test_others_do_not_assure(shop, who, refusal):
    shop = shop("decided")
    with pytest.raises(refusal):
        approve(shop, who)
    with pytest.raises(refusal):
        review.send_back(shop.tools, shop.actors[who], shop.case, decision=shop.waiting(shop.case), reasons=ASSURED)
    assert state(shop) == "decided"


@pytest.mark.parametrize("who", ["assessor", "second"])
def test_an_assessor_of_the_case_does_not_assure_it_with_another_role(shop, who):
    """`second` judged nothing, but was asked to."""
    shop = shop("decided")
    people.add_role(shop.tools, None, person=shop.actors[who].person, organisation=PROVIDER, role="quality-assurer")
    with pytest.raises(SamePersonError):
        approve(shop, actor=shop.again(who))
    with pytest.raises(SamePersonError):
        review.send_back(shop.tools, shop.again(who), shop.case, decision=shop.waiting(shop.case), reasons=ASSURED)
    assert given(shop) == []


def test_a_second_account_of_the_same_person_changes_nothing(shop):
    shop = shop("decided")
    person = shop.actors["assessor"].person
    people.add_person(
        shop.tools, None, name="J. Bergström", email="annan@intyga.example", password=PASSWORD, organisation=PROVIDER,
        role="quality-assurer", person=person,
    )  # fmt: skip
    with shop.tools.read() as tx:
        other = known.actor(tx, known.account(tx, "annan@intyga.example").id)
    assert (other.person, other.account) != (person, shop.actors["assessor"].account)
    assert other.person == person
    with pytest.raises(SamePersonError):
        approve(shop, actor=other)


def test_who_judged_before_being_taken_off_still_counts_as_having_judged(shop):
    shop = shop("opened")
    shop.send(shop.case, shop.score(shop.case, "M2.2", who="second"), who="second")
    shop.judge(shop.case)
    shop.decide(shop.case)
    people.add_role(shop.tools, None, person=shop.actors["second"].person, organisation=PROVIDER,
                    role="quality-assurer")  # fmt: skip
    with shop.tools.begin() as tx:
        tx.execute(text("DELETE FROM assignments WHERE person = :person"), {"person": shop.actors["second"].person})
    with pytest.raises(SamePersonError):
        approve(shop, actor=shop.again("second"))


def test_without_a_grant_on_the_day_of_approval_nothing_is_awarded(shop):
    shop = shop("decided")
    with shop.tools.read() as tx:
        grant = tx.execute(text("SELECT id FROM grants")).scalar_one()
    grants.revoke(shop.tools, shop.actors["editor"], grant, "Leverantören har slutat med yrket.")
    with pytest.raises(NoGrantError):
        approve(shop)
    assert (state(shop), given(shop)) == ("decided", [])
    grants.give(shop.tools, shop.actors["editor"], owner=shop.ids[BODY], provider=shop.provider, standard="provyrke")
    assert approve(shop)


TAMPERED = {
    "an event's score": 'UPDATE events SET body = replace(body, \'"score":"met"\', \'"score":"not_met"\')',
    "an event that is gone": "DELETE FROM events WHERE body LIKE '%0,3%'",
    "every event": "DELETE FROM events",
    "a motivation": "UPDATE decisions SET body = replace(body, 'visade', 'skulle visa')",
    "the verdict": "UPDATE decisions SET body = replace(body, 'competent', 'partly')",
    "the name": "UPDATE candidates SET name = 'Någon Annan'",
    "the birth date": "UPDATE candidates SET birth_date = '2001-01-01'",
    "a limit": 'UPDATE assessments SET tightened = \'{"most":"0.4"}\'',
    "the provider's name": "UPDATE organisations SET name = 'Kungliga Provningen' WHERE kind = 'provider'",
    "the declaration": "UPDATE assignments SET no_tie = 0",
    "the edition": "UPDATE editions SET resolved = CAST(replace(CAST(resolved AS TEXT), 'true', 'false') AS BLOB)",
    "the grant": "UPDATE grants SET given_on = '2020-01-01'",
    "a salt": "UPDATE salts SET salt = 'x' WHERE entry IN (SELECT entry FROM events)",
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_record_changed_behind_our_back_is_not_approved(shop, what):
    shop = shop("decided")
    decision = shop.waiting(shop.case)
    with shop.tools.begin() as tx:
        tx.execute(text(TAMPERED[what]))
    with pytest.raises(RecordChangedError) as refused:
        approve(shop, decision=decision)
    assert refused.value.details["faults"]
    assert (state(shop), given(shop)) == ("decided", [])
    assert shop.faults()


def test_where_nothing_is_achieved_approval_closes_the_case(shop):
    shop = shop("opened")
    shop.send(shop.case, *(shop.score(shop.case, item, score="not_met") for item in ("M1.1", "M2.1", "M2.2")))
    shop.decide(shop.case)
    assert approve(shop) is None
    assert (state(shop), given(shop)) == ("closed", [])
    assert shop.faults() == []


def test_a_part_that_is_achieved_is_awarded_as_a_part(shop):
    shop = shop("opened")
    first, measure, *_ = shop.everything(shop.case)
    shop.send(shop.case, first, measure, shop.score(shop.case, "M1.1"), shop.score(shop.case, "M2.1", score="not_met"))
    shop.decide(shop.case)
    approve(shop)
    [found] = given(shop)
    assert (found.award.result_id, [each.id for each in found.award.modules]) == ("intyg", ["M1"])
    assert [each["sv"] for each in found.award.not_assessed] == ["Dokumentera"]


def test_nothing_is_approved_that_was_never_decided(shop):
    shop = shop("judged")
    with pytest.raises(MissingError):
        approve(shop, decision="019a0000-0000-7000-8000-000000000001")


def test_an_account_that_was_disabled_is_nobody(shop):
    shop = shop("decided")
    account = shop.actors["quality"].account
    people.disable_account(shop.tools, None, email("quality"))
    with shop.tools.read() as tx:
        assert known.actor(tx, account) is None
