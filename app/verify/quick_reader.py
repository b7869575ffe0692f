"""pyHanko's reader with object streams unpacked once.

Theirs goes through a stream's list of contents anew for every object in it. The difference analysis asks for every
object of a tagged certificate, which made a changed file cost ten seconds of the worker: a cheap way to keep it busy.
The pinned version of pyHanko is part of this file's correctness.
"""

from io import BytesIO
from typing import Any

from msgspec import Struct
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.generic import IndirectObject, Reference, StreamObject, read_object
from pyhanko.pdf_utils.misc import PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader


class _Unpacked(Struct, frozen=True):
    """What an object stream holds: bytes, and number and place of every object in it."""

    data: bytes
    first: int
    contents: tuple[tuple[int, int], ...]


class QuickReader(PdfFileReader):
    """Strict, as theirs is by default."""

    def __init__(self, data: bytes) -> None:
        self._opened: dict[int, _Unpacked] = {}
        super().__init__(BytesIO(data))

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:
        """Overrides theirs, with the same refusals."""
        if stmnum not in self._opened:
            self._opened[stmnum] = _unpacked(Reference(stmnum, 0, self).get_object())
        found = self._opened[stmnum]
        if not 0 <= idx < len(found.contents) or found.contents[idx][0] != idnum:
            raise PdfStrictReadError("Object is in wrong index.")
        stream = BytesIO(found.data)
        stream.seek(found.first + found.contents[idx][1])
        value = read_object(stream, Reference(idnum, 0, self))
        if isinstance(value, StreamObject | IndirectObject):
            raise PdfStrictReadError("Encountered forbidden object type in object stream")
        return value


def _unpacked(stream: Any) -> _Unpacked:
    if not isinstance(stream, StreamObject) or stream["/Type"] != "/ObjStm":
        raise PdfStrictReadError("Not an object stream")
    data, first, count = stream.read_data(DecodePurpose.OBJECT_STREAM), int(stream["/First"]), int(stream["/N"])
    numbers = [int(each) for each in data[:first].split()]
    if not 0 <= 2 * count <= len(numbers):
        raise PdfStrictReadError("Object stream header possibly corrupted")
    return _Unpacked(data, first, tuple(zip(numbers[: 2 * count : 2], numbers[1 : 2 * count : 2], strict=True)))
