"""Pages and bytes for everybody."""

from filled import door

from app.store import checks


def test_the_front_page_stands_without_cookies_or_script(shop):
    answer = door(shop()).get("/")
    assert "Kontrollera ett bevis" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in answer.text


def test_a_fault_report_reaches_the_administrator(shop):
    a = shop()
    browser = door(a)
    told = {"text": "Knappen syns inte i mörker.", "page": "/kontrollera", "contact": "eva@intyga.example"}
    assert "Tack!" in browser.post("/tillganglighet", told, follow_redirects=True).text
    with a.tools.read() as tx:
        assert [each.text for each in checks.reports(tx)] == [told["text"]]
    assert told["text"] in door(a, "admin").get("/admin/rapporter").text


def test_an_empty_report_is_told_what_it_lacks(shop):
    answer = door(shop()).post("/tillganglighet", {"text": " "})
    assert answer.status_code == 400
    assert 'href="#text"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_the_privacy_notice_names_who_answers_for_the_data(shop):
    page = door(shop("founded", controller="Provverket", legal_basis="Allmänt intresse")).get("/integritet").text
    assert "Provverket" in page
    assert "Allmänt intresse" in page


def test_published_bytes_are_open_to_every_program_and_not_sent_twice(shop):
    a = shop("issued")
    browser = door(a)
    answer = browser.get("/issuer/exempelnat/did.json")
    assert answer.headers["Content-Type"] == "application/did+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    browser.headers = {"If-None-Match": answer.headers["ETag"]}
    again = browser.get("/issuer/exempelnat/did.json")
    assert (again.status_code, again.data) == (304, b"")
    browser.headers = {}
    assert browser.get("/issuer/exempelnat/status/revocation/1").headers["Content-Type"] == "application/vc"


def test_the_schema_names_its_own_address(shop):
    answer = door(shop()).get("/schema/standard-1.json")
    assert answer.content_type == "application/schema+json"
    assert answer.get_json(force=True)["$id"] == "https://intyga.example/schema/standard-1.json"


def test_health_says_what_is_wrong_and_nothing_more(shop):
    a = shop()
    browser = door(a)
    assert (browser.get("/healthz").text, browser.get("/readyz").text) == ("ok\n", "ready\n")
    with a.tools.begin() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "schema\n")


def test_the_language_stays_and_so_does_the_page(shop):
    browser = door(shop())
    assert browser.get("/sprak/en?till=/integritet").headers["Location"] == "/integritet"
    assert "How we handle personal data" in browser.get("/integritet").text
    assert browser.get("/sprak/xx").status_code == 404
