"""Keys on disk: an organisation's seal for papers, its numbered keys for records, and one development root for tests.

A key file is encrypted with the house's one passphrase and never overwritten. Retired record keys stay, because
everything they proved must stay checkable.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from app.issue.keyfiles import read, write_new
from app.issue.pki import development_root, is_fit, seal_certificate
from app.issue.problems import KeyAbsentError, KeyExistsError, KeyUnfitError, PassphraseError
from app.issue.signer import KeptKeySigner, SealKey, SealSigner

ROOT = "development-root.pem"
"""The development root's certificate: what a verifier names as trust for specimens."""
ROOT_KEY = "development-root-key.pem"
SEAL = "seal.p12"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RECORD = re.compile(r"record-([1-9]\d{0,5})\.pem")
ROUNDS = 200_000
"""Of the key derivation: a tenth of a second when a seal is opened, once per process."""


def create_development_root(folder: Path, passphrase: str, *, now: datetime | None = None) -> x509.Certificate:
    """A root that says of itself that it is for tests; its certificate is written last, so it never lacks a key."""
    if (folder / ROOT).exists():
        raise KeyExistsError(file=ROOT)
    if not (folder / ROOT_KEY).exists():  # else the last run was cut short: go on with its key
        pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, _locked(passphrase)
        )
        write_new(folder / ROOT_KEY, pem)
    root = development_root(_open_root_key(folder, passphrase), now or datetime.now(UTC))
    write_new(folder / ROOT, root.public_bytes(Encoding.PEM))
    return root


def create_seal_key(
    folder: Path, slug: str, organisation: str, number: str, passphrase: str, *, now: datetime | None = None
) -> SealSigner:
    """A development seal for one organisation: P-256, three years, under the development root."""
    root = x509.load_pem_x509_certificate(read(folder / ROOT))
    issuing = _open_root_key(folder, passphrase)
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = seal_certificate(key.public_key(), organisation, number, root, issuing, now or datetime.now(UTC))
    _keep_seal(_home(folder, slug), key, leaf, (root,), passphrase)
    return SealSigner(KeptKeySigner(key, leaf, (root,)), leaf)


def adopt_seal(
    folder: Path, slug: str, p12: bytes, p12_passphrase: str, passphrase: str, *, now: datetime | None = None
) -> SealSigner:
    """An organisation's own certificate, checked to be fit for sealing and locked with our passphrase."""
    sealer = _opened(p12, p12_passphrase)
    is_fit(sealer.certificate, sealer.signer.key, now or datetime.now(UTC))
    chain = _unlocked(p12, p12_passphrase).additional_certs
    _keep_seal(
        _home(folder, slug), sealer.signer.key, sealer.certificate, tuple(c.certificate for c in chain), passphrase
    )
    return sealer


def open_seal(folder: Path, slug: str, passphrase: str) -> SealSigner:
    """Read and unlock the seal; done once per process."""
    return _opened(read(_home(folder, slug) / SEAL), passphrase)


def create_record_key(folder: Path, slug: str, passphrase: str) -> int:
    """The next Ed25519 key of the organisation; its number is its name in the DID document."""
    number = max(record_keys(folder, slug), default=0) + 1
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _locked(passphrase))
    write_new(_home(folder, slug) / f"record-{number}.pem", pem)
    return number


def open_record_key(folder: Path, slug: str, number: int, passphrase: str) -> Ed25519PrivateKey:
    """Read and unlock one record key."""
    key = _open_pem(_home(folder, slug) / f"record-{number}.pem", passphrase)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnfitError(file=f"record-{number}.pem", why="not-ed25519")
    return key


def record_keys(folder: Path, slug: str) -> list[int]:
    """Numbers of the organisation's record keys, oldest first."""
    home = _home(folder, slug)
    found = (RECORD.fullmatch(path.name) for path in home.iterdir()) if home.is_dir() else ()
    return sorted(int(match[1]) for match in found if match)


def seals(folder: Path) -> list[str]:
    """Slugs of the organisations that have a seal here."""
    return sorted(path.parent.name for path in folder.glob(f"*/{SEAL}"))


def _home(folder: Path, slug: str) -> Path:
    if not SLUG.fullmatch(slug):
        raise KeyAbsentError(slug=slug)
    return folder / slug


def _locked(passphrase: str) -> KeySerializationEncryption:
    if not passphrase:
        raise PassphraseError
    return BestAvailableEncryption(passphrase.encode())


def _open_pem(path: Path, passphrase: str) -> object:
    try:
        return load_pem_private_key(read(path), passphrase.encode())
    except (ValueError, TypeError):
        raise PassphraseError(file=path.name) from None


def _open_root_key(folder: Path, passphrase: str) -> ec.EllipticCurvePrivateKey:
    key = _open_pem(folder / ROOT_KEY, passphrase)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeyUnfitError(file=ROOT_KEY, why="not-ec")
    return key


def _keep_seal(
    home: Path, key: SealKey, leaf: x509.Certificate, chain: tuple[x509.Certificate, ...], passphrase: str
) -> None:
    if not passphrase:
        raise PassphraseError
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(ROUNDS)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(SHA256())
        .build(passphrase.encode())
    )
    write_new(home / SEAL, pkcs12.serialize_key_and_certificates(home.name.encode(), key, leaf, chain, encryption))


def _unlocked(p12: bytes, passphrase: str) -> pkcs12.PKCS12KeyAndCertificates:
    try:
        return pkcs12.load_pkcs12(p12, passphrase.encode())
    except ValueError:
        raise PassphraseError(file=SEAL) from None


def _opened(p12: bytes, passphrase: str) -> SealSigner:
    found = _unlocked(p12, passphrase)
    if found.cert is None or not isinstance(found.key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise KeyUnfitError(file=SEAL, why="key-or-certificate-missing")
    chain = tuple(each.certificate for each in found.additional_certs)
    return SealSigner(KeptKeySigner(found.key, found.cert.certificate, chain), found.cert.certificate)
