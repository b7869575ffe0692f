"""The house keeps its own rules: who imports whom, what each process loads, what may stand in a file."""

import re
import sys
import tomllib
from pathlib import Path

import pytest
from support.programs import output

HOUSE = Path(__file__).parents[2]
TRACKED = output("git", "ls-files", "-z", cwd=HOUSE).split("\0")
FILES = [HOUSE / name for name in TRACKED if name and (HOUSE / name).is_file()]

# Alembic's scripts run inside Alembic only, and a program's door runs the program.
LOADED = """
import importlib, pkgutil, sys
for name in sys.argv[1].split():
    package = importlib.import_module(name)
    for each in pkgutil.walk_packages(getattr(package, "__path__", []), name + "."):
        if not (".migrations" in each.name or each.name.endswith("__main__")):
            importlib.import_module(each.name)
print(" ".join(sys.modules))
"""


def loaded_after_importing(*rooms: str) -> set[str]:
    """What a fresh interpreter holds when it has read every module of these rooms."""
    return set(output(sys.executable, "-c", LOADED, " ".join(rooms), cwd=HOUSE).split())


def read(file: Path) -> str:
    """The text of a file; pictures and fonts have none."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def test_the_import_contracts_hold():
    output(Path(sys.executable).parent / "lint-imports", "--no-cache", cwd=HOUSE)


def test_a_process_that_answers_requests_holds_no_paper_machinery_and_no_sealing_key():
    heavy = {"weasyprint", "pydyf", "pyhanko", "app.issue", "app.verify.pdf", "pyoxigraph"}
    assert loaded_after_importing("app.web") & heavy == set()


@pytest.mark.parametrize("room", ["app.jobs", "app.issue", "app.verify", "app.mail", "app.actions", "app.store"])
def test_a_process_that_works_in_the_background_knows_no_web(room):
    assert loaded_after_importing(room) & {"flask", "wtforms", "werkzeug"} == set()


def test_the_command_line_starts_without_the_web_and_the_paper_machinery():
    said = output(sys.executable, "-c", "import sys, app.cli; print(*sys.modules)", cwd=HOUSE)
    assert set(said.split()) & {"flask", "wtforms", "weasyprint", "pyhanko"} == set()


# Put together here, so that this file does not name what it looks for.
REGISTRIES = [
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("deb", "debian"))
]
SOMEBODYS_FOLDER = re.compile(r"(?<![\w./:-])/(?:work|root|home|Users)/\w")


def test_no_file_names_a_registry_or_somebodys_machine():
    for file in FILES:
        text = read(file)
        assert [each for each in REGISTRIES if each in text] == [], file
        assert SOMEBODYS_FOLDER.findall(text) == [], file


def pinned(lock: Path) -> dict[str, list[str]]:
    """Each requirement of a lock file with the lines that belong to it."""
    found: dict[str, list[str]] = {}
    for line in lock.read_text().splitlines():
        if line.startswith(" "):
            found[next(reversed(found))].append(line.strip(" \\"))
        else:
            found[line.rstrip(" \\")] = []
    return found


@pytest.mark.parametrize("name", ["build", "run", "dev"])
def test_every_dependency_is_pinned_by_hash_and_no_address_says_where_from(name):
    for requirement, lines in pinned(HOUSE / f"requirements/{name}.lock").items():
        assert re.match(r"[a-z0-9-]+==[\w.]+( ; .+)?$", requirement)
        assert lines
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in lines), requirement


def test_what_runs_is_what_was_tested():
    run, dev = pinned(HOUSE / "requirements/run.lock"), pinned(HOUSE / "requirements/dev.lock")
    assert run.items() <= dev.items()
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
    names = {each.partition("==")[0] for each in run}
    wanted = project["dependencies"] + project["optional-dependencies"]["postgresql"]
    assert {re.match(r"[\w.-]+", each)[0].lower().replace(".", "-") for each in wanted} <= names


@pytest.mark.parametrize("lock", sorted(HOUSE.glob("tests/*/package-lock.json")), ids=lambda lock: lock.parent.name)
def test_every_node_package_is_pinned_by_hash_and_no_address_says_where_from(lock):
    text = lock.read_text()
    assert '"resolved"' not in text
    assert text.count('"integrity"') == text.count('"node_modules/')


EXCEPTION = re.compile(r"#\s*(?:noqa: [A-Z]+[0-9]+(?:, ?[A-Z]+[0-9]+)*|type: ignore\[[\w, -]+\])(.*)$", re.MULTILINE)


def test_every_exception_from_a_rule_says_why():
    for file in FILES:
        if file.suffix == ".py":
            for reason in EXCEPTION.findall(read(file)):
                assert len(reason.strip(" #")) > len("why"), file


def test_setting_up_installs_every_font_that_a_certificate_embeds():
    from app.issue.fonts import FACES  # noqa: PLC0415 the paper machinery takes a second to load; only this test needs it

    line = re.search(r"^RUN_PACKAGES\s*:=(.*)$", (HOUSE / "Makefile").read_text(), re.MULTILINE)
    assert {face.package for face in FACES} <= set(line[1].split())
