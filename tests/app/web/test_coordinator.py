"""The coordinator's desk."""

import re
from decimal import Decimal

from filled import door
from houses import House

from app.actions.links import usable
from app.store import assessments, organisations, people, standards, timeline
from app.store.assessments import Assessment

ERIK = {"name": "Erik Åkerlund-Łoś", "birth_date": "19910228", "reference": "2026-014", "language": "sv"}


def address(house: House) -> str:
    return f"/arenden/nytt?leverantor=exempelnat&utgava={house.edition}"


def filled(house: House, **changes) -> dict:
    with house.tools.read() as tx:
        modules = [module.id for module in standards.find(tx, house.edition).content.modules]
    assessors = [house.actors["assessor"].person]
    return ERIK | {"key": house.tools.new_id(), "modules": modules, "assessors": assessors} | changes


def cases(house: House) -> list[Assessment]:
    with house.tools.read() as tx:
        return assessments.of_provider(tx, house.provider)


def test_a_case_is_opened_once_however_often_the_form_is_sent(house):
    browser, form = house.browser("coordinator"), filled(house)
    answers = [browser.post(address(house), form) for _ in range(2)]
    assert {answer.headers["Location"] for answer in answers} == {f"/arenden/{form['key']}"}
    [case] = cases(house)
    assert (case.candidate.name, case.candidate.birth_date) == (ERIK["name"], "1991-02-28")
    page = browser.get(f"/arenden/{case.id}").text
    assert "Ärendet är öppnat" in page
    assert "jäv ej prövat" in page


def test_the_edition_is_chosen_among_those_granted_today(house):
    page = house.browser("coordinator").get("/arenden/nytt").text
    with house.tools.read() as tx:
        granted = standards.granted(tx, house.provider, house.tools.today())
    assert all(f"utgava={each.sha256}" in page for each in granted)
    strange = house.browser("stranger")
    assert "ingen gällande utfärdanderätt" in strange.get("/arenden/nytt").text
    assert "ingen gällande utfärdanderätt" in strange.get(address(house)).text


def test_what_is_missing_is_told_at_the_top_and_at_the_field(house):
    answer = house.browser("coordinator").post(
        address(house), filled(house, name="", birth_date="1991", modules=[], assessors=[])
    )
    assert answer.status_code == 400
    for place in ("name", "birth_date", "modules-0", "assessors-0"):
        assert f'href="#{place}"' in answer.text
        assert f'id="{place}"' in answer.text
    assert cases(house) == []


def test_a_limit_may_be_tightened_and_never_loosened(house):
    with house.tools.read() as tx:
        parameters = standards.find(tx, house.edition).content.parameters
    parameter = next(each for each in parameters if each.tighter == "lower")
    browser, field = house.browser("coordinator"), f"limit_{parameter.id}"
    loose = browser.post(address(house), filled(house) | {field: str(parameter.value * 2)})
    assert loose.status_code == 400
    assert f'href="#{field}"' in loose.text
    tight = parameter.value / 2
    assert browser.post(address(house), filled(house) | {field: str(tight).replace(".", ",")}).status_code == 303
    assert Decimal(cases(house)[0].tightened[parameter.id]) == tight


def test_a_made_up_assessor_opens_nothing(house):
    form = filled(house, assessors=[house.actors["quality"].person])
    assert house.browser("coordinator").post(address(house), form).status_code == 400
    assert cases(house) == []


def test_a_protected_candidate_is_shown_only_on_asking_and_the_look_is_logged(house):
    browser, case = house.browser("coordinator"), house.case(name="Ida Dold", birth_date="1988-03-04", protected=True)
    for page in ("/start", "/arenden", f"/arenden/{case}"):
        text = browser.get(page).text
        assert "Ida Dold" not in text
        assert "1988-03-04" not in text
        assert "Skyddad identitet" in text
    assert "Ida Dold" in browser.post(f"/arenden/{case}/visa", page=f"/arenden/{case}").text
    with house.tools.read() as tx:
        subject = assessments.find(tx, case).candidate.id
        looks = timeline.entries(tx, house.provider, [subject])
    assert [(each.action, each.name) for each in looks] == [("candidate.see-protected", "Karin Lindqvist")]
    assert "Såg skyddade personuppgifter" in browser.get(f"/arenden/{case}").text


def test_a_link_handed_over_is_shown_once_as_text_and_as_code(house):
    browser, case = house.browser("coordinator"), house.case()
    answer = browser.post(f"/arenden/{case}/lank", page=f"/arenden/{case}")
    secret = re.search(r"http://127\.0\.0\.1:8080/mina/([\w-]+)", answer.text)[1]
    assert usable(house.tools, secret)
    assert 'src="data:image/svg+xml' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert secret not in browser.get(f"/arenden/{case}").text


def test_a_case_ends_early_only_with_a_reason(house):
    browser, case = house.browser("coordinator"), house.case()
    page = f"/arenden/{case}"
    assert browser.post(f"{page}/aterta", {"reason": "nej"}, page=page).status_code == 400
    assert browser.post(f"{page}/aterta", {"reason": "Kandidaten har flyttat."}, page=page).status_code == 303
    assert cases(house)[0].state == "withdrawn"
    assert "Avsluta utan beslut" not in browser.get(page).text
    assert browser.post(f"{page}/aterta", {"reason": "Kandidaten har flyttat."}, page=page).status_code == 409


def test_the_list_is_searched_and_sorted_by_state(house):
    browser = house.browser("coordinator")
    house.case()
    house.case(name="Fatima Nordin", reference="2026-021")
    assert browser.get("/arenden?sok=fatima").text.count('class="main-line"') == 1
    assert browser.get("/arenden?sok=2026-014").text.count('class="main-line"') == 1
    assert browser.get("/arenden?lage=planned").text.count('class="main-line"') == 2
    assert "passar in på det" in browser.get("/arenden?lage=decided").text


def test_an_assessor_sees_only_own_cases(house):
    case = house.case()
    assert house.browser("assessor").get(f"/arenden/{case}").status_code == 200
    with house.tools.begin() as tx:
        home = organisations.find(tx, house.provider).id
        people.add_role(tx, house.actors["editor"].person, home, "assessor", house.tools.now())
    assert house.browser("editor").get(f"/arenden/{case}").status_code == 404


def test_each_role_is_told_what_awaits(house):
    house.case()
    for who, words in {
        "coordinator": "Pågående ärenden", "assessor": "Dina bedömningar", "quality": "Att kvalitetssäkra",
        "editor": "Era standarder", "admin": "Driften",
    }.items():  # fmt: skip
        assert words in house.browser(who).get("/start").text


def test_history_tells_who_did_what(shop):
    a = shop("issued")
    page = door(a, "coordinator").get(f"/arenden/{a.case}").text
    for words in ("Ärendet öppnades", "Bedömde", "(2 gånger)", "Bekräftade beslutet", "Resultatet fastställdes"):
        assert words in page
    assert "Elin Sandberg" in page


def test_that_somebody_is_protected_is_never_told_on_the_assessors_pages(house):
    case = house.case(name="Ida Dold", protected=True)
    house.browser("coordinator").post(f"/arenden/{case}/visa", page=f"/arenden/{case}")
    page = house.browser("assessor").get(f"/arenden/{case}").text
    assert "Ida Dold" in page
    assert "kydda" not in page
