"""A sealed certificate, and what of it is rendering and what sealing."""

import io
from collections.abc import Iterator

import pki
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from weasyprint import CSS, HTML

from app import demo
from app.issue.certificate import Particulars, certificate
from app.issue.fonts import font_faces
from app.issue.paper import words_of
from app.issue.seal import seal
from app.words import environment
from bench.house import Demo
from bench.measure import Goal, Result, in_turn
from templates import FOLDER

ABOUT = Particulars(
    number="2026-000001-1", page="https://intyga.example/v/AAAAAAAAAAAAAAAAAAAAAA",
    issued_at="2026-11-24T10:15:00+01:00", seal_level="development", specimen=True,
)  # fmt: skip


def certificates(at: Demo, rounds: int) -> Iterator[Result]:
    """Against the script that anybody would write with the same two libraries for the same words."""
    award = at.award().award
    assert award
    sealer = at.keyring.seal(demo.PROVIDER)
    html = environment("sv").get_template("certificate/certificate.html").render(words_of(award, ABOUT))
    style = font_faces() + (FOLDER / "certificate" / "certificate.css").read_text("utf-8")
    measured = style.replace("table-layout: fixed", "table-layout: auto")
    elliptic = opened(at.settings.folder / "keys" / demo.PROVIDER / "seal.p12", at.passphrase)
    rsa_file = at.settings.folder / "rsa.p12"
    rsa_file.write_bytes(pki.somebodys_p12(rsa.generate_private_key(65537, 3072)))
    old = opened(rsa_file, pki.THEIRS)

    def rendered() -> bytes:
        return certificate(award, ABOUT, {"credential.json": b"{}"})

    def ours() -> bytes:
        return seal(rendered(), sealer, name="x", reason="bench")

    def plain(css: str, signer: signers.SimpleSigner) -> bytes:
        pdf = HTML(string=html).write_pdf(stylesheets=[CSS(string=css)], pdf_variant="pdf/a-3a")
        meta = signers.PdfSignatureMetadata(field_name="Sig", subfilter=SigSeedSubFilter.PADES, certify=True)
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        return signers.sign_pdf(writer, meta, signer, new_field_spec=SigFieldSpec("Sig")).getvalue()

    whole, first, same, page = in_turn(
        ours, lambda: plain(measured, old), lambda: plain(style, elliptic), rendered, rounds=rounds
    )
    yield Result("sealed certificate (CPU)", whole, first, "plain script: tables measured, RSA-3072", Goal(0.45))
    yield Result("sealed certificate (CPU)", whole, same, "plain script: our page, our kind of key")
    yield Result("  of which the page", page)
    yield Result("  of which the seal", whole - page)


def opened(file, secret: str) -> signers.SimpleSigner:
    found = signers.SimpleSigner.load_pkcs12(str(file), passphrase=secret.encode())
    assert found
    return found
