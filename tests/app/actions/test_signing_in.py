"""Passwords, locks, session ages and links: who is let in, for how long, and what nobody is told."""

import pytest
from msgspec.structs import replace
from sqlalchemy import text
from workshop import HOLDER, PASSWORD, PROVIDER, email

from app.actions import links, people, sign_in
from app.actions.links import LinkUsedError
from app.actions.sign_in import HASHER, LOCK, UNKNOWN, SignInError, WeakPasswordError, visitor
from app.policy import Membership
from app.store import erasure
from app.store import people as known
from assessments.problems import ForbiddenError, InvalidError, MissingError

WRONG = "fel fel fel fel"


def refused(shop, password=WRONG, who="assessor"):
    with pytest.raises(SignInError) as caught:
        sign_in.sign_in(shop.tools, email(who), password)
    assert caught.value.details == {}


def account(shop, who="assessor"):
    with shop.tools.read() as tx:
        return known.account(tx, email(who))


def test_the_right_password_opens_a_session_of_that_person(shop_on_both):
    shop = shop_on_both()
    secret = sign_in.sign_in(shop.tools, f" {email('assessor').upper()} ", PASSWORD)
    actor = visitor(shop.tools, secret).actor
    assert (actor.person, actor.name) == (shop.actors["assessor"].person, "Johan Bergström")
    assert actor.memberships == (Membership(shop.provider, "assessor"),)
    with shop.tools.read() as tx:
        assert secret not in repr(list(tx.execute(text("SELECT * FROM sessions"))))


@pytest.mark.parametrize("password", ["", "fel", PASSWORD.upper(), PASSWORD + " ", "x" * 100_000, "\x00", "\ud800"])
def test_a_wrong_password_is_told_like_an_unknown_address(shop, password):
    shop = shop()
    refused(shop, password)
    refused(shop, password, "nobody")
    assert account(shop).failures == 1


def test_an_unknown_address_costs_the_same_hash_as_a_known_one():
    """The stand-in is made with the same settings, so that verifying it takes the same work."""
    assert not HASHER.check_needs_rehash(UNKNOWN)
    assert not HASHER.check_needs_rehash(sign_in.hash_password(PASSWORD))


def test_after_ten_failures_also_the_right_password_waits(shop_on_both):
    shop = shop_on_both()
    for _ in range(9):
        refused(shop)
    assert account(shop).locked_until is None
    refused(shop)
    refused(shop, PASSWORD)
    shop.clock.forward(seconds=LOCK.total_seconds() - 5)
    refused(shop, PASSWORD)
    shop.clock.forward(seconds=10)
    assert sign_in.sign_in(shop.tools, email("assessor"), PASSWORD)
    assert (account(shop).failures, account(shop).locked_until) == (0, None)


def test_each_failure_after_that_doubles_the_wait_up_to_an_hour(shop):
    shop = shop()
    with shop.tools.begin() as tx:
        known.change_account(tx, account(shop).id, failures=9)
    waits = []
    for _ in range(9):
        refused(shop)
        waits.append((account(shop).locked_until - shop.clock.at).total_seconds() / 60)
        shop.clock.forward(hours=2)
    assert [round(each) for each in waits] == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_lock_is_one_accounts_own(shop):
    shop = shop()
    with shop.tools.begin() as tx:
        known.change_account(tx, account(shop).id, failures=10, locked_until=shop.tools.now().replace(year=2999))
    refused(shop, PASSWORD)
    assert sign_in.sign_in(shop.tools, email("quality"), PASSWORD)


def test_a_disabled_account_and_a_damaged_hash_let_nobody_in(shop):
    shop = shop()
    secret = sign_in.sign_in(shop.tools, email("assessor"), PASSWORD)
    people.disable_account(shop.tools, shop.actors["admin"], email("assessor"))
    assert visitor(shop.tools, secret) is None
    refused(shop, PASSWORD)
    with shop.tools.begin() as tx:
        known.change_account(tx, account(shop, "quality").id, password="no hash")
    refused(shop, PASSWORD, "quality")


def test_an_idle_session_ends_after_half_an_hour_and_any_after_twelve(shop_on_both):
    shop = shop_on_both()
    secret = sign_in.sign_in(shop.tools, email("assessor"), PASSWORD)
    shop.clock.forward(minutes=29)
    assert visitor(shop.tools, secret)
    shop.clock.forward(minutes=29)
    assert visitor(shop.tools, secret)
    shop.clock.forward(minutes=31)
    assert visitor(shop.tools, secret) is None
    busy = sign_in.sign_in(shop.tools, email("assessor"), PASSWORD)
    for _ in range(26):
        assert visitor(shop.tools, busy)
        shop.clock.forward(minutes=27)
    shop.clock.forward(minutes=19)
    assert visitor(shop.tools, busy) is None


