"""Somebody's certificate authority on loopback: time-stamps over HTTP, good or bad in many ways, lists and answers.

Its time is handed in, so a test can live through ten years. What is bad about it is a name in `BAD`.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import cms, core, tsp
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from app.issue.development import POLICY, signed_token, stamp_token
from app.issue.signer import KeptKeySigner, SealSigner, asn1_of

DAY = timedelta(days=1)


class Authority:
    """A root with what it issues; every certificate names where to ask about it."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC), name: str = "Somebody's root") -> None:
        self.now, self.mode, self.asked, self.port = now, "good", 0, 0
        self.began = now() - 30 * DAY
        self.lasts = 365 * DAY  # how long a list of this root is fresh
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.root = self._sign(self._begun(self.name, self.key, 40 * 365), ca=True)
        self.revoked: dict[int, datetime] = {}
        self.kept: x509.Certificate | None = None
        self.years = 20  # of a clock's certificate
        self.clock_key = ec.generate_private_key(ec.SECP256R1())

    @property
    def pem(self) -> bytes:
        return self.root.public_bytes(Encoding.PEM)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tsa"

    def clock(self, *, days: int = 3650, since: datetime | None = None, usages=None, critical=True) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Somebody's clock")])
        usages = usages or [ExtendedKeyUsageOID.TIME_STAMPING]
        begun = self._begun(name, self.clock_key, days, since).add_extension(
            x509.ExtendedKeyUsage(usages), critical=critical
        )
        return self._sign(begun)

    def seal(self, name: x509.Name, key=None, *, days: int = 900, more=()) -> SealSigner:
        """An organisation's seal under this root, with its chain."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        return SealSigner(KeptKeySigner(key, leaf := self.leaf(name, key, days=days, more=more), (self.root,)), leaf)

    def leaf(self, name: x509.Name, key, *, days: int = 900, more=()) -> x509.Certificate:
        begun = self._begun(name, key, days)
        for extension in more:
            begun = begun.add_extension(extension, critical=False)
        return self._sign(begun, content_commitment=True)

    def _begun(self, name, key, days, since: datetime | None = None) -> x509.CertificateBuilder:
        since = since or self.began
        public = key.public_key() if hasattr(key, "public_key") else key
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(since + days * DAY)
        )

    def _sign(self, begun, *, ca: bool = False, content_commitment: bool = False) -> x509.Certificate:
        flags = dict.fromkeys(("key_encipherment", "data_encipherment", "key_agreement"), False)
        usage = x509.KeyUsage(
            digital_signature=not ca, content_commitment=content_commitment, key_cert_sign=ca, crl_sign=ca,
            encipher_only=False, decipher_only=False, **flags,
        )  # fmt: skip
        begun = begun.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        begun = begun.add_extension(usage, critical=True)
        if self.port and not ca:
            place = x509.UniformResourceIdentifier(f"http://127.0.0.1:{self.port}/crl")
            point = x509.DistributionPoint([place], None, None, None)
            begun = begun.add_extension(x509.CRLDistributionPoints([point]), critical=False)
            asked = x509.UniformResourceIdentifier(f"http://127.0.0.1:{self.port}/ocsp")
            access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, asked)
            begun = begun.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        return begun.sign(self.key, SHA256())

    def list(self) -> bytes:
        """Published every night."""
        at = self.now().replace(hour=0, minute=0, second=0, microsecond=0)
        begun = x509.CertificateRevocationListBuilder().issuer_name(self.name).last_update(at)
        begun = begun.next_update(at + self.lasts)
        for serial, since in self.revoked.items():
            gone = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
            begun = begun.add_revoked_certificate(gone.build())
        return begun.sign(self.key, SHA256()).public_bytes(Encoding.DER)

    def answer(self, request: bytes) -> bytes:
        """OCSP for whatever certificate is asked about."""
        asked = asn1_ocsp.OCSPRequest.load(request)["tbs_request"]["request_list"][0]["req_cert"]
        serial, at = asked["serial_number"].native, self.now().replace(microsecond=0)
        since = self.revoked.get(serial)
        status = ocsp.OCSPCertStatus.REVOKED if since else ocsp.OCSPCertStatus.GOOD
        made = ocsp.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=asked["issuer_name_hash"].native, issuer_key_hash=asked["issuer_key_hash"].native,
            serial_number=serial, algorithm=SHA1(), cert_status=status, this_update=at, next_update=at + 7 * DAY,  # noqa: S303 as OCSP names
            revocation_time=since, revocation_reason=None,
        )  # fmt: skip
        certificate, key = self.responder
        made = made.responder_id(ocsp.OCSPResponderEncoding.HASH, certificate).certificates([certificate])
        return made.sign(key, SHA256()).public_bytes(Encoding.DER)

    @cached_property
    def responder(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        key, name = (
            ec.generate_private_key(ec.SECP256R1()),
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Responder")]),
        )
        begun = self._begun(name, key, 20 * 365).add_extension(x509.OCSPNoCheck(), critical=False)
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
        return self._sign(begun.add_extension(purpose, critical=False)), key

    def stamp(self, request: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(request)
        return BAD[self.mode](self, asked) if self.mode in BAD else granted(self.good(asked))

    def good(self, asked: tsp.TimeStampReq, certificate: x509.Certificate | None = None, at=None) -> cms.ContentInfo:
        signer = asn1_of(certificate or self.kept_clock())
        return stamp_token(asked, at or self.now(), signer, self.clock_key, [asn1_of(self.root)])

    def kept_clock(self) -> x509.Certificate:
        """Its key is used for some of its certificate's years, as authorities do, then comes the next."""
        left = timedelta(0) if self.kept is None else self.kept.not_valid_after_utc - self.now()
        if self.kept is None or left < self.years * 0.4 * 365 * DAY:
            self.kept = self.clock(days=self.years * 365, since=self.now() - DAY)
        return self.kept


