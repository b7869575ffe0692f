"""A revocation takes two people and is told at once to everybody who checks."""

import base64
import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from msgspec.structs import replace
from sqlalchemy import text
from workshop import HOLDER

from app.actions import revoke, see_protected
from app.actions.revoke import AlreadyRevokedError, SecondPersonError
from app.store import awards, issuers
from assessments.problems import ForbiddenError, InvalidError, MissingError

REASON = "Utfärdat för fel person."


def bits(shop):
    """The set bits of the list as strangers fetch it."""
    with shop.tools.read() as tx:
        body = issuers.published(tx, "/issuer/exempelnat/status/revocation/1").body
    encoded = json.loads(body)["credentialSubject"]["encodedList"].removeprefix("u")
    data = gzip.decompress(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    assert len(data) * 8 == 131_072
    return {8 * place + bit for place, byte in enumerate(data) if byte for bit in range(8) if byte & (128 >> bit)}


def places(shop, award):
    with shop.tools.read() as tx:
        return {each.status_index for each in awards.records(tx, award)}


def test_asking_does_nothing_until_another_person_confirms(shop):
    shop = shop("issued")
    award = shop.given.id
    assert bits(shop) == set()
    asked = revoke.ask(shop.tools, shop.actors["coordinator"], award, REASON)
    assert revoke.ask(shop.tools, shop.actors["coordinator"], award, "Samma sak en gång till.") == asked
    shop.work()
    assert (shop.given.status(shop.tools.today()), bits(shop)) == ("valid", set())
    with pytest.raises(SecondPersonError):
        revoke.confirm(shop.tools, shop.actors["coordinator"], award, asked)
    after = revoke.confirm(shop.tools, shop.actors["quality"], award, asked)
    assert after.status(shop.tools.today()) == "revoked"
    shop.work()
    assert bits(shop) == places(shop, award)
    assert len(bits(shop)) == 3
    assert shop.faults() == []


def test_confirming_twice_changes_nothing(shop_on_both):
    shop = shop_on_both("issued")
    asked = revoke.ask(shop.tools, shop.actors["coordinator"], shop.given.id, REASON)
    first = revoke.confirm(shop.tools, shop.actors["quality"], shop.given.id, asked)
    shop.clock.forward(hours=1)
    assert revoke.confirm(shop.tools, shop.actors["quality"], shop.given.id, asked) == first
    with pytest.raises(AlreadyRevokedError):
        revoke.ask(shop.tools, shop.actors["quality"], shop.given.id, REASON)
    assert shop.faults() == []


def test_confirming_twice_at_the_same_moment_is_one_act(shop_on_both):
    shop = shop_on_both("issued")
    asked = revoke.ask(shop.tools, shop.actors["coordinator"], shop.given.id, REASON)
    start = Barrier(4)

    def confirm():
        start.wait()
        return revoke.confirm(shop.tools, shop.actors["quality"], shop.given.id, asked)

    with ThreadPoolExecutor(4) as threads:
        done = [each.result() for each in [threads.submit(confirm) for _ in range(4)]]
    assert len({each.revoked_at for each in done}) == 1
    with shop.tools.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM ledger WHERE action = 'award.revoke'")).scalar_one() == 1
    assert shop.faults() == []


def test_two_who_ask_can_confirm_each_other(shop):
    shop = shop("issued")
    mine = revoke.ask(shop.tools, shop.actors["coordinator"], shop.given.id, REASON)
    theirs = revoke.ask(shop.tools, shop.actors["quality"], shop.given.id, REASON)
    assert mine != theirs
    with pytest.raises(SecondPersonError):
        revoke.confirm(shop.tools, shop.actors["quality"], shop.given.id, theirs)
    assert revoke.confirm(shop.tools, shop.actors["quality"], shop.given.id, mine).revoked_at
    assert shop.faults() == []


def test_others_neither_ask_nor_confirm(shop):
    shop = shop("issued")
    asked = revoke.ask(shop.tools, shop.actors["coordinator"], shop.given.id, REASON)
    for who, refusal in (("assessor", ForbiddenError), ("strange-quality", MissingError), ("admin", MissingError)):
        with pytest.raises(refusal):
            revoke.ask(shop.tools, shop.actors[who], shop.given.id, REASON)
        with pytest.raises(refusal):
            revoke.confirm(shop.tools, shop.actors[who], shop.given.id, asked)
    with pytest.raises(MissingError):
        revoke.confirm(shop.tools, shop.actors["quality"], shop.given.id, "no-such")
    with pytest.raises(InvalidError):
        revoke.ask(shop.tools, shop.actors["quality"], shop.given.id, " för kort ")
    assert not shop.given.revoked_at


def test_the_reason_is_never_public(shop):
    shop = shop("issued")
    asked = revoke.ask(shop.tools, shop.actors["coordinator"], shop.given.id, REASON)
    revoke.confirm(shop.tools, shop.actors["quality"], shop.given.id, asked)
    shop.work()
    with shop.tools.read() as tx:
        assert not any(REASON.encode() in each.body for each in issuers.all_published(tx))
        assert REASON not in repr(list(tx.execute(text("SELECT * FROM ledger"))))


def test_looking_at_a_protected_person_is_in_the_ledger(shop):
    shop = shop()
    shop.open(replace(HOLDER, protected=True))
    with shop.tools.read() as tx:
        candidate = tx.execute(text("SELECT id FROM candidates")).scalar_one()
    for who, refusal in (("assessor", ForbiddenError), ("quality", ForbiddenError), ("stranger", MissingError)):
        with pytest.raises(refusal):
            see_protected.see_protected(shop.tools, shop.actors[who], candidate)
    assert see_protected.see_protected(shop.tools, shop.actors["coordinator"], candidate).name == HOLDER.name
    with shop.tools.read() as tx:
        query = text("SELECT actor FROM ledger WHERE action = 'candidate.see-protected'")
        assert list(tx.execute(query).scalars()) == [shop.actors["coordinator"].person]
