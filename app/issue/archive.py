"""Makes a sealed PDF last (PAdES B-T, B-LT, B-LTA): time-stamps and evidence as revisions that are only appended.

A seal carries a time-stamp when the authority answered while it was made; if it did not, a document time-stamp proves
later that the seal existed while its certificate was good. Then chain and revocation status of seal and time-stamp go
into the file and a document time-stamp covers them. Each renewal proves the last time-stamp in the same way before
its certificate ends. The seal allows no change, and exactly these revisions are none; a token that did not pass
`Stamper` never gets here.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from app.issue.evidence import Evidence, Proved, prove
from app.issue.problems import EvidenceError
from app.issue.signer import SealSigner, asn1_of
from app.issue.timestamp import STAMPING, Stamper

ROOM = 2 * 10_000
"""Hexadecimal digits kept free for a token with its certificates; most need half of that."""
PLACE = InvisSigSettings(set_print_flag=True, box_out_of_bounds=True)
"""As the seal's own field: the one shape that PDF/A and PDF/UA both accept."""
EARLIER = timedelta(days=90)
"""Before the last time-stamp's certificate ends the next one must be there."""
YEARLY = timedelta(days=365)


@dataclass(frozen=True)
class Trusted:
    """What making a file last rests on."""

    stamper: Stamper
    seal_roots: tuple[asn1.Certificate, ...]
    evidence: Evidence


def stamp(pdf: bytes, trusted: Trusted) -> bytes:
    """Append a time-stamp of the whole file; the seal's certificate must be good at this moment."""
    return _run(_stamp(pdf, trusted))


def complete(pdf: bytes, trusted: Trusted) -> bytes:
    """Append the evidence for the seal and its time-stamp, and a time-stamp over it."""
    return _run(_complete(pdf, trusted, with_seal=True))


def renew(pdf: bytes, trusted: Trusted) -> bytes:
    """Append the evidence for the last time-stamp, while it is still good, and a new time-stamp over it."""
    return _run(_complete(pdf, trusted, with_seal=False))


def renewal_due(pdf: bytes, moment: datetime) -> datetime:
    """In a year, or earlier when the last time-stamp's certificate ends before."""
    ends: datetime = PdfFileReader(BytesIO(pdf)).embedded_timestamp_signatures[-1].signer_cert.not_valid_after
    return max(min(moment + YEARLY, ends - EARLIER), moment + timedelta(days=1))


def _run(work: Coroutine[Any, Any, bytes]) -> bytes:
    return asyncio.run(work)


def require_unrevoked(sealer: SealSigner, trusted: Trusted) -> None:
    """Refuse to seal with a certificate that its authority has revoked; one nobody knows about is told later."""
    work = prove(asn1_of(sealer.certificate), map(asn1_of, sealer.chain), trusted.seal_roots, trusted.evidence,
                 trusted.stamper.now)  # fmt: skip
    try:
        asyncio.run(work)
    except EvidenceError as fault:
        if fault.details.get("why") == "revoked":
            raise


async def _stamp(pdf: bytes, trusted: Trusted) -> bytes:
    await _seal_proved(PdfFileReader(BytesIO(pdf)), trusted)
    out = BytesIO(pdf)
    await _append_stamp(IncrementalPdfFileWriter(out), trusted)
    return out.getvalue()


async def _complete(pdf: bytes, trusted: Trusted, *, with_seal: bool) -> bytes:
    out = BytesIO(pdf)
    reader = PdfFileReader(BytesIO(pdf))
    stamps = reader.embedded_timestamp_signatures[-1:]
    tokens = [each.signed_data for each in stamps]
    proved = []
    if with_seal:
        proved.append(await _seal_proved(reader, trusted))
        tokens += list(extract_tst_data_iter(reader.embedded_regular_signatures[0].signer_info, signed=False))
    if not tokens:
        raise EvidenceError(why="no-time-stamp")
    proved += [await _stamp_proved(each, trusted) for each in tokens]
    writer = IncrementalPdfFileWriter(out)
    for each in proved:
        DocumentSecurityStore.supply_dss_in_writer(writer, None, paths=(each.path,), validation_context=each.context)
    await _append_stamp(writer, trusted)
    await _append_evidence(out, trusted, {each.path.leaf.sha256 for each in proved if each.path.leaf})
    return out.getvalue()


async def _append_evidence(out: BytesIO, trusted: Trusted, known: set[bytes]) -> None:
    """An authority may have stamped with another certificate than the last time: then that one's evidence as well."""
    last = PdfFileReader(BytesIO(out.getvalue())).embedded_timestamp_signatures[-1]
    if last.signer_cert.sha256 in known:
        return
    found = await _stamp_proved(last.signed_data, trusted)
    DocumentSecurityStore.add_dss(out, None, paths=(found.path,), validation_context=found.context)


async def _append_stamp(writer: IncrementalPdfFileWriter, trusted: Trusted) -> None:
    stamping = PdfTimeStamper(trusted.stamper, invis_settings=PLACE, readable_field_name="Tidsstämpel")
    await stamping.async_timestamp_pdf(writer, "sha256", bytes_reserved=ROOM, in_place=True)


async def _seal_proved(reader: PdfFileReader, trusted: Trusted) -> Proved:
    seal = reader.embedded_regular_signatures[0]
    return await prove(
        seal.signer_cert, seal.other_embedded_certs, trusted.seal_roots, trusted.evidence, trusted.stamper.now,
        usage={"non_repudiation"},
    )  # fmt: skip


async def _stamp_proved(token: cms.SignedData, trusted: Trusted) -> Proved:
    about = extract_certificate_info(token)
    return await prove(
        about.signer_cert,
        about.other_certs,
        trusted.stamper.roots,
        trusted.evidence,
        trusted.stamper.now,
        extended=STAMPING,
    )
