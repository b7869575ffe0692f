"""What strangers are told: by number little, by link what the register says, by file three answers."""

import io
import re
from html import unescape

import pytest
from filled import door, fill
from workshop import NewCandidate

from app.actions import revoke
from app.actions.checks import LARGEST, WAITING
from app.store import awards
from app.web.verification import luhn


def words(text: str) -> str:
    main = text[text.index("<main") :]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def ask(browser, **fields):
    return browser.post("/kontrollera", {"kind": "number", **fields})


def upload(browser, data: bytes, name: str = "bevis.pdf"):
    answer = browser.post("/kontrollera", {"kind": "file", "file": (io.BytesIO(data), name)})
    answer.request.environ["wsgi.input"].close()  # the test client leaves large ones open
    return answer


def document(shop, form: str) -> bytes:
    with shop.tools.read() as tx:
        found = next(each for each in awards.documents(tx, shop.given.id) if (each.format, each.module) == (form, ""))
    return shop.tools.files.get(found.sha256)


def answers(page: str) -> list[str]:
    return re.findall(r'<li class="answer (\w+)">', page)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("2026-000042-5", "2026-000042-5"),
        (" 2026 000042 5 ", "2026-000042-5"),
        ("20260000425", "2026-000042-5"),
        ("2026-000042-6", None),
        ("2026-000024-5", None),
        ("2026-42-5", None),
        ("", None),
        ("Erik", None),
    ],
)
def test_a_mistyped_number_is_told_before_it_is_looked_up(typed, printed):
    assert luhn(typed) == printed


def test_a_number_tells_that_it_exists_standard_issuer_and_status_and_no_name(shop):
    a = shop("issued")
    answer = ask(door(a), number=a.given.number.replace("-", " "))
    page = words(answer.text)
    for told in (a.given.number, "Provyrke", "Exempelnät Validering AB", "giltigt"):
        assert told in page
    assert "Åkerlund" not in answer.text
    assert "1991" not in answer.text
    assert "Mäta" not in page
    assert a.given.token not in answer.text


def test_a_revoked_award_is_told_as_revoked(shop):
    a = shop("issued")
    asked = revoke.ask(a.tools, a.actors["coordinator"], a.given.id, "Utfärdad av misstag.")
    revoke.confirm(a.tools, a.actors["quality"], a.given.id, asked)
    assert "återkallat" in words(ask(door(a), number=a.given.number).text)
    page = door(a).get(f"/v/{a.given.token}").text
    assert "Återkallat" in words(page)
    assert answers(page)[2] == "no"


def test_unknown_and_protected_numbers_answer_alike(shop):
    a = shop("opened")
    case = a.open(NewCandidate(name="Vera Skyddad", birth_date="1990-01-01", protected=True))
    a.judge(case)
    a.decide(case)
    a.approve(case)
    a.work()
    with a.tools.read() as tx:
        protected = awards.of_assessment(tx, case)[0].number
    browser = door(a)
    told = []
    for number in (protected, "2026-000042-5"):
        answer = ask(browser, number=number)
        told.append((answer.status_code, words(answer.text)))
    assert told[0] == told[1]
    assert told[0][0] == 404


def test_the_link_on_the_paper_shows_name_modules_and_three_answers(shop):
    a = shop("issued")
    answer = door(a).get(f"/v/{a.given.token}")
    page = words(answer.text)
    for told in ("Erik Åkerlund-Łoś", "1991-02-28", "Mäta", "Dokumentera", "föreslagen, inte beslutad"):
        assert told in page
    assert answers(answer.text) == ["wait", "wait", "ok"]  # a test issuer; only the file itself can be compared
    assert "testutfärdare" in page
    assert "Jämför med det du har framför dig" in page
    assert "registret" in page


def test_the_link_of_a_protected_person_withholds_who_it_is(shop):
    a = shop("opened")
    case = a.open(NewCandidate(name="Vera Skyddad", birth_date="1990-01-01", protected=True))
    a.judge(case)
    a.decide(case)
    a.approve(case)
    a.work()
    with a.tools.read() as tx:
        token = awards.of_assessment(tx, case)[0].token
    page = door(a).get(f"/v/{token}").text
    assert "Vera" not in page
    assert "1990-01-01" not in page
    assert "skyddade uppgifter" in page


def test_an_unknown_link_is_no_page(shop):
    assert door(shop()).get("/v/AAAAAAAAAAAAAAAAAAAAAA").status_code == 404


@pytest.mark.parametrize(("form", "name"), [("pdf", "bevis.pdf"), ("open-badge", "m.json"), ("vc-jwt", "m.jwt")])
def test_an_uploaded_document_gets_three_answers_from_the_worker(shop, form, name):
    a = shop("issued")
    browser = door(a)
    there = upload(browser, document(a, form), name)
    assert there.status_code == 303
    path = there.headers["Location"]
    waiting = browser.get(path).text
    assert "Filen läses" in waiting
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in waiting
    a.work()
    page = browser.get(path).text
    assert "http-equiv" not in page
    assert answers(page) == ["wait", "ok", "ok"]
    assert "Erik Åkerlund-Łoś" in words(page)
    assert list((a.tools.settings.folder / "checks").iterdir()) == []


def test_a_changed_record_is_a_no_with_its_reason(shop):
    a = shop("issued")
    browser = door(a)
    changed = document(a, "open-badge").replace(b"1991-02-28", b"1992-02-28")
    path = upload(browser, changed, "m.json").headers["Location"]
    a.work()
    page = browser.get(path).text
    assert answers(page)[1] == "no"


def test_what_cannot_be_asked_is_refused_at_the_field(shop):
    a = shop()
    browser = door(a)
    assert browser.post("/kontrollera", {"kind": "file"}).status_code == 400
    for data in (b"", b"x" * (LARGEST + 1)):
        answer = upload(browser, data)
        assert answer.status_code == 400
        assert 'href="#file"' in answer.text


def test_when_too_many_wait_the_visitor_is_asked_to_come_back(shop):
    a = shop()
    browser = door(a)
    for place in range(WAITING):
        browser.client.environ_base["REMOTE_ADDR"] = f"10.0.0.{place}"
        assert upload(browser, b"%PDF-1.7 x").status_code == 303
    assert upload(browser, b"%PDF-1.7 x").status_code == 503


def test_pages_about_certificates_are_indexed_by_nobody_kept_by_nobody_and_name_no_place_one_came_from(shop):
    a = shop("issued")
    browser = door(a)
    for path in ("/kontrollera", f"/v/{a.given.token}"):
        headers = browser.get(path).headers
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_the_page_speaks_english_too(shop):
    a = shop("issued")
    browser = door(a)
    browser.get("/sprak/en")
    page = words(browser.get(f"/v/{a.given.token}").text)
    for told in ("Who says it?", "Could not be checked", "What the register says", "Achieved modules", "Measure"):
        assert told in page
    assert fill(browser, "/kontrollera", {}).status_code == 400
