"""The seal of a PDF, as pyHanko sees it: is it whole, what was appended after it, and does it rest on a given root.

Everything about trust is handed in; nothing is fetched, and the system's own list of authorities is never asked.
"""

import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography import x509
from msgspec import Struct
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError, ValidationError
from pyhanko_certvalidator.registry import SimpleTrustManager

from app.issue.signer import DEVELOPMENT_MARK
from app.verify import lasting

NON_REPUDIATION = {"non_repudiation"}


class Sealer(Struct, frozen=True):
    """Who a certificate says has sealed, and whether it rests on a root that was given."""

    name: str
    identifier: str
    """Such as `NTRSE-5560000167`."""
    since: str
    until: str
    standing: Literal["trusted", "wrong-time", "unknown"]
    development: bool
    """Of a development root, wherever it is kept: a specimen."""
    revocation: lasting.Standing = "unknown"
    """What the evidence in the file says of the certificate."""


def is_certification(seal: EmbeddedPdfSignature) -> bool:
    """A seal of our kind allows no change at all."""
    return str(seal.sig_object_type) == "/Sig" and seal.docmdp_level == MDPPerm.NO_CHANGES


async def integrity(seal: EmbeddedPdfSignature, at: datetime) -> PdfSignatureStatus:
    """Digest, signature, coverage and the difference analysis; trusts nobody."""
    nobody = ValidationContext(trust_manager=SimpleTrustManager.build(trust_roots=()), moment=at, allow_fetching=False)
    return await async_validate_pdf_signature(seal, signer_validation_context=nobody)


def is_whole(seal: EmbeddedPdfSignature, found: PdfSignatureStatus) -> bool:
    """The bytes under the seal are the sealed ones; the one gap is the signature, with no room to hide anything."""
    if len(seal.byte_range) != 4 or not (found.intact and found.valid):
        return False
    _, first, second, _ = (int(each) for each in seal.byte_range)
    room = bytes(seal.pkcs7_content)
    used = len(cms.ContentInfo.load(room).dump())
    return second == first + 2 * len(room) + 2 and not any(room[used:])


def is_covered(seal: EmbeddedPdfSignature, found: PdfSignatureStatus) -> bool:
    """The seal covers all of the file, or the whole revision it belongs to and later ones follow."""
    if found.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return True
    later = seal.reader.xrefs.total_revisions > seal.signed_revision + 1
    return later and found.coverage is SignatureCoverageLevel.ENTIRE_REVISION and _ends_as_it_should(seal)


def _ends_as_it_should(seal: EmbeddedPdfSignature) -> bool:
    """Nothing lies behind the last revision, where a forgiving reader might find something else."""
    stream = seal.reader.stream
    stream.seek(-20, os.SEEK_END)
    return bool(stream.read().rstrip().endswith(b"%%EOF"))


def is_untouched_since(found: PdfSignatureStatus) -> bool:
    """Later revisions may hold time-stamps and what they need, nothing else."""
    level = found.modification_level
    return bool(found.docmdp_ok) and level in (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)


async def sealer(seal: EmbeddedPdfSignature, roots: tuple[bytes, ...], at: datetime) -> Sealer:
    """Whose seal it is."""
    certificate = x509.load_der_x509_certificate(seal.signer_cert.dump())
    given = [asn1.Certificate.load(each) for each in roots]
    return Sealer(
        name=_named(certificate.subject, x509.NameOID.ORGANIZATION_NAME),
        identifier=_named(certificate.subject, x509.NameOID.ORGANIZATION_IDENTIFIER),
        since=certificate.not_valid_before_utc.date().isoformat(),
        until=certificate.not_valid_after_utc.date().isoformat(),
        standing=await _standing(seal, certificate, given, at),
        development=any(_is_development(each) for each in (seal.signer_cert, *seal.other_embedded_certs)),
        revocation=await _revocation(seal, given, at),
    )


async def _revocation(seal: EmbeddedPdfSignature, given: list[asn1.Certificate], at: datetime) -> lasting.Standing:
    others, purpose = tuple(seal.other_embedded_certs), frozenset(NON_REPUDIATION)
    asked = lasting.Asked(seal.signer_cert, others, tuple(given), usage=purpose)
    return await lasting.standing(asked, lasting.carried(seal), at)


async def _standing(
    seal: EmbeddedPdfSignature, certificate: x509.Certificate, given: list[asn1.Certificate], at: datetime
) -> Literal["trusted", "wrong-time", "unknown"]:
    """A certificate that is known but out of its time is told from one that nobody knows."""
    if await _rests_on(seal, given, at):
        return "trusted"
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return "wrong-time" if await _rests_on(seal, given, begins + (ends - begins) / 2) else "unknown"


async def _rests_on(seal: EmbeddedPdfSignature, given: list[asn1.Certificate], at: datetime) -> bool:
    leaf = seal.signer_cert
    if any(leaf.dump() == each.dump() for each in given):  # the very certificate was given
        return bool(leaf.not_valid_before <= at <= leaf.not_valid_after)
    context = ValidationContext(
        trust_manager=SimpleTrustManager.build(trust_roots=given),
        other_certs=seal.other_embedded_certs,
        moment=at,
        allow_fetching=False,
        time_tolerance=timedelta(0),
    )
    try:
        validator = CertificateValidator(leaf, validation_context=context)
        await validator.async_validate_usage(NON_REPUDIATION)  # type: ignore[no-untyped-call] # theirs
    except (PathBuildingError, PathValidationError, ValidationError):
        return False
    return True


def _is_development(certificate: asn1.Certificate) -> bool:
    found = x509.load_der_x509_certificate(certificate.dump())
    return any(DEVELOPMENT_MARK in _values(name) for name in (found.issuer, found.subject))


def _named(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    return next(iter(_values(name, oid)), "")


def _values(name: x509.Name, oid: x509.ObjectIdentifier = x509.NameOID.ORGANIZATIONAL_UNIT_NAME) -> Iterable[str]:
    return [str(each.value) for each in name.get_attributes_for_oid(oid)]
