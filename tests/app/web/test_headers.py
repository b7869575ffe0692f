"""What every answer tells the browser, and that no page needs what the policy forbids."""

import re
from pathlib import Path

import pytest
from filled import door

from app.web.headers import HEADERS
from templates import FOLDER

PAGES = sorted((FOLDER / "pages").glob("*.html"))
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)


@pytest.mark.parametrize("path", ["/", "/logga-in", "/finns-inte", "/healthz", "/static/style.css"])
def test_every_answer_says_it_all(shop, path):
    answer = door(shop()).get(path)
    for name in HEADERS.keys() - {"Cache-Control", "X-Robots-Tag"}:
        assert answer.headers[name] == HEADERS[name]


def test_only_the_pages_for_everybody_may_be_found_or_kept(shop):
    a = shop("issued")
    browser = door(a, "coordinator")
    for path in ("/start", "/bevis", f"/v/{a.given.token}", "/logga-in", "/finns-inte"):
        headers = browser.get(path).headers
        assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert "X-Robots-Tag" not in browser.get("/tillganglighet").headers
    assert "immutable" in browser.get("/static/style.css?v=1").headers["Cache-Control"]


def test_https_is_remembered_and_cookies_are_bound_to_the_host(shop):
    browser = door(shop())
    browser.at = "https://intyga.example"
    answer = browser.sign_in("coordinator")
    assert answer.headers["Strict-Transport-Security"]
    cookies = answer.headers.getlist("Set-Cookie")
    session = next(each for each in cookies if each.startswith("__Host-intyga="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in session.split(";")}
    assert all(each.startswith("__Host-") and "Secure" in each and "Domain" not in each for each in cookies)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_carries_script_or_style_inside(page: Path):
    assert INLINE.findall(page.read_text()) == []
