"""The operator's desk."""

import re

from workshop import email

from app.store import organisations, people

NEW = {"email": "ny@intyga.example", "password": "tillräckligt långt"}


def place(house, role: str = "assessor") -> str:
    return f"{role}@{house.provider}"


def everybody(house) -> list[str]:
    with house.tools.read() as tx:
        return [each.person for each in people.listed(tx)]


def test_an_organisation_is_added_with_a_right_number(house):
    browser = house.browser("admin")
    wish = {"name": "Nya Validering AB", "kind": "provider", "organisation_number": "556000-0166", "slug": "nya"}
    wrong = browser.post("/admin/organisation", wish)
    assert wrong.status_code == 400
    assert "kontrollsiffra" in wrong.text
    assert browser.post("/admin/organisation", wish | {"organisation_number": "5560000167"}).status_code == 303
    with house.tools.read() as tx:
        assert organisations.find(tx, "nya").organisation_number == "556000-0167"
    taken = browser.post("/admin/organisation", wish | {"organisation_number": "5560000167"})
    assert "Kortnamnet används redan" in taken.text


def test_a_namesake_is_the_same_person_or_another_and_never_by_accident(house):
    browser, before = house.browser("admin"), len(set(everybody(house)))
    wish = NEW | {"name": "Johan Bergström", "place": place(house, "quality-assurer")}
    asked = browser.post("/admin/person", wish)
    assert asked.status_code == 400
    choices = re.findall(r'name="whose"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="whose"', asked.text)
    assert {a or b for a, b in choices} == {house.actors["assessor"].person, "another"}
    assert len(set(everybody(house))) == before
    assert browser.post("/admin/person", wish | {"whose": house.actors["assessor"].person}).status_code == 303
    assert len(set(everybody(house))) == before
    other = wish | {"email": "ny2@intyga.example", "whose": "another"}
    assert browser.post("/admin/person", other).status_code == 303
    assert len(set(everybody(house))) == before + 1


def test_an_address_is_used_once_and_a_password_is_long(house):
    browser = house.browser("admin")
    wish = NEW | {"name": "Ny Person", "place": place(house)}
    assert 'href="#email"' in browser.post("/admin/person", wish | {"email": email("assessor")}).text
    assert 'href="#password"' in browser.post("/admin/person", wish | {"password": "kort"}).text
    assert browser.post("/admin/person", wish | {"place": "administrator@" + house.provider}).status_code == 400


def test_a_closed_account_is_out_at_once(house):
    theirs, admin = house.browser("assessor"), house.browser("admin")
    page = f"/admin/person/{house.actors['assessor'].person}"
    assert admin.post("/admin/stang", {"email": email("assessor")}, page=page).status_code == 303
    assert theirs.get("/start").status_code == 302
    assert theirs.sign_in("assessor").status_code == 401
    admin.post("/admin/stang", {"email": email("admin")}, page=page)
    assert admin.get("/admin").status_code == 200


def test_a_person_is_given_one_more_role(house):
    page = f"/admin/person/{house.actors['assessor'].person}"
    browser = house.browser("admin")
    assert browser.post(page, {"place": place(house, "coordinator")}).status_code == 303
    assert "samordnare" in browser.get(page).text
    assert "Pågående ärenden" in house.browser("assessor").get("/start").text
