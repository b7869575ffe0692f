"""`intyga verify`: three plain answers per file, and an exit code that says them in one."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from parts import (
    DID,
    ORGANISATION,
    PLACE,
    Authority,
    a_did_document,
    a_jwt,
    a_list,
    a_paper,
    a_record,
    common_name,
    sealed,
)

from app.cli.verify import verify
from app.issue.formats import json_bytes
from app.verify.child import HOUSE

AT = "--at=2026-11-25T10:00:00+01:00"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("verify")
    authority = Authority(common_name("Somebody's authority"))
    development = Authority()
    paper = a_paper(json_bytes(a_record()))
    for name, content in {
        "certificate.pdf": sealed(paper, authority.seal()),
        "specimen.pdf": sealed(paper, development.seal()),
        "plain.pdf": paper,
        "trust.pem": authority.pem,
        "development.pem": development.pem,
        "credential.json": json_bytes(a_record()),
        "changed.json": json_bytes(a_record()).replace(ORGANISATION.encode(), b"Somebody"),
        "credential.jwt": a_jwt(),
        "did.json": json_bytes(a_did_document()),
        "list.json": json_bytes(a_list()),
        "revoked.json": json_bytes(a_list(PLACE)),
        "letter.txt": b"hello",
    }.items():
        (made / name).write_bytes(content)
    return made


@pytest.fixture
def told(folder, monkeypatch):
    monkeypatch.chdir(folder)

    def tell(*words: str, at: str = AT):
        done = CliRunner().invoke(verify, [*([at] if at else []), *words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done

    return tell


KNOWN = ("--trust", "trust.pem", "--did", "did.json", "--status", "list.json")


def test_three_times_yes_in_plain_words(told):
    done = told(*KNOWN, "certificate.pdf", "credential.json", "credential.jwt")
    assert done.exit_code == 0, done.output
    assert f"Vem säger det?      Ja. Stämplat av {ORGANISATION}." in done.output
    assert "Är det oförändrat?  Ja. Inget har ändrats sedan den stämplades." in done.output
    assert "Gäller det nu?      Ja. Gäller till och med 2031-11-23." in done.output
    assert "Åsa Öberg-Łukasik, född 1990-02-28" in done.output
    assert "föreslagen nivå SeQF 4, EQF 4" in done.output


def test_in_english(told):
    done = told(*KNOWN, "--lang", "en", "credential.json")
    assert f"Who says it?      Yes. Issued by {ORGANISATION} ({DID})." in done.output
    assert "proposed level" in done.output


def test_what_lies_beside_is_not_trusted(told):
    done = told("certificate.pdf", "credential.json")
    assert done.exit_code == 2
    assert done.output.count("Okänd utfärdare") == 2
    assert "Åsa" not in done.output


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((*KNOWN, "changed.json"), 1),
        ((*KNOWN, "credential.json", "changed.json"), 1),
        ((*KNOWN, "letter.txt", "changed.json"), 1),
        (("--did", "did.json", "--status", "revoked.json", "credential.json"), 1),
        (("--did", "did.json", "credential.json"), 2),
        ((*KNOWN, "plain.pdf"), 2),
        ((*KNOWN, "letter.txt"), 2),
        ((*KNOWN, "specimen.pdf"), 2),
        ((*KNOWN, "--trust", "development.pem", "specimen.pdf"), 2),
        ((*KNOWN, "no-such-file"), 2),
        ((), 2),
        (("--trust", "did.json", "credential.json"), 2),
        (("--did", "letter.txt", "credential.json"), 2),
        (("--status", "trust.pem", "credential.json"), 2),
    ],
)
def test_the_exit_code_says_all_in_one(told, words, code):
    assert told(*words).exit_code == code


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2026-11-25", 0),
        ("2026-11-25T10:00:00", 0),
        ("2031-11-24", 1),
        ("2026-11-01", 1),
        ("soon", 2),
        ("2027-03-01", 2),
    ],
)
def test_another_time_can_be_asked_for(told, at, code):
    assert told(*KNOWN, "credential.json", at=f"--at={at}").exit_code == code


def test_json_has_everything_for_every_file(told):
    done = told(*KNOWN, "--json", "credential.json", "letter.txt")
    first, second = json.loads(done.output)
    assert (first["file"], first["result"], first["kind"]) == ("credential.json", "yes", "record")
    assert [each["code"] for each in first["answers"]] == ["who-issuer", "unchanged-proved", "valid-until"]
    assert first["shown"]["number"] == "2026-000017-4"
    assert (second["result"], second["shown"]) == ("could-not-check", None)


def test_the_real_program_exits_with_the_same_code(folder):
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "verify", "--did", folder / "did.json", folder / "changed.json"],
        capture_output=True, text=True, check=False, cwd=HOUSE,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "")
    assert "Underskriften stämmer inte med innehållet" in done.stdout
