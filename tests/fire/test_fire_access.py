"""Who gets in where, tried on every endpoint; what one may not see looks like what does not exist."""

import re
import sqlite3
import uuid
from contextlib import closing

import pytest
from filled import door
from houses import AT
from test_doors import path_of, routes
from workshop import PEOPLE, PROVIDER

from app import LARGEST_REQUEST
from app.actions.people import disable_account
from app.actions.sign_in import SignInError, sign_in
from app.web.guards import DOORS, anybody, candidate
from app.web.headers import HEADERS
from app.web.limits import LIMITER

ANYBODY = {name for name, each in DOORS.items() if each is anybody}
OF_CANDIDATES = {name for name, each in DOORS.items() if each is candidate}
OURS = ("coordinator", "assessor", "second", "quality", "editor", "admin")
STRANGERS = [who for who in PEOPLE if who.startswith("strange")]
CASE = {"coordinator", "assessor", "second", "quality"}
PROVIDERS = {"coordinator", "quality"}
STAFF = {*OURS, *STRANGERS}
LEARNS = {*CASE, "editor"}

SEES: dict[str, set[str]] = {
    "start.awaits": STAFF,
    "account.overview": STAFF,
    "coordinator.listing": {*PROVIDERS, "stranger", "strange-quality"},
    "coordinator.new": {"coordinator", "stranger"},
    "coordinator.overview": CASE,
    "assessor.overview": {"assessor", "second"},
    "assessor.checklist": {"assessor", "second"},
    "assessor.photo": CASE,
    "decision.page": {"assessor", "second"},
    "quality.review": {"quality"},
    "awards.listing": {*PROVIDERS, "stranger", "strange-quality"},
    "awards.overview": PROVIDERS,
    "awards.document": PROVIDERS,
    "editor.listing": STAFF,
    "editor.standard": LEARNS,
    "editor.file": LEARNS,
    "compare.page": LEARNS,
    "editor.grants": {"editor", "strange-editor"},
    "editor.revoke": {"editor"},
    "admin.overview": {"admin"},
    "admin.organisation": {"admin"},
    "admin.person": {"admin"},
    "admin.role": {"admin"},
    "admin.reports": {"admin"},
}
"""Endpoint → whom a page is shown to when it is about our provider's things; everybody else is refused."""
FIELD = re.compile(r"^(field|devices|quarantine|confirm|front|package|origin)")
"""The tablets' rooms have tables of their own beside them."""
HEADERS_OF_ALL = HEADERS.keys() - {"Cache-Control", "X-Robots-Tag", "Cross-Origin-Resource-Policy"}


@pytest.fixture
def issued(shop):
    made = shop("issued")
    yield made
    LIMITER.reset()


def rows(shop) -> dict[str, int]:
    """Everything that acting could add to; sessions come and go with looking."""
    with closing(sqlite3.connect(shop.tools.settings.folder / "intyga.sqlite")) as raw:
        names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 names from the schema itself
            for name in names
            if name != "sessions"
        }


def photo_of(shop) -> str:
    with closing(sqlite3.connect(shop.tools.settings.folder / "intyga.sqlite")) as raw:
        return raw.execute("SELECT sha256 FROM photos").fetchone()[0]


def address(flask, rule, shop) -> str:
    path = path_of(flask, rule, shop)
    if rule.endpoint == "compare.page":
        return f"/standarder/{shop.edition}/jamfor/{shop.edition}"
    return path.replace(shop.edition, photo_of(shop)) if rule.endpoint == "assessor.photo" else path


def test_every_page_for_some_is_in_the_table(issued):
    flask = door(issued).client.application
    pages = {rule.endpoint for rule, method in routes(flask) if method == "GET"}
    wanted = {name for name in pages - ANYBODY - OF_CANDIDATES if not FIELD.match(name)}
    assert wanted == set(SEES)


@pytest.mark.parametrize("who", [*OURS, *STRANGERS])
def test_a_role_sees_what_the_table_says_and_nothing_else(issued, who):
    browser = door(issued, who)
    flask = browser.client.application
    wrong = []
    for rule, method in routes(flask):
        if method != "GET" or rule.endpoint not in SEES:
            continue
        answer = browser.get(address(flask, rule, issued))
        seen = answer.status_code == 200
        if seen != (who in SEES[rule.endpoint]):
            wrong.append(f"{rule.endpoint}: {answer.status_code}")
    assert wrong == []


def unknown(path: str) -> str:
    """The same address with ids that nothing has."""
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{22}", lambda found: found[0][:14] + str(uuid.uuid4())[14:], path)
    return re.sub(r"[0-9a-f]{64}", "e" * 64, path)


