"""One throw-away PKI and one sealed certificate for all tests of issuing: making them costs more than asking them."""

from pathlib import Path

import pytest
from pki import a_house, sealed_by
from samples import RECORD, an_award, particulars

from app.issue.certificate import certificate
from app.issue.signer import SealSigner


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory) -> Path:
    """A folder with a development root and the seal of `exempelnat`."""
    folder = tmp_path_factory.mktemp("keys")
    a_house(folder)
    return folder


@pytest.fixture(scope="session")
def sealer(key_folder) -> SealSigner:
    return a_house(key_folder)


@pytest.fixture(scope="session")
def plain() -> bytes:
    """The whole trade as a specimen, not sealed."""
    return certificate(an_award(), particulars(), {"credential.json": RECORD})


@pytest.fixture(scope="session")
def small() -> bytes:
    """One module, no specimen."""
    return certificate(
        an_award(modules=1), particulars(specimen=False, seal_level="advanced"), {"credential.json": RECORD}
    )


@pytest.fixture(scope="session")
def sealed(plain, sealer) -> bytes:
    return sealed_by(sealer, plain)
