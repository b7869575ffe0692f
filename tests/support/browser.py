"""A real Chromium, and what we ask of every page in it: no axe violation, no sideways scrolling, nothing cut off."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

VIEWPORTS = {
    "tablet": {"width": 1180, "height": 820},
    "phone": {"width": 390, "height": 844},
    "narrow": {"width": 320, "height": 640},
}
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parents[1] / "browser/node_modules/axe-core/axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
REFLOW = (Path(__file__).parent / "reflow.js").read_text()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's own Chromium; its sandbox refuses root, so only then does it go without."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.fail("Chromium is missing: run make setup-tests")
    flags = [*FLAGS, "--no-sandbox"] if os.getuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()


class Pages:
    """Opens pages as different people hold them, and remembers what went wrong inside them."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[Any] = []
        self.faults: list[str] = []

    def __call__(self, viewport: str = "tablet", *, script: bool = True, **context: Any) -> Page:
        """A page with cookies of its own; `context` is handed on to Playwright (base_url, locale, storage_state …)."""
        wishes = {"locale": "sv-SE", "timezone_id": "Europe/Stockholm", "reduced_motion": "reduce"} | context
        opened = self.browser.new_context(viewport=VIEWPORTS[viewport], java_script_enabled=script, **wishes)
        self.contexts.append(opened)
        opened.on("weberror", lambda fault: self.faults.append(f"script failed: {fault.error}"))
        opened.on("console", self.listen)
        return opened.new_page()

    def listen(self, message: ConsoleMessage) -> None:
        """A page that breaks its own content policy is a fault, also when it looks right."""
        if "Content Security Policy" in message.text:
            self.faults.append(message.text)

    def close(self) -> None:
        for each in self.contexts:
            each.close()


@contextmanager
def pages(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Closes every page, then fails the test if any script in them failed or the content policy was broken."""
    opened = Pages(browser)
    yield opened
    opened.close()
    assert opened.faults == []


def axe(page: Page) -> list[str]:
    """What axe holds against the page by WCAG 2.2 A and AA: rule, place and reason, one line each."""
    if not AXE.exists():
        pytest.fail("axe-core is missing: run make setup-tests")
    page.evaluate(AXE.read_text())
    answer = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG)
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]


def reflow(page: Page) -> list[str]:
    """What makes the page scroll sideways, and text that is cut off; tables may scroll inside a box of their own."""
    return page.evaluate(REFLOW)


def unreachable(page: Page) -> list[str]:
    """Links, buttons and fields that the tab key never stops at, or that show nothing when it does."""
    page.evaluate("document.activeElement && document.activeElement.blur()")
    seen: list[str] = []
    faults: list[str] = []
    for _ in range(500):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None or stop["place"] in seen:
            break
        seen.append(stop["place"])
        if not stop["shown"]:
            faults.append(f"focus is not shown: {stop['place']}")
    return faults + [f"not reached: {each}" for each in page.evaluate(REACHABLE) if each not in seen]


# A radio group is one stop; what is hidden, disabled or taken out of the order on purpose is no stop.
PLACE = """
const place = element => {
  const steps = [];
  for (let at = element; at && at.parentElement; at = at.parentElement)
    steps.unshift(at.tagName.toLowerCase() + ":" + [...at.parentElement.children].indexOf(at));
  const words = (element.innerText || element.name || element.id || "").trim().slice(0, 40);
  return steps.join(">") + " " + words;
};
"""
FOCUSED = (
    "() => {"
    + PLACE
    + """
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const style = getComputedStyle(at);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return {place: place(at), shown: outlined || style.boxShadow !== "none"};
}"""
)
REACHABLE = (
    "() => {"
    + PLACE
    + """
  const wanted = "a[href], button, input, select, textarea, summary, [tabindex]";
  const groups = new Map();
  const found = [];
  for (const each of document.querySelectorAll(wanted)) {
    if (each.disabled || each.type === "hidden" || each.tabIndex < 0 || !each.checkVisibility()) continue;
    if (each.type === "radio") {
      const members = groups.get(each.name) || [];
      groups.set(each.name, [...members, each]);
    } else found.push(place(each));
  }
  const seen = groups.values();
  for (const members of seen) found.push(place(members.find(each => each.checked) || members[0]));
  return found;
}"""
)
