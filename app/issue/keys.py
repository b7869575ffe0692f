"""Keys of an organisation: numbered seals for papers, numbered keys for records, and one development root for tests.

Each lies in a file, encrypted with the house's one passphrase, or in a hardware module that a file describes; which of
the two, only `open_seal` and `open_record_key` know. Nothing is ever overwritten, and retired keys stay.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from app.issue import keyfiles
from app.issue.development import DevelopmentAuthority
from app.issue.hardware import Held, held_record_key, held_seal, read_held, written
from app.issue.keyfiles import read, write_new
from app.issue.locking import ROUNDS, locked
from app.issue.pki import clock_certificate, development_root, is_fit, ordered, seal_certificate
from app.issue.problems import KeyAbsentError, KeyExistsError, KeyUnfitError, PassphraseError
from app.issue.proof import RecordSigner
from app.issue.signer import KeptKeySigner, SealKey, SealSigner

ROOT = keyfiles.ROOT
ROOT_KEY = "development-root-key.pem"
SEAL = "seal.p12"
CLOCK, CLOCK_KEY = "development-clock.pem", "development-clock-key.pem"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RECORD = re.compile(r"record-([1-9]\d{0,5})\.(?:pem|json)")
SEALS = re.compile(r"seal(?:-([1-9]\d{0,5}))?\.(?:p12|json)")


def create_development_root(folder: Path, passphrase: str, *, now: datetime | None = None) -> x509.Certificate:
    """A root that says of itself that it is for tests; its certificate is written last, so it never lacks a key."""
    if (folder / ROOT).exists():
        raise KeyExistsError(file=ROOT)
    if not (folder / ROOT_KEY).exists():  # else the last run was cut short: go on with its key
        write_new(folder / ROOT_KEY, locked(ec.generate_private_key(ec.SECP256R1()), passphrase))
    root = development_root(_open_root_key(folder, passphrase), now or datetime.now(UTC))
    write_new(folder / ROOT, root.public_bytes(Encoding.PEM))
    return root


def open_development_authority(folder: Path, passphrase: str) -> DevelopmentAuthority:
    """The root with its clock, which is made when it is first asked for."""
    root = x509.load_pem_x509_certificate(read(folder / ROOT))
    issuing = _open_root_key(folder, passphrase)
    if not (folder / CLOCK).exists():
        if not (folder / CLOCK_KEY).exists():
            write_new(folder / CLOCK_KEY, locked(ec.generate_private_key(ec.SECP256R1()), passphrase))
        key = _open_ec(folder / CLOCK_KEY, passphrase)
        made = clock_certificate(key.public_key(), root, issuing, root.not_valid_before_utc)
        write_new(folder / CLOCK, made.public_bytes(Encoding.PEM))
    clock = x509.load_pem_x509_certificate(read(folder / CLOCK))
    return DevelopmentAuthority(root, issuing, clock, _open_ec(folder / CLOCK_KEY, passphrase))


def create_seal_key(
    folder: Path,
    slug: str,
    organisation: str,
    number: str,
    passphrase: str,
    *,
    place: int = 1,
    now: datetime | None = None,
) -> SealSigner:
    """A development seal for one organisation: P-256, three years, under the development root."""
    root = x509.load_pem_x509_certificate(read(folder / ROOT))
    issuing = _open_root_key(folder, passphrase)
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = seal_certificate(key.public_key(), organisation, number, root, issuing, now or datetime.now(UTC))
    _keep_seal(_home(folder, slug) / seal_file(place), key, leaf, (root,), passphrase)
    return SealSigner(KeptKeySigner(key, leaf, (root,)), leaf)


def adopt_seal(
    folder: Path,
    slug: str,
    p12: bytes,
    p12_passphrase: str,
    passphrase: str,
    *,
    place: int = 1,
    now: datetime | None = None,
) -> SealSigner:
    """An organisation's own certificate, checked to be fit for sealing and locked with our passphrase."""
    key, leaf, chain = _parts(p12, p12_passphrase)
    is_fit(leaf, key.public_key(), now or datetime.now(UTC))
    _keep_seal(_home(folder, slug) / seal_file(place), key, leaf, chain, passphrase)
    return SealSigner(KeptKeySigner(key, leaf, chain), leaf)