def test_whose_account_was_closed_or_opened_anew_is_in_the_ledger(shop):
    shop = shop()
    people.set_password(shop.tools, email("assessor"), "en annan lång fras")
    people.disable_account(shop.tools, shop.actors["admin"], email("assessor"))
    with shop.tools.read() as tx:
        query = text("SELECT action, actor, tenant FROM ledger WHERE subject = :person ORDER BY place")
        acts = [tuple(row) for row in tx.execute(query, {"person": shop.actors["assessor"].person})]
    assert acts[-2:] == [
        ("person.password", "operator", shop.provider),
        ("person.disable", shop.actors["admin"].person, shop.provider),
    ]
    assert shop.faults() == []


def test_signing_out_ends_that_session_and_a_new_password_ends_all(shop):
    shop = shop()
    first, second = (sign_in.sign_in(shop.tools, email("assessor"), PASSWORD) for _ in range(2))
    sign_in.sign_out(shop.tools, first)
    sign_in.sign_out(shop.tools, first)
    assert visitor(shop.tools, first) is None
    assert visitor(shop.tools, second)
    people.set_password(shop.tools, email("assessor"), "en annan lång fras")
    assert visitor(shop.tools, second) is None
    refused(shop, PASSWORD)
    assert sign_in.sign_in(shop.tools, email("assessor"), "en annan lång fras")


@pytest.mark.parametrize("secret", ["", "x", "a" * 22, "\x00"])
def test_an_unknown_secret_is_nobody(shop, secret):
    assert visitor(shop().tools, secret) is None


@pytest.mark.parametrize("password", ["", "elva tecken", "x" * 201])
def test_a_password_that_can_be_guessed_or_is_no_password_is_refused(shop, password):
    with pytest.raises(WeakPasswordError):
        people.set_password(shop().tools, email("assessor"), password)


def letters(shop):
    with shop.tools.read() as tx:
        query = text("SELECT recipient, content FROM letters ORDER BY wanted_at")
        return [(row.recipient, row.content) for row in tx.execute(query)]


def link(shop):
    return letters(shop)[-1][1].split("/mina/")[1].split('"')[0]


def test_a_link_is_mailed_to_the_registered_address_and_used_once(shop_on_both):
    shop = shop_on_both("opened")
    links.ask(shop.tools, " ERIK@intyga.example")
    [(recipient, _)] = letters(shop)
    assert recipient == "erik@intyga.example"
    secret = link(shop)
    for _ in range(3):
        assert links.usable(shop.tools, secret)
    session = links.come_in(shop.tools, secret)
    assert visitor(shop.tools, session, "candidate").candidate.name == HOLDER.name
    assert visitor(shop.tools, session) is None
    assert not links.usable(shop.tools, secret)
    with pytest.raises(LinkUsedError):
        links.come_in(shop.tools, secret)
    with shop.tools.read() as tx:
        assert secret not in repr(list(tx.execute(text("SELECT * FROM links"))))


def test_a_staff_session_is_no_candidates(shop):
    shop = shop("opened")
    secret = sign_in.sign_in(shop.tools, email("assessor"), PASSWORD)
    assert visitor(shop.tools, secret, "candidate") is None


def test_a_link_ends_after_a_fortnight(shop):
    shop = shop("opened")
    links.ask(shop.tools, HOLDER.email)
    shop.clock.forward(days=13, hours=23)
    assert links.usable(shop.tools, link(shop))
    shop.clock.forward(hours=2)
    assert not links.usable(shop.tools, link(shop))
    with pytest.raises(LinkUsedError):
        links.come_in(shop.tools, link(shop))


def test_the_answer_is_the_same_for_known_unknown_and_protected_people(shop):
    shop = shop("opened")
    shop.open(replace(HOLDER, email="skyddad@intyga.example", protected=True))
    for address in ("ingen@intyga.example", "skyddad@intyga.example", "", "no address", "x" * 5000):
        assert links.ask(shop.tools, address) is None
        assert letters(shop) == []
    assert links.ask(shop.tools, HOLDER.email) is None
    assert len(letters(shop)) == 1


