"""What the server needs for every main page, on the demo's data, signed in as whoever the page is for."""

import re
from collections.abc import Iterator
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.store import assessments, awards
from app.web.limits import LIMITER
from bench.house import Demo
from bench.measure import Result, in_turn

AT = "http://127.0.0.1:8080"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PUBLIC = (
    "/",
    "/kontrollera",
    "/v/{token}",
    "/integritet",
    "/tillganglighet",
    "/issuer/exempelnat/did.json",
    "/healthz",
)
DESKS = {
    "koordinator": ("/start", "/arenden", "/arenden/nytt", "/arenden/{waiting}", "/bevis", "/bevis/{award}"),
    "bedomare": ("/start", "/arenden/{started}", "/arenden/{started}/modul/{module}",
                 "/arenden/{started}/beslut"),
    "kvalitet": ("/start", "/arenden/{waiting}/granskning"),
    "bransch": ("/start", "/standarder", "/standarder/{edition}", "/utfardanderatter"),
    "admin": ("/start", "/admin"),
}  # fmt: skip


def pages(at: Demo, rounds: int) -> Iterator[Result]:
    """CPU of one answer, without network and without the first time."""
    LIMITER.enabled = False
    flask = create_app(at.settings, at.tools)
    found = _names(at)
    yield from _measured("nobody", flask.test_client(), PUBLIC, found, rounds)
    for who, paths in DESKS.items():
        yield from _measured(who, _signed_in(at, flask, who), paths, found, rounds)


def _measured(
    who: str, client: FlaskClient, paths: tuple[str, ...], found: dict[str, str], rounds: int
) -> Iterator[Result]:
    def asking(path: str):
        def ask() -> None:
            answer = client.get(path.format(**found), base_url=AT, buffered=True)
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answered {answer.status_code}")

        return ask

    for path, took in zip(paths, in_turn(*[asking(path) for path in paths], rounds=rounds), strict=True):
        yield Result(f"{who}: {path} (CPU)", took)


def _names(at: Demo) -> dict[str, str]:
    given = at.award()
    with at.tools.read() as tx:
        cases = assessments.of_provider(tx, given.provider)
        started = next(each for each in cases if each.candidate.name == "Fatima Nordin")
        waiting = next(each for each in cases if each.candidate.name == "Lars Öqvist")
        module = assessments.case_file(tx, started.id).checklist.modules[0].id
        token = awards.find(tx, given.id).token
    return {
        "token": token, "award": given.id, "started": started.id, "waiting": waiting.id, "module": module,
        "edition": started.edition,
    }  # fmt: skip


def _signed_in(at: Demo, flask: Flask, who: str) -> FlaskClient:
    client = flask.test_client()
    known = next(each for each in at.sign_ins if each.email == f"{who}@intyga.example")
    page = client.get("/logga-in", base_url=AT).text
    mark = TOKEN.search(page)
    assert mark
    fields = {"csrf_token": unescape(mark[1]), "email": known.email, "password": known.password}
    answer = client.post("/logga-in", data=fields, base_url=AT)
    assert answer.status_code == 303, answer.status_code
    return client
