"""Coming in and going out."""

import re

import pytest
from filled import door, form_on, send
from workshop import PASSWORD, email

from app.actions.people import disable_account
from app.store import assessments
from app.web.limits import LIMITER


@pytest.fixture(autouse=True)
def patient():
    """One test's tries are not another's."""
    yield
    LIMITER.reset()


def plain(text: str) -> str:
    """A page without what differs by chance: tokens, and what the visitor typed."""
    return re.sub(r'value="[^"]*"', "", text)


def test_whoever_signs_in_comes_to_what_they_asked_for(shop):
    browser = door(shop())
    asked = browser.get("/bevis?lage=valid")
    assert asked.headers["Location"] == "/logga-in?till=%2Fbevis%3Flage%3Dvalid"
    fields = {"email": email("coordinator"), "password": PASSWORD, "till": "/bevis?lage=valid"}
    assert browser.post("/logga-in", fields).headers["Location"] == "/bevis?lage=valid"
    assert browser.get("/bevis?lage=valid").status_code == 200


@pytest.mark.parametrize("till", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/\t/evil", ""])
def test_nobody_is_sent_on_to_strangers(shop, till):
    browser = door(shop())
    fields = {"email": email("coordinator"), "password": PASSWORD, "till": till}
    assert browser.post("/logga-in", fields).headers["Location"] == "/start"
    assert browser.get("/sprak/en", query_string={"till": till}).headers["Location"] == "/"


def test_unknown_wrong_and_closed_answer_alike(shop):
    a = shop()
    disable_account(a.tools, None, email("second"))
    browser = door(a)
    answers = [
        browser.post("/logga-in", {"email": who, "password": password})
        for who, password in (
            ("ingen@intyga.example", PASSWORD),
            (email("coordinator"), "fel lösenord här"),
            (email("second"), PASSWORD),
        )
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({plain(answer.text) for answer in answers}) == 1


def test_signing_in_gives_a_new_token_and_ends_the_session_before(shop):
    browser = door(shop(), "coordinator")
    old = browser.client.get_cookie("intyga", domain="127.0.0.1").value
    browser.client.post("/logga-ut", base_url=browser.at, data={"csrf_token": browser.token("/start")})
    browser.client.set_cookie("intyga", old, domain="127.0.0.1")
    assert browser.get("/start").status_code == 302
    before = browser.token("/logga-in")
    browser.sign_in("coordinator")
    refused = browser.client.post("/logga-ut", base_url=browser.at, data={"csrf_token": before})
    assert refused.status_code == 400


def test_a_session_left_alone_for_half_an_hour_is_over(shop):
    a = shop()
    browser = door(a, "coordinator")
    a.clock.forward(minutes=29)
    assert browser.get("/start").status_code == 200
    a.clock.forward(minutes=31)
    assert browser.get("/start").status_code == 302


def test_one_address_may_knock_thirty_times_a_minute(shop):
    browser = door(shop())
    token = browser.token("/logga-in")
    fields = {"csrf_token": token, "email": "ingen@intyga.example", "password": "fel lösenord här"}
    knocks = [browser.client.post("/logga-in", base_url=browser.at, data=fields).status_code for _ in range(31)]
    assert knocks == [401] * 30 + [429]


def test_the_accounts_language_is_spoken_after_signing_in(shop):
    a = shop()
    browser = door(a)
    browser.get("/sprak/en")
    assert '<html lang="en">' in browser.get("/logga-in").text
    browser.sign_in("coordinator")
    assert '<html lang="sv">' in browser.get("/start").text
    browser.get("/sprak/en?till=/start")
    assert "Hello Karin" in browser.get("/start").text


WRITTEN = {"reason": "Kandidaten har flyttat till annan ort."}


def lost(a) -> tuple:
    """A browser whose session ran out while somebody wrote, and the answer to what they sent."""
    case = a.open()
    browser = door(a, "coordinator")
    page = f"/arenden/{case}"
    token = browser.token(page)
    a.clock.forward(minutes=45)
    sent = {"csrf_token": token, **WRITTEN}
    return browser, case, browser.client.post(f"{page}/aterta", base_url=browser.at, data=sent)


def state(a, case: str) -> str:
    with a.tools.read() as tx:
        return assessments.find(tx, case).state


def test_what_was_written_survives_a_session_that_ran_out(shop):
    a = shop()
    browser, case, answer = lost(a)
    assert answer.status_code == 401
    assert "det du skrev är kvar" in answer.text
    again = send(browser, form_on(answer, "/logga-in"), {"email": email("coordinator"), "password": "fel lösenord"})
    assert again.status_code == 401
    page = send(browser, form_on(again, "/logga-in"), {"email": email("coordinator"), "password": PASSWORD})
    assert state(a, case) == "planned"
    assert send(browser, form_on(page, f"/arenden/{case}/aterta"), {}).status_code == 303
    assert state(a, case) == "withdrawn"


def test_what_one_person_wrote_is_never_sent_by_another(shop):
    a = shop()
    browser, case, answer = lost(a)
    after = send(browser, form_on(answer, "/logga-in"), {"email": email("quality"), "password": PASSWORD})
    assert after.headers["Location"] == "/start"
    assert "hörde till någon annan" in browser.get("/start").text
    assert state(a, case) == "planned"


def test_a_form_without_a_true_token_is_not_carried(shop):
    browser, case, _ = lost(shop())
    forged = {"csrf_token": "made up", **WRITTEN}
    answer = browser.client.post(f"/arenden/{case}/aterta", base_url=browser.at, data=forged)
    assert answer.headers["Location"] == "/logga-in?till=/start"
