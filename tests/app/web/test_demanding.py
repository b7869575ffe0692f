"""A trade that asks for more, in a browser: papers first, steps in order, colours of the owner, alarms explained."""

from dataclasses import replace

import pytest
from filled import fill
from houses import House

from app.store import assessments, standards


def opened(house: House, standard: str) -> House:
    """The same house, opening cases of another standard."""
    with house.tools.read() as tx:
        granted = standards.granted(tx, house.provider, house.tools.today())
    return replace(house, edition=next(each.sha256 for each in granted if each.standard == standard))


def case_file(house: House, case: str):
    with house.tools.read() as tx:
        return assessments.case_file(tx, case)


def with_papers(house: House, case: str):
    browser = house.browser("assessor")
    today = house.tools.today()
    path = f"/arenden/{case}/bedomning"
    papers = {f"{key}:issued": today for key in ("esa", "first-aid", "pole-rescue", "apv")}
    assert fill(browser, path, papers, f"/arenden/{case}/behorigheter").status_code == 303
    return browser


def test_a_module_is_closed_until_its_papers_are_seen(house):
    house = opened(house, "distributionselektriker")
    case = house.case()
    browser, path = house.browser("assessor"), f"/arenden/{case}/modul/ELS"
    assert "Modulen är stängd än så länge" in browser.get(path).text
    refused = fill(browser, path, {"ELS.4:score": "met", "ELS.4:note": "Höll avstånd."})
    assert refused.status_code == 403
    assert "Kandidatens behörighet måste vara sedd" in refused.text
    assert "Höll avstånd." in refused.text
    assert case_file(house, case).stored == ()
    browser = with_papers(house, case)
    assert "Modulen är stängd" not in browser.get(path).text
    assert fill(browser, path, {"ELS.4:score": "met"}).status_code == 303


def test_steps_are_kept_in_the_order_they_were_taken_with_the_second_person(house):
    house = opened(house, "distributionselektriker")
    case = house.case()
    browser, path = with_papers(house, case), f"/arenden/{case}/modul/ELS"
    page = browser.get(path).text
    assert "fäller hela standarden" in page
    key = "ELS.3:fact:sequence"
    order = {"disconnect": 1, "secure": 2, "earth": 3, "prove": 4, "shield": 5}
    typed = {f"{key}:{step}:place": str(place) for step, place in order.items()}
    typed |= {f"{key}:{step}:witness": "EH" for step in ("disconnect", "prove", "earth")}
    assert fill(browser, path, typed | {"ELS.3:score": "met"}).status_code == 303
    given = case_file(house, case).standing.facts["ELS.3", "sequence"].value
    assert [row["step"] for row in given] == sorted(order, key=order.__getitem__)
    assert given[2] == {"step": "earth", "witness": "EH"}
    assert "stegen togs i fel ordning (4 → 3)" in browser.get(path).text


def test_the_page_says_which_colours_apply_and_gives_nothing_away(house):
    house = opened(house, "distributionselektriker")
    case = house.case()
    browser, path = with_papers(house, case), f"/arenden/{case}/modul/KAB"
    page = browser.get(path).text
    assert "Här gäller Ledarfärger i lågspänningskabel: Nätägare Norr: kabel enligt HD 308 S2" in page
    assert all(f'<option value="{colour}">' in page for colour in ("brun", "vit", "röd"))
    key = "KAB.3:fact:conductors"
    assert fill(browser, path, {f"{key}:0:conductor": "L1", f"{key}:0:colour": "vit", "KAB.3:score": "met"})
    assert "stämmer inte med tabellen som gäller här, 1: L1 – vit" in browser.get(path).text


def test_a_warning_asks_what_was_done_and_custody_for_every_handover(house):
    house = opened(house, "drifttekniker-va")
    case = house.case()
    browser, path = house.browser("assessor"), f"/arenden/{case}/modul/PRO"
    key = "PRO.3:fact:turbidity:0"
    row = {f"{key}:day": house.tools.today(), f"{key}:filter": "2", f"{key}:value": "0,31"}
    assert fill(browser, path, row | {"PRO.3:score": "met"}).status_code == 303
    assert "en varning saknar åtgärd, 1: 0,31 &gt; 0,20" in browser.get(path).text
    assert fill(browser, path, {f"{key}:action": "Backspolade"}).status_code == 303
    assert "en varning saknar åtgärd" not in browser.get(path).text
    assert "En rad för varje överlämning" in browser.get(f"/arenden/{case}/modul/PRV").text


@pytest.mark.parametrize(
    ("standard", "words"),
    [
        ("distributionselektriker", ("fäller hela standarden", "innan något bedöms", "Nätägare Kust", "två personer")),
        ("drifttekniker-va", ("från 5 olika dagar", "1. Tvättar och desinficerar händerna")),
        ("fastighetstekniker", ("högst 30 poäng, minst 60 %", "och Intyg över båda modulerna")),
        ("miljoarbetare-atervinning", ("Exempelkommun Söder", "Återanvänd ur fastighetstekniker 2026.1")),
    ],
)
def test_a_standard_is_read_as_a_whole(house, standard, words):
    page = house.browser("editor").get(f"/standarder/{opened(house, standard).edition}").text
    text = " ".join(page.split())
    for each in words:
        assert each in text, each
