"""The sealing key, opened once and kept: reading it anew for every signature costs more than sealing.

`HeldKey` is all that sealing asks of a key, so a file, a hardware module and, one day, a remote service differ in
nothing but where the key is held.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

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
SealPublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class HeldKey(Protocol):
    """A private key that may be somewhere else; it only ever signs."""

    def public_key(self) -> SealPublicKey:
        """What the certificate must hold."""

    def sign_sha256(self, data: bytes) -> bytes:
        """As CMS wants it: DER of r and s, or PKCS#1 v1.5."""


@dataclass(frozen=True)
class FileKey:
    """A key in this process's memory, read from a locked file."""

    private: SealKey

    def public_key(self) -> SealPublicKey:
        """The other half."""
        return self.private.public_key()

    def sign_sha256(self, data: bytes) -> bytes:
        """With SHA-256, whatever the key."""
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            return self.private.sign(data, ec.ECDSA(SHA256()))
        return self.private.sign(data, padding.PKCS1v15(), SHA256())


class KeptKeySigner(Signer):
    """Signs with a key that is already open, SHA-256 always."""

    def __init__(
        self, key: SealKey | HeldKey, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...] = ()
    ) -> None:
        own = isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
        self.key: HeldKey = FileKey(key) if own else key  # type: ignore[arg-type, assignment] # told apart just before
        self.chain = chain
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # theirs, without annotations
        store.register_multiple([asn1_of(each) for each in (certificate, *chain)])
        super().__init__(signing_cert=asn1_of(certificate), cert_registry=store)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002 always SHA-256
        """The signature itself; a dry run answers with as many bytes as one can need."""
        if not dry_run:
            return self.key.sign_sha256(data)
        public = self.key.public_key()
        bits = public.key_size
        return bytes(9 + 2 * ((bits + 7) // 8) if isinstance(public, ec.EllipticCurvePublicKey) else bits // 8)


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
    def chain(self) -> tuple[x509.Certificate, ...]:
        """What stands above the certificate, as far as it was handed over; the last one is the root if it is there."""
        return self.signer.chain

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


def asn1_of(certificate: x509.Certificate) -> asn1.Certificate:
    """The same certificate as the seal's library reads it."""
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
