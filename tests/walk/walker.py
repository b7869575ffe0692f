"""What each person does in the browser, with the keyboard and mouse of that person and nothing else."""

import os
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, expect
from support.browser import axe, reflow, unreachable

from app.demo import drawn
from app.demo.values import VALUES
from assessments.checklist import checklist
from criteria.model import ChoiceFact, Criterion, DateFact, Edition, Fact, Module, NumberFact, TableFact
from criteria.reader import shipped

EDITION: Edition = shipped("beredskapssvetsare-fibernat", "2026.1")
LISTS = checklist(EDITION, "0" * 64)
PICTURES = os.environ.get("PICTURES", "")
"""A folder: then the walk also takes the pictures of the README (`make pictures`)."""


class Served(NamedTuple):
    """A running program."""

    base: str
    folder: Path
    password: str


class Walker:
    """One person in one browser window."""

    def __init__(self, open_page: Callable[..., Page], served: Served, viewport: str = "tablet", **wishes) -> None:
        self.served = served
        self.script = wishes.get("script", True)
        self.page = open_page(viewport, base_url=served.base, **wishes)

    def sign_in(self, who: str) -> "Walker":
        self.page.goto("/logga-in")
        self.page.get_by_label("E-post").fill(f"{who}@intyga.example")
        self.page.get_by_label("Lösenord").fill(self.served.password)
        self.page.get_by_role("button", name="Logga in").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Hej")
        return self

    def go(self, address: str) -> Page:
        answer = self.page.goto(address)
        assert answer, address
        assert answer.status == 200, (address, answer.status)
        return self.page

    def fit(self) -> None:
        """The page as it stands can be used by everybody: axe, reflow and (once per kind of page) the keyboard."""
        self.page.wait_for_load_state("load")
        assert reflow(self.page) == [], self.page.url
        if self.script:
            assert axe(self.page) == [], self.page.url

    def by_keyboard(self) -> None:
        assert unreachable(self.page) == [], self.page.url

    def picture(self, name: str, *, whole: bool = False) -> None:
        if PICTURES and self.script:
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=whole)


def open_case(coordinator: Walker, name: str, email: str) -> str:
    """The coordinator opens a case for the emergency splicer; returns its address."""
    page = coordinator.go("/arenden/nytt")
    coordinator.fit()
    page.get_by_role("link", name="Beredskapssvetsare, fibernät").click()
    expect(page.get_by_label("Födelsedatum")).to_be_visible()
    page.get_by_label("Namn").fill(name)
    page.get_by_label("Födelsedatum").fill("1993-05-17")
    page.get_by_label("Er referens").fill("2026-077") if page.get_by_label("Er referens").count() else None
    page.get_by_label("E-post").fill(email)
    for assessor in ("Johan Bergström", "Amina Warsame"):
        page.get_by_label(assessor).check()
    coordinator.fit()
    page.get_by_role("main").get_by_role("button", name=re.compile("Öppna|Skapa|Spara")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    coordinator.fit()
    return re.sub(r"[?#].*", "", page.url)


def declare(assessor: Walker, case: str) -> None:
    page = assessor.go(f"{case}/bedomning")
    assessor.fit()
    page.get_by_role("main").get_by_role("button", name=re.compile("koppling|jäv|intygar", re.IGNORECASE)).click()
    expect(page).to_have_url(re.compile("/bedomning"))


def papers(assessor: Walker, case: str) -> None:
    page = assessor.go(f"{case}/bedomning")
    issued = (date.today() - timedelta(days=200)).isoformat()  # noqa: DTZ011 the browser's own day
    for paper in EDITION.prerequisites:
        page.locator(f"[name='{paper.id}:issued']").fill(issued)
    page.get_by_role("button", name="Spara behörigheter").click()
    assessor.fit()


def judge(assessor: Walker, case: str, module: Module, *, only: set[str] | None = None) -> None:
    """Fill a module as an assessor would and save it all at once."""
    page = assessor.go(f"{case}/modul/{module.id}")
    for criterion in module.criteria:
        if only is None or criterion.id in only:
            fill(page, criterion, facts=only is None)
    page.get_by_role("button", name="Spara allt").click()
    expect(page.get_by_text("Sparat").first).to_be_visible()


def fill(page: Page, criterion: Criterion, *, facts: bool) -> None:
    page.locator(f"[name='{criterion.id}:score'][value='met']").check()
    for method in criterion.methods.allowed[: criterion.methods.minimum]:
        page.locator(f"[name='{criterion.id}:methods'][value='{method}']").check()
    if not facts:
        return
    for fact in criterion.facts:
        fill_fact(page, criterion, fact)
    if criterion.evidence:
        page.locator(f"details:has([name='{criterion.id}:text'])").evaluate_all(
            "all => all.forEach(each => { each.open = true })"
        )
        kind = criterion.evidence.kinds[0]
        if kind == "photo":
            pictures = [
                {
                    "name": f"{place}.png",
                    "mimeType": "image/png",
                    "buffer": drawn(f"{criterion.id}{place}", criterion.id),
                }
                for place in range(criterion.evidence.minimum)
            ]
            page.locator(f"[name='{criterion.id}:photos']").set_input_files(pictures)
        else:
            page.locator(f"[name='{criterion.id}:evidence']").select_option(kind)
            page.locator(f"[name='{criterion.id}:text']").fill("Granskat på plats, handlingen ligger hos leverantören.")


def fill_fact(page: Page, criterion: Criterion, fact: Fact) -> None:
    key = f"{criterion.id}:fact:{fact.id}"
    value = VALUES.get((criterion.id, fact.id))
    if isinstance(fact, TableFact):
        assert isinstance(value, tuple), key
        for place, row in enumerate(value):
            for column, cell in row.items():
                page.locator(f"[name='{key}:{place}:{column}']").fill(cell)
    elif isinstance(fact, ChoiceFact):
        accepted = next(option.id for option in fact.options if option.accepted)
        field = page.locator(f"[name='{key}']")
        if field.first.evaluate("each => each.tagName") == "SELECT":
            field.select_option(accepted)
        else:
            page.locator(f"[name='{key}'][value='{accepted}']").check()
    elif isinstance(fact, DateFact):
        recent = min(10, (fact.within_days or 10) // 2)
        page.locator(f"[name='{key}']").fill((date.today() - timedelta(days=recent)).isoformat())  # noqa: DTZ011 same
    elif isinstance(fact, NumberFact):
        page.locator(f"[name='{key}']").fill(str(value or 1))
    else:
        page.locator(f"[name='{key}']").fill(str(value or "Enligt uppdraget"))


def decide(assessor: Walker, case: str) -> None:
    page = assessor.go(f"{case}/beslut")
    assessor.fit()
    expect(page.locator(".verdict")).to_contain_text("hela standarden")
    page.get_by_role("button", name="Bekräfta beslutet").click()
    expect(
        page.get_by_role("alert").or_(page.locator(".error-summary")).first
    ).to_be_visible()  # the draft is not enough
    for box in page.locator("form.decision textarea").all():
        box.fill("Visade arbetet från början till slut, förklarade sina val, och mätvärdena höll med god marginal.")
    if page.locator("[name='sure']").count():
        page.locator("[name='sure']").check()
    page.get_by_role("button", name="Bekräfta beslutet").click()
    expect(page.get_by_text("väntar på kvalitetssäkring").first).to_be_visible()


def approve(quality: Walker, case: str) -> None:
    page = quality.go(f"{case}/granskning")
    quality.fit()
    page.get_by_role("button", name=re.compile("Godkänn")).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
