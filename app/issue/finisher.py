"""What WeasyPrint 70 leaves undone for a PDF that is PDF/A-3a and PDF/UA-1 at once.

It runs on the finished objects before they are written: the PDF/UA mark with its schema, attachments listed once and
with their media type, page furniture as artifacts, and the language of every English piece for a screen reader. At the
end each object becomes its bytes, because the writer asks for them twice, and compressing is what writing costs.
The pinned version is part of this file's correctness.
"""

from collections.abc import Iterator
from typing import Any

from pydyf import Dictionary, Object, String
from weasyprint.formatting_structure.boxes import MarginBox, ReplacedBox, TextBox
from weasyprint.layout.absolute import AbsolutePlaceholder

from app.issue.fonts import FACES
from app.issue.problems import CertificateError

MEDIA_TYPES = {"json": "application/json", "jwt": "application/vc+jwt", "cbor": "application/cbor"}
PRIMARY = "sv"

UA = b"""\
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1" />\
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" \
rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that is followed</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def finish(document: Any, pdf: Any) -> None:
    """The one function WeasyPrint calls."""
    _require_our_fonts(document)
    _mark_ua(pdf)
    _list_attachments_once(pdf)
    leaves = list(_leaves(pdf, _object(pdf, pdf.catalog["StructTreeRoot"])))
    _name_languages(document, pdf, leaves)
    _make_artifacts(pdf, leaves)
    pdf.objects[:] = [each if each.free == "f" else _Written(each) for each in pdf.objects]


class _Written(Object):  # type: ignore[misc] # theirs, without types
    """An object that is done: the writer puts it into the file and once more into the file's identifier."""

    data = b""

    def __init__(self, done: Any) -> None:
        super().__init__()
        self.number, self.generation = done.number, done.generation
        self.data = done.data
        self._packed = done.compressible

    @property
    def compressible(self) -> bool:
        """Whether it may lie packed together with others."""
        return bool(self._packed)


def _require_our_fonts(document: Any) -> None:
    """A glyph borrowed from whatever the machine has would look and weigh differently on the next one."""
    if borrowed := {font.family for font in document.fonts.values()} - {face.family for face in FACES}:
        raise CertificateError(fonts=sorted(borrowed))


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _mark_ua(pdf: Any) -> None:
    metadata = _object(pdf, pdf.catalog["Metadata"])
    metadata.stream[0] = metadata.stream[0].replace(b"</rdf:RDF>", UA + b"</rdf:RDF>")


def _list_attachments_once(pdf: Any) -> None:
    """Doubled in 70.0 (their issue 2917); and the media type must not depend on the machine's own list."""
    listed = list(dict.fromkeys(pdf.catalog.get("AF", ())))
    if listed:
        pdf.catalog["AF"][:] = listed
    for reference in listed:
        attached = _object(pdf, reference)
        ending = attached["UF"].string.rpartition(".")[2]
        media = MEDIA_TYPES.get(ending, "application/octet-stream")
        _object(pdf, attached["EF"]["F"]).extra["Subtype"] = f"/{media.replace('/', '#2f').replace('+', '#2b')}"


def _leaves(pdf: Any, element: Any) -> Iterator[tuple[Any, int]]:
    """Every piece of marked content in reading order, with the structure element that holds it."""
    for kid in element.get("K", ()):
        if isinstance(kid, int):
            yield element, kid
        else:
            below = _object(pdf, kid)
            if below.get("Type") == "/StructElem":
                yield from _leaves(pdf, below)


def _boxes(box: Any) -> Iterator[Any]:
    """The same pieces in the same order, as boxes, which still know their language."""
    if isinstance(box, AbsolutePlaceholder):
        box = box._box  # noqa: SLF001 the placeholder hides it
    if isinstance(box, TextBox | ReplacedBox):
        yield box
    elif not isinstance(box, MarginBox):
        for child in box.children:
            yield from _boxes(child)


def _name_languages(document: Any, pdf: Any, leaves: list[tuple[Any, int]]) -> None:
    """Structure elements forget `lang`; the two walks are in step, and if they are not, nothing is printed."""
    for page, reference in zip(document.pages, pdf.page_references, strict=True):
        elements = [element for element, _ in leaves if element["Pg"] == reference]
        boxes = list(_boxes(page._page_box))  # noqa: SLF001 the only road from page to boxes
        if len(elements) != len(boxes):
            raise CertificateError(reason="structure-out-of-step", elements=len(elements), boxes=len(boxes))
        for element, box in zip(elements, boxes, strict=True):
            if (language := box.style["lang"]) not in {None, PRIMARY}:
                element["Lang"] = String(language)


def _make_artifacts(pdf: Any, leaves: list[tuple[Any, int]]) -> None:
    """Margin boxes (page numbers, SPECIMEN) are marked as text of a tree nobody can reach: they become artifacts."""
    reached = {(element["Pg"], mcid) for element, mcid in leaves}
    nums = _object(pdf, _object(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    for index, reference in enumerate(pdf.page_references):
        page = _object(pdf, reference)
        stream = _object(pdf, page["Contents"]).stream
        for place, item in enumerate(stream):
            if isinstance(item, Dictionary) and "MCID" in item and (reference, item["MCID"]) not in reached:
                stream[place - 1] = "/Artifact"
                nums[2 * index + 1][item["MCID"]] = "null"
                stream[place] = Dictionary({"Type": "/Pagination"})
