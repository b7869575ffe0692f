"""The checklist in a browser without script: what is kept, what is refused, and what two people do at once."""

import io
import re
from dataclasses import replace
from datetime import date
from html import unescape

from filled import door, fill, form_on, send
from houses import House
from workshop import HOLDER, Workshop, a_photo

from app.store import assessments, standards
from app.store.assessments import CaseFile
from assessments.checklist import fact_of

M1, M2 = "/modul/M1", "/modul/M2"
MET = {"M1.1:score": "met", "M1.1:methods": ["OBS"], "M1.1:fact:measure": "0,3"}


def case_file(shop: Workshop | House, case: str) -> CaseFile:
    with shop.tools.read() as tx:
        return assessments.case_file(tx, case)


def words(text: str) -> str:
    """A page without its tags, for reading."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def test_nothing_is_judged_before_the_assessor_declares_to_have_no_tie(shop):
    a = shop()
    case = a.open(declared=False)
    browser, home = door(a, "assessor"), f"/arenden/{case}"
    assert browser.get(home + M1).headers["Location"] == f"{home}/bedomning"
    assert "Innan du börjar" in browser.get(f"{home}/bedomning").text
    assert browser.post(f"{home}/jav", page=f"{home}/bedomning").status_code == 303
    assert "Innan du börjar" not in browser.get(f"{home}/bedomning").text
    assert browser.get(home + M1).status_code == 200


def test_a_judgement_is_kept_as_events_of_the_person_who_made_it(shop):
    a = shop("opened")
    path = f"/arenden/{a.case}{M1}"
    answer = fill(door(a, "assessor"), path, MET | {"M1.1:note": "Lugn hand.", "save": "M1.1"})
    assert answer.headers["Location"] == f"{path}#M1.1"
    standing = case_file(a, a.case).standing
    assert standing.scores["M1.1"].score == "met"
    assert standing.scores["M1.1"].methods == ("OBS",)
    assert standing.facts["M1.1", "measure"].value == "0,3"
    assert [note.text for note in standing.notes["M1.1"]] == ["Lugn hand."]
    assert standing.actors == {a.actors["assessor"].person}


def test_saving_a_page_that_was_not_changed_makes_no_event(shop):
    a = shop("judged")
    browser, before = door(a, "assessor"), case_file(a, a.case).standing.digest
    for module in (M1, M2):
        assert fill(browser, f"/arenden/{a.case}{module}", {}).status_code == 303
    assert case_file(a, a.case).standing.digest == before
    assert "Inget var ändrat" in browser.get(f"/arenden/{a.case}{M2}").text


def test_sending_the_same_page_twice_is_sending_it_once(shop):
    a = shop("opened")
    browser = door(a, "assessor")
    form = form_on(browser.get(f"/arenden/{a.case}{M1}"), f"/arenden/{a.case}{M1}")
    note = {"M1.1:note": "En gång."}
    assert send(browser, form, MET | note).status_code == 303
    once = case_file(a, a.case).stored
    a.clock.forward(minutes=5)
    assert send(browser, form, MET | note).status_code == 303
    assert case_file(a, a.case).stored == once


def test_only_what_changed_becomes_an_event_and_it_names_what_its_author_saw(shop):
    a = shop("judged")
    old = case_file(a, a.case)
    fill(door(a, "assessor"), f"/arenden/{a.case}{M1}", {"M1.1:fact:measure": "0.4"})
    new = case_file(a, a.case)
    added = [each.event for each in new.stored if each not in old.stored]
    assert [event.replaces for event in added] == [(old.standing.facts["M1.1", "measure"].id,)]
    assert new.standing.facts["M1.1", "measure"].value == "0.4"
    assert not new.standing.conflicts


def test_a_stale_tab_does_not_overwrite_what_came_meanwhile_but_shows_both(shop):
    a = shop("judged")
    path = f"/arenden/{a.case}{M1}"
    one, other = door(a, "assessor"), door(a, "second")
    stale = form_on(other.get(path), path)
    fill(one, path, {"M1.1:fact:measure": "0,4"})
    assert send(other, stale, {"M1.1:fact:measure": "0,2"}).status_code == 303
    assert ("fact", "M1.1", "measure") in case_file(a, a.case).standing.conflicts
    page = words(other.get(path).text)
    assert "Uppgifterna skiljer sig åt" in page
    assert "Mått: 0,4 mm Johan Bergström" in page
    assert "Mått: 0,2 mm Amina Warsame" in page


def test_a_stale_tab_that_says_the_same_is_no_conflict(shop):
    a = shop("judged")
    path = f"/arenden/{a.case}{M1}"
    other = door(a, "second")
    stale = form_on(other.get(path), path)
    fill(door(a, "assessor"), path, {"M1.1:fact:measure": "0,4"})
    assert send(other, stale, {"M1.1:fact:measure": "0,4"}).status_code == 303
    assert not case_file(a, a.case).standing.conflicts


def test_going_back_and_saying_otherwise_is_a_visible_conflict_with_oneself(shop):
    a = shop("opened")
    browser, path = door(a, "assessor"), f"/arenden/{a.case}{M1}"
    form = form_on(browser.get(path), path)
    send(browser, form, MET)
    send(browser, form, MET | {"M1.1:score": "not_met"})
    assert ("score", "M1.1") in case_file(a, a.case).standing.conflicts
    assert "oense" in browser.get(f"/arenden/{a.case}/bedomning").text


def test_settling_a_conflict_replaces_both_sides(shop):
    a = shop("judged")
    path = f"/arenden/{a.case}{M1}"
    one, other = door(a, "assessor"), door(a, "second")
    stale = form_on(other.get(path), path)
    fill(one, path, {"M1.1:score": "not_met"})
    send(other, stale, {"M1.1:score": "not_assessed"})
    unsettled = form_on(one.get(path), path)
    assert unsettled.fields.get("M1.1:score") is None  # nothing is guessed
    send(one, unsettled, {})
    assert ("score", "M1.1") in case_file(a, a.case).standing.conflicts
    send(one, unsettled, {"M1.1:score": "met", "M1.1:methods": ["PRA"]})
    standing = case_file(a, a.case).standing
    assert not standing.conflicts
    assert standing.scores["M1.1"].score == "met"


def test_a_value_outside_its_limit_is_kept_and_told_beside_the_field_at_once(shop):
    a = shop("opened")
    path = f"/arenden/{a.case}{M1}"
    browser = door(a, "assessor")
    assert fill(browser, path, MET | {"M1.1:fact:measure": "0.62"}).status_code == 303
    page = words(browser.get(path).text)
    assert "gräns ≤ 0,5 mm" in page
    assert "0,62 mm > 0,5 mm: ”uppnått” går inte ihop med gränsen" in page


def test_bad_input_is_told_at_its_field_and_everything_typed_stays(shop):
    a = shop("opened")
    path = f"/arenden/{a.case}{M1}"
    browser = door(a, "assessor")
    typed = MET | {"M1.1:fact:measure": "nästan", "M1.1:note": "Skrevs i regn."}
    answer = fill(browser, path, typed)
    assert answer.status_code == 400
    assert 'href="#M1.1:fact:measure"' in answer.text
    assert "Skriv ett tal, till exempel 0,08." in answer.text
    again = form_on(answer, path)
    assert again.fields["M1.1:fact:measure"] == "nästan"
    assert again.fields["M1.1:note"] == "Skrevs i regn."
    assert again.fields["M1.1:score"] == "met"
    assert case_file(a, a.case).stored == ()
    assert send(browser, again, {"M1.1:fact:measure": "0,3"}).status_code == 303
    assert len(case_file(a, a.case).stored) == 3


def test_what_the_gate_refuses_is_shown_and_nothing_of_it_is_kept(shop):
    a = shop("opened")
    answer = fill(door(a, "assessor"), f"/arenden/{a.case}{M1}", MET | {"M1.1:note": "smyg\x07ljud"})
    assert answer.status_code == 400
    assert "Kan inte sparas" in answer.text
    assert case_file(a, a.case).stored == ()


def test_not_applicable_needs_its_reason(shop):
    a = shop("opened")
    path = f"/arenden/{a.case}{M2}"
    browser = door(a, "assessor")
    assert fill(browser, path, {"M2.2:score": "not_applicable"}).status_code == 400
    assert fill(browser, path, {"M2.2:score": "not_applicable", "M2.2:reason": "Ingen kund här."}).status_code == 303
    assert case_file(a, a.case).standing.scores["M2.2"].reason == "Ingen kund här."


def test_a_photo_is_kept_without_its_metadata_and_shown_only_to_those_who_may_see_the_case(shop):
    a = shop("opened")
    path = f"/arenden/{a.case}{M2}"
    browser = door(a, "assessor")
    photo = (io.BytesIO(a_photo("spår", comment=b"hemligt")), "IMG_0001.jpg")
    assert fill(browser, path, {"M2.1:photos": [photo]}).status_code == 303
    kept = case_file(a, a.case).standing.evidence["M2.1"]
    address = f"/arenden/{a.case}/foto/{kept[0].sha256}"
    assert address in browser.get(path).text
    answer = browser.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"hemligt" not in answer.data
    assert door(a, "quality").get(address).status_code == 200
    assert door(a, "stranger").get(address).status_code == 404
    assert browser.get(f"/arenden/{a.case}/foto/{'0' * 64}").status_code == 404


def test_a_photo_is_kept_even_when_something_else_on_the_page_is_wrong(shop):
    a = shop("opened")
    photo = (io.BytesIO(a_photo("regn")), "a.jpg")
    changes = {"M2.1:photos": [photo], "M2.1:text": "Protokoll", "M2.1:day": "i går"}
    answer = fill(door(a, "assessor"), f"/arenden/{a.case}{M2}", changes)
    assert answer.status_code == 400
    assert "Fotona är sparade." in answer.text
    assert len(case_file(a, a.case).standing.evidence["M2.1"]) == 1


def test_what_is_no_photo_is_refused_at_its_field(shop):
    a = shop("opened")
    file = (io.BytesIO(b"%PDF-1.7"), "a.jpg")
    answer = fill(door(a, "assessor"), f"/arenden/{a.case}{M2}", {"M2.1:photos": [file]})
    assert answer.status_code == 400
    assert 'href="#M2.1:photos"' in answer.text


def test_evidence_and_notes_can_be_taken_back_and_stay_in_the_record(shop):
    a = shop("judged")
    path = f"/arenden/{a.case}{M2}"
    photo = case_file(a, a.case).standing.evidence["M2.1"][0]
    fill(door(a, "assessor"), path, {"M2.1:remove": [photo.id]})
    case = case_file(a, a.case)
    assert "M2.1" not in case.standing.evidence
    assert photo in [each.event for each in case.stored]


def test_papers_are_recorded_corrected_and_taken_back(shop):
    a = shop("opened")
    browser, page = door(a, "assessor"), f"/arenden/{a.case}/bedomning"
    action = f"/arenden/{a.case}/behorigheter"
    assert fill(browser, page, {"first-aid:until": "2027-01-01"}, action).status_code == 400
    assert fill(browser, page, {"first-aid:issued": "2025-11-01"}, action).status_code == 303
    assert case_file(a, a.case).standing.prerequisites["first-aid"].issued == "2025-11-01"
    fill(browser, page, {"first-aid:issued": "2001-11-01"}, action)
    assert "har gått ut" in browser.get(page).text
    fill(browser, page, {"first-aid:issued": ""}, action)
    assert case_file(a, a.case).standing.prerequisites == {}


def test_only_the_assessors_of_a_case_reach_its_checklist(shop):
    a = shop()
    case = a.open(HOLDER, "assessor")
    for who, status in (("second", 404), ("strange-assessor", 404), ("quality", 403), ("coordinator", 403)):
        browser = door(a, who)
        for page in ("/bedomning", M1, "/beslut"):
            assert browser.get(f"/arenden/{case}{page}").status_code == status
    assert door(a, "assessor").get(f"/arenden/{case}/modul/X9").status_code == 404


def test_a_decided_case_is_shown_but_a_late_page_keeps_what_was_typed_and_says_why(shop):
    a = shop("judged")
    browser, path = door(a, "assessor"), f"/arenden/{a.case}{M1}"
    form = form_on(browser.get(path), path)
    a.decide(a.case)
    answer = send(browser, form, {"M1.1:note": "För sent."})
    assert answer.status_code == 409
    assert "inte i ett läge" in answer.text
    assert "För sent." in answer.text
    assert "Här kan inget ändras" in browser.get(path).text


def test_measurements_get_more_rows_without_saving_and_their_means_are_computed(house):
    case = house.case()
    browser, path = house.browser("assessor"), f"/arenden/{case}/modul/SKA"
    key = "SKA.3:fact:splices"
    typed = {f"{key}:0:fibre": "1", f"{key}:0:ab": "0,14", f"{key}:0:ba": "0.10", f"{key}:0:retries": "0"}
    more = fill(browser, path, typed | {"more": key})
    assert more.status_code == 200
    form = form_on(more, path)
    assert form.fields[f"{key}:rows"] == "18"
    assert form.fields[f"{key}:0:ab"] == "0,14"
    assert case_file(house, case).stored == ()
    assert send(browser, form, {f"{key}:17:fibre": "18"}).status_code == 303
    given = case_file(house, case).standing.facts["SKA.3", "splices"].value
    assert [row["fibre"] for row in given] == ["1", "18"]
    page = browser.get(path).text
    assert re.search(r'<output class="mean"[^>]*>0,12</output>', page)
    assert "&gt; 0,10" in page


def test_where_two_assessors_are_needed_each_gives_an_own_score(house):
    case = house.case()
    path = f"/arenden/{case}/modul/BER"
    fill(house.browser("assessor"), path, {"BER.3:score": "met", "BER.3:methods": ["SIM"]})
    second = house.browser("second")
    page = second.get(path)
    assert "Den andra bedömaren" in page.text
    assert form_on(page, path).fields["BER.3:score"] == "not_assessed"
    send(second, form_on(page, path), {"BER.3:score": "met", "BER.3:methods": ["OBS"]})
    standing = case_file(house, case).standing
    assert standing.judges["BER.3"] == {house.actors["assessor"].person, house.actors["second"].person}
    assert not standing.conflicts


def a_case_of(house: House, standard: str) -> str:
    with house.tools.read() as tx:
        edition = next(each.sha256 for each in standards.every(tx) if each.standard == standard)
    return replace(house, edition=edition).case()


def papers(browser, case: CaseFile) -> None:
    """Everything that must be seen before the module opens."""
    home, today = f"/arenden/{case.assessment.id}", date.today().isoformat()  # noqa: DTZ011 the house's own clock is real
    seen = {f"{paper.id}:issued": today for paper in case.checklist.papers}
    assert fill(browser, f"{home}/bedomning", seen, f"{home}/behorigheter").status_code == 303


def test_a_module_stays_closed_until_the_papers_that_come_first_are_seen(house):
    case = a_case_of(house, "distributionselektriker")
    browser, path = house.browser("assessor"), f"/arenden/{case}/modul/ELS"
    answer = fill(browser, path, {"ELS.2:score": "met", "ELS.2:note": "Skrevs före."})
    assert answer.status_code == 403
    assert "Skrevs före." in answer.text
    papers(browser, case_file(house, case))
    assert fill(browser, path, {"ELS.2:score": "met"}).status_code == 303


def test_steps_are_kept_in_the_order_they_were_taken_and_a_wrong_order_is_told(house):
    case = a_case_of(house, "distributionselektriker")
    browser, path = house.browser("assessor"), f"/arenden/{case}/modul/ELS"
    papers(browser, case_file(house, case))
    steps = [each.id for each in fact_of(case_file(house, case).checklist.criteria["ELS.3"], "sequence").steps]
    key = "ELS.3:fact:sequence"
    typed = {f"{key}:{step}:place": str(place) for place, step in enumerate(steps, start=1)}
    twice = fill(browser, path, typed | {f"{key}:{steps[1]}:place": "1"})
    assert twice.status_code == 400
    assert "Två steg kan inte ha samma nummer." in twice.text
    swapped = typed | {f"{key}:{steps[0]}:place": "2", f"{key}:{steps[1]}:place": "1"}
    assert fill(browser, path, swapped | {f"{key}:{steps[0]}:witness": "EB"}).status_code == 303
    given = case_file(house, case).standing.facts["ELS.3", "sequence"].value
    assert [row["step"] for row in given] == [steps[1], steps[0], *steps[2:]]
    assert given[1]["witness"] == "EB"
    assert "fel ordning" in browser.get(path).text
    form = form_on(browser.get(path), path)
    assert form.fields[f"{key}:{steps[0]}:place"] == "2"
    assert send(browser, form, {f"{key}:{steps[-1]}:place": ""}).status_code == 303
    assert len(case_file(house, case).standing.facts["ELS.3", "sequence"].value) == len(steps) - 1


def test_points_are_held_against_what_can_be_had_and_the_threshold(house):
    case = a_case_of(house, "distributionselektriker")
    browser, path = house.browser("assessor"), f"/arenden/{case}/modul/ELS"
    papers(browser, case_file(house, case))
    assert fill(browser, path, {"ELS.1:fact:theory": "41"}).status_code == 400
    assert fill(browser, path, {"ELS.1:fact:theory": "20"}).status_code == 303
    page = words(browser.get(path).text)
    assert "av 40 poäng" in page
    assert "50 % < 85 %" in page
