"""A throw-away seal and every kind of certificate, for the programs that others wrote."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

sys.path.insert(0, str(Path(__file__).parents[1] / "app" / "issue"))

import pki
from clocks import Authority, listening
from judges import SAID
from papers import DAMAGES, PAPERS

from app.issue import archive, keys
from app.issue.archive import Trusted
from app.issue.evidence import fetched
from app.issue.seal import seal
from app.issue.signer import SealSigner, asn1_of
from app.issue.timestamp import Stamper, asking


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
def authority(tmp_path_factory) -> Iterator[tuple[Authority, Path]]:
    """A certificate authority on loopback that seals, stamps and answers about revocation; with its root as a file."""
    with listening(Authority()) as opened:
        file = tmp_path_factory.mktemp("authority") / "root.pem"
        file.write_bytes(opened.pem)
        yield opened, file


@pytest.fixture(scope="session")
def papers(sealer, authority, tmp_path_factory) -> dict[str, Path]:
    """Every kind as a file, unsealed and sealed, and every damage done to one of them."""
    made = {}
    for name, make in PAPERS.items():
        made[name] = make()
        made[f"{name}, sealed"] = pki.sealed_by(sealer, made[name])
    made |= lasting(authority[0], made["one module"])
    for damage in DAMAGES:
        made[damage.__name__] = damage(made["one module, sealed"])
    return {name: written(tmp_path_factory.mktemp("papers"), name, content) for name, content in made.items()}


def lasting(authority: Authority, page: bytes) -> dict[str, bytes]:
    """With a time-stamp in the seal (B-T), then with evidence and a time-stamp over all of it (B-LTA)."""
    root = asn1_of(authority.root)
    stamper = Stamper(asking(authority.url, 10), (root,), fetched, authority.now)
    owner = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, pki.ORGANISATION)])
    stamped = seal(page, authority.seal(owner), name=pki.ORGANISATION, reason="Prov", stamper=stamper)
    completed = archive.complete(stamped, Trusted(stamper, (root,), fetched))
    renewed = archive.renew(completed, Trusted(stamper, (root,), fetched))
    return {"B-T": stamped, "B-LTA": completed, "B-LTA, renewed": renewed}


def written(folder: Path, name: str, content: bytes) -> Path:
    file = folder / f"{name.replace(', ', '-').replace(' ', '-')}.pdf"
    file.write_bytes(content)
    return file
