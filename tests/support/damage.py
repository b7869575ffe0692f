"""What can be done to a sealed paper afterwards: shared by everybody who says what they think of the result."""

from io import BytesIO

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


def flipped(sealed: bytes) -> bytes:
    """One bit."""
    place = sealed.index(b"/Metadata") + 2
    return sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]


def saved_again(sealed: bytes) -> bytes:
    """Opened and saved by a common library, nothing else."""
    out = BytesIO()
    with pikepdf.open(BytesIO(sealed)) as pdf:
        pdf.save(out)
    return out.getvalue()


def painted_over(sealed: bytes) -> bytes:
    """A black bar over the first page, in a revision appended to the sealed one."""
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    overlay = writer.add_object(generic.StreamObject(stream_data=b"0 0 0 rg 60 500 300 60 re f"))
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), overlay])
    writer.update_container(page)
    return appended(writer)


def with_another_record(sealed: bytes, record: bytes = b'{"name": "Somebody else"}') -> bytes:
    """Another record in the place of the sealed one, in a revision appended."""
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    attached = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]["/EF"]["/F"]
    attached._data, attached._encoded_data = record, None  # noqa: SLF001 the only way to change a stream in place
    writer.update_container(attached)
    return appended(writer)


def appended(writer: IncrementalPdfFileWriter) -> bytes:
    """The file with the writer's revision after it."""
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
