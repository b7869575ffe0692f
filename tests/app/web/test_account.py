"""A password that only its owner knows."""

from filled import door
from workshop import PASSWORD

NEW = "fiber skarv brunn kabel"


def test_a_password_is_changed_by_whoever_knows_the_old_one(shop):
    a = shop()
    browser, elsewhere = door(a, "quality"), door(a, "quality")
    wrong = browser.post("/konto", {"current": "fel lösenord här", "new": NEW, "again": NEW})
    assert wrong.status_code == 400
    assert 'href="#current"' in wrong.text
    unlike = browser.post("/konto", {"current": PASSWORD, "new": NEW, "again": NEW + "!"})
    assert 'href="#again"' in unlike.text
    assert browser.post("/konto", {"current": PASSWORD, "new": NEW, "again": NEW}).status_code == 303
    assert "Lösenordet är bytt" in browser.get("/konto").text
    assert elsewhere.get("/start").status_code == 302
    assert elsewhere.sign_in("quality").status_code == 401
    assert elsewhere.sign_in("quality", NEW).status_code == 303


def test_a_page_with_faults_says_so_in_its_title(shop):
    browser = door(shop(), "quality")
    assert "<title>Ditt konto" in browser.get("/konto").text
    assert "<title>Fel: Ditt konto" in browser.post("/konto", {"new": "kort"}).text


def test_roles_and_name_are_shown(shop):
    page = door(shop(), "quality").get("/konto").text
    assert "kvalitetssäkrare, Exempelnät Validering AB" in page
    assert "quality@intyga.example" in page
