"""A badge with its record inside, by the rules of Open Badges 3.0 §5.3: a picture that can prove what it shows.

The picture itself is not covered by any signature; whoever checks it reads the record inside and nothing else.
"""

import struct
import zlib

from assessments.problems import InvalidError

KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER_END = len(SIGNATURE) + 4 + 4 + 13 + 4
"""Signature, then the header chunk, which always is 13 bytes long."""


class NotBakeableError(InvalidError):
    """The picture is of no kind that can carry a record, or carries one already."""

    code = "picture-not-bakeable"
    sv = "Bilden kan inte bära ett intyg."
    en = "The picture cannot carry a record."


def bake_png(picture: bytes, record: str) -> bytes:
    """With the record in one uncompressed iTXt chunk, placed right after the header so that readers meet it first."""
    if not picture.startswith(SIGNATURE + b"\x00\x00\x00\rIHDR") or KEYWORD in picture:
        raise NotBakeableError(kind="png")
    # Keyword, end; not compressed, by no method; no language, end; no translated keyword, end; text.
    body = b"iTXt" + KEYWORD + b"\0" + b"\0\0" + b"\0" + b"\0" + record.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return picture[:_HEADER_END] + chunk + picture[_HEADER_END:]


def bake_svg(picture: str, record: str) -> bytes:
    """With the record in the first element inside `svg`: JSON as its text, a token as its `verify`."""
    start, end, rest = picture.partition(">")
    if not start.startswith("<svg ") or not end or "openbadges:" in picture:
        raise NotBakeableError(kind="svg")
    if record.startswith("{"):
        # `]]>` would end the section; in JSON it can only stand inside a text, where it may be written otherwise.
        element = f"<openbadges:credential><![CDATA[{record.replace(']]>', ']]' + chr(92) + 'u003e')}]]>"
    else:
        element = f'<openbadges:credential verify="{record}">'
    return f'{start} xmlns:openbadges="{NAMESPACE}">{element}</openbadges:credential>{rest}'.encode()
