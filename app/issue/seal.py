"""The organisation's electronic seal on a PDF: a certification signature (PAdES B-B) that allows no change at all.

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

FIELD = "Stampel"
PLACE = SigFieldSpec(FIELD, on_page=0, invis_sig_settings=InvisSigSettings(set_print_flag=True, box_out_of_bounds=True))


def seal(pdf: bytes, signer: SealSigner, *, name: str, reason: str, now: datetime | None = None) -> bytes:
    """Append the seal; refuses a certificate that ends within sixty days."""
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
    sealed = PdfSigner(about, signer.signer, new_field_spec=PLACE).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    return bytes(sealed.getbuffer())
