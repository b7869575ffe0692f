"""One case travels the whole way in a real browser, as each role, with and without script."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from support.programs import output
from walker import EDITION, PICTURES, Served, Walker, approve, decide, declare, judge, open_case, papers

pytestmark = pytest.mark.slow
TWO = {c.id for c in EDITION.criteria if max(c.assessors, EDITION.assessors) > 1}


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_case_travels_from_coordinator_to_a_stranger_who_checks_it(
    page, served: Served, script: bool, tmp_path: Path
):
    name = f"Åsa Öberg-Łukasik {'Ett' if script else 'Två'}"
    email = f"asa{int(script)}@intyga.example"
    coordinator = Walker(page, served, script=script).sign_in("koordinator")
    case = open_case(coordinator, name, email)
    first = Walker(page, served, script=script).sign_in("bedomare")
    second = Walker(page, served, "phone", script=script).sign_in("bedomare2")
    for assessor in (first, second):
        declare(assessor, case)
    papers(first, case)
    for module in EDITION.modules:
        judge(first, case, module)
    first.go(f"{case}/modul/SKA")
    first.fit()
    first.picture("checklist")
    for module in EDITION.modules:
        if TWO & {c.id for c in module.criteria}:
            judge(second, case, module, only=TWO)
    second.fit()
    decide(first, case)
    quality = Walker(page, served, script=script).sign_in("kvalitet")
    quality.picture("start")
    approve(quality, case)
    number, link = fetched(page, served, email, script, tmp_path)
    checked(page, served, script, number, link, tmp_path, name)


def fetched(page, served: Served, email: str, script: bool, folder: Path) -> tuple[str, str]:
    """The candidate asks for the link, uses it, waits for the worker and downloads everything."""
    candidate = Walker(page, served, "phone", script=script)
    letters = set((served.folder / "mail").glob("*.txt"))
    asked = candidate.go("/mina")
    candidate.fit()
    asked.get_by_label("E-post").fill(email)
    asked.get_by_role("main").get_by_role("button").click()
    candidate.fit()
    secret = in_letter(served, letters)
    candidate.go(f"/mina/{secret}")
    candidate.fit()
    candidate.page.get_by_role("main").get_by_role("button").click()
    until_shown(candidate.page, "a[href*='/mitt/']")
    candidate.fit()
    candidate.picture("candidate")
    shut = candidate.page.locator("main details:not([open]) > summary:visible")
    while shut.count():
        shut.first.click()
    candidate.fit()
    with candidate.page.expect_download() as waiting:
        candidate.page.locator("a[download$='.pdf']").first.click()
    waiting.value.save_as(folder / waiting.value.suggested_filename)
    for link in candidate.page.locator("a[download][href*='/mitt/']").all():
        name = link.get_attribute("download") or ""
        answer = candidate.page.context.request.get(link.get_attribute("href") or "")
        assert answer.ok, name
        assert name in answer.headers["content-disposition"], answer.headers
        (folder / name).write_bytes(answer.body())
    text = candidate.page.inner_text("main")
    number = re.search(r"\d{4}-\d{6}-\d", text)
    assert number, text
    (paper,) = folder.glob("*.pdf")
    said = output("pdftotext", str(paper), "-")
    if PICTURES and script:
        output("pdftoppm", "-r", "72", "-png", "-f", "1", "-singlefile", str(paper), f"{PICTURES}/certificate")
    link = re.search(r"https://intyga\.example/v/(\S+)", said)
    assert link, said
    return number[0], link[1]


def checked(page, served: Served, script: bool, number: str, link: str, folder: Path, name: str) -> None:
    """A stranger checks by number, by link and by upload."""
    stranger = Walker(page, served, "phone", script=script)
    look = stranger.go("/kontrollera")
    stranger.fit()
    stranger.by_keyboard() if script else None
    look.locator("input[name='number']").fill(number)
    look.locator("form:has(input[name='number']) button[type='submit']").click()
    expect(look.get_by_role("main")).to_contain_text("Exempelnät Validering AB")
    assert name not in look.content()
    stranger.fit()
    stranger.go(f"/v/{link}")
    expect(look.get_by_role("main")).to_contain_text(name)
    stranger.fit()
    for paper in sorted(folder.iterdir()):
        if paper.suffix not in (".pdf", ".json", ".jwt"):
            continue
        stranger.go("/kontrollera")
        look.locator("input[type='file']").set_input_files(paper)
        look.locator("form:has(input[type='file']) button[type='submit']").click()
        until_shown(look, ".answer")
        assert look.locator(".answer.no").count() == 0, look.inner_text("main")
        expect(look.locator(".answer").nth(1)).to_have_class(re.compile("ok"))  # unchanged
        if "elm" not in paper.name and "europass" not in paper.name:  # unproved: known by its bytes only
            expect(look.get_by_role("main")).to_contain_text(name)
        stranger.fit()
        if paper.suffix == ".pdf":
            stranger.picture("verify")


def in_letter(served: Served, known: set[Path]) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for letter in set((served.folder / "mail").glob("*.txt")) - known:
            found = re.search(r"/mina/(\S+)", letter.read_text())
            if found:
                return found[1]
        time.sleep(0.1)  # polled against a deadline
    pytest.fail("no letter came")


def until_shown(looking: Page, selector: str) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if looking.locator(selector).count():
            return
        looking.wait_for_timeout(300)
        looking.reload()
    pytest.fail(f"{selector} never came: {looking.inner_text('body')[:2000]}")