def told(answer, path: str) -> tuple[int, str, str]:
    """An answer without what differs by chance."""
    text = answer.text.replace(path, "PATH")
    text = re.sub(r'(name="csrf_token"[^>]*value=)"[^"]*"', r"\1", text)
    text = re.sub(r"till=[^\"&]*", "till=", text)
    return answer.status_code, re.sub(r"till=.*", "till=", answer.headers.get("Location", "")), text


@pytest.mark.parametrize("who", [*STRANGERS, "editor", "admin"])
def test_what_belongs_to_others_answers_like_what_does_not_exist(issued, who):
    browser = door(issued, who)
    flask, token = browser.client.application, browser.token("/konto")
    before = rows(issued)
    leaks = []
    for rule, method in routes(flask):
        if rule.endpoint in ANYBODY | OF_CANDIDATES or not rule.arguments or who in SEES.get(rule.endpoint, set()):
            continue
        path = address(flask, rule, issued)
        other = unknown(path)
        if other == path:  # nothing of that kind is there
            continue
        sent = {"data": {"csrf_token": token}} if method == "POST" else {}
        answers = [
            told(browser.client.open(each, method=method, base_url=AT, buffered=True, **sent), each)
            for each in (path, other)
        ]
        if answers[0] != answers[1]:
            leaks.append(f"{method} {rule.endpoint}: {answers[0][0]} {answers[1][0]}")
    assert leaks == []
    assert rows(issued) == before


@pytest.mark.parametrize("who", OURS)
def test_every_form_needs_the_token_of_its_own_session(issued, who):
    browser, other = door(issued, who), door(issued, "stranger")
    other.client.application.secret_key = browser.client.application.secret_key
    flask = browser.client.application
    before = rows(issued)
    for rule, method in routes(flask):
        if method != "POST" or FIELD.match(rule.endpoint):
            continue
        path = address(flask, rule, issued)
        for token in (None, "", "x", other.token("/konto"), "ImFiYyI.aaaa.bbbb"):
            answer = browser.client.post(
                path, base_url=AT, data={} if token is None else {"csrf_token": token}, buffered=True
            )
            assert answer.status_code in ((400, 403, 302) if rule.endpoint in OF_CANDIDATES else (400, 403)), rule
            if rule.endpoint in ANYBODY:
                assert answer.status_code == 400, rule
        token = browser.token("/konto")
        for origin in ("cross-site", "same-site"):
            headers = {"Sec-Fetch-Site": origin}
            answer = browser.client.post(path, base_url=AT, data={"csrf_token": token}, headers=headers, buffered=True)
            assert answer.status_code == 403, rule
    assert rows(issued) == before
    assert browser.get("/start").status_code == 200


def test_nobody_can_choose_somebody_elses_session(issued):
    browser = door(issued)
    browser.client.set_cookie("intyga", "chosen-by-an-attacker", domain="127.0.0.1")
    browser.sign_in("coordinator")
    kept = browser.client.get_cookie("intyga", domain="127.0.0.1").value
    assert kept != "chosen-by-an-attacker"
    assert len(kept) >= 22  # 128 random bits
    attacker = door(issued)
    attacker.client.set_cookie("intyga", "chosen-by-an-attacker", domain="127.0.0.1")
    assert attacker.get("/start").status_code == 302
    for name in ("intyga", "intyga-mitt"):
        attacker.client.set_cookie(name, kept, domain="127.0.0.1")
    assert attacker.get("/mitt").status_code == 302


WRONG = "fel lösenord här"


def knock(browser, email: str, password: str = WRONG):
    answer = browser.post("/logga-in", {"email": email, "password": password})
    LIMITER.reset()
    return answer.status_code, re.sub(r'value="[^"]*"', "", answer.text), sorted(answer.headers.keys())


def test_known_unknown_disabled_and_locked_accounts_answer_alike(issued):
    disable_account(issued.tools, None, "second@intyga.example")
    browser = door(issued)
    for _ in range(10):
        knock(browser, "assessor@intyga.example")
    answers = [
        knock(browser, "ingen@intyga.example"),
        knock(browser, "quality@intyga.example"),
        knock(browser, "second@intyga.example", "korrekt häst batteri"),
        knock(browser, "assessor@intyga.example", "korrekt häst batteri"),
        knock(browser, "ASSESSOR@intyga.example ", "korrekt häst batteri"),
    ]
    assert {status for status, *_ in answers} == {401}
    assert all(answer == answers[0] for answer in answers)


