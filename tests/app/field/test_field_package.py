"""What a tablet takes along holds all it needs and nothing it must not have; old versions of its page stay a while."""

import hashlib
import json
import os
import time

import pytest
from tablets import AT, a_tablet, case_file
from workshop import PASSWORD, email

from app.actions.candidate_code import key_of, make_candidate_code
from app.actions.open_assessment import NewCandidate
from app.web import front
from app.web.package import encoded, package
from assessments.problems import MissingError


def packed(shop, case, who="assessor"):
    with shop.tools.read() as tx:
        value = package(shop.tools, tx, case_file(shop, case), shop.actors[who].person)
    return json.loads(encoded(value)[0])


def every(value, *names):
    """All criteria, or whatever lies below them."""
    found = [value]
    for name in names:
        found = [each for one in found for each in one[name]]
    return found


def test_it_holds_the_standard_with_the_limits_of_the_case(out):
    from decimal import Decimal  # noqa: PLC0415 only here

    shop, _ = out("founded")
    usual, tight = shop.open(), shop.open(tightened={"most": Decimal("0.25")})
    for case, limit, words in ((usual, "0.5", "≤ 0,5 mm"), (tight, "0.25", "≤ 0,25 mm")):
        value = packed(shop, case)
        [fact] = [each for each in every(value, "modules", "outcomes", "criteria", "facts") if each["id"] == "measure"]
        assert (fact["maximum"], fact["limit"]["sv"]) == (limit, words)
        assert [each["value"] for each in value["parameters"] if each["id"] == "most"] == [limit]
    assert [each["id"] for each in every(value, "modules", "outcomes", "criteria")] == ["M1.1", "M2.1", "M2.2"]
    first = every(value, "modules", "outcomes", "criteria")[0]
    assert set(first) == {
        "id", "text", "kind", "critical", "fails", "pass", "faults", "methods", "evidence", "facts", "repetitions",
        "assessors", "may_be_not_applicable", "hint", "words",
    }  # fmt: skip
    assert set(first["text"]) >= {"sv", "en"}
    assert value["methods"]["OBS"]["en"] != value["methods"]["OBS"]["sv"]
    assert value["edition"]["sha256"] == shop.edition


def test_it_says_who_is_judged_by_whom_and_no_more(out):
    shop, _ = out("founded")
    value = packed(shop, shop.open())
    assert value["candidate"] == {"name": "Erik Åkerlund-Łoś", "language": "sv", "code": None}
    assert value["me"] == {"person": shop.actors["assessor"].person, "name": "Johan Bergström"}
    assert "1991-02-28" not in json.dumps(value)
    assert "erik@intyga.example" not in json.dumps(value)


def test_a_protected_candidate_is_a_reference(out):
    shop, tablet = out("founded")
    hidden = NewCandidate(name="Stina Hemlig", birth_date="1990-01-01", reference="REF-7", protected=True)
    case = shop.open(hidden)
    value = packed(shop, case)
    assert value["candidate"]["name"] == "REF-7"
    assert "protected" not in json.dumps(value)
    client = tablet.flask.test_client()
    token = client.get("/logga-in", base_url=AT).text.partition('name="csrf_token"')[2].partition('value="')[2]
    form = {"csrf_token": token.partition('"')[0], "email": email("assessor"), "password": PASSWORD}
    client.post("/logga-in", data=form, base_url=AT)
    listed = client.get("/falt/arenden", base_url=AT)
    assert [each["candidate"] for each in listed.json["cases"]] == ["REF-7"]
    assert "Hemlig" not in listed.text


def test_it_holds_what_is_known_of_the_case_counted_or_not(out):
    shop, tablet = out()
    desk = shop.score(shop.case)
    shop.send(shop.case, desk)
    field, signed = tablet.note("ute"), tablet.signs()
    tablet.results(field, signed)
    value = packed(shop, shop.case)
    assert {each["id"] for each in value["events"]} == {desk.id, field["id"], signed["id"]}
    [sign_off] = value["sign_offs"]
    assert (sign_off["device"], sign_off["role"], sign_off["covers"]) == (tablet.id, "assessor", 1)


