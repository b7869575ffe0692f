"""What a later reader needs to believe a certificate without asking anybody: its chain, and that it was not revoked.

Gathered while the authorities still answer, and put into the file. A certificate that is revoked, or about which
nothing can be learned, is a refusal: nothing is sealed for long on a guess.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeVar

from asn1crypto import algos, crl, ocsp
from asn1crypto import x509 as asn1
from msgspec import Struct
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    InsufficientRevinfoError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.registry import SimpleTrustManager

from app.issue.fetch import AuthorityAwayError, fetch
from app.issue.problems import EvidenceError

T = TypeVar("T")
SKEW = timedelta(minutes=1)
"""Between an authority's clock and ours: what it says now must not look as if it came from the future."""


class Known(Struct, frozen=True):
    """What authorities said about one certificate."""

    ocsps: tuple[ocsp.OCSPResponse, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()


Evidence = Callable[[asn1.Certificate, asn1.Certificate], Known]
"""Asked about a certificate and its issuer."""


class Proved(Struct, frozen=True):
    """A path to a root, and the context that holds the evidence for it."""

    path: ValidationPath
    context: ValidationContext


async def prove(
    leaf: asn1.Certificate,
    others: Iterable[asn1.Certificate],
    roots: Iterable[asn1.Certificate],
    evidence: Evidence,
    now: Callable[[], datetime],
    *,
    usage: set[str] | None = None,
    extended: set[str] | None = None,
) -> Proved:
    """The path of a certificate with evidence for every step of it; raises `EvidenceError`."""
    others, roots = list(others), list(roots)
    path = await _path(leaf, others, _context(roots, now(), "soft-fail"), usage, extended)
    steps = list(path)
    if len(steps) < 2:
        raise EvidenceError(why="chain-missing")
    known = [evidence(lower, upper) for upper, lower in pairwise(steps)]
    context = _context(
        roots, now(), "require", [o for each in known for o in each.ocsps], [c for each in known for c in each.crls]
    )
    return Proved(await _path(leaf, others, context, usage, extended), context)


def _context(
    roots: list[asn1.Certificate],
    moment: datetime,
    mode: str,
    ocsps: Iterable[ocsp.OCSPResponse] = (),
    crls: Iterable[crl.CertificateList] = (),
) -> ValidationContext:
    return ValidationContext(
        trust_manager=SimpleTrustManager.build(trust_roots=roots),
        moment=moment,
        allow_fetching=False,
        revocation_mode=mode,
        ocsps=list(ocsps),
        crls=list(crls),
        time_tolerance=SKEW,
    )


async def _path(
    leaf: asn1.Certificate,
    others: list[asn1.Certificate],
    context: ValidationContext,
    usage: set[str] | None,
    extended: set[str] | None,
) -> ValidationPath:
    try:
        validator = CertificateValidator(leaf, intermediate_certs=others, validation_context=context)
        return await validator.async_validate_usage(usage or set(), extended or set())  # type: ignore[no-untyped-call, no-any-return] # theirs
    except RevokedError as fault:
        raise EvidenceError(why="revoked") from fault
    except InsufficientRevinfoError as fault:
        raise EvidenceError(why="revocation-unknown") from fault
    except PathBuildingError as fault:
        raise EvidenceError(why="chain-missing") from fault
    except (PathValidationError, ValidationError) as fault:
        raise EvidenceError(why="certificate", detail=type(fault).__name__) from fault


def fetched(certificate: asn1.Certificate, issuer: asn1.Certificate) -> Known:
    """From the addresses in the certificate: the answer about this very one, or the whole list if nobody answers.

    Never both: a list speaks of all certificates of its authority, and in ten years a reader would take a later list
    as the last word about a certificate that had ended long before it.
    """
    faults: list[AuthorityAwayError] = []
    answers = _first(_addresses(certificate.ocsp_urls), lambda url: _answer(url, certificate, issuer), faults)
    points = [] if answers else _addresses(point.url or "" for point in certificate.crl_distribution_points)
    lists = _first(points, _list, faults)
    if faults and not answers and not lists:
        raise faults[0]
    return Known(ocsps=answers, crls=lists)


def _first(addresses: list[str], ask: Callable[[str], T], faults: list[AuthorityAwayError]) -> tuple[T, ...]:
    for address in addresses:
        try:
            return (ask(address),)
        except AuthorityAwayError as fault:
            faults.append(fault)
    return ()


def _addresses(found: Iterable[str]) -> list[str]:
    return [each for each in found if each.startswith(("http://", "https://"))]


def _answer(address: str, certificate: asn1.Certificate, issuer: asn1.Certificate) -> ocsp.OCSPResponse:
    asked = ocsp.CertId(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha1"}),  # names the issuer, protects nothing
            "issuer_name_hash": issuer.subject.sha1,
            "issuer_key_hash": issuer.public_key.sha1,
            "serial_number": certificate.serial_number,
        }
    )
    request = ocsp.OCSPRequest({"tbs_request": {"request_list": [{"req_cert": asked}]}})
    answer = fetch(address, request.dump(), "application/ocsp-request", "application/ocsp-response", most=100_000)
    try:
        found = ocsp.OCSPResponse.load(answer, strict=True)
        if found["response_status"].native != "successful":
            raise AuthorityAwayError("ocsp status")
    except ValueError as fault:
        raise AuthorityAwayError("ocsp form") from fault
    return found


def _list(address: str) -> crl.CertificateList:
    try:
        return crl.CertificateList.load(fetch(address, None, "", ""), strict=True)
    except ValueError as fault:
        raise AuthorityAwayError("crl form") from fault
