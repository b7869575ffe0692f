"""The provider's certificates, and two people to take one back."""

import re

import pytest
from filled import door
from workshop import PASSWORD, PROVIDER, email

from app.actions.people import add_person
from app.store import awards
from app.store.tables import DocumentRow

REASON = "Mätinstrumentet var inte kalibrerat."


@pytest.fixture
def issued(shop):
    return shop("issued")


def test_what_was_issued_is_found_by_name_number_and_status(issued):
    browser, number = door(issued, "quality"), issued.given.number
    for query in ("", "?sok=åkerlund", f"?sok={number}", "?lage=valid"):
        assert number in browser.get(f"/bevis{query}").text
    assert number not in browser.get("/bevis?sok=nordin").text


def test_documents_are_served_as_they_were_sealed_under_a_neutral_name(issued):
    browser, given = door(issued, "coordinator"), issued.given
    with issued.tools.read() as tx:
        pdf = next(each for each in awards.documents(tx, given.id) if each.format == "pdf")
    answer = browser.get(f"/bevis/{given.id}/dokument/{pdf.id}")
    assert answer.data == issued.tools.files.get(pdf.sha256)
    assert answer.headers["Content-Disposition"] == f"attachment; filename=intyga-{given.number}.pdf"
    assert browser.get(f"/bevis/{given.id}/dokument/nagot").status_code == 404


def test_revoking_takes_two_people(issued):
    page = f"/bevis/{issued.given.id}"
    first, second = door(issued, "coordinator"), door(issued, "quality")
    assert first.post(f"{page}/aterkalla", {"reason": "nej"}, page=page).status_code == 400
    assert first.post(f"{page}/aterkalla", {"reason": REASON}, page=page).status_code == 303
    with issued.tools.read() as tx:
        [asked] = awards.revocations(tx, issued.given.id)
    confirm = f"{page}/bekrafta/{asked.id}"
    assert "En annan person än du" in first.get(page).text
    assert first.post(confirm, page=page).status_code == 403
    assert "Återkallelser att bekräfta" in second.get("/start").text
    assert second.post(confirm, page=page).status_code == 303
    assert issued.given.revoked_at
    assert "återkallat" in second.get("/bevis").text
    assert REASON in second.get(page).text


def test_the_reason_is_never_public(issued):
    page = f"/bevis/{issued.given.id}"
    door(issued, "coordinator").post(f"{page}/aterkalla", {"reason": REASON}, page=page)
    assert REASON not in door(issued).get(f"/v/{issued.given.token}").text


def test_two_accounts_of_one_person_are_one_person(issued):
    who = issued.actors["coordinator"]
    add_person(
        issued.tools, None, name=who.name, email=email("again"), password=PASSWORD, organisation=PROVIDER,
        role="quality-assurer", person=who.person,
    )  # fmt: skip
    page = f"/bevis/{issued.given.id}"
    door(issued, "coordinator").post(f"{page}/aterkalla", {"reason": REASON}, page=page)
    with issued.tools.read() as tx:
        [asked] = awards.revocations(tx, issued.given.id)
    assert door(issued, "again").post(f"{page}/bekrafta/{asked.id}", page=page).status_code == 403


def test_nothing_is_ready_before_the_worker_has_been_there(shop):
    a = shop("approved")
    browser = door(a, "coordinator")
    assert "På väg ut" in browser.get("/start").text
    page = browser.get(f"/bevis/{a.given.id}").text
    assert "Dokumenten görs just nu" in page
    assert re.search(r"badge wait.*utfärdas", page, re.DOTALL)


def test_a_paper_without_time_stamp_says_that_it_waits_and_one_with_it_does_not(shop):
    house = shop("issued")
    page = f"/bevis/{house.given.id}"
    browser = door(house, "coordinator")
    assert "Tidsstämpel väntar" not in browser.get(page).text
    assert "Elektronisk utvecklingsstämpel: ett prov" in browser.get(page).text
    with house.tools.begin() as tx:
        tx.execute(DocumentRow.__table__.update().values(level="B"))
    assert "Tidsstämpel väntar" in browser.get(page).text