def test_every_answer_of_every_endpoint_carries_the_headers(issued):
    browser = door(issued, "coordinator")
    flask = browser.client.application
    for rule, method in routes(flask):
        for way in {method, "DELETE", "OPTIONS"}:
            answer = browser.client.open(address(flask, rule, issued), method=way, base_url=AT, buffered=True)
            for name in HEADERS_OF_ALL:
                if name == "Content-Security-Policy":
                    assert "default-src 'none'" in answer.headers[name], (rule, way)
                else:
                    assert answer.headers.get(name) == HEADERS[name], (rule, way, name)
            assert b"Traceback" not in answer.data
        LIMITER.reset()


def test_refusals_and_our_own_faults_carry_them_too(issued):
    browser = door(issued, "coordinator")
    flask = browser.client.application
    flask.view_functions["public.home"] = lambda: 1 / 0
    form = "application/x-www-form-urlencoded"
    large = browser.client.post("/logga-in", base_url=AT, data=b"x" * (LARGEST_REQUEST + 1), content_type=form)
    answers = {
        404: browser.get("/finns-inte"), 405: browser.client.put("/logga-in", base_url=AT), 413: large,
        500: browser.get("/"), 400: browser.client.get("/", base_url="http://evil.example"),
        308: browser.client.get("//logga-in//", base_url=AT),
    }  # fmt: skip
    for status, answer in answers.items():
        assert status in (answer.status_code, 308)
        for name in HEADERS_OF_ALL:
            assert answer.headers[name] == HEADERS[name], (status, name)


TILL = (
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "/%09/evil.example",
    "\t//evil.example",
    "/\r\n/x",
    "http:/\\x",
    "///evil.example",
    "/./\\evil",
    " //evil.example",
    "/\u2028/evil",
    "/a\x00b",
    "javascript:alert(1)",
    "//",
    "@evil.example",
)


@pytest.mark.parametrize("till", TILL)
def test_nobody_is_sent_to_strangers(issued, till):
    from urllib.parse import urljoin, urlsplit  # noqa: PLC0415 only here

    browser = door(issued)
    places = [browser.get("/sprak/en", query_string={"till": till}).headers["Location"]]
    fields = {"email": "coordinator@intyga.example", "password": "korrekt häst batteri", "till": till}
    places.append(browser.post("/logga-in", fields).headers["Location"])
    for place in places:
        assert urlsplit(urljoin(f"{AT}/x", place)).netloc == urlsplit(AT).netloc, place
        assert "\n" not in place


HOSTS = (
    "evil.example",
    "127.0.0.1.evil.example",
    "evil.example:80",
    "127.0.0.1:x@evil.example",
    "",
    "[::1",
    "127.0.0.1\\evil",
    "intyga.example.evil",
)


@pytest.mark.parametrize("host", HOSTS)
def test_a_foreign_host_gets_nothing_and_is_in_no_answer(issued, host):
    browser = door(issued)
    for path in ("/", "/logga-in", "/mina", f"/v/{issued.given.token}"):
        answer = browser.client.get(path, headers={"Host": host}, buffered=True)
        assert answer.status_code == 400, path
        assert "evil" not in answer.text
        assert "Åkerlund" not in answer.text


def test_numbers_of_unknown_protected_and_other_kinds_answer_alike(issued):
    number = issued.given.number
    with closing(sqlite3.connect(issued.tools.settings.folder / "intyga.sqlite", isolation_level=None)) as raw:
        raw.execute("UPDATE candidates SET protected = 1")
    browser = door(issued)
    free = next(f"{number[:5]}{n:06}" for n in range(500, 600))
    digits = free.replace("-", "")
    total = sum(
        (int(d) * (2 if i % 2 == 0 else 1) - (9 if int(d) * 2 > 9 and i % 2 == 0 else 0))
        for i, d in enumerate(reversed(digits))
    )
    answers = [
        browser.post("/kontrollera", {"number": each, "kind": "number"}) for each in (number, f"{free}-{(-total) % 10}")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert len({re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}) == 1


def test_the_provider_is_the_one_the_table_speaks_of(issued):
    assert issued.provider == issued.ids[PROVIDER]


@pytest.mark.parametrize("address", ["quality", "second", "assessor", "ingen"])
def test_every_refused_sign_in_writes_so_that_its_time_tells_nothing(issued, address):
    disable_account(issued.tools, None, "second@intyga.example")
    for _ in range(10):
        with pytest.raises(SignInError):
            sign_in(issued.tools, "assessor@intyga.example", WRONG)
    with closing(sqlite3.connect(issued.tools.settings.folder / "intyga.sqlite")) as raw:
        version = raw.execute("PRAGMA data_version").fetchone()
        sessions = raw.execute("SELECT count(*) FROM sessions").fetchone()
        with pytest.raises(SignInError):
            sign_in(issued.tools, f"{address}@intyga.example", WRONG)
        assert raw.execute("PRAGMA data_version").fetchone() != version
        assert raw.execute("SELECT count(*) FROM sessions").fetchone() == sessions
