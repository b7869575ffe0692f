"""Since when a sealed paper has certainly existed: the time-stamps in it, each judged at the time the next one proves.

The last one must be good now, the one before it at the moment of the last, and so down to the seal, which is then
judged at the first moment that is proved: that is how a paper outlives every certificate in it. Only given roots
count, and a time-stamp that does not hold is as if it were not there.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from asn1crypto import cms
from asn1crypto import x509 as asn1
from msgspec import Struct
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter, validate_tst_signed_data
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, RevokedError, ValidationError
from pyhanko_certvalidator.registry import SimpleTrustManager

from app.verify.answers import Check

Standing = Literal["proved", "unproved", "revoked", "unknown"]
"""Of a certificate at a moment: with evidence in the file, without, revoked by then, or resting on no given root."""
STAMPING = frozenset({"time_stamping"})


class Proved(Struct, frozen=True):
    """What the time-stamps say."""

    moment: datetime
    """When the seal is to be judged: the first proved time, or the time that was asked about."""
    check: Check


class Inside(Struct, frozen=True):
    """Evidence that the file itself carries; each piece is signed by its authority and is judged by that alone."""

    certificates: tuple[asn1.Certificate, ...] = ()
    ocsps: tuple[Any, ...] = ()
    crls: tuple[Any, ...] = ()
    dates: tuple[datetime, ...] = ()
    """When each piece was made."""


async def proved(seal: EmbeddedPdfSignature, roots: Iterable[bytes], at: datetime) -> Proved:
    """The first moment at which a good time-stamp shows the seal."""
    given, inside = [asn1.Certificate.load(each) for each in roots], carried(seal)
    moment, stamped = at, False
    later = [each for each in seal.reader.embedded_timestamp_signatures if each.signed_revision > seal.signed_revision]
    for each in reversed(later):
        if _covers(each) and await _holds(each.signed_data, each.compute_digest(), given, inside, moment):
            moment, stamped = _time(each.signed_data), True
    tokens = list(extract_tst_data_iter(seal.signer_info, signed=False))
    for token in tokens:
        if await _holds(token, _digest_of(seal, token), given, inside, moment):
            moment, stamped = _time(token), True
    if stamped:
        return Proved(moment, Check(name="seal-time", result="passed", detail=moment.isoformat()))
    why = "no time-stamp from a trusted authority" if later or tokens else "no time-stamp"
    return Proved(at, Check(name="seal-time", result="could-not-check", detail=why))


def carried(seal: EmbeddedPdfSignature) -> Inside:
    """The newest store of evidence in the file."""
    try:
        store = DocumentSecurityStore.read_dss(seal.reader)
        context = store.as_validation_context({"allow_fetching": False, "trust_manager": _manager([])})
        ocsps, crls = tuple(context.ocsps), tuple(context.crls)
        answered = (each.basic_ocsp_response["tbs_response_data"]["produced_at"].native for each in ocsps)
        listed = (each["tbs_cert_list"]["this_update"].native for each in crls)
        return Inside(tuple(store.load_certs()), ocsps, crls, (*answered, *listed))
    except Exception:  # noqa: BLE001 same: what cannot be read proves nothing
        return Inside()


@dataclass(frozen=True)
class Asked:
    """A certificate with what may stand above it, and what it must be for."""

    leaf: asn1.Certificate
    others: tuple[asn1.Certificate, ...]
    given: tuple[asn1.Certificate, ...]
    usage: frozenset[str] = frozenset()
    extended: frozenset[str] = frozenset()


async def standing(asked: Asked, inside: Inside, moment: datetime) -> Standing:
    """How a certificate stood at that moment, by the evidence in the file.

    Evidence that is too old for the moment no longer says "good", but what it says of a revocation stays true.
    """
    found = await _tried(asked, inside, moment, "require")
    if found is not None:
        return found
    newest = max((each for each in inside.dates if each < moment), default=None)
    if newest and await _tried(asked, inside, newest, "require") == "revoked":
        return "revoked"
    found = await _tried(asked, Inside(inside.certificates), moment, "soft-fail")
    return "unproved" if found == "proved" else found or "unknown"


async def _tried(asked: Asked, inside: Inside, moment: datetime, mode: str) -> Standing | None:
    """None when the evidence does not do for that moment, or the certificate was not valid then."""
    context = ValidationContext(
        trust_manager=_manager(asked.given),
        other_certs=[*asked.others, *inside.certificates],
        ocsps=inside.ocsps,
        crls=inside.crls,
        moment=moment,
        allow_fetching=False,
        revocation_mode=mode,
        retroactive_revinfo=True,  # evidence is gathered after the moment it speaks of
        time_tolerance=timedelta(seconds=1),
    )
    try:
        validator = CertificateValidator(asked.leaf, validation_context=context)
        path = await validator.async_validate_usage(set(asked.usage), set(asked.extended))  # type: ignore[no-untyped-call] # theirs
    except RevokedError:
        return "revoked"
    except PathBuildingError:
        return "unknown"
    except ValidationError:
        return None
    return "proved" if len(list(path)) > 1 else "unproved"


async def _holds(
    token: cms.SignedData, digest: bytes, given: list[asn1.Certificate], inside: Inside, moment: datetime
) -> bool:
    nobody = ValidationContext(trust_manager=_manager([]), moment=moment, allow_fetching=False)
    try:
        found = await validate_tst_signed_data(token, nobody, lambda _algorithm: digest)
        about = extract_certificate_info(token)
        good = found["intact"] and found["valid"] and _time(token) <= moment + timedelta(seconds=1)
    except Exception:  # noqa: BLE001 the library raises whatever a hostile token makes of it
        return False
    if not good:
        return False
    usage = about.signer_cert.extended_key_usage_value
    if usage is None or usage.native != ["time_stamping"]:
        return False
    asked = Asked(about.signer_cert, tuple(about.other_certs), tuple(given), extended=STAMPING)
    stood = await standing(asked, inside, moment)
    return stood in ("proved", "unproved")


def _covers(stamp: EmbeddedPdfSignature) -> bool:
    return bool(stamp.evaluate_signature_coverage() >= SignatureCoverageLevel.ENTIRE_REVISION)


def _digest_of(seal: EmbeddedPdfSignature, token: cms.SignedData) -> bytes:
    """A time-stamp in a seal is over the seal's signature."""
    name = _info(token)["message_imprint"]["hash_algorithm"]["algorithm"].native
    return hashlib.new(name, seal.signer_info["signature"].native).digest()


def _time(token: cms.SignedData) -> datetime:
    found: datetime = _info(token)["gen_time"].native
    return found


def _info(token: cms.SignedData) -> Any:
    return token["encap_content_info"]["content"].parsed


def _manager(given: Iterable[asn1.Certificate]) -> SimpleTrustManager:
    return SimpleTrustManager.build(trust_roots=list(given))