def test_the_candidates_code_can_be_checked_without_being_there(out):
    shop, _ = out()
    code = make_candidate_code(shop.tools, shop.actors["coordinator"], shop.case)
    value = packed(shop, shop.case)["candidate"]["code"]
    assert hashlib.sha256(key_of(code, value["salt"])).hexdigest() == value["check"]
    assert value["rounds"] >= 600_000
    assert code not in json.dumps(value)


def test_the_same_state_is_the_same_package(out):
    shop, tablet = out()
    assert packed(shop, shop.case) == packed(shop, shop.case)
    before = packed(shop, shop.case)
    tablet.results(tablet.event())
    assert packed(shop, shop.case) != before


def test_nothing_is_listed_without_a_session(out):
    shop, tablet = out()
    for path in ("/falt/arenden", f"/falt/paket/{shop.case}"):
        answer = tablet.client.get(path, base_url=AT)
        assert (answer.status_code, answer.json["code"]) == (401, "sign-in-first")
    assert tablet.client.get(f"/falt/{shop.case}/", base_url=AT).status_code == 302


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "falt"
    folder.mkdir()
    for name, text in (
        ("field.js", "let a = 1"),
        ("field.css", "a{}"),
        ("sw.js", "self"),
        ("notes.txt", "no"),
        (".x.js", "no"),
    ):
        (folder / name).write_text(text)
    return folder


def test_a_version_is_the_content_of_its_files(tmp_path, source):
    first = front.current(tmp_path / "front", source)
    os.utime(source / "field.js")
    assert front.current(tmp_path / "front", source) == first
    assert set(front.files(tmp_path / "front", source)) == {"field.js", "field.css"}
    (source / "field.js").write_text("let a = 2")
    assert front.current(tmp_path / "front", source) != first


def test_an_old_version_is_served_for_ninety_days(tmp_path, source):
    kept = tmp_path / "front"
    first = front.current(kept, source)
    (source / "field.js").write_text("let a = 2")
    second = front.current(kept, source)
    assert front.read(kept, first, "field.js", source) == (b"let a = 1", "text/javascript")
    assert front.read(kept, second, "field.js", source) == (b"let a = 2", "text/javascript")
    for days, there in ((89, True), (91, False)):
        moment = time.time() - days * 86_400
        os.utime(kept / first, (moment, moment))
        (source / "field.js").write_text(f"let a = {days}")
        front.current(kept, source)
        assert (kept / first).exists() is there
    with pytest.raises(MissingError):
        front.read(kept, first, "field.js", source)


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("../secret", "x.js"),
        ("0" * 12, "field.js"),
        (None, "notes.txt"),
        (None, "../field.js"),
        (None, ".x.js"),
        (None, ""),
    ],
)
def test_nothing_else_is_served(tmp_path, source, version, name):
    current = front.current(tmp_path / "front", source)
    with pytest.raises(MissingError):
        front.read(tmp_path / "front", version or current, name, source)


def test_without_a_page_it_is_missing_and_nothing_breaks(tmp_path):
    with pytest.raises(MissingError):
        front.current(tmp_path / "front", tmp_path / "nowhere")


def test_two_tablets_of_one_house_share_its_seal(out):
    shop, tablet = out()
    from app.actions.sealed import seal_of  # noqa: PLC0415 only here

    theirs = a_tablet(shop, tablet.flask, "strange-assessor")
    assert seal_of(shop.tools, shop.provider) == seal_of(shop.tools, shop.provider)
    assert seal_of(shop.tools, shop.ids["annan-validering"]) != seal_of(shop.tools, shop.provider)
    assert theirs.id != tablet.id
