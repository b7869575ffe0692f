"""Make and change an organisation's keys: the private half goes to the key folder, the public half to the register."""

from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from app.issue.did import multikey
from app.issue.keys import (
    ROOT,
    SEAL,
    adopt_seal,
    create_development_root,
    create_record_key,
    create_seal_key,
    open_record_key,
    open_seal,
)
from app.issue.signer import SealSigner
from app.store import intents, issuers, ledger, organisations
from app.store.issuers import Key, Purpose
from app.tools import Tools
from assessments.problems import ConflictError


class DevelopmentSealError(ConflictError):
    """Production has no use for a stand-in."""

    code = "development-seal"
    sv = "I produktion behövs organisationens eget sigillcertifikat (PKCS#12). Ett utvecklingssigill duger inte."
    en = "Production needs the organisation's own seal certificate (PKCS#12). A development seal will not do."


def make(
    tools: Tools, passphrase: str, organisation: str, *, p12: bytes | None = None, p12_passphrase: str = ""
) -> None:
    """Give an organisation a seal (its own, or a development one) and a first record key; what is there is kept."""
    folder = key_folder(tools)
    with tools.read() as tx:
        issuer = organisations.find(tx, organisation)
        had = {key.purpose for key in issuers.keys(tx, issuer.id)}
    if "seal" not in had:
        sealer = _seal(tools, folder, passphrase, issuer, p12, p12_passphrase)
        _list(tools, issuer.id, "seal", 1, _pem(sealer), development=sealer.development)
    if "record" not in had:
        rotate(tools, passphrase, organisation)


def rotate(tools: Tools, passphrase: str, organisation: str) -> int:
    """A new record key from now on; older ones prove nothing new but stay listed for ever. Returns its number."""
    folder = key_folder(tools)
    with tools.read() as tx:
        issuer = organisations.find(tx, organisation)
        development = any(key.development for key in issuers.keys(tx, issuer.id, "seal"))
    place = create_record_key(folder, issuer.slug, passphrase)
    public = multikey(open_record_key(folder, issuer.slug, place, passphrase).public_key())
    _list(tools, issuer.id, "record", place, public, development=development)
    return place


def key_folder(tools: Tools) -> Path:
    """Where private keys lie."""
    return tools.settings.folder / "keys"


def _seal(
    tools: Tools,
    folder: Path,
    passphrase: str,
    issuer: organisations.Organisation,
    p12: bytes | None,
    p12_passphrase: str,
) -> SealSigner:
    if (folder / issuer.slug / SEAL).exists():
        return open_seal(folder, issuer.slug, passphrase)  # made before, but not listed: the last run was cut short
    if p12 is not None:
        return adopt_seal(folder, issuer.slug, p12, p12_passphrase, passphrase)
    if tools.settings.production:
        raise DevelopmentSealError
    if not (folder / ROOT).exists():
        create_development_root(folder, passphrase)
    return create_seal_key(folder, issuer.slug, issuer.name, issuer.organisation_number, passphrase)


def _pem(sealer: SealSigner) -> str:
    return sealer.certificate.public_bytes(Encoding.PEM).decode()


def _list(tools: Tools, provider: str, purpose: Purpose, place: int, public: str, *, development: bool) -> None:
    now = tools.now()
    with tools.begin() as tx:
        issuers.retire_keys(tx, provider, purpose, place, now)
        key = Key(
            id=tools.new_id(), provider=provider, purpose=purpose, place=place, public=public,
            development=development, made_at=now, retired_at=None,
        )  # fmt: skip
        issuers.add_key(tx, key)
        ledger.append(
            tx, tools.new_id(), tenant=provider, actor="operator", action="key.add", subject=key.id,
            content=issuers.key_content(key), at=now,
        )  # fmt: skip
        intents.want(tx, tools.new_id(), "issuer", provider, now)
