"""Deciding in a browser: every reason has its place, and nobody signs a draft."""

from filled import door, fill, form_on, send

from app.store import assessments, decisions

OWN = {f"why:{key}": f"Visade på plats att {key} är uppnått, med mått och samtal." for key in ("M1.L1", "M2.L1")}
SURE = {"sure": "y"}


def state(shop):
    with shop.tools.read() as tx:
        return assessments.find(tx, shop.case).state


def test_the_draft_holds_what_was_recorded_and_cannot_be_signed_as_it_is(shop):
    a = shop("judged")
    path = f"/arenden/{a.case}/beslut"
    browser = door(a, "assessor")
    form = form_on(browser.get(path), path)
    assert "Mått: 0,3 mm, gräns ≤ 0,5 mm" in form.fields["why:M1.L1"]
    answer = send(browser, form, SURE)
    assert answer.status_code == 400
    assert answer.text.count("Utkastet är inte ändrat") >= 2
    spaced = {key: f"  {form.fields[key]}\n\n" for key in OWN}
    assert send(browser, form, SURE | spaced).status_code == 400
    assert state(a) == "assessing"


def test_a_draft_in_the_other_language_is_a_draft_too(shop):
    a = shop("judged")
    path = f"/arenden/{a.case}/beslut"
    browser = door(a, "assessor")
    browser.get("/sprak/en")
    english = form_on(browser.get(path), path).fields
    browser.get("/sprak/sv")
    answer = fill(browser, path, SURE | OWN | {"why:M1.L1": english["why:M1.L1"]})
    assert answer.status_code == 400


def test_own_words_and_a_tick_make_the_decision_and_it_can_be_taken_back(shop):
    a = shop("judged")
    path = f"/arenden/{a.case}/beslut"
    browser = door(a, "assessor")
    assert fill(browser, path, OWN).status_code == 400  # nobody stands for it yet
    assert fill(browser, path, OWN | SURE).status_code == 303
    assert state(a) == "decided"
    with a.tools.read() as tx:
        assert decisions.waiting(tx, a.case).confirmed.motivations["M1.L1"] == OWN["why:M1.L1"]
    assert "Ta tillbaka beslutet" in browser.get(path).text
    assert browser.post(f"{path}/aterta", page=path).status_code == 303
    assert state(a) == "assessing"
    assert form_on(browser.get(path), path).fields["why:M1.L1"] == OWN["why:M1.L1"]


def test_what_came_after_the_page_was_shown_stops_the_decision_and_the_words_stay(shop):
    a = shop("judged")
    path = f"/arenden/{a.case}/beslut"
    browser = door(a, "assessor")
    form = form_on(browser.get(path), path)
    a.send(a.case, a.score(a.case, "M2.2", who="second", score="not_met"), who="second")
    answer = send(browser, form, OWN | SURE)
    assert answer.status_code == 409
    assert "har ändrats sedan sidan visades" in answer.text
    assert OWN["why:M2.L1"] in answer.text
    assert f'href="/arenden/{a.case}/modul/M2#M2.2"' in answer.text
    assert send(browser, form_on(answer, path), SURE).status_code == 303


def test_every_reason_leads_to_the_place_where_it_can_be_mended(shop):
    a = shop("opened")
    page = door(a, "assessor").get(f"/arenden/{a.case}/modul/M1")
    assert 'id="M1.1"' in page.text
    fill(door(a, "assessor"), f"/arenden/{a.case}/modul/M1", {"M1.1:score": "not_met"})
    decision = door(a, "assessor").get(f"/arenden/{a.case}/beslut").text
    assert f'href="/arenden/{a.case}/modul/M1#M1.1"' in decision
    assert f'href="/arenden/{a.case}/bedomning#behorigheter"' in decision


def test_what_the_quality_assurer_wrote_stands_on_top_of_the_next_try(shop):
    a = shop("decided")
    browser = door(a, "quality")
    reasons = {"reasons": "Motiveringen till M2 säger inte vad du såg.", "verdict": "return"}
    assert fill(browser, f"/arenden/{a.case}/granskning", reasons).status_code == 303
    page = door(a, "assessor").get(f"/arenden/{a.case}/beslut").text
    assert "Kvalitetssäkraren har lämnat tillbaka ärendet" in page
    assert reasons["reasons"] in page
