"""Trouble is told in words and noted without names."""

import errno
import sqlite3

import pytest
import structlog
from filled import door
from houses import AT

from app import create_app
from app.actions.checks import BusyError
from app.actions.revoke import AlreadyRevokedError
from app.settings import SettingsError
from app.web.problems import full, status_of
from assessments.problems import (
    ChangedMeanwhileError,
    ForbiddenError,
    InvalidError,
    MissingError,
    NoGrantError,
    ProblemError,
)


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (InvalidError(), 400), (ForbiddenError(), 403), (NoGrantError(), 403), (MissingError(), 404),
        (ChangedMeanwhileError(), 409), (AlreadyRevokedError(), 409), (BusyError(), 503), (ProblemError(), 400),
    ],
)  # fmt: skip
def test_a_family_has_its_status(problem, status):
    assert status_of(problem) == status


def broken(shop, error: Exception):
    shop.tools.settings.secret_file.write_text("a secret of the tests, longer than thirty-two characters")
    flask = create_app(shop.tools.settings, shop.tools)

    def fall() -> str:
        raise error

    flask.view_functions["public.home"] = fall
    return flask.test_client()


def test_what_nobody_foresaw_is_a_page_with_a_reference_and_a_note_without_names(shop):
    client = broken(shop(), RuntimeError("Erik Åkerlund 1991-02-28"))
    with structlog.testing.capture_logs() as notes:
        answer = client.get("/", base_url=AT)
    assert answer.status_code == 500
    assert notes[0]["reference"] in answer.text
    assert "Traceback" not in answer.text
    assert "Åkerlund" not in answer.text + repr(notes)
    assert notes[0]["error"] == "RuntimeError"


def database_is(name: str) -> Exception:
    cause = sqlite3.OperationalError("Erik Åkerlund")
    cause.sqlite_errorname = name
    error = RuntimeError()
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OSError(errno.ENOSPC, "full"), 507), (database_is("SQLITE_FULL"), 507), (database_is("SQLITE_BUSY"), 503),
        (OSError(errno.EACCES, "no"), 500),
    ],
)  # fmt: skip
def test_a_full_disk_and_a_busy_database_have_their_own_words(shop, error, status):
    with structlog.testing.capture_logs():
        answer = broken(shop(), error).get("/", base_url=AT)
    assert answer.status_code == status


def test_a_circle_of_causes_ends():
    error = RuntimeError()
    error.__cause__ = error
    assert full(error) is None


def test_what_is_too_large_is_refused_before_it_is_read(shop):
    browser = door(shop(), "coordinator")
    form = "application/x-www-form-urlencoded"
    answer = browser.client.post("/logga-ut", base_url=AT, data=b"x" * 26_000_000, content_type=form)
    assert answer.status_code == 413
    assert "för stor" in answer.text


def test_programs_are_answered_in_json(shop):
    answer = door(shop()).get("/issuer/ingen/did.json")
    assert (answer.status_code, answer.json["code"]) == (404, "missing")


def test_the_page_speaks_the_visitors_language(shop):
    browser = door(shop())
    assert "Sidan finns inte" in browser.get("/finns-inte").text
    browser.get("/sprak/en")
    assert "There is no such page" in browser.get("/finns-inte").text


@pytest.mark.parametrize("content", [None, "kort"])
def test_without_a_real_secret_nothing_starts(shop, content):
    a = shop()
    a.tools.settings.secret_file.unlink(missing_ok=True)
    if content:
        a.tools.settings.secret_file.write_text(content)
    with pytest.raises(SettingsError) as refused:
        create_app(a.tools.settings, a.tools)
    assert "INTYGA_SECRET_FILE" in str(refused.value)