def seal_in(p12: bytes, passphrase: str) -> x509.Certificate:
    """The certificate of a PKCS#12 file that is handed over."""
    return _parts(p12, passphrase)[1]


def adopt_held_seal(folder: Path, slug: str, held: Held, *, place: int = 1, now: datetime | None = None) -> SealSigner:
    """A seal whose key stays in a hardware module; only where it is gets written down."""
    sealer = held_seal(held)
    is_fit(sealer.certificate, sealer.signer.key.public_key(), now or datetime.now(UTC))
    write_new(_home(folder, slug) / seal_file(place, ".json"), written(held))
    return sealer


def adopt_held_record_key(folder: Path, slug: str, held: Held) -> int:
    """An Ed25519 key in a hardware module as the organisation's next record key; its number."""
    held_record_key(held)
    number = max(record_keys(folder, slug), default=0) + 1
    write_new(_home(folder, slug) / f"record-{number}.json", written(held))
    return number


def seal_file(place: int, suffix: str = ".p12") -> str:
    """The first seal's file has no number: it is older than rotation."""
    return f"seal{suffix}" if place == 1 else f"seal-{place}{suffix}"


def open_seal(folder: Path, slug: str, passphrase: str, place: int = 1) -> SealSigner:
    """Open the seal wherever it is held; done once per process."""
    home = _home(folder, slug)
    described = home / seal_file(place, ".json")
    if described.exists():
        return held_seal(read_held(described))
    key, leaf, chain = _parts(read(home / seal_file(place)), passphrase)
    return SealSigner(KeptKeySigner(key, leaf, chain), leaf)


def create_record_key(folder: Path, slug: str, passphrase: str) -> int:
    """The next Ed25519 key of the organisation; its number is its name in the DID document."""
    number = max(record_keys(folder, slug), default=0) + 1
    write_new(_home(folder, slug) / f"record-{number}.pem", locked(Ed25519PrivateKey.generate(), passphrase))
    return number


def open_record_key(folder: Path, slug: str, number: int, passphrase: str) -> RecordSigner:
    """Open one record key wherever it is held."""
    described = _home(folder, slug) / f"record-{number}.json"
    if described.exists():
        return held_record_key(read_held(described))
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
    return sorted({path.parent.name for path in folder.glob("*/seal*") if SEALS.fullmatch(path.name)})


def _home(folder: Path, slug: str) -> Path:
    if not SLUG.fullmatch(slug):
        raise KeyAbsentError(slug=slug)
    return folder / slug


def _open_pem(path: Path, passphrase: str) -> object:
    try:
        return load_pem_private_key(read(path), passphrase.encode())
    except (ValueError, TypeError):
        raise PassphraseError(file=path.name) from None


def _open_root_key(folder: Path, passphrase: str) -> ec.EllipticCurvePrivateKey:
    return _open_ec(folder / ROOT_KEY, passphrase)


def _open_ec(path: Path, passphrase: str) -> ec.EllipticCurvePrivateKey:
    key = _open_pem(path, passphrase)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KeyUnfitError(file=path.name, why="not-ec")
    return key


def _keep_seal(
    place: Path, key: SealKey, leaf: x509.Certificate, chain: tuple[x509.Certificate, ...], passphrase: str
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
    named = place.parent.name.encode()
    write_new(place, pkcs12.serialize_key_and_certificates(named, key, leaf, chain, encryption))


def _unlocked(p12: bytes, passphrase: str) -> pkcs12.PKCS12KeyAndCertificates:
    try:
        return pkcs12.load_pkcs12(p12, passphrase.encode())
    except ValueError:
        raise PassphraseError(file=SEAL) from None


def _parts(p12: bytes, passphrase: str) -> tuple[SealKey, x509.Certificate, tuple[x509.Certificate, ...]]:
    found = _unlocked(p12, passphrase)
    if found.cert is None or not isinstance(found.key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise KeyUnfitError(file=SEAL, why="key-or-certificate-missing")
    others = [each.certificate for each in found.additional_certs]
    return found.key, found.cert.certificate, ordered(found.cert.certificate, others)
