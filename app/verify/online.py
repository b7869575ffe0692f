"""Fetch an issuer's document and its status list, only when asked to, and then with every door half closed.

Only https, only from addresses of the open Internet, only the host that the record's own issuer is named after; no
redirects, no cookies, small answers, little time. The name is looked up once and that address is used, so it cannot
turn into another one in between.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec.structs import replace

from app.issue.did import did_url
from app.verify.answers import Check, Verification
from app.verify.trust import Trust, TrustUnreadableError, host_of, read_did, read_list

LARGEST = 300_000
SECONDS = 10.0
DID = re.compile(r"did:web:[A-Za-z0-9.-]+(%3A[0-9]{1,5})?(:[A-Za-z0-9._-]+)*\Z")
ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~%/-]*)?\Z")

Fetch = Callable[[str], bytes]
Examine = Callable[[Trust], Verification]


class NotFetchedError(Exception):
    """The address gave nothing that we take; `reason` says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def examine_online(examine: Examine, trust: Trust, fetch: Fetch) -> Verification:
    """Examine, fetch what was missing, examine again; what could not be fetched is told, never guessed."""
    found, checks = examine(trust), []
    did = found.refers.issuer if found.refers else ""
    if DID.match(did) and trust.did(did) is None:
        wider, check = _with_issuer(trust, did, fetch)
        checks.append(check)
        if wider is not trust:
            trust, found = wider, examine(wider)
    if found.shown is not None and found.refers is not None:
        wider = trust
        for address in dict.fromkeys(found.refers.lists[:4]):
            wider, more = _with_list(wider, address, did, fetch)
            checks += more
        if wider is not trust:
            found = examine(wider)
    return replace(found, checks=(*found.checks, *checks))


def _with_issuer(trust: Trust, did: str, fetch: Fetch) -> tuple[Trust, Check]:
    try:
        document = read_did(fetch(did_url(did)))
    except (NotFetchedError, TrustUnreadableError) as fault:
        return trust, _failed(fault)
    if document["id"] != did:
        return trust, Check(name="online", result="could-not-check", detail="did.json of another issuer")
    wider = replace(trust, dids=(*trust.dids, document), fetched=(*trust.fetched, did))
    return wider, Check(name="online", result="passed", detail=did_url(did))


def _with_list(trust: Trust, address: str, did: str, fetch: Fetch) -> tuple[Trust, list[Check]]:
    """A list at another host than the issuer's would tell that host who checks whom."""
    if trust.listed(address):
        return trust, []
    if not ADDRESS.match(address) or urlsplit(address).netloc.lower() != host_of(did):
        return trust, [Check(name="online", result="could-not-check", detail="status list at another host")]
    try:
        listed = read_list(fetch(address))
    except (NotFetchedError, TrustUnreadableError) as fault:
        return trust, [_failed(fault)]
    return replace(trust, lists=(*trust.lists, listed)), [Check(name="online", result="passed", detail=address)]


def _failed(fault: NotFetchedError | TrustUnreadableError) -> Check:
    reason = fault.reason if isinstance(fault, NotFetchedError) else str(fault.details.get("reason"))
    return Check(name="online", result="could-not-check", detail=reason)


def is_open(address: str) -> bool:
    """An address of the open Internet: not this machine, not a network behind it."""
    found = ipaddress.ip_address(address.partition("%")[0])
    return found.is_global and not found.is_multicast


def fetch(address: str, *, allowed: Callable[[str], bool] = is_open, context: ssl.SSLContext | None = None) -> bytes:
    """The bytes at an https address; raises `NotFetchedError`."""
    if not ADDRESS.match(address):
        raise NotFetchedError("address")
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 443
    place = _look_up(host, port, allowed)
    connection = _Pinned(host, port, place, context or ssl.create_default_context())
    try:
        connection.request("GET", parts.path or "/", headers={"Accept": "application/json, */*"})
        with connection.getresponse() as response:
            return _body(response)
    except (OSError, http.client.HTTPException) as fault:
        raise NotFetchedError(type(fault).__name__) from fault
    finally:
        connection.close()


def _look_up(host: str, port: int, allowed: Callable[[str], bool]) -> str:
    try:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as fault:
        raise NotFetchedError("host unknown") from fault
    if not found or not all(allowed(each) for each in found):
        raise NotFetchedError("address not allowed")
    return found[0]


def _body(response: http.client.HTTPResponse) -> bytes:
    if response.status != http.HTTPStatus.OK:
        raise NotFetchedError(f"status {response.status}")  # a redirect too: the host answers itself or not at all
    until, found = time.monotonic() + SECONDS, b""
    while piece := response.read1(65_536):
        found += piece
        if len(found) > LARGEST:
            raise NotFetchedError("too large")
        if time.monotonic() > until:
            raise NotFetchedError("too slow")
    return found


class _Pinned(http.client.HTTPSConnection):
    """Speaks to the address that was looked up and allowed, under the name that was asked for."""

    def __init__(self, host: str, port: int, place: str, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=SECONDS, context=context)
        self.place, self.secured = place, context

    def connect(self) -> None:
        """TLS for the name, TCP to the address."""
        plain = socket.create_connection((self.place, self.port), SECONDS)
        self.sock = self.secured.wrap_socket(plain, server_hostname=self.host)
