"""The record inside a badge picture (Open Badges 3.0 §5.3), found without drawing or trusting the picture."""

import struct
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from app.issue.baking import KEYWORD, NAMESPACE, SIGNATURE

MOST_CHUNKS = 1000
TAG = f"{NAMESPACE} credential"
"""As the parser names the element: namespace, space, name."""


class UnreadablePictureError(ValueError):
    """It is no picture of that kind, or its record cannot be told; `reason` is `ambiguous` if there are two."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def from_png(data: bytes) -> bytes:
    """The text of the one chunk with the keyword; never compressed, says the standard, so nothing is unpacked."""
    found = [body for name, body in _chunks(data) if name == b"iTXt" and body.startswith(KEYWORD + b"\0")]
    if len(found) != 1:
        raise UnreadablePictureError("ambiguous" if found else "no-record")
    compression, rest = found[0][len(KEYWORD) + 1 : len(KEYWORD) + 3], found[0][len(KEYWORD) + 3 :]
    _, _, after = rest.partition(b"\0")
    _, end, text = after.partition(b"\0")
    if compression != b"\0\0" or not end:
        raise UnreadablePictureError("form")
    return text


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    for _ in range(MOST_CHUNKS):
        if at + 12 > len(data):
            raise UnreadablePictureError("form")
        (size,) = struct.unpack(">I", data[at : at + 4])
        name, body, end = data[at + 4 : at + 8], data[at + 8 : at + 8 + size], at + 8 + size
        if data[end : end + 4] != struct.pack(">I", zlib.crc32(name + body)):
            raise UnreadablePictureError("form")
        yield name, body
        at = end + 4
        if name == b"IEND":
            return
    raise UnreadablePictureError("form")


def from_svg(data: bytes) -> bytes:
    """The text, or the token in `verify`, of the one element; a document with a type definition is not read."""
    found = _Elements()
    try:
        found.parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as fault:
        raise UnreadablePictureError("form" if found.picture else "no-record") from fault
    if len(found.records) != 1 or not found.picture:
        raise UnreadablePictureError("ambiguous" if found.records else "no-record")
    (record,) = found.records
    text, token = "".join(record.text).strip(), record.token
    if bool(text) == bool(token):
        raise UnreadablePictureError("ambiguous" if text else "no-record")
    return (text or token).encode()


class _Record:
    """What one element holds."""

    def __init__(self, token: str) -> None:
        self.token, self.text = token, list[str]()


class _Elements:
    """Listens to the parser; entities and type definitions stop it, so nothing can grow or be fetched."""

    def __init__(self) -> None:
        self.picture, self.records, self.inside = False, list[_Record](), False
        self.parser = expat.ParserCreate(encoding="UTF-8", namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.start, self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.refuse

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.picture = self.picture or name == "http://www.w3.org/2000/svg svg"
        if self.inside:
            raise UnreadablePictureError("form")
        if name == TAG:
            self.records.append(_Record(attributes.get("verify", "")))
            self.inside = True

    def end(self, name: str) -> None:
        self.inside = self.inside and name != TAG

    def text(self, text: str) -> None:
        if self.inside:
            self.records[-1].text.append(text)

    def refuse(self, *_: object) -> None:
        raise UnreadablePictureError("form")
