"""Which kind of document it is, and who reads it. Runs in the child only: everything here meets hostile bytes."""

from datetime import datetime

from app.verify.answers import Verification, unread
from app.verify.kinds import PDF
from app.verify.record import JWT, verify_json, verify_jwt
from app.verify.trust import Trust

LARGEST_JWT = 1_000_000


async def verify_document(data: bytes, trust: Trust, at: datetime) -> Verification:
    """Three answers about any file."""
    if data.startswith(PDF):
        from app.verify.pdf import verify_pdf  # noqa: PLC0415 heavy, and records need none of it

        return await verify_pdf(data, trust, at)
    text = data.strip(b" \t\r\n")
    if text.startswith(b"{"):
        return verify_json(text, trust, at)
    if len(text) <= LARGEST_JWT and JWT.match(text):
        return verify_jwt(text, trust, at)
    return unread("unknown-kind")
