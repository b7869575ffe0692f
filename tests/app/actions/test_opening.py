"""A case is opened once, for a real person, against a granted standard, by assessors who belong to the provider."""

from decimal import Decimal
from threading import Barrier, Thread

import pytest
from msgspec.structs import replace
from workshop import BODY, HOLDER, OTHER

from app.actions import grants
from app.actions.open_assessment import TieNotDeclaredError, declare_no_tie, open_assessment, withdraw
from app.store import assessments
from assessments.problems import (
    ForbiddenError,
    InvalidError,
    LoosenedParameterError,
    MissingError,
    NoGrantError,
    WrongStateError,
)


def opened(shop, key):
    with shop.tools.read() as tx:
        return assessments.find(tx, key)


def cases(shop):
    with shop.tools.read() as tx:
        return [each.id for each in assessments.of_provider(tx, shop.provider)]


def attempt(shop, who="coordinator", provider=None, assessor="assessor", **changes):
    fields = {
        "provider": provider or shop.provider, "edition": shop.edition, "candidate": HOLDER,
        "assessors": (shop.actors[assessor].person,), "key": shop.tools.new_id(),
    }  # fmt: skip
    return open_assessment(shop.tools, shop.actors[who], **fields | changes)


def test_a_case_says_who_is_assessed_for_what_by_whom(shop_on_both):
    shop = shop_on_both()
    key = shop.open(declared=False)
    case = opened(shop, key)
    assert (case.candidate.name, case.candidate.birth_date) == (HOLDER.name, HOLDER.birth_date)
    assert (case.standard, case.edition_name, case.edition) == ("provyrke", "2026.1", shop.edition)
    assert (case.state, case.imported, case.chosen) == ("planned", False, ("M1", "M2"))
    assert {each.person for each in case.assigned} == {shop.actors[who].person for who in ("assessor", "second")}
    assert not any(each.no_tie for each in case.assigned)
    assert shop.faults() == []


def test_a_double_submit_opens_one_case(shop_on_both):
    shop = shop_on_both()
    key = shop.tools.new_id()
    assert {shop.open(key=key, declared=False) for _ in range(3)} == {key}
    assert cases(shop) == [key]


def test_a_double_submit_at_the_same_moment_opens_one_case(shop_on_both):
    shop = shop_on_both()
    key, start, answers = shop.tools.new_id(), Barrier(4), []

    def submit():
        start.wait()
        try:
            answers.append(shop.open(key=key, declared=False))
        except Exception as fault:  # noqa: BLE001 told below
            answers.append(fault)

    threads = [Thread(target=submit) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == [key] * 4
    assert cases(shop) == [key]
    assert shop.faults() == []


def test_anothers_case_is_not_told_by_its_id(shop):
    shop = shop()
    key = shop.open()
    with pytest.raises(MissingError):
        attempt(shop, "stranger", shop.ids[OTHER], "strange-assessor", key=key)


@pytest.mark.parametrize("key", ["", "x", "../../etc", "0" * 36, "019A0000-0000-7000-8000-000000000001"])
def test_an_id_that_is_none_is_refused(shop, key):
    with pytest.raises(InvalidError):
        attempt(shop(), key=key)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""}, {"name": "   "}, {"name": "x" * 81}, {"name": "Erik\u202eAB"}, {"name": "Erik\x00"},
        {"birth_date": ""}, {"birth_date": "1991-02-30"}, {"birth_date": "19910228"}, {"birth_date": "2999-01-01"},
        {"birth_date": "1899-12-31"}, {"reference": "x" * 61}, {"email": "erik"}, {"email": "a@b\nBcc: c@d"},
        {"email": "a@b, c@d"}, {"language": "xx"}, {"language": ""},
    ],
)  # fmt: skip
def test_a_candidate_who_cannot_be_printed_or_reached_is_refused(shop, changes):
    shop = shop()
    with pytest.raises(InvalidError) as refused:
        shop.open(replace(HOLDER, **changes))
    assert refused.value.details["field"] in changes
    assert cases(shop) == []


