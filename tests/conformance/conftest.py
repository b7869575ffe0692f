"""A throw-away seal and every kind of certificate, for the programs that others wrote."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "app" / "issue"))

import pki
from judges import SAID
from papers import DAMAGES, PAPERS

from app.issue import keys
from app.issue.signer import SealSigner


def pytest_terminal_summary(terminalreporter) -> None:
    for name, said in SAID.items():
        terminalreporter.section(name, "-")
        for judge, words in said.items():
            terminalreporter.write_line(f"  {judge:22} {words}")


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("conformance-keys")
    pki.a_house(folder)
    return folder


@pytest.fixture(scope="session")
def sealer(key_folder) -> SealSigner:
    return pki.a_house(key_folder)


@pytest.fixture(scope="session")
def root(key_folder) -> Path:
    return key_folder / keys.ROOT


@pytest.fixture(scope="session")
def papers(sealer, tmp_path_factory) -> dict[str, Path]:
    """Every kind as a file, unsealed and sealed, and every damage done to one of them."""
    made = {}
    for name, make in PAPERS.items():
        made[name] = make()
        made[f"{name}, sealed"] = pki.sealed_by(sealer, made[name])
    for damage in DAMAGES:
        made[damage.__name__] = damage(made["one module, sealed"])
    return {name: written(tmp_path_factory.mktemp("papers"), name, content) for name, content in made.items()}


def written(folder: Path, name: str, content: bytes) -> Path:
    file = folder / f"{name.replace(', ', '-').replace(' ', '-')}.pdf"
    file.write_bytes(content)
    return file
