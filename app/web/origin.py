"""Where a request comes from: doors without form tokens believe only pages of this very site, and programs."""

from urllib.parse import urlsplit

from flask import request

from assessments.problems import ForbiddenError


def require_same_origin() -> None:
    """A browser says which page asks; what says nothing is no browser."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise ForbiddenError(origin="foreign")
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        raise ForbiddenError(origin="foreign")