def test_nobodys_inbox_is_flooded(shop):
    shop = shop("opened")
    for _ in range(8):
        links.ask(shop.tools, HOLDER.email)
    assert len(letters(shop)) == 5
    shop.clock.forward(days=1, minutes=1)
    links.ask(shop.tools, HOLDER.email)
    assert len(letters(shop)) == 6


def test_a_link_handed_over_at_the_desk_lasts_a_day_and_is_in_the_ledger(shop):
    shop = shop("opened")
    with shop.tools.read() as tx:
        candidate = tx.execute(text("SELECT id FROM candidates")).scalar_one()
    for who, refusal in (("assessor", ForbiddenError), ("quality", ForbiddenError), ("stranger", MissingError)):
        with pytest.raises(refusal):
            links.hand_over(shop.tools, shop.actors[who], candidate)
    secret = links.hand_over(shop.tools, shop.actors["coordinator"], candidate)
    shop.clock.forward(hours=23)
    assert links.usable(shop.tools, secret)
    shop.clock.forward(hours=2)
    assert not links.usable(shop.tools, secret)
    assert letters(shop) == []
    with shop.tools.read() as tx:
        query = text("SELECT count(*) FROM ledger WHERE action = 'candidate.hand-over'")
        assert tx.execute(query).scalar_one() == 1
    for _ in range(5):
        links.ask(shop.tools, HOLDER.email)
    assert len(letters(shop)) == 5


def test_an_erased_candidate_is_out_at_once(shop):
    shop = shop("opened")
    with shop.tools.read() as tx:
        candidate = tx.execute(text("SELECT id FROM candidates")).scalar_one()
    session = links.come_in(shop.tools, links.hand_over(shop.tools, shop.actors["coordinator"], candidate))
    waiting = links.hand_over(shop.tools, shop.actors["coordinator"], candidate)
    with shop.tools.begin() as tx:
        erasure.candidate(tx, candidate, shop.tools.now())
    assert visitor(shop.tools, session, "candidate") is None
    assert not links.usable(shop.tools, waiting)


def test_accounts_are_added_by_administrators_and_namesakes_never_by_accident(shop):
    shop = shop()
    new = {"name": "Johan  Bergström", "email": "johan2@intyga.example", "password": PASSWORD,
           "organisation": PROVIDER, "role": "assessor"}  # fmt: skip
    for who in ("coordinator", "editor"):
        with pytest.raises(ForbiddenError):
            people.add_person(shop.tools, shop.actors[who], **new)
    with pytest.raises(people.NameKnownError) as told:
        people.add_person(shop.tools, shop.actors["admin"], **new)
    assert told.value.details == {"people": [shop.actors["assessor"].person]}
    other = people.add_person(shop.tools, shop.actors["admin"], another=True, **new)
    assert other.id != shop.actors["assessor"].person
    with pytest.raises(people.EmailTakenError):
        people.add_person(shop.tools, shop.actors["admin"], another=True, **new)
    with pytest.raises(MissingError):
        people.add_person(shop.tools, shop.actors["admin"], person="nobody", **new | {"email": "c@intyga.example"})
    for wrong in ({"role": "editor"}, {"email": "none"}, {"name": ""}, {"role": "king"}):
        with pytest.raises(InvalidError):
            people.add_person(
                shop.tools, shop.actors["admin"], another=True, **new | {"email": "b@intyga.example"} | wrong
            )
    assert shop.faults() == []


@pytest.mark.parametrize("number", ["556000-0168", "5560000167 8", "556000", "ABCDEF-0167", "", "٥٥٦٠٠٠-٠١٦٧"])
def test_an_organisation_number_has_its_right_digit(number):
    with pytest.raises(people.OrganisationNumberError):
        people.checked_number(number)
    assert people.checked_number("5560000167") == people.checked_number("556000-0167") == "556000-0167"


def test_a_slug_is_taken_once_and_is_a_plain_word(shop):
    shop = shop()
    new = {"kind": "provider", "name": "Ny AB", "organisation_number": "556000-0167"}
    for slug in (PROVIDER, "", "A", "å", "../x", "-x", "x" * 42, "x\n"):
        with pytest.raises((InvalidError, people.ConflictError)):
            people.add_organisation(shop.tools, shop.actors["admin"], slug=slug, **new)
    with pytest.raises(ForbiddenError):
        people.add_organisation(shop.tools, shop.actors["editor"], slug="ny", **new)
    assert people.add_organisation(shop.tools, shop.actors["admin"], slug="ny", **new).slug == "ny"