def granted(token: cms.ContentInfo) -> bytes:
    return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()


def told(**changes) -> Callable[[Authority, tsp.TimeStampReq], bytes]:
    """A token that says something else than was asked, rightly signed."""

    def lying(authority: Authority, asked: tsp.TimeStampReq) -> bytes:
        said = {
            "version": "v1", "policy": POLICY, "message_imprint": asked["message_imprint"],
            "serial_number": secrets.randbits(60), "gen_time": authority.now().replace(microsecond=0),
            "nonce": asked["nonce"],
        } | {name: value(authority, asked) for name, value in changes.items()}  # fmt: skip
        info = tsp.TSTInfo({name: value for name, value in said.items() if value is not None})
        chain = [asn1_of(authority.root)]
        return granted(signed_token(info, asn1_of(authority.kept_clock()), authority.clock_key, chain))

    return lying


def other_imprint(_authority, asked):
    return tsp.MessageImprint(
        {"hash_algorithm": asked["message_imprint"]["hash_algorithm"], "hashed_message": b"x" * 32}
    )


def weaker_imprint(_authority, _asked):
    return tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": b"x" * 20})


def broken_signature(authority, asked):
    token = authority.good(asked)
    signer = token["content"]["signer_infos"][0]
    raw = bytearray(signer["signature"].native)
    raw[-1] ^= 1
    signer["signature"] = core.OctetString(bytes(raw))
    return granted(cms.ContentInfo.load(token.dump(force=True)))


def by(make) -> Callable[[Authority, tsp.TimeStampReq], bytes]:
    return lambda authority, asked: granted(authority.good(asked, make(authority)))


def by_a_stranger(authority, asked):
    stranger = Authority(authority.now)
    return granted(stranger.good(asked))


def revoked_clock(authority):
    gone = authority.clock()
    authority.revoked[gone.serial_number] = authority.now() - DAY
    return gone


def rejected(_authority, _asked):
    return bytes.fromhex("30053003020102")  # a status and nothing else, which our own writer cannot say


BAD: dict[str, Callable[[Authority, tsp.TimeStampReq], bytes]] = {
    "rejected": rejected,
    "not a reply": lambda _authority, _asked: b"<html>Sign in to the airport network</html>",
    "cut short": lambda authority, asked: granted(authority.good(asked))[:-200],
    "huge": lambda _authority, _asked: b"0" * 3_000_000,
    "wrong nonce": told(nonce=lambda _authority, _asked: 4711),
    "no nonce": told(nonce=lambda _authority, _asked: None),
    "wrong imprint": told(message_imprint=other_imprint),
    "weaker imprint": told(message_imprint=weaker_imprint),
    "an hour late": told(gen_time=lambda authority, _asked: (authority.now() - DAY / 24).replace(microsecond=0)),
    "an hour early": told(gen_time=lambda authority, _asked: (authority.now() + DAY / 24).replace(microsecond=0)),
    "broken signature": broken_signature,
    "expired certificate": by(lambda authority: authority.clock(days=20)),
    "revoked certificate": by(revoked_clock),
    "certificate for something else": by(lambda authority: authority.clock(usages=[ExtendedKeyUsageOID.CODE_SIGNING])),
    "certificate for everything": by(
        lambda authority: authority.clock(usages=[ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING])
    ),
    "certificate that may be overlooked": by(lambda authority: authority.clock(critical=False)),
    "a stranger's root": by_a_stranger,
}
ON_THE_LINE = ("away", "silent", "dripping", "fault", "redirect", "another type")
"""What is bad about the line rather than the answer."""


@contextmanager
def listening(authority: Authority) -> Iterator[Authority]:  # noqa: C901 one branch for each bad line
    """Serves it; certificates made from now on name this address."""

    class Door(BaseHTTPRequestHandler):
        def log_message(self, *_args) -> None:
            pass

        def do_GET(self) -> None:
            self.say(authority.list(), "application/pkix-crl")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/ocsp":
                return self.say(authority.answer(body), "application/ocsp-response")
            authority.asked += 1
            return self.stamped(body)

        def stamped(self, body: bytes) -> None:
            mode = authority.mode
            if mode == "away":
                self.connection.close()
            elif mode == "silent":
                over.wait(20)
            elif mode == "dripping":
                self.drip(authority.stamp(body))
            elif mode in ("fault", "redirect"):
                self.send_response(503 if mode == "fault" else 302)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self.say(
                    authority.stamp(body), "text/html" if mode == "another type" else "application/timestamp-reply"
                )

        def drip(self, answer: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            for place in range(len(answer)):
                if over.wait(0.1):
                    return
                self.wfile.write(answer[place : place + 1])
                self.wfile.flush()

        def say(self, answer: bytes, media_type: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, _request, _address) -> None:
            """Clients that hang up are the point."""

    over = threading.Event()
    server = Server(("127.0.0.1", 0), Door)
    authority.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield authority
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def until(met: Callable[[], bool], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not met() and time.monotonic() < end:
        time.sleep(0.02)
