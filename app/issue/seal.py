"""The organisation's electronic seal on a PDF: a certification signature (PAdES) that allows no change at all.

The field is outside the page and printable, the one shape that PDF/A and PDF/UA both accept; what people see of the
seal is printed by the certificate itself. Sealed bytes are stored, never rebuilt.
"""

from datetime import UTC, datetime
from io import BytesIO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from app.issue.pki import lasts
from app.issue.signer import SealSigner
from app.issue.timestamp import Stamper

FIELD = "Stampel"
PLACE = SigFieldSpec(FIELD, on_page=0, invis_sig_settings=InvisSigSettings(set_print_flag=True, box_out_of_bounds=True))


ROOM = 2 * 20_000
"""Hexadecimal digits kept free when a time-stamp of unknown size goes into the seal."""


def seal(
    pdf: bytes,
    signer: SealSigner,
    *,
    name: str,
    reason: str,
    now: datetime | None = None,
    stamper: Stamper | None = None,
) -> bytes:
    """Append the seal, with a time-stamp in it (B-T) if a stamper is given; refuses a certificate that ends soon."""
    lasts(signer.certificate, now or datetime.now(UTC))
    about = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        name=name,
        reason=reason,
    )
    sealing = PdfSigner(about, signer.signer, timestamper=stamper, new_field_spec=PLACE)
    sealed = sealing.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=ROOM if stamper else None)
    return bytes(sealed.getbuffer())
