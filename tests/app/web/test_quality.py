"""Quality assurance in a browser: everything on one page, another person, a yes or a reasoned no."""

import inspect
import re

import pytest
from filled import door, fill, form_on, send

from app.actions.grants import revoke
from app.policy import RoleName
from app.store import assessments, decisions, people, standards
from app.web import told
from assessments import breaches, decision, flags, rules


def state(shop):
    with shop.tools.read() as tx:
        return assessments.find(tx, shop.case).state


def give_role(shop, who: str, role: RoleName) -> None:
    with shop.tools.begin() as tx:
        people.add_role(tx, shop.actors[who].person, shop.provider, role, shop.tools.now())


def test_the_page_shows_decision_basis_photos_and_who_said_what(shop):
    a = shop("decided")
    page = door(a, "quality").get(f"/arenden/{a.case}/granskning").text
    for words in ("uppfyller hela standarden", "Erik visade på plats", "0,3 mm", "≤ 0,5 mm", "Johan Bergström"):
        assert words in page
    with a.tools.read() as tx:
        sha256 = next(iter(assessments.photos(tx, a.case)))
    assert f"/arenden/{a.case}/foto/{sha256}" in page


def test_what_was_replaced_is_struck_through_and_says_by_whom(shop):
    a = shop("judged")
    fill(door(a, "second"), f"/arenden/{a.case}/modul/M1", {"M1.1:fact:measure": "0,4"})
    a.decide(a.case)
    page = door(a, "quality").get(f"/arenden/{a.case}/granskning").text
    assert "<s>Mått: 0,3 mm</s>" in page
    assert "ersatt av Amina Warsame" in page


def test_approving_gives_the_award(shop):
    a = shop("decided")
    browser, path = door(a, "quality"), f"/arenden/{a.case}/granskning"
    assert fill(browser, path, {"verdict": "approve"}).headers["Location"] == f"/arenden/{a.case}"
    assert state(a) == "awarded"
    assert a.given.award
    assert "Ditt svar" not in browser.get(path).text


def test_returning_needs_reasons_and_keeps_them(shop):
    a = shop("decided")
    browser, path = door(a, "quality"), f"/arenden/{a.case}/granskning"
    answer = fill(browser, path, {"verdict": "return", "reasons": "Nej."})
    assert answer.status_code == 400
    assert "minst 10 tecken" in answer.text
    assert state(a) == "decided"
    assert fill(browser, path, {"verdict": "return", "reasons": "Fotot visar en annan kabel."}).status_code == 303
    assert state(a) == "assessing"
    with a.tools.read() as tx:
        assert decisions.reviews(tx, a.case)[-1].reasons == "Fotot visar en annan kabel."


def test_whoever_judged_sees_why_they_cannot_review_and_cannot(shop):
    a = shop("decided")
    give_role(a, "second", "quality-assurer")
    browser, path = door(a, "second"), f"/arenden/{a.case}/granskning"
    page = browser.get(path)
    assert "Du kan inte granska det här ärendet" in page.text
    with pytest.raises(StopIteration):
        form_on(page, path)
    answer = browser.post(path, {"verdict": "approve", "decision": a.waiting(a.case)}, page="/kontrollera")
    assert answer.status_code == 403
    assert state(a) == "decided"


def test_a_page_about_an_older_decision_approves_nothing(shop):
    a = shop("decided")
    browser, path = door(a, "quality"), f"/arenden/{a.case}/granskning"
    form = form_on(browser.get(path), path)
    assessor = door(a, "assessor")
    assessor.post(f"/arenden/{a.case}/beslut/aterta", page=f"/arenden/{a.case}/beslut")
    a.decide(a.case)
    assert send(browser, form, {"verdict": "approve"}).status_code == 409
    assert state(a) == "decided"


def test_without_a_grant_the_refusal_is_told_on_the_page(shop):
    a = shop("decided")
    with a.tools.read() as tx:
        grant = standards.grant_views(tx, provider=a.provider)[0].id
    revoke(a.tools, a.actors["editor"], grant, "Rätten upphör av prövoskäl.")
    answer = fill(door(a, "quality"), f"/arenden/{a.case}/granskning", {"verdict": "approve"})
    assert answer.status_code == 403
    assert "ingen gällande utfärdanderätt" in answer.text
    assert state(a) == "decided"


def test_a_photo_that_stands_in_another_case_is_flagged(shop):
    a = shop("decided")
    other = a.open()
    with a.tools.begin() as tx:
        sha256 = next(iter(assessments.photos(tx, a.case)))
        assessments.keep_photo(tx, other, sha256, a.actors["assessor"].person, a.tools.now())
    page = door(a, "quality").get(f"/arenden/{a.case}/granskning").text
    assert "Samma foto finns i ett annat ärende: M2.1." in page


def test_other_roles_and_other_providers_do_not_reach_the_page(shop):
    a = shop("decided")
    for who, status in (("coordinator", 403), ("assessor", 403), ("strange-quality", 404)):
        assert door(a, who).get(f"/arenden/{a.case}/granskning").status_code == status


def test_every_reason_and_every_flag_has_its_sentence():
    source = "".join(inspect.getsource(each) for each in (rules, breaches, decision))
    codes = set(re.findall(r'(?:code=|yield )"([a-z]+-[a-z-]+)"', source)) | {"conflict"}
    codes |= set(re.findall(r'"(prerequisite-[a-z-]+)"', source))
    assert codes == set(told.REASONS)
    assert set(flags.Code.__args__) == set(told.FLAGS)
