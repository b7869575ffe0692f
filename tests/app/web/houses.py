"""A whole house for tests of its doors: a real database with real people, made once and copied for each test."""

import re
import shutil
from dataclasses import dataclass, field, replace
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.actions import grants, people, publish
from app.actions.open_assessment import NewCandidate, declare_no_tie, open_assessment
from app.policy import Actor, RoleName
from app.settings import Settings
from app.store import organisations, standards
from app.store import people as known
from app.store.schema import upgrade
from app.tools import Tools, tools_for
from criteria.reader import library

PASSWORD = "korrekt häst batteri"
AT = "http://127.0.0.1:8080"
BODY, PROVIDER, OTHER, OPERATOR = "exempelbranschen", "exempelnat", "annan-validering", "intyga"
PEOPLE: dict[str, tuple[str, str, RoleName]] = {
    "coordinator": ("Karin Lindqvist", PROVIDER, "coordinator"),
    "assessor": ("Johan Bergström", PROVIDER, "assessor"),
    "second": ("Amina Warsame", PROVIDER, "assessor"),
    "quality": ("Elin Sandberg", PROVIDER, "quality-assurer"),
    "editor": ("Per Holmgren", BODY, "editor"),
    "admin": ("Sara Nyström", OPERATOR, "administrator"),
    "stranger": ("Olle Berg", OTHER, "coordinator"),
}
"""Who lives in the house; the key is also the local part of the address."""
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def email(who: str) -> str:
    return f"{who}@intyga.example"


@dataclass
class Browser:
    """A visitor with cookies; forms are sent with the token of the page they stand on."""

    client: FlaskClient
    at: str = AT
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, base_url=self.at, headers=self.headers, buffered=True, **more)

    def token(self, page: str) -> str:
        found = TOKEN.search(self.get(page).text)
        return unescape(found[1]) if found else ""

    def post(self, path: str, data: dict[str, Any] | None = None, page: str | None = None, **more: Any) -> TestResponse:
        """Send a form as if from `page` (else from the address itself)."""
        fields = {"csrf_token": self.token(page or path), **(data or {})}
        return self.client.post(path, base_url=self.at, headers=self.headers, data=fields, buffered=True, **more)

    def sign_in(self, who: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/logga-in", {"email": email(who), "password": password})


@dataclass(frozen=True)
class House:
    """The application with its tools and the people in it."""

    tools: Tools
    flask: Flask
    actors: dict[str, Actor]
    provider: str
    body: str
    edition: str
    """SHA-256 of the shipped fibre standard."""

    def browser(self, who: str | None = None) -> Browser:
        """A fresh browser, signed in when somebody is named."""
        fresh = Browser(self.flask.test_client())
        if who:
            assert fresh.sign_in(who).status_code == 303
        return fresh

    def case(self, declared: bool = True, **candidate: Any) -> str:
        """Open a case with both assessors."""
        fields = {"name": "Erik Åkerlund-Łoś", "birth_date": "1991-02-28", "reference": "2026-014"} | candidate
        key = open_assessment(
            self.tools,
            self.actors["coordinator"],
            provider=self.provider,
            edition=self.edition,
            candidate=NewCandidate(**fields),
            assessors=(self.actors["assessor"].person, self.actors["second"].person),
            key=self.tools.new_id(),
        )
        for who in ("assessor", "second") if declared else ():
            declare_no_tie(self.tools, self.actors[who], key)
        return key


def a_house(folder: Path, **settings: Any) -> House:
    """A house of its own in that folder; changes to the settings by keyword."""
    shutil.copytree(_built(), folder, dirs_exist_ok=True)
    chosen = replace(Settings(folder=folder, secret_file=folder / "secret"), **settings)
    tools = tools_for(chosen)
    with tools.read() as tx:
        actors = {}
        for who in PEOPLE:
            account = known.account(tx, email(who))
            assert account
            actors[who] = known.actor(tx, account.id)
        provider, body = organisations.find(tx, PROVIDER), organisations.find(tx, BODY)
        edition = next(
            e for e in standards.granted(tx, provider.id, tools.today()) if e.standard == "fibertekniker-service"
        )
    return House(tools, create_app(chosen, tools), actors, provider.id, body.id, edition.sha256)  # type: ignore[arg-type] # every account here has its person


BUILT = TemporaryDirectory(prefix="intyga-house-")


@cache
def _built() -> Path:
    folder = Path(BUILT.name)
    (folder / "secret").write_text("a secret of the tests, longer than thirty-two characters")
    settings = Settings(folder=folder, secret_file=folder / "secret")
    tools = tools_for(settings)
    upgrade(tools.database)
    for slug, kind, name, number in (
        (OPERATOR, "operator", "Intyga provdrift", "556000-0241"),
        (BODY, "sector-body", "Exempelbranschen", "802000-0017"),
        (PROVIDER, "provider", "Exempelnät Validering AB", "556000-0167"),
        (OTHER, "provider", "Annan Validering AB", "556000-0324"),
    ):
        people.add_organisation(tools, None, slug=slug, kind=kind, name=name, organisation_number=number)
    for who, (name, organisation, role) in PEOPLE.items():
        people.add_person(
            tools, None, name=name, email=email(who), password=PASSWORD, organisation=organisation, role=role
        )
    for each in sorted((one.file.read_bytes() for one in library()), key=publish.reuses):
        published = publish.publish(tools, None, each, owner=BODY)
        grants.give(tools, None, owner=BODY, provider=PROVIDER, standard=published.standard)
    tools.database.close()
    return folder
