"""What script adds on the working pages, in a real browser; without it the same pages work by sending forms."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from houses import PASSWORD, House, email
from playwright.sync_api import Page, expect
from support.browser import axe, reflow, unreachable
from werkzeug.serving import make_server

pytestmark = pytest.mark.slow
VIEWPORTS = ("tablet", "phone", "narrow")
SPLICES = "SKA.3:fact:splices"


@contextmanager
def listening(house: House) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, house.flask, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sign_in(page: Page, who: str) -> None:
    page.goto("/logga-in")
    page.fill("[name=email]", email(who))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/start")


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_the_working_pages_fit_every_window_and_everybody(page, house, viewport):
    case = house.case()
    with listening(house) as base:
        opened = page(viewport, base_url=base)
        sign_in(opened, "assessor")
        for path in ("/bedomning", "/modul/SKA", "/modul/SAK", "/beslut"):
            opened.goto(f"/arenden/{case}{path}")
            assert (path, reflow(opened), axe(opened)) == (path, [], [])
        opened.goto("/kontrollera")
        assert (reflow(opened), axe(opened)) == ([], [])


def test_the_checklist_can_be_filled_in_with_the_keyboard_alone(page, house):
    case = house.case()
    with listening(house) as base:
        opened = page("tablet", base_url=base)
        sign_in(opened, "assessor")
        opened.goto(f"/arenden/{case}/modul/BER")
        assert unreachable(opened) == []


def test_targets_on_the_checklist_are_as_large_as_a_glove(page, house):
    case = house.case()
    with listening(house) as base:
        opened = page("phone", base_url=base)
        sign_in(opened, "assessor")
        opened.goto(f"/arenden/{case}/modul/SKA")
        small = opened.eval_on_selector_all(
            ".checklist .pick, .checklist input[type=text], .checklist summary, .asked button",
            "all => all.filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 48)"
            ".map(e => e.outerHTML.slice(0, 80))",
        )
        assert small == []
        picks = opened.eval_on_selector_all(
            ".pick", "all => Math.min(...all.map(e => e.getBoundingClientRect().height))"
        )
        assert picks >= 56


def test_means_and_limits_are_shown_while_typing(page, house):
    case = house.case()
    with listening(house) as base:
        opened = page("tablet", base_url=base)
        sign_in(opened, "assessor")
        opened.goto(f"/arenden/{case}/modul/SKA")
        row = opened.locator("#SKA\\.3 .cells tbody tr").first
        opened.fill(f'[name="{SPLICES}:0:ab"]', "0,14")
        opened.fill(f'[name="{SPLICES}:0:ba"]', "0.06")
        expect(row.locator("output")).to_have_text("0,1")
        expect(row.locator(".outside")).to_have_count(0)
        opened.fill(f'[name="{SPLICES}:0:ba"]', "0,10")
        expect(row.locator("output")).to_have_text("0,12")
        expect(row.locator(".outside .over-limit")).to_have_text("> 0,1")


def test_unsaved_changes_are_told_and_forgotten_once_saved(page, house):
    case = house.case()
    with listening(house) as base:
        opened = page("tablet", base_url=base)
        sign_in(opened, "assessor")
        opened.goto(f"/arenden/{case}/modul/SKA")
        told = opened.locator("[data-save-state]")
        expect(told).to_have_text("")
        opened.get_by_role("group", name="Bedömning av SKA.1").get_by_label("Uppnått").check()
        expect(told).to_have_text("Du har ändringar som inte är sparade.")
        opened.get_by_role("button", name="Spara allt").click()
        expect(opened.get_by_text("Sparat: 1 uppgift.")).to_be_visible()
        expect(opened.locator("[data-save-state]")).to_have_text("")


def test_only_what_is_left_can_be_shown(page, house):
    case = house.case()
    with listening(house) as base:
        opened = page("tablet", base_url=base)
        sign_in(opened, "assessor")
        opened.goto(f"/arenden/{case}/modul/BER")
        card = opened.locator("#BER\\.6")
        card.get_by_label("Uppnått").check()
        card.get_by_label("Yrkessamtal").check()
        card.get_by_role("button", name="Spara").click()
        expect(opened.locator("#BER\\.6 .badges")).to_contain_text("klart")
        opened.get_by_role("button", name="Visa bara det som är kvar").click()
        expect(card).to_be_hidden()
        expect(opened.locator("#BER\\.1")).to_be_visible()
        opened.get_by_role("button", name="Visa alla kriterier").click()
        expect(card).to_be_visible()
