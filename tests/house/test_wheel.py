"""The wheel is whole: installed in an environment of its own and run from the root folder, it misses nothing."""

import os
import sys
import sysconfig
from pathlib import Path

import pytest
from support.programs import output

HOUSE = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A clean environment with our wheel in it; what we depend on is lent by path, our own folder is not."""
    folder = tmp_path_factory.mktemp("wheel")
    output(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, HOUSE)
    [wheel] = folder.glob("intyga-*.whl")
    output(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    python = folder / "venv/bin/python"
    pip = [sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check", "--python", python]
    output(*pip, "install", "--no-deps", "--no-index", wheel)
    # A path named in a .pth file is searched, but the .pth files in it (our editable install) are not read.
    where = output(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    (Path(where.strip()) / "lent.pth").write_text(sysconfig.get_path("purelib"))
    return folder


def run(installed: Path, program: str, *words: str, **more: str) -> str:
    """Runs a program of the clean environment from `/`, with none of our variables."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("INTYGA_", "PYTHON"))}
    return output(installed / "venv/bin" / program, *words, cwd="/", env=keep | more)


@pytest.mark.parametrize("package", ["app", "assessments", "criteria", "templates"])
def test_each_floor_comes_from_the_wheel(installed, package):
    where = run(installed, "python", "-c", f"import {package}; print({package}.__file__)")
    assert Path(where).is_relative_to(installed / "venv")


@pytest.mark.parametrize(
    ("package", "pattern"),
    [
        ("criteria", "library/*/*.yaml"),
        ("criteria", "library/*/*.cases.yaml"),
        ("templates", "pages/**/*.html"),
        ("templates", "certificate/**/*.html"),
        ("templates", "mail/**/*"),
        ("templates", "locale/**/*.po"),
        ("app", "static/**/*.css"),
        ("app", "store/**/*.py"),
    ],
)
def test_every_file_that_is_read_at_run_time_rides_along(installed, package, pattern):
    where = Path(run(installed, "python", "-c", f"import {package}; print({package}.__path__[0])").strip())
    ours = {each.relative_to(HOUSE / package) for each in (HOUSE / package).glob(pattern) if each.is_file()}
    assert ours
    assert {each for each in ours if not (where / each).is_file()} == set()


def test_tests_stay_at_home(installed):
    said = run(installed, "python", "-c", "import importlib.util; print(importlib.util.find_spec('tests'))")
    assert said.strip() == "None"


def test_the_command_answers(installed):
    assert "0.1.0" in run(installed, "intyga", "--version")


def test_a_web_server_finds_the_application(installed, tmp_path):
    run(installed, "intyga", "init", INTYGA_FOLDER=str(tmp_path))
    said = run(installed, "python", "-c", "import wsgi; print(callable(wsgi.app))", INTYGA_FOLDER=str(tmp_path))
    assert said.strip() == "True"
