"""The certificate as archives, screen readers and hostile data meet it: the file itself, not what it says."""

import hashlib
import logging
import re
import socket
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from samples import RECORD, an_award, particulars, t, text_of
from support.programs import output

from app.issue import certificate as making
from app.issue.certificate import certificate
from app.issue.fonts import FACES
from app.issue.problems import CertificateError
from assessments.award import Holder, digest
from templates import FOLDER


@pytest.fixture(scope="module")
def opened(plain):
    with pikepdf.open(BytesIO(plain)) as pdf:
        yield pdf


def test_it_calls_itself_pdf_a_3a_and_pdf_ua_1_with_the_schema_that_allows_both(opened):
    with opened.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "A")
        assert xmp["pdfuaid:part"] == "1"
        assert xmp["dc:title"] == "Yrkesbevis, Fibertekniker, drift och service – Åsa Öberg-Łukasik"
    assert b"http://www.aiim.org/pdfua/ns/id/" in opened.Root.Metadata.read_bytes()
    assert b"pdfaSchema:namespaceURI" in opened.Root.Metadata.read_bytes()
    assert opened.Root.Lang == "sv"
    assert opened.Root.MarkInfo.Marked
    assert opened.Root.ViewerPreferences.DisplayDocTitle
    assert opened.Root.OutputIntents[0].S == "/GTS_PDFA1"


def elements(node):
    yield node
    for kid in node.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
            yield from elements(kid)


def test_the_structure_names_headings_lists_tables_figures_and_english(opened):
    found = list(elements(opened.Root.StructTreeRoot.K[0]))
    tags = {str(each.S) for each in found}
    assert {"/H1", "/H2", "/H3", "/H4", "/L", "/LI", "/LBody", "/Table", "/TH", "/TD", "/Figure", "/Link"} <= tags
    (qr,) = (each for each in found if each.S == "/Figure")
    assert "https://intyga.example/v/" in str(qr.Alt)
    english = [each for each in found if each.get("/Lang") == "en"]
    assert len(english) > 150
    assert {str(each.S) for each in english} == {"/Span"}


def test_page_numbers_and_specimen_are_artifacts(opened):
    for page in opened.pages:
        instructions = pikepdf.parse_content_stream(page)
        furniture = [i for i in instructions if str(i.operator) == "BDC" and i.operands[0] == "/Artifact"]
        assert furniture
        numbers = {
            int(i.operands[1]["/MCID"]) for i in instructions if str(i.operator) == "BDC" and "/MCID" in i.operands[1]
        }
        row = dict(zip(*[iter(opened.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))[int(page.StructParents)]
        assert numbers == {place for place, element in enumerate(row) if element is not None}


def test_every_font_is_ours_and_embedded(opened):
    families = set()
    for font in opened.objects:
        if isinstance(font, pikepdf.Dictionary) and font.get("/Type") == "/FontDescriptor":
            assert "/FontFile3" in font or "/FontFile2" in font
            families.add(str(font.FontName).partition("+")[2].replace("-", " "))
    assert len(families) == len(FACES)
    assert all(family.startswith(("Intyga Antikva", "Intyga Grotesk")) for family in families)


def test_nothing_in_it_acts(opened):
    assert "/OpenAction" not in opened.Root
    assert "/AA" not in opened.Root
    for found in opened.objects:
        if isinstance(found, pikepdf.Dictionary):
            assert not {"/JS", "/JavaScript", "/Launch"} & set(found.keys())
            assert found.get("/S") not in {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData"}


def test_the_record_is_attached_once_as_the_source_of_the_page(opened):
    assert opened.attachments["credential.json"].get_file().read_bytes() == RECORD
    assert len(opened.Root.AF) == 1
    assert opened.Root.AF[0].AFRelationship == "/Source"
    assert opened.Root.AF[0].EF.F.Subtype == "/application/json"


def test_further_forms_of_the_record_are_alternatives():
    several = {"elm.json": b"{}", "credential.json": RECORD, "credential.jwt": b"a.b.c"}
    with pikepdf.open(BytesIO(certificate(an_award(modules=1), particulars(), several))) as pdf:
        found = {str(each.UF): (str(each.AFRelationship), str(each.EF.F.Subtype)) for each in pdf.Root.AF}
    assert found == {
        "credential.json": ("/Source", "/application/json"),
        "credential.jwt": ("/Alternative", "/application/vc+jwt"),
        "elm.json": ("/Alternative", "/application/json"),
    }


def test_the_file_is_sound(plain, tmp_path):
    (tmp_path / "certificate.pdf").write_bytes(plain)
    assert "No syntax or stream encoding errors found" in output("qpdf", "--check", tmp_path / "certificate.pdf")


SAME = """
import hashlib, sys
sys.path[:0] = sys.argv[1:2] + sys.argv[3:]
from samples import an_award, particulars
from app.issue.certificate import certificate
certificate(an_award(modules=2), particulars(), {})
pdf = certificate(an_award(modules=1), particulars(), {"credential.json": sys.argv[2].encode()})
print(hashlib.sha256(pdf).hexdigest())
"""


def test_the_same_award_gives_the_same_bytes_in_every_process():
    here = certificate(an_award(modules=1), particulars(), {"credential.json": RECORD})
    there = output(
        sys.executable, "-c", SAME, Path(__file__).parent, RECORD.decode(), Path(__file__).parents[2], cwd=FOLDER.parent
    )
    assert there.strip() == hashlib.sha256(here).hexdigest()


def test_every_date_in_the_file_is_the_day_of_issue(opened):
    moment = datetime.fromisoformat(particulars().issued_at).astimezone(UTC).strftime("D:%Y%m%d%H%M%S")
    assert str(opened.docinfo.CreationDate).startswith(moment)
    assert str(opened.Root.AF[0].EF.F.Params.ModDate).startswith(moment)
    assert bytes(opened.trailer.ID[0]) == bytes.fromhex(digest(an_award()))[:16]


def test_markup_in_data_is_text_and_opens_nothing(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        port = listening.getsockname()[1]
        name = f"<img src=http://127.0.0.1:{port}/a>"
        evil = (
            f'</td><link rel=attachment href="file:///etc/hostname"><style>@import "http://127.0.0.1:{port}/b"</style>'
        )
        pdf = certificate(
            an_award(modules=1, holder=Holder(name=name, birth_date="1990-01-01"), title=t(evil, evil)),
            particulars(),
            {},
        )
        with pytest.raises(BlockingIOError):
            listening.accept()
    said = re.sub(r"\s", "", text_of(pdf, tmp_path))
    assert re.sub(r"\s", "", name) in said
    assert re.sub(r"\s", "", evil) in said
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert len(opened.attachments) == 0


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}/a.png", "file:///etc/hostname"])
def test_even_a_careless_template_could_open_neither_network_nor_file(address):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        careless = (
            f'<html lang="sv"><title>t</title><img alt="a" src="{address.format(port=listening.getsockname()[1])}">'
        )
        with pytest.raises(CertificateError) as caught:
            making.render(careless, an_award(modules=1), particulars(), {})
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert "disallowed protocol" in str(caught.value.details["warnings"])


def test_a_warning_from_the_renderer_is_a_failure():
    with pytest.raises(CertificateError) as caught, making.no_warnings():
        logging.getLogger("weasyprint").warning("Font-face %r cannot be loaded", "x")
    assert caught.value.details == {"warnings": ["Font-face 'x' cannot be loaded"]}
