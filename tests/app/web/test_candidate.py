"""The candidate's way in, the result, the gap card and the documents."""

import hashlib
import re

from filled import door, fill
from workshop import NewCandidate

from app.actions.links import hand_over
from app.issue.formats import RECORD_FORMATS
from app.store import assessments, awards, intents
from app.store.tables import DocumentRow
from app.web.candidate import FORMS

ERIK = "erik@intyga.example"


def come_in(shop, case: str = ""):
    """A browser that used a handed-over link."""
    with shop.tools.read() as tx:
        who = assessments.find(tx, case or shop.case).candidate.id
    secret = hand_over(shop.tools, shop.actors["coordinator"], who)
    browser = door(shop)
    assert browser.post(f"/mina/{secret}").headers["Location"] == "/mitt"
    return browser


def waiting(shop) -> int:
    with shop.tools.read() as tx:
        return len(intents.due(tx, shop.tools.now()))


def test_asking_for_a_link_answers_alike_whether_the_address_is_known(shop):
    a = shop("opened")
    browser, before = door(a), waiting(a)
    answers = []
    for address in (ERIK, "okand@intyga.example"):
        answer = browser.post("/mina", {"email": address})
        answers.append((answer.status_code, answer.headers["Location"]))
    assert answers[0] == answers[1] == (303, "/mina?skickat=1")
    assert "Titta i din e-post" in browser.get("/mina?skickat=1").text
    assert waiting(a) == before + 1


def test_looking_at_the_link_uses_nothing_up_and_pressing_uses_it_once(shop):
    a = shop("opened")
    with a.tools.read() as tx:
        who = assessments.find(tx, a.case).candidate.id
    secret = hand_over(a.tools, a.actors["coordinator"], who)
    browser = door(a)
    for _ in range(3):
        assert "Visa mina bevis" in browser.get(f"/mina/{secret}").text
    assert browser.post(f"/mina/{secret}").status_code == 303
    assert "Erik Åkerlund-Łoś" in browser.get("/mitt").text
    again = door(a)
    assert "Länken går inte att använda" in again.get(f"/mina/{secret}").text
    assert again.post(f"/mina/{secret}", page="/mina").status_code == 404
    assert again.get("/mitt").headers["Location"] == "/mina"


def test_a_candidate_is_not_signed_in_as_staff_and_staff_is_no_candidate(shop):
    a = shop("opened")
    assert come_in(a).get("/start").headers["Location"].startswith("/logga-in")
    assert door(a, "assessor").get("/mitt").headers["Location"] == "/mina"


def test_before_the_review_the_candidate_sees_that_it_goes_on_and_no_result(shop):
    a = shop("decided")
    page = come_in(a).get("/mitt").text
    assert "Din bedömning pågår" in page
    assert "Resultat" not in re.sub(r"Resultatet visas", "", page)


def test_while_the_documents_are_made_the_page_waits_and_looks_again(shop):
    a = shop("approved")
    browser = come_in(a)
    page = browser.get("/mitt").text
    assert '<meta http-equiv="refresh"' in page
    assert "/mitt/" + a.given.id not in page
    a.work()
    page = browser.get("/mitt").text
    assert "http-equiv" not in page
    assert f"/mitt/{a.given.id}/" in page


def test_every_document_is_served_as_it_was_sealed_under_a_name_that_can_be_found(shop):
    a = shop("issued")
    browser = come_in(a)
    given = a.given
    with a.tools.read() as tx:
        documents = awards.documents(tx, given.id)
    names = set()
    for document in documents:
        answer = browser.get(f"/mitt/{given.id}/{document.id}")
        assert answer.status_code == 200
        assert hashlib.sha256(answer.data).hexdigest() == document.sha256
        names.add(re.search(r'filename="([^"]+)"', answer.headers["Content-Disposition"])[1])
    assert f"yrkesbevis-provyrke-{given.number}.pdf" in names
    assert f"mikromerit-provyrke-m1-{given.number}.json" in names
    assert len(names) == len(documents)
    assert not any("erik" in name.lower() for name in names)


def test_nobody_else_fetches_them(shop):
    a = shop("issued")
    with a.tools.read() as tx:
        document = awards.documents(tx, a.given.id)[0]
    path = f"/mitt/{a.given.id}/{document.id}"
    other = a.open(NewCandidate(name="Någon Annan", birth_date="1990-01-01"))
    assert come_in(a, other).get(path).status_code == 404
    assert door(a, "quality").get(path).headers["Location"] == "/mina"


def test_protected_people_get_neutral_file_names(shop):
    a = shop("opened")
    case = a.open(NewCandidate(name="Vera Skyddad", birth_date="1990-01-01", protected=True))
    a.judge(case)
    a.decide(case)
    a.approve(case)
    a.work()
    browser = come_in(a, case)
    page = browser.get("/mitt").text
    names = re.findall(r'download="([^"]+)"', page)
    assert names
    assert all(name.startswith("dokument-") for name in names)


def test_the_gap_card_says_what_is_missing_and_how_to_show_it(shop):
    a = shop("judged")
    fill(door(a, "assessor"), f"/arenden/{a.case}/modul/M2", {"M2.2:score": "not_met"})
    a.decide(a.case)
    a.approve(a.case)
    browser = come_in(a)
    assert "Det här saknas, så här kan du visa det" in browser.get("/mitt").text
    card = browser.get(f"/mitt/saknas/{a.case}").text
    assert "Förklarar sitt arbete." in card
    assert "Förklaringen är rätt." in card
    assert "Mäter och håller gränsen." not in card
    assert (
        come_in(a, a.open(NewCandidate(name="B", birth_date="1990-01-01"))).get(f"/mitt/saknas/{a.case}").status_code
        == 404
    )


def test_a_case_without_gaps_has_no_card(shop):
    a = shop("approved")
    assert come_in(a).get(f"/mitt/saknas/{a.case}").status_code == 404


def test_leaving_ends_the_session(shop):
    a = shop("opened")
    browser = come_in(a)
    assert browser.post("/mitt/ut", page="/mitt").status_code == 303
    assert browser.get("/mitt").headers["Location"] == "/mina"


def test_every_format_that_is_issued_is_offered_under_its_own_suffix():
    assert set(FORMS) == {"pdf", *RECORD_FORMATS}
    assert all(FORMS[name].suffix == form.suffix for name, form in RECORD_FORMATS.items())


def test_the_holder_is_told_that_the_time_stamp_waits_and_what_kind_of_seal_it_is(shop):
    a = shop("issued")
    browser = come_in(a)
    assert "Elektronisk utvecklingsstämpel: ett prov" in browser.get("/mitt").text
    assert "Tidsstämpel väntar" not in browser.get("/mitt").text
    with a.tools.begin() as tx:
        tx.execute(DocumentRow.__table__.update().values(level="B"))
    assert "Tidsstämpel väntar" in browser.get("/mitt").text
