"""Reasons and motivations are kept as written, unless no paper or database could hold them."""

import pytest
from workshop import WORDS

from app.actions import checks, decide, grants, review, revoke
from app.actions.open_assessment import withdraw
from app.actions.writing import written
from app.store import decisions, standards
from assessments.problems import InvalidError

WAYS = {
    "withdraw": ("judged", lambda shop, text: withdraw(shop.tools, shop.actors["coordinator"], shop.case, text)),
    "motivate": ("judged", lambda shop, text: decide.decide(
        shop.tools, shop.actors["assessor"], shop.case, seen=shop.seen(shop.case), motivations=WORDS | {"M1.L1": text}
    )),
    "approve": ("decided", lambda shop, text: review.approve(
        shop.tools, shop.actors["quality"], shop.case, decision=shop.waiting(shop.case), comment=text
    )),
    "return": ("decided", lambda shop, text: review.send_back(
        shop.tools, shop.actors["quality"], shop.case, decision=shop.waiting(shop.case), reasons=text
    )),
    "revoke": ("issued", lambda shop, text: revoke.ask(shop.tools, shop.actors["quality"], shop.given.id, text)),
    "take back": ("founded", lambda shop, text: grants.revoke(
        shop.tools, shop.actors["editor"], only_grant(shop), text
    )),
    "report": ("founded", lambda shop, text: checks.report(
        shop.tools, kind="fault", page="/", text=text, contact=""
    )),
}  # fmt: skip


def only_grant(shop):
    with shop.tools.read() as tx:
        return standards.grant_views(tx)[0].id


@pytest.mark.parametrize("text", ["Ett skäl med \x00 i sig, långt nog.", "Ett skäl \ud800 till.", "x" * 100_000])
@pytest.mark.parametrize("way", WAYS)
def test_what_cannot_be_kept_is_refused_before_anything_is_done(shop, way, text):
    stage, act = WAYS[way]
    shop = shop(stage)
    with pytest.raises(InvalidError):
        act(shop, text)
    assert shop.faults() == []


@pytest.mark.parametrize("way", WAYS)
def test_a_text_with_lines_and_signs_is_kept(shop, way):
    stage, act = WAYS[way]
    shop = shop(stage)
    act(shop, "  Första raden → Åäö “citat”.\r\nAndra\traden 🙂  ")
    assert shop.faults() == []
    if way == "return":
        with shop.tools.read() as tx:
            [said] = decisions.reviews(tx, shop.case)
        assert said.reasons == "Första raden → Åäö “citat”.\nAndra\traden 🙂"


def test_one_letter_is_kept_in_one_form():
    assert written("A\u030a", "x") == "Å"
    with pytest.raises(InvalidError) as refused:
        written(" a ", "reason", least=2)
    assert refused.value.details == {"field": "reason"}
