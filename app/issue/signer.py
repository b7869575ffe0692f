"""The sealing key, read once and kept: reading it anew for every signature costs more than sealing.

The same class serves a file today and is the place where a hardware module or a remote service comes in.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

DEVELOPMENT_MARK = "SPECIMEN development root, never for real certificates"
"""Organisational unit of the root; a leaf under it is a development key wherever it is kept and however named."""

SealKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class KeptKeySigner(Signer):
    """Signs with a key that is already in memory, SHA-256 always."""

    def __init__(self, key: SealKey, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...] = ()) -> None:
        self.key = key
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # theirs, without annotations
        store.register_multiple([_asn1(each) for each in (certificate, *chain)])
        super().__init__(signing_cert=_asn1(certificate), cert_registry=store)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002 always SHA-256
        """The signature itself; a dry run answers with as many bytes as one can need."""
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return bytes(9 + 2 * (self.key.key_size + 7) // 8) if dry_run else self.key.sign(data, ec.ECDSA(SHA256()))
        return bytes(self.key.key_size // 8) if dry_run else self.key.sign(data, padding.PKCS1v15(), SHA256())


@dataclass(frozen=True)
class SealSigner:
    """An opened seal and what the register keeps about it."""

    signer: KeptKeySigner
    certificate: x509.Certificate

    @property
    def sha256(self) -> str:
        """Fingerprint of the certificate: how the register names the seal."""
        return sha256(self.certificate.public_bytes(Encoding.DER)).hexdigest()

    @property
    def not_after(self) -> datetime:
        """The last moment of the certificate."""
        return self.certificate.not_valid_after_utc

    @property
    def organisation(self) -> str:
        """Whose seal it is, by the certificate."""
        names = self.certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
        return str(names[0].value) if names else ""

    @property
    def development(self) -> bool:
        """Issued by a development root: everything it seals is a specimen."""
        units = self.certificate.issuer.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)
        return any(unit.value == DEVELOPMENT_MARK for unit in units)


def _asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
