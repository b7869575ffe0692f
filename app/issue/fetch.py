"""Asks the authorities that certificates name: one request, a small answer, little time in all, no redirects.

Only the worker calls this, and only for addresses from the settings or from certificates that rest on a root the
operator named. However slowly an answer drips, the line is cut when the time is over.
"""

import base64
import http.client
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from socket import SHUT_RDWR
from threading import Timer
from urllib.parse import SplitResult, unquote, urlsplit

SECONDS = 15.0
LARGEST = 10_000_000
"""Of a revocation list; some authorities' lists are some megabytes."""


class AuthorityAwayError(Exception):
    """The authority gave no answer that can be taken: away, slow, too large, or speaking of something else."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def fetch(
    address: str, body: bytes | None, media_type: str, accepted: str, *, most: int = LARGEST, seconds: float = SECONDS
) -> bytes:
    """The bytes of the answer; raises `AuthorityAwayError`. With a body it is posted. `accepted` empty: any type."""
    try:
        with _connected(urlsplit(address), seconds) as connection:
            connection.request("POST" if body else "GET", _path(address), body, _headers(address, media_type, accepted))
            with connection.getresponse() as response:
                return _read(response, accepted, most)
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise AuthorityAwayError(type(fault).__name__) from fault


@contextmanager
def _connected(parts: SplitResult, seconds: float) -> Iterator[http.client.HTTPConnection]:
    connection = _connection(parts, seconds)
    connection.connect()
    line = connection.sock
    end = Timer(seconds, lambda: line.shutdown(SHUT_RDWR))  # a reader that waits for the next drop wakes up
    end.daemon = True
    end.start()
    try:
        yield connection
    finally:
        end.cancel()
        connection.close()
        line.close()


def _connection(parts: SplitResult, seconds: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=ssl.create_default_context())
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, parts.port, timeout=seconds)
    raise AuthorityAwayError("address")


def _path(address: str) -> str:
    parts = urlsplit(address)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _headers(address: str, media_type: str, accepted: str) -> dict[str, str]:
    parts = urlsplit(address)
    headers = {"Accept": accepted or "*/*", "User-Agent": "Intyga"}
    if media_type:
        headers["Content-Type"] = media_type
    if parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return headers


def _read(response: http.client.HTTPResponse, accepted: str, most: int) -> bytes:
    if response.status != http.HTTPStatus.OK:
        raise AuthorityAwayError(f"status {response.status}")
    said = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    if accepted and said != accepted:
        raise AuthorityAwayError("media type")
    found = response.read(most + 1)
    if len(found) > most:
        raise AuthorityAwayError("too large")
    if response.length:
        raise AuthorityAwayError("cut short")
    return found
