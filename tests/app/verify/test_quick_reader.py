"""Our reader finds the very objects that pyHanko's finds, only sooner."""

import re
from io import BytesIO

import pytest
from parts import Authority, a_paper, common_name, samples, sealed
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

from app.issue.certificate import certificate
from app.verify.quick_reader import QuickReader


@pytest.fixture(scope="module", params=["small", "real"])
def file(request):
    signer = Authority(common_name("Somebody's authority")).seal()
    if request.param == "small":
        return sealed(a_paper(b"{}"), signer)
    about = samples.particulars(specimen=False, seal_level="advanced")
    return sealed(certificate(samples.an_award(modules=1), about, {"credential.json": b"{}"}), signer)


def test_every_object_is_the_same(file):
    ours, theirs = QuickReader(file), PdfFileReader(BytesIO(file))
    asked = [(number, 0) for number in range(1, 2000)]
    found = [(each, said(ours, *each), said(theirs, *each)) for each in asked]
    assert [each for each, one, other in found if one != other] == []
    assert sum(one is not None for _, one, _ in found) > 10


def said(reader, number, generation):
    try:
        value = reader.get_object(Reference(number, generation, reader))
    except (PdfReadError, KeyError):
        return None
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value)), getattr(value, "data", b"")


@pytest.mark.parametrize("place", [(0, 99_999), (99_999, 1)])
def test_a_place_that_is_not_in_the_stream_is_refused(file, place):
    reader = QuickReader(file)
    streams = [n for n in range(1, 2000) if b"ObjStm" in repr(said(reader, n, 0)).encode()]
    assert streams
    with pytest.raises(PdfReadError):
        reader._get_object_from_stream(place[1], streams[0], place[0])  # noqa: SLF001 asked as a hostile file would
