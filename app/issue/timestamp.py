"""Time-stamps of RFC 3161: asks an authority, and hands on a token only after everything in it has been checked.

What an authority answers is a stranger's word until it is about our very digest, carries our number, was signed just
now by a certificate made for time-stamping that rests on the operator's root and is not revoked.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleTrustManager

from app.issue.evidence import Evidence, prove
from app.issue.fetch import fetch
from app.issue.problems import EvidenceError, StampRefusedError

Ask = Callable[[bytes], bytes]
"""A request in, the authority's answer out: over the network, or within this process while developing."""
LARGEST = 100_000
MOST_OFF = timedelta(minutes=5)
"""Between the authority's clock and ours; more means that one of the two is wrong, and a person must look."""
STAMPING = {"time_stamping"}


def asking(address: str, patience: float) -> Ask:
    """An authority on the network; `patience` in seconds."""
    query, reply = "application/timestamp-query", "application/timestamp-reply"
    return lambda request: fetch(address, request, query, reply, most=LARGEST, seconds=patience)


class Stamper(TimeStamper):
    """The one place where tokens come in."""

    def __init__(
        self, ask: Ask, roots: tuple[asn1.Certificate, ...], evidence: Evidence, now: Callable[[], datetime]
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # theirs, without annotations
        self.ask, self.roots, self.evidence, self.now = ask, roots, evidence, now

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token for the digest that is all it should be; else `StampRefusedError` or `AuthorityAwayError`."""
        nonce, request = self.request_cms(message_digest, md_algorithm)  # type: ignore[no-untyped-call] # theirs
        token, info = _read(self.ask(request.dump()))
        imprint = info["message_imprint"]
        if imprint["hash_algorithm"]["algorithm"].native != md_algorithm:
            raise StampRefusedError(why="imprint")
        if imprint["hashed_message"].native != message_digest:
            raise StampRefusedError(why="imprint")
        if info["nonce"].native != nonce:
            raise StampRefusedError(why="nonce")
        if abs(info["gen_time"].native - self.now()) > MOST_OFF:
            raise StampRefusedError(why="time", said=info["gen_time"].native.isoformat())
        await self._require_signed(token["content"], message_digest)
        return token

    async def _require_signed(self, signed: cms.SignedData, digest: bytes) -> None:
        trust = ValidationContext(
            trust_manager=SimpleTrustManager.build(trust_roots=self.roots), moment=self.now(), allow_fetching=False
        )
        try:
            found = await validate_tst_signed_data(signed, trust, lambda _algorithm: digest)
        except (SignatureValidationError, ValueError) as fault:
            raise StampRefusedError(why="signature") from fault
        if not (found["intact"] and found["valid"]):
            raise StampRefusedError(why="signature")
        signer = found["signing_cert"]
        if found.get("trust_problem_indic") is not None or found.get("validation_path") is None:
            raise StampRefusedError(why="certificate", detail=str(found.get("trust_problem_indic")))
        if not _is_for_stamping(signer):
            raise StampRefusedError(why="certificate-usage")
        try:
            await prove(
                signer, extract_certificate_info(signed).other_certs, self.roots, self.evidence, self.now,
                extended=STAMPING,
            )  # fmt: skip
        except EvidenceError as fault:
            raise StampRefusedError(why="certificate", detail=str(fault.details.get("why"))) from fault


def _read(answer: bytes) -> tuple[cms.ContentInfo, tsp.TSTInfo]:
    """The token and what it says, if the authority granted one."""
    try:
        response = tsp.TimeStampResp.load(answer, strict=True)
        if response["status"]["status"].native not in ("granted", "granted_with_mods"):
            raise StampRefusedError(why="not-granted", status=response["status"]["status"].native)
        token = response["time_stamp_token"]
        signed = token["content"]
        info = signed["encap_content_info"]["content"].parsed
        if signed["encap_content_info"]["content_type"].native != "tst_info" or len(signed["signer_infos"]) != 1:
            raise StampRefusedError(why="form")
        info.native  # noqa: B018 reads all of it: their reader is lazy
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise StampRefusedError(why="unreadable") from fault
    return token, info


def _is_for_stamping(certificate: asn1.Certificate) -> bool:
    """For that and nothing else, and so that nobody may overlook it (RFC 3161 §2.3)."""
    usage = certificate.extended_key_usage_value
    critical = "extended_key_usage" in certificate.critical_extensions
    return usage is not None and usage.native == ["time_stamping"] and critical
