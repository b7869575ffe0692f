"""A throw-away authority for the local network: it can vouch for this machine's own names and for nothing else.

Browsers give cameras, service workers and storage only to pages that came over a connection they trust.
"""

import ipaddress
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.store.files import write_whole

LASTS = timedelta(days=90)
RENEWED = timedelta(days=7)
"""So long before its end everything is made anew."""
OUTSIDE = "192.0.2.1"
"""Reserved for documentation (RFC 5737): nothing is sent there, asking only tells which way the network lies."""


@dataclass(frozen=True)
class Identity:
    """Where the files lie."""

    ca: Path
    certificate: Path
    key: Path

    @classmethod
    def below(cls, folder: Path) -> Self:
        """In the folder of the installation."""
        home = folder / "tablet"
        return cls(home / "ca.pem", home / "server.pem", home / "server.key")

    @property
    def fingerprint(self) -> str:
        """What a person can compare on the tablet."""
        found = x509.load_pem_x509_certificate(self.ca.read_bytes()).fingerprint(SHA256()).hex().upper()
        return ":".join(found[place : place + 2] for place in range(0, 16, 2))


def local_address() -> str:
    """The address of this machine on its network; loopback when there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect((OUTSIDE, 9))
            return str(asking.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def identity(folder: Path, host: str) -> Identity:
    """Certificate and key for that host; made when they are missing, for another host, or about to end."""
    found = Identity.below(folder)
    if not _fits(found, host):
        found.ca.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(found, host)
    return found


def ends(found: Identity) -> datetime | None:
    """When the certificate ends; None when there is none."""
    if not found.certificate.exists():
        return None
    return x509.load_pem_x509_certificate(found.certificate.read_bytes()).not_valid_after_utc


def name_of(host: str) -> x509.GeneralName:
    """A host as certificates write it."""
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _fits(found: Identity, host: str) -> bool:
    end = ends(found)
    if end is None or not found.ca.exists() or not found.key.exists() or end - datetime.now(UTC) < RENEWED:
        return False
    served = x509.load_pem_x509_certificate(found.certificate.read_bytes())
    return name_of(host) in served.extensions.get_extension_for_class(x509.SubjectAlternativeName).value


def _make(found: Identity, host: str) -> None:
    """The authority's own key is forgotten as soon as it has signed once: nobody can make it vouch for more."""
    since = datetime.now(UTC) - timedelta(hours=1)
    names = list(dict.fromkeys([name_of(host), x509.DNSName("localhost"), name_of("127.0.0.1")]))
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Intyga local network {since:%Y-%m-%d %H:%M}")])
    ca = (
        _drafted(ca_name, ca_name, ca_key.public_key(), since)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints([_subtree(each) for each in names], None), critical=True)
        .add_extension(_usage(ca=True), critical=True)
        .sign(ca_key, SHA256())
    )  # fmt: skip
    served = (
        _drafted(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), ca_name, key.public_key(), since)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_usage(ca=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, SHA256())
    )
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    write_whole(found.key, key.private_bytes(serialization.Encoding.PEM, *plain))
    write_whole(found.certificate, served.public_bytes(serialization.Encoding.PEM))
    write_whole(found.ca, ca.public_bytes(serialization.Encoding.PEM))


def _drafted(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, since: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + LASTS)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _subtree(name: x509.GeneralName) -> x509.GeneralName:
    """Constraints write addresses as networks of one."""
    return x509.IPAddress(ipaddress.ip_network(str(name.value))) if isinstance(name, x509.IPAddress) else name


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca, key_cert_sign=ca, crl_sign=ca, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
