"""Which kind of document it is, and who reads it. Runs in the child only: everything here meets hostile bytes."""

from datetime import datetime

import msgspec

from app.issue.baking import SIGNATURE
from app.verify.answers import Check, Verification, unread
from app.verify.record import JWT, verify_json, verify_jwt
from app.verify.trust import Trust
from app.verify.unbaking import UnreadablePictureError, from_png, from_svg

PDF = b"%PDF-"
"""At the very beginning; what other readers find further in is not searched for."""
LARGEST_JWT = 1_000_000
PICTURE = Check(name="picture", result="could-not-check", detail="not-signed")
"""Somebody may have put a true record into another picture, so only the record speaks."""


async def verify_document(data: bytes, trust: Trust, at: datetime) -> Verification:
    """Three answers about any file."""
    if data.startswith(PDF):
        from app.verify.pdf import verify_pdf  # noqa: PLC0415 most of the time of starting, and records need none of it

        return await verify_pdf(data, trust, at)
    text = data.strip(b" \t\r\n")
    try:
        if data.startswith(SIGNATURE):
            return _inside(from_png(data), trust, at)
        if text.removeprefix(b"\xef\xbb\xbf").startswith(b"<"):
            return _inside(from_svg(text), trust, at)
    except UnreadablePictureError as fault:
        code = {"ambiguous": "ambiguous", "no-record": "unknown-kind"}.get(fault.reason, "unreadable")
        return unread(code, detail=fault.reason)
    return _text(text, trust, at)


def _inside(record: bytes, trust: Trust, at: datetime) -> Verification:
    """About the record in a picture; the picture is said to be unchecked whatever the record says."""
    found = _text(record.strip(b" \t\r\n"), trust, at)
    return msgspec.structs.replace(found, checks=(*found.checks, PICTURE))


def _text(text: bytes, trust: Trust, at: datetime) -> Verification:
    if text.startswith(b"{"):
        return verify_json(text, trust, at)
    if len(text) <= LARGEST_JWT and JWT.match(text):
        return verify_jwt(text, trust, at)
    return unread("unknown-kind")
