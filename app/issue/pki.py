"""Certificates of the seal: what the development root writes, and what an organisation's own one must fulfil."""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from pyhanko.sign.ades.qualified_asn1 import QcStatements

from app.issue.problems import KeyUnfitError, SealEndsError
from app.issue.signer import DEVELOPMENT_MARK, SealPublicKey

ROOT_YEARS, CLOCK_YEARS, LEAF_YEARS = 20, 15, 3
LEAST_DAYS = 60
"""A seal with fewer days left is replaced, not used: the paper must outlive the day it is printed."""
LONGEST_NAME = 64
"""Upper bound of X.520; the organisation identifier beside it is the exact identity."""
RSA_BITS = 3072
QC_STATEMENTS = ObjectIdentifier("1.3.6.1.5.5.7.1.3")


def development_root(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    """Self-signed, and marked in its own name so that no leaf of it can pass for real."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Intyga"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, DEVELOPMENT_MARK),
            x509.NameAttribute(NameOID.COMMON_NAME, "Intyga development root (TEST)"),
        ]
    )
    return (
        _certificate(name, name, key.public_key(), key.public_key(), now, ROOT_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .sign(key, SHA256())
    )


def seal_certificate(
    public: ec.EllipticCurvePublicKey,
    organisation: str,
    number: str,
    root: x509.Certificate,
    issuing: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    """Names the legal person as ETSI EN 319 412-3 does: name, and NTR (trade register) with country and number."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "SE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:LONGEST_NAME]),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRSE-{number.replace('-', '')}"),
            x509.NameAttribute(NameOID.COMMON_NAME, organisation[:LONGEST_NAME]),
        ]
    )
    return (
        _certificate(subject, root.subject, public, issuing.public_key(), now, LEAF_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature", "content_commitment"), critical=True)
        .sign(issuing, SHA256())
    )


def clock_certificate(
    public: ec.EllipticCurvePublicKey, root: x509.Certificate, issuing: ec.EllipticCurvePrivateKey, since: datetime
) -> x509.Certificate:
    """For time-stamps and nothing else, as RFC 3161 §2.3 demands; it carries the development root's mark as well."""
    name = x509.Name(
        [*list(root.subject)[:-1], x509.NameAttribute(NameOID.COMMON_NAME, "Intyga development clock (TEST)")]
    )
    return (
        _certificate(name, root.subject, public, issuing.public_key(), since, CLOCK_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(issuing, SHA256())
    )


def responder_certificate(
    public: ec.EllipticCurvePublicKey, root: x509.Certificate, issuing: ec.EllipticCurvePrivateKey, since: datetime
) -> x509.Certificate:
    """For answers about revocation; about itself nobody needs to be asked (RFC 6960 §4.2.2.2.1)."""
    name = x509.Name(
        [*list(root.subject)[:-1], x509.NameAttribute(NameOID.COMMON_NAME, "Intyga development responder (TEST)")]
    )
    return (
        _certificate(name, root.subject, public, issuing.public_key(), since, CLOCK_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
        .add_extension(x509.OCSPNoCheck(), critical=False)
        .sign(issuing, SHA256())
    )


def is_qualified(certificate: x509.Certificate) -> bool:
    """Whether the certificate says of itself that it is qualified, for seals, with its key in a qualified device.

    That it also stands on a trusted list is for its owner to know: we ask nobody.
    """
    try:
        found = certificate.extensions.get_extension_for_oid(QC_STATEMENTS).value
        said = QcStatements.load(found.public_bytes(), strict=True)
        statements = {each["statement_id"].native: each["statement_info"] for each in said}
        kinds = statements["qc_type"].native
    except (x509.ExtensionNotFound, ValueError, KeyError, AttributeError):
        return False
    return {"qc_compliance", "qc_sscd"} <= statements.keys() and kinds == ["qct_eseal"]


def ordered(leaf: x509.Certificate, others: list[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The leaf's issuer, that one's issuer and so on; whatever else lies in the file is left out."""
    chain: list[x509.Certificate] = []
    below = leaf
    while below.issuer != below.subject:
        found = next((each for each in others if each.subject == below.issuer and each not in chain), None)
        if found is None:
            break
        chain.append(found)
        below = found
    return tuple(chain)


def is_fit(certificate: x509.Certificate, public: SealPublicKey, now: datetime) -> None:
    """Refuse, with the reason, what would give papers nobody can check."""
    if certificate.public_key() != public:
        raise KeyUnfitError(why="key-of-another-certificate")
    if isinstance(public, rsa.RSAPublicKey) and public.key_size < RSA_BITS:
        raise KeyUnfitError(why="rsa-too-short")
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise KeyUnfitError(why="key-usage-missing") from None
    if not usage.content_commitment:
        raise KeyUnfitError(why="key-usage-without-non-repudiation")
    lasts(certificate, now)


def lasts(certificate: x509.Certificate, now: datetime) -> None:
    """Refuse a certificate that has not begun or ends within sixty days."""
    if certificate.not_valid_before_utc > now:
        raise KeyUnfitError(why="not-yet-valid")
    if certificate.not_valid_after_utc < now + timedelta(days=LEAST_DAYS):
        raise SealEndsError(not_after=certificate.not_valid_after_utc.isoformat())


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    issuing: ec.EllipticCurvePublicKey,
    now: datetime,
    years: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))  # clocks of readers are not ours
        .not_valid_after(now + timedelta(days=round(365.25 * years)))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing), critical=False)
    )


def _usage(*allowed: str) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in allowed for name in every})