def test_names_are_kept_in_one_form(shop):
    shop = shop()
    case = opened(shop, shop.open(replace(HOLDER, name="  A\u030asa \u00a0 Öberg ", email=" Asa@Intyga.Example ")))
    assert case.candidate.name == "Åsa Öberg"
    assert case.candidate.email == "asa@intyga.example"


@pytest.mark.parametrize("who", ["assessor", "quality"])
def test_only_a_coordinator_opens(shop, who):
    with pytest.raises(ForbiddenError):
        attempt(shop(), who)


@pytest.mark.parametrize("who", ["stranger", "editor", "admin", "strange-assessor"])
def test_to_others_the_provider_does_not_exist(shop, who):
    with pytest.raises(MissingError):
        attempt(shop(), who)


def test_without_a_grant_there_is_no_case_and_with_one_of_the_same_day_there_is(shop):
    shop = shop()
    other = shop.ids[OTHER]
    with pytest.raises(NoGrantError):
        attempt(shop, "stranger", other, "strange-assessor")
    grants.give(shop.tools, shop.actors["editor"], owner=shop.ids[BODY], provider=other, standard="provyrke")
    assert opened(shop, attempt(shop, "stranger", other, "strange-assessor")).provider == other


@pytest.mark.parametrize("who", [(), ("quality",), ("assessor", "strange-assessor"), ("coordinator",)])
def test_assessors_are_the_providers_own(shop, who):
    shop = shop()
    with pytest.raises(MissingError):
        attempt(shop, assessors=tuple(shop.actors[each].person for each in who))


def test_an_unknown_edition_is_missing(shop):
    with pytest.raises(MissingError):
        attempt(shop(), edition="0" * 64)


def test_a_limit_may_be_tightened_and_never_loosened(shop):
    shop = shop()
    key = shop.open(tightened={"most": Decimal("0.4")}, chosen=("M1",))
    assert opened(shop, key).tightened == {"most": "0.4"}
    assert opened(shop, key).chosen == ("M1",)
    with pytest.raises(LoosenedParameterError):
        shop.open(tightened={"most": Decimal("0.6")})
    with pytest.raises(InvalidError):
        shop.open(chosen=("M9",))
    assert cases(shop) == [key]
    assert shop.faults() == []


def test_a_declaration_is_ones_own(shop):
    shop = shop()
    key = shop.open(declared=False)
    declare_no_tie(shop.tools, shop.actors["second"], key)
    declare_no_tie(shop.tools, shop.actors["second"], key)
    assert {each.name: each.no_tie for each in opened(shop, key).assigned} == {
        "Amina Warsame": True,
        "Johan Bergström": False,
    }
    with pytest.raises(TieNotDeclaredError):
        shop.send(key, shop.score(key))
    for who in ("strange-assessor", "admin"):
        with pytest.raises(MissingError):
            declare_no_tie(shop.tools, shop.actors[who], key)
    with pytest.raises(ForbiddenError):
        declare_no_tie(shop.tools, shop.actors["coordinator"], key)
    assert shop.faults() == []


def test_a_case_can_be_withdrawn_until_it_is_decided(shop):
    house = shop("judged")
    with pytest.raises(ForbiddenError):
        withdraw(house.tools, house.actors["assessor"], house.case, "Kandidaten har flyttat.")
    with pytest.raises(MissingError):
        withdraw(house.tools, house.actors["stranger"], house.case, "Kandidaten har flyttat.")
    withdraw(house.tools, house.actors["coordinator"], house.case, "Kandidaten har flyttat.")
    assert opened(house, house.case).state == "withdrawn"
    with pytest.raises(WrongStateError):
        withdraw(house.tools, house.actors["coordinator"], house.case, "Kandidaten har flyttat.")
    with pytest.raises(WrongStateError):
        house.send(house.case, house.score(house.case))
    assert house.faults() == []
    decided = shop("decided")
    with pytest.raises(WrongStateError):
        withdraw(decided.tools, decided.actors["coordinator"], decided.case, "Kandidaten har flyttat.")
