"""Who comes in where: every endpoint in one table, nothing across tenants, no form from elsewhere."""

import re

import pytest
from filled import door
from houses import AT
from workshop import PEOPLE

from app import create_app
from app.web.field_api import delivering
from app.web.guards import DOORS, anybody, candidate, fetched

STAFF = [who for who in PEOPLE if not who.startswith("strange")]
OPEN = {name for name, each in DOORS.items() if each is anybody}
OF_PROGRAMS = {name for name, each in DOORS.items() if each in (delivering, fetched)}
"""Without token or session they are answered in JSON, not sent to a page."""
OF_CANDIDATES = {name for name, each in DOORS.items() if each is candidate}
REFUSED = {301, 302, 303, 400, 403, 404, 405, 409}


def routes(flask):
    return [
        (rule, method) for rule in flask.url_map.iter_rules() for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
    ]


def path_of(flask, rule, shop) -> str:
    """The rule's address with the ids of things that are there."""
    given = shop.given
    with shop.tools.read() as tx:
        from app.store import awards, standards  # noqa: PLC0415 only this needs them

        document = awards.documents(tx, given.id)[0].id
        grant = standards.grant_views(tx, provider=shop.provider)[0].id
    things = {
        "/arenden/": given.assessment, "/bevis/": given.id, "/standarder/": shop.edition,
        "/utfardanderatter/": grant, "/v/": given.token, "/admin/person/": shop.actors["assessor"].person,
        "/mitt/": given.id,
    }  # fmt: skip
    values = {"key": "x", "sha256": shop.edition, "award": given.id, "token": given.token, "module": "M1", "code": "en"}
    values |= {
        "document": document,
        "secret": "x",
        "revocation": "x",
        "filename": "style.css",
        "path": "x",
        "rest": "x",
    }
    values |= {"key": next((thing for start, thing in things.items() if rule.rule.startswith(start)), "x")}
    with flask.test_request_context(base_url=AT):
        wanted = {name: values.get(name, "x") for name in rule.arguments}
        return flask.url_map.bind("127.0.0.1").build(rule.endpoint, wanted)


@pytest.fixture
def issued(shop):
    a = shop("issued")
    a.tools.settings.secret_file.write_text("a secret of the tests, longer than thirty-two characters")
    return a


def test_every_endpoint_has_a_door_and_every_door_an_endpoint(issued):
    flask = create_app(issued.tools.settings, issued.tools)
    assert {rule.endpoint for rule in flask.url_map.iter_rules()} == set(DOORS)


def test_an_endpoint_that_nobody_thought_of_is_closed(issued):
    flask = create_app(issued.tools.settings, issued.tools)
    flask.add_url_rule("/bakvagen", "bakvagen", lambda: "come in")
    assert flask.test_client().get("/bakvagen", base_url=AT).status_code == 404


def test_whoever_is_not_signed_in_is_asked_to(issued):
    browser = door(issued)
    flask = browser.client.application
    for rule, method in routes(flask):
        if rule.endpoint in OPEN:
            continue
        answer = browser.client.open(path_of(flask, rule, issued), method=method, base_url=AT, buffered=True)
        if rule.endpoint in OF_PROGRAMS:
            assert (answer.status_code, set(answer.json)) == (401, {"code", "message"}), rule
            continue
        wanted = "/mina" if rule.endpoint in OF_CANDIDATES else "/logga-in"
        assert answer.status_code == 302, rule
        assert answer.headers["Location"].startswith(wanted), rule


@pytest.mark.parametrize("who", [who for who in PEOPLE if who.startswith("strange")])
def test_nothing_of_another_tenant_exists(issued, who):
    browser = door(issued, who)
    flask = browser.client.application
    for rule, _method in routes(flask):
        if rule.endpoint in OPEN | OF_CANDIDATES or not rule.arguments:
            continue
        answer = browser.client.open(path_of(flask, rule, issued), method="GET", base_url=AT, buffered=True)
        assert answer.status_code in (403, 404, 405), rule
        assert "Åkerlund" not in answer.text, rule


@pytest.mark.parametrize("who", STAFF)
def test_no_page_breaks_whoever_opens_it(issued, who):
    browser = door(issued, who)
    flask = browser.client.application
    for rule, method in routes(flask):
        if method == "GET" and rule.endpoint not in OF_CANDIDATES:
            answer = browser.client.get(path_of(flask, rule, issued), base_url=AT, buffered=True)
            fine = REFUSED | ({401} if rule.endpoint in OF_PROGRAMS else set())
            assert answer.status_code == 200 or answer.status_code in fine, (rule, answer.status_code)


def test_no_form_is_taken_without_its_token(issued):
    browser = door(issued, "coordinator")
    flask = browser.client.application
    for rule, method in routes(flask):
        if method == "POST":
            answer = browser.client.post(path_of(flask, rule, issued), base_url=AT)
            assert answer.status_code in (302, 400, 403, *((401,) if rule.endpoint in OF_PROGRAMS else ())), rule


def test_a_form_on_somebody_elses_page_is_refused_even_with_a_token(issued):
    browser = door(issued, "coordinator")
    browser.headers = {"Sec-Fetch-Site": "cross-site"}
    assert browser.post("/logga-ut", page="/start").status_code == 403


def test_an_unknown_host_is_refused(issued):
    browser = door(issued)
    for at, status in (("http://evil.example", 400), ("http://localhost:8080", 200), ("http://[::1]:8080", 200)):
        browser.at = at
        assert browser.get("/").status_code == status
    browser.at = issued.tools.settings.public_url
    assert browser.get("/").status_code == 200


def test_a_role_elsewhere_opens_no_door_here(issued):
    assert door(issued, "assessor").get("/admin").status_code == 403
    assert door(issued, "quality").get("/arenden/nytt").status_code == 403
    assert door(issued, "editor").get("/arenden").status_code == 403
    page = door(issued, "editor").get("/admin").text
    assert re.search(r"Det får du inte göra", page)
