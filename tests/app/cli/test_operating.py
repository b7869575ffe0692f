"""Set up, look over, publish, move cases, back up, restore, erase: typed as an operator types them."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import ROOT, Terminal
from workshop import PASSPHRASE, PASSWORD, STANDARD, template

pytestmark = pytest.mark.slow


@pytest.fixture
def empty(tmp_path):
    return Terminal(tmp_path / "var")


def moved_in(folder: Path, stage: str) -> Terminal:
    """A workshop of that stage as an installation of its own."""
    shutil.copytree(template(stage), folder)
    (folder / "secret").write_text("a secret of the tests, longer than thirty-two characters")
    (folder / "keys" / "passphrase").write_text(PASSPHRASE)
    for file in (folder / "secret", folder / "keys" / "passphrase"):
        file.chmod(0o600)
    return Terminal(folder)


@pytest.fixture
def installed(tmp_path):
    return lambda stage: moved_in(tmp_path / stage, stage)


def query(terminal, statement):
    with sqlite3.connect(terminal.folder / "intyga.sqlite") as connection:
        found = connection.execute(statement).fetchall()
    connection.close()
    return found


def complaints(terminal, code):
    return [f"{each['severity']}: {each['text']}" for each in json.loads(terminal.said("doctor", "--json", code=code))]


def unfit(terminal):
    return [each for each in complaints(terminal, 1) if each.startswith("unfit")]


SET_UP = ("init", "--operator", "Provdriften", "--number", "556000-0241", "--admin", "a@intyga.example", "--admin-name",
          "Sara Nyström")  # fmt: skip


def test_init_makes_everything_once_and_keeps_what_is_there(empty):
    first = empty.said(*SET_UP)
    password = re.search(r"password \(shown once\): (\S+)", first)[1]
    assert len(password) >= 12
    kept = {file: file.read_bytes() for file in (empty.folder / "secret", empty.folder / "keys" / "passphrase")}
    assert {file.stat().st_mode & 0o777 for file in kept} == {0o600}
    assert empty.folder.stat().st_mode & 0o077 == 0
    assert str(empty.folder) in empty.said("init")
    assert {file: file.read_bytes() for file in kept} == kept
    assert "already" in empty.refused(*SET_UP) or "contradicts" in empty.refused(*SET_UP)
    assert query(empty, "SELECT count(*) FROM organisations") == [(1,)]
    assert query(empty, "SELECT count(*) FROM accounts") == [(1,)]


@pytest.mark.parametrize("words", [
    ("init", "--operator", "X", "--number", "556000-0242"), ("init", "--operator", "X"),
    ("init", "--admin", "a@intyga.example", "--admin-name", "Sara Nyström"), ("init", "--admin", "none"),
    ("init", "--admin", "a@intyga.example"),
])  # fmt: skip
def test_a_set_up_that_cannot_be_is_refused_in_one_line(empty, words):
    assert empty.refused(*words)


def test_a_fresh_house_is_fit_and_says_that_it_is_no_real_one(empty):
    empty.run(*SET_UP)
    assert complaints(empty, 0) == ["warning: development mode: certificates are SPECIMEN and prove nothing"]
    assert "warning: development mode" in empty.said("doctor")


def test_a_house_that_works_is_fit(installed):
    assert not [each for each in complaints(installed("issued"), 0) if each.startswith("unfit")]


def test_doctor_before_init_says_what_to_do(empty):
    said = unfit(empty)
    assert any("form secret is missing" in each and "intyga init" in each for each in said)
    assert any("passphrase is missing" in each for each in said)
    assert any("database" in each for each in said)


HARM = {
    "the end is missing": "DROP TRIGGER ledger_no_delete; DELETE FROM salts WHERE entry IN (SELECT id FROM ledger WHERE place > 9); DELETE FROM ledger WHERE place > 9",  # noqa: E501 one statement
    "was changed": "DROP TRIGGER ledger_no_update; UPDATE ledger SET actor = 'x' WHERE place = 3",
    "not what the ledger committed to": "UPDATE candidates SET name = 'Någon Annan'",
    "lies under another case": "UPDATE events SET actor = (SELECT id FROM people WHERE name = 'Olle Berg')",
    "tells of is gone": "DELETE FROM events",
    "the salt of": "DELETE FROM salts",
    "intyga init": "UPDATE alembic_version SET version_num = '9999'",
    "says otherwise than its content": "UPDATE awards SET valid_until = '2999-12-31'",
    "differ on whether it was revoked": "UPDATE awards SET revoked_at = '2026-01-01T00:00:00.000000+00:00'",
}


@pytest.mark.parametrize("word", HARM)
def test_a_record_that_was_changed_is_unfit(installed, word):
    terminal = installed("issued")
    with sqlite3.connect(terminal.folder / "intyga.sqlite") as connection:
        connection.executescript(HARM[word])
    connection.close()
    assert any(word in each for each in unfit(terminal)), unfit(terminal)


def papers(terminal):
    return sorted((terminal.folder / "files").glob("??/*"))


MISSING = {
    "form secret is missing": lambda terminal: (terminal.folder / "secret").unlink(),
    "passphrase is missing": lambda terminal: (terminal.folder / "keys" / "passphrase").unlink(),
    "others can read the form secret": lambda terminal: (terminal.folder / "secret").chmod(0o644),
    "others can read the key passphrase": lambda terminal: (terminal.folder / "keys/passphrase").chmod(0o640),
    "key file is missing": lambda terminal: (terminal.folder / "keys/exempelnat/seal.p12").unlink(),
    "are gone or damaged": lambda terminal: papers(terminal)[0].unlink(),
    "gone or damaged": lambda terminal: papers(terminal)[-1].write_bytes(b"damaged"),
    "does not answer": lambda terminal: (terminal.folder / "intyga.sqlite").write_bytes(b"no database" * 999),
    "erased people are back": lambda terminal: (terminal.folder / "erasures.json").write_text(
        json.dumps([query(terminal, "SELECT id FROM candidates")[0][0]])
    ),
}


@pytest.mark.parametrize("word", MISSING)
def test_what_a_house_lacks_is_named(installed, word):
    terminal = installed("issued")
    MISSING[word](terminal)
    for beside in terminal.folder.glob("intyga.sqlite-*"):
        beside.unlink()
    assert any(word in each for each in unfit(terminal)), unfit(terminal)


def test_jobs_that_fail_or_wait_are_told(installed):
    terminal = installed("approved")
    with sqlite3.connect(terminal.folder / "intyga.sqlite") as connection:
        connection.execute("UPDATE intents SET due_at = '2020-01-01T00:00:00.000000+00:00'")
        connection.execute("UPDATE intents SET failure = 'no-grant', tries = 3 WHERE kind = 'issue'")
    connection.close()
    said = complaints(terminal, 0)
    assert any("issue" in each and "failed 3 times: no-grant" in each for each in said)
    assert any("is the worker running?" in each for each in said)


def test_production_with_what_is_for_development_is_unfit(installed):
    terminal = installed("issued")
    production = {
        "INTYGA_MODE": "production", "INTYGA_PUBLIC_URL": "https://intyg.example.se", "INTYGA_MAIL": "smtp://localhost",
        "INTYGA_MAIL_FROM": "a@example.se", "INTYGA_CONTROLLER": "X AB", "INTYGA_LEGAL_BASIS": "avtal",
        "INTYGA_CONTACT": "a@example.se",
    }  # fmt: skip
    assert any("development seal" in each for each in unfit(Terminal(terminal.folder, production)))
    assert "INTYGA_PUBLIC_URL" in terminal.refused("doctor", env={"INTYGA_MODE": "production"})
    assert "never go into production" in terminal.refused("serve", "--demo", env=production, code=1)


def test_people_organisations_keys_and_rights(empty, tmp_path):
    empty.run(*SET_UP)
    empty.run("organisation", "add", "branschen", "--kind", "sector-body", "--name", "Exempelbranschen", "--number",
              "802000-0017")  # fmt: skip
    empty.run("organisation", "add", "nat", "--kind", "provider", "--name", "Nät AB", "--number", "556000-0167")
    assert "branschen" in empty.said("organisation", "list")
    add = ("--name", "Johan Bergström", "--organisation", "nat", "--role", "assessor")
    made = empty.said("user", "add", "j@intyga.example", *add)
    person, shown = made.split()[0], re.search(r"shown once\): (\S+)", made)
    assert shown
    namesake = empty.refused("user", "add", "k@intyga.example", *add)
    assert person in namesake
    empty.run("user", "add", "k@intyga.example", *add, "--another", "--password", PASSWORD)
    empty.run("user", "add", "l@intyga.example", *add, "--person", person, "--password", PASSWORD)
    empty.run("user", "role", person, "--organisation", "nat", "--role", "coordinator")
    empty.run("user", "disable", "k@intyga.example")
    listed = empty.said("user", "list")
    assert listed.count("Johan Bergström") == 3
    assert "(disabled)" in listed
    (tmp_path / "provyrke.yaml").write_bytes(STANDARD)
    empty.run("publish", tmp_path / "provyrke.yaml")
    assert "provyrke from" in empty.said("grant", "give", "provyrke", "--owner", "branschen", "--provider", "nat")
    assert empty.refused("grant", "give", "provyrke", "--owner", "branschen", "--provider", "nat")
    empty.run("key", "new", "nat")
    empty.run("key", "new", "nat")
    assert "key-2" in empty.said("key", "rotate", "nat")
    listed = empty.said("key", "list")
    assert len(listed.splitlines()) == 3
    assert "development" in listed
    assert "retired" in listed
    assert not unfit_or_none(empty)


def unfit_or_none(terminal):
    return [each for each in complaints(terminal, 0) if each.startswith("unfit")]


def test_publishing_a_folder_twice_and_a_changed_edition(empty):
    empty.run(*SET_UP)
    library = ROOT / "criteria" / "library"
    assert "owner" in empty.refused("publish", library, code=1)
    empty.run("organisation", "add", "branschen", "--kind", "sector-body", "--name", "Exempelbranschen", "--number",
              "802000-0017")  # fmt: skip
    first = empty.said("publish", library)
    assert "fibertekniker-service 2026.1" in first
    assert first == empty.said("publish", library)
    changed = empty.folder / "changed.yaml"
    original = (library / "fibertekniker-service" / "2026.1.yaml").read_text()
    changed.write_text(original.replace("critical: true", "critical: false", 1))
    assert "never changes" in empty.refused("publish", changed)
    changed.write_text("format: 1\nmodules: [")
    assert "was not published; nothing has changed" in empty.refused("publish", changed, code=1)
    assert query(empty, "SELECT count(*) FROM editions")[0][0] == len(first.splitlines())


def test_a_case_goes_out_and_in_and_is_issued_for_a_look(installed, tmp_path):
    there, here = installed("decided"), moved_in(tmp_path / "other", "founded")
    [(case,)] = query(there, "SELECT id FROM assessments")
    file = tmp_path / "case.json"
    there.run("export", case, "-o", file)
    assert file.stat().st_mode & 0o077 == 0
    assert here.said("import", file, "--provider", "exempelnat").strip() == case
    assert query(here, "SELECT state, imported FROM assessments") == [("decided", 1)]
    assert "already here" in here.refused("import", file, "--provider", "exempelnat")
    file.write_text(file.read_text().replace("kerlund", "kerblom"))
    assert "not a whole Intyga case" in here.refused("import", file, "--provider", "exempelnat")
    assert there.refused("export", "no-such-case", "-o", tmp_path / "x")
    assert here.refused("import", file, "--provider", "nobody")
    assert not unfit_or_none(here)


def test_issue_makes_specimens_from_a_standard_and_a_case_file(installed, tmp_path):
    there = installed("decided")
    [(case,)] = query(there, "SELECT id FROM assessments")
    file, standard, out = tmp_path / "case.json", tmp_path / "provyrke.yaml", tmp_path / "out"
    standard.write_bytes(STANDARD)
    there.run("export", case, "-o", file)
    nowhere = Terminal(tmp_path / "nowhere")
    summary = json.loads(nowhere.said("issue", "--standard", standard, "--assessment", file, "--out", out, "--json"))
    assert (summary["modules"], summary["seal"]) == (["M1", "M2"], "development (SPECIMEN)")
    assert {"certificate.pdf", "credential.json", "credential.jwt", "did.json", "modules/M1.json", "status-list.json",
            "summary.json", "trust.pem"} <= {str(each.relative_to(out)) for each in out.rglob("*")}  # fmt: skip
    assert not nowhere.folder.exists()
    undecided = json.loads(file.read_text())
    undecided["case"] |= {"decision": None}
    undecided["sha256"] = ""
    file.write_text(json.dumps(undecided))
    assert "nothing to issue" in nowhere.refused("issue", "--standard", standard, "--assessment", file, "--out", out)
    standard.write_text("format: 1")
    nowhere.run("issue", "--standard", standard, "--assessment", file, "--out", out, code=2)
    file.write_text("{}")
    standard.write_bytes(STANDARD)
    assert nowhere.refused("issue", "--standard", standard, "--assessment", file, "--out", out)


def test_backup_restore_and_erase(installed, tmp_path):
    there, archive = installed("issued"), tmp_path / "a.backup"
    [(candidate,)] = query(there, "SELECT id FROM candidates")
    assert "rows" in there.said("backup", archive)
    proof = json.loads(there.said("erase", candidate, "--json"))
    assert proof["person"] == candidate
    assert proof["files"] > 0
    assert not unfit_or_none(there)
    back = Terminal(tmp_path / "back")
    back.folder.mkdir()
    shutil.copy(there.folder / "erasures.json", back.folder)
    assert "1 erased again" in back.said("restore", archive)
    assert query(back, "SELECT name FROM candidates") == [("Raderad",)]
    assert "not empty" in back.refused("restore", archive)
    archive.write_bytes(archive.read_bytes()[:-500])
    assert "not a whole Intyga backup" in Terminal(tmp_path / "third").refused("restore", archive)
    assert there.refused("erase", "nobody")


def test_all_that_report_can_do_it_for_programs(installed, tmp_path):
    there, archive = installed("issued"), tmp_path / "a.backup"
    for words in (
        ("user", "list"), ("organisation", "list"), ("key", "list"), ("doctor",), ("backup", archive),
        ("publish", ROOT / "tests/app/provyrke.yaml", "--owner", "branschen"),
    ):  # fmt: skip
        assert json.loads(there.said(*words, "--json")), words
    back = json.loads(Terminal(tmp_path / "back").said("restore", archive, "--json"))
    assert back["rows"] > 50
    assert (back["faults"], back["erased_again"]) == ([], [])


def test_a_running_case_is_not_erased(installed):
    there = installed("judged")
    [(candidate,)] = query(there, "SELECT id FROM candidates")
    assert "running case" in there.refused("erase", candidate)


def test_a_backup_says_which_files_are_gone(installed, tmp_path):
    there = installed("issued")
    gone = papers(there)[0]
    gone.unlink()
    done = there.run("backup", tmp_path / "a.backup", code=1)
    assert gone.name in done.stderr


@pytest.mark.parametrize("words", [
    ("export", "x", "-o", "/nowhere/x"), ("backup", "/nowhere/x"), ("publish", ROOT / "criteria/library"),
    ("key", "list"), ("user", "list"), ("erase", "x"), ("import", ROOT / "README.md", "--provider", "x"),
    ("user", "add", "a@b", "--name", "A", "--organisation", "x", "--role", "assessor"),
    ("organisation", "add", "x", "--kind", "provider", "--name", "X", "--number", "556000-0167"),
    ("grant", "give", "x", "--owner", "x", "--provider", "x"), ("work",), ("web",),
])  # fmt: skip
def test_before_init_every_command_says_what_to_do(empty, words):
    assert "intyga init" in empty.refused(*words)


@pytest.mark.parametrize("words", [
    ("nonsense",), ("export",), ("export", "x"), ("backup",), ("restore", "/nowhere"), ("issue",), ("user", "add"),
    ("serve", "--nonsense"), ("demo", "--out"), ("key", "nonsense"), ("grant", "give", "x"),
    ("user", "add", "a@b", "--name", "A", "--organisation", "x", "--role", "king"),
])  # fmt: skip
def test_what_is_mistyped_is_told_with_exit_code_two(empty, words):
    assert empty.refused(*words)
    assert not empty.folder.exists()


def test_faulty_settings_are_told_all_at_once(empty):
    said = empty.refused("init", env={"INTYGA_PORT": "x", "INTYGA_MODE": "y", "INTYGA_COLOUR": "z"})
    assert len(said.strip().splitlines()) == 3
    assert not empty.folder.exists()


def test_swedish_operators_read_swedish(installed):
    assert "pågående ärende" in installed("judged").refused(
        "erase", query(Terminal(template("judged")), "SELECT id FROM candidates")[0][0], env={"LANG": "sv_SE.UTF-8"}
    )


def test_another_package_called_app_is_never_run(tmp_path):
    """Somebody else's `app` lies first in the path and lets our commands shine through."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text(f"__path__ = [{str(ROOT / 'app')!r}]\n")
    surroundings = Terminal(tmp_path / "var").surroundings | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "app.cli", "init"], cwd=tmp_path, env=surroundings, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "another package called 'app'" in done.stderr
    assert not (tmp_path / "var").exists()
