"""A throw-away PKI in plain functions, for every test that needs a seal or somebody else's certificate."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from app.issue import keys
from app.issue.seal import seal
from app.issue.signer import SealSigner

PASSPHRASE = "korp gran is 1977"
SLUG = "exempelnat"
ORGANISATION = "Exempelnät Validering AB"
NUMBER = "556000-0167"
THEIRS = "deras"
"""What somebody else locked their p12 with."""


def a_house(folder: Path) -> SealSigner:
    """Development root and seal, made once; asked again it opens what is there."""
    if not (folder / keys.ROOT).exists():
        keys.create_development_root(folder, PASSPHRASE)
        keys.create_seal_key(folder, SLUG, ORGANISATION, NUMBER, PASSPHRASE)
    return keys.open_seal(folder, SLUG, PASSPHRASE)


def sealed_by(sealer: SealSigner, pdf: bytes) -> bytes:
    return seal(pdf, sealer, name=ORGANISATION, reason="Prov")


def judged(file: Path, root: Path):
    """What pyHanko says of the one seal in a file, with `root` as the only trust and no network."""
    trust = ValidationContext(trust_roots=[load_cert_from_pemder(str(root))], allow_fetching=False)
    with file.open("rb") as content:
        (signature,) = PdfFileReader(content).embedded_signatures
        return validate_pdf_signature(signature, trust)


def somebodys_p12(key=None, *, days: int = 900, usage: bool = True, certified=None, passphrase: str = THEIRS) -> bytes:
    """An organisation's own certificate from somebody else's authority, as bought."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    authority = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)

    def name(common: str) -> x509.Name:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Nätbolaget AB"),
                x509.NameAttribute(NameOID.COMMON_NAME, common),
            ]
        )

    builder = (
        x509.CertificateBuilder()
        .subject_name(name("Nätbolaget stämpel"))
        .issuer_name(name("Somebody's authority"))
        .public_key((certified or key).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
    )
    if usage:
        flags = dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
        )
        builder = builder.add_extension(
            x509.KeyUsage(
                digital_signature=False, content_commitment=True, encipher_only=False, decipher_only=False, **flags
            ),
            critical=True,
        )
    certificate = builder.sign(authority, SHA256())
    return pkcs12.serialize_key_and_certificates(
        b"stamp", key, certificate, None, BestAvailableEncryption(passphrase.encode())
    )


def ed25519_p12() -> bytes:
    return somebodys_p12(Ed25519PrivateKey.generate())
