"""A page's form as a browser would send it: hidden fields, what is chosen, what is typed; then some of it changed."""

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from houses import Browser
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse
from workshop import Workshop

from app import create_app


class Form:
    """Where it goes, and what is in it."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.fields: MultiDict[str, Any] = MultiDict()

    def change(self, changes: dict[str, Any]) -> MultiDict[str, Any]:
        """Fields set anew; None leaves one out, a list gives several."""
        data = self.fields.copy()
        for name, value in changes.items():
            data.poplist(name)
            for each in value if isinstance(value, list) else [] if value is None else [value]:
                data.add(name, each)
        return data


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.area: str | None = None
        self.choice = ""
        self.off = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.forms.append(Form(found["action"]))
        elif tag == "fieldset" and (self.off or "disabled" in found):
            self.off += 1
        elif self.forms and not self.off:
            self._field(tag, found)

    def _field(self, tag: str, found: dict[str, str]) -> None:
        fields, name = self.forms[-1].fields, found.get("name", "")
        if tag == "input" and name:
            ticks = found.get("type") in ("radio", "checkbox")
            if found.get("type") != "file" and (not ticks or "checked" in found):
                fields.add(name, found.get("value", "on" if ticks else ""))
        elif tag == "textarea":
            self.area = name
            fields.add(name, "")
        elif tag == "select":
            self.choice = name
        elif tag == "option" and self.choice and "selected" in found:
            fields.add(self.choice, found.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1].fields[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            name, self.area = self.area, None
            text = self.forms[-1].fields[name]
            self.forms[-1].fields[name] = text.removeprefix("\r\n").removeprefix("\n")
        elif tag == "fieldset" and self.off:
            self.off -= 1
        elif tag == "select":
            self.choice = ""


def form_on(answer: TestResponse, action: str) -> Form:
    """The form of that page that goes there."""
    reader = _Reader()
    reader.feed(answer.text)
    return next(form for form in reader.forms if form.action == action)


def fill(browser: Browser, path: str, changes: dict[str, Any], action: str = "") -> TestResponse:
    """Open a page, change some of its form, send it."""
    return send(browser, form_on(browser.get(path), action or path), changes)


def send(browser: Browser, form: Form, changes: dict[str, Any]) -> TestResponse:
    """Send a form that was opened before."""
    client: FlaskClient = browser.client
    return client.post(form.action, base_url=browser.at, data=form.change(changes), headers=browser.headers)


def door(shop: Workshop, who: str | None = None) -> Browser:
    """A browser at a workshop's door, signed in when somebody is named."""
    shop.tools.settings.secret_file.write_text("a secret of the tests, longer than thirty-two characters")
    browser = Browser(create_app(shop.tools.settings, shop.tools).test_client())
    if who:
        assert browser.sign_in(who).status_code == 303
    return browser
