"""Fetching happens only when asked for, only over https from the issuer's own host, and only small answers count."""

import json
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from parts import DID, HOST, LIST, NOW, PLACE, a_did_document, a_key, a_list, a_record, codes, trust, verify_record

from app.verify.online import NotFetchedError, examine_online, fetch, is_open
from app.verify.trust import Trust


class Host:
    """An https server on this machine, with a certificate of its own and whatever pages a test puts there."""

    def __init__(self, folder) -> None:
        self.pages: dict[str, tuple[int, bytes]] = {}
        self.asked: list[str] = []
        file = folder / "host.pem"
        certificate = self.certificate(file)
        self.server = HTTPServer(("127.0.0.1", 0), self.handler())
        served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        served.load_cert_chain(file)
        self.server.socket = served.wrap_socket(self.server.socket, server_side=True)
        self.known = ssl.create_default_context(cadata=certificate.public_bytes(Encoding.PEM).decode())
        self.at = f"localhost:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def certificate(self, file) -> x509.Certificate:
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(names, critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, SHA256())
        )
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(private + made.public_bytes(Encoding.PEM))
        return made

    def handler(self):
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.asked.append(self.path)
                status, body = host.pages.get(self.path, (404, b""))
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", body.decode())
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args) -> None:
                pass

        return Handler

    def fetch(self, address: str) -> bytes:
        """As the command does, but this machine is allowed and this certificate is known."""
        return fetch(address, allowed=lambda _address: True, context=self.known)

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def host(tmp_path) -> Iterator[Host]:
    found = Host(tmp_path)
    yield found
    found.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_issuers_document_and_list_are_fetched_and_tried(host):
    did = f"did:web:{host.at.replace(':', '%3A')}:issuer:exempelnat"
    path = "/issuer/exempelnat/status/revocation/1"
    address = f"https://{host.at}{path}"
    record = a_record(a_key(did), did=did, address=address)
    host.pages["/issuer/exempelnat/did.json"] = 200, json.dumps(a_did_document(did)).encode()
    for marked, code in (((), "valid-until"), ((PLACE,), "revoked")):
        listed = a_list(*marked, issuer=did, address=address, key=a_key(did))
        host.pages[path] = 200, json.dumps(listed).encode()
        found = examine_online(lambda given: verify_record(record, given), Trust(), host.fetch)
        assert codes(found) == ("who-test-issuer", "unchanged-proved", code)
    assert host.asked == ["/issuer/exempelnat/did.json", path] * 2


def online(pages, record=None, given=None):
    """With the Internet as a table: what is not in it could not be fetched."""
    asked = []

    def table(address: str) -> bytes:
        asked.append(address)
        if address not in pages:
            raise NotFetchedError("host unknown")
        return json.dumps(pages[address]).encode()

    return examine_online(lambda trusted: verify_record(record or a_record(), trusted), given or Trust(), table), asked


DOCUMENT = f"https://{HOST}/issuer/exempelnat/did.json"


def test_a_fetched_document_speaks_for_its_host():
    found, asked = online({DOCUMENT: a_did_document(), LIST: a_list()})
    assert codes(found) == ("who-host", "unchanged-proved", "valid-until")
    assert HOST in found.who.sv
    assert asked == [DOCUMENT, LIST]


def test_what_was_given_is_not_fetched():
    found, asked = online({}, given=trust())
    assert codes(found) == ("who-issuer", "unchanged-proved", "valid-until")
    assert asked == []


def test_what_cannot_be_fetched_is_told():
    found, asked = online({})
    assert codes(found)[0] == "who-unknown-issuer"
    assert asked == [DOCUMENT]
    assert found.checks[-1].detail == "host unknown"


def test_a_document_of_another_issuer_at_that_address_does_not_count():
    found, _ = online({DOCUMENT: a_did_document("did:web:somebody.se")})
    assert codes(found)[0] == "who-unknown-issuer"


def test_a_list_at_another_host_is_not_asked_for():
    elsewhere = "https://who-checks-whom.se/list"
    found, asked = online({DOCUMENT: a_did_document(), elsewhere: a_list()}, a_record(address=elsewhere))
    assert found.valid.code == "status-missing"
    assert asked == [DOCUMENT]


def test_no_list_is_asked_for_before_the_record_is_proved():
    forged = a_record(a_key(seed=9))
    found, asked = online({DOCUMENT: a_did_document(), LIST: a_list()}, forged)
    assert found.result == "no"
    assert asked == [DOCUMENT]


@pytest.mark.parametrize(
    "did", ["did:web:a/../b", "did:web:u@h.se", "did:web:h.se%2Fx", "did:web:h.se:..%2f", "did:key:z6Mk"]
)
def test_a_name_that_is_no_host_is_not_asked(did):
    record = a_record() | {"issuer": {"id": did, "type": ["Profile"], "name": "x"}}
    _, asked = online({}, record)
    assert asked == []


def refused(address: str, **world) -> str:
    with pytest.raises(NotFetchedError) as fault:
        fetch(address, **world)
    return fault.value.reason


@pytest.mark.parametrize(
    "address",
    [
        "http://intyga.example/x",
        "file:///etc/passwd",
        "https://user@intyga.example/x",
        "https://intyga.example/x y",
        "https://intyga.example/x\r\nHost: y",
        "https://[::1]/x",
        "ftp://intyga.example/",
    ],
)
def test_only_plain_https_addresses_are_fetched(address):
    assert refused(address) == "address"


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1:1/x", "https://localhost:1/x", "https://10.0.0.1/", "https://0/"]
)
def test_this_machine_and_private_networks_are_never_asked(address):
    assert refused(address) in ("address not allowed", "host unknown")


@pytest.mark.parametrize(
    ("address", "open_"),
    [
        ("93.184.215.14", True), ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True), ("127.0.0.1", False),
        ("10.1.2.3", False), ("192.168.0.1", False), ("169.254.169.254", False), ("100.64.0.1", False),
        ("::1", False), ("fe80::1%eth0", False), ("fd00::1", False), ("224.0.0.1", False), ("0.0.0.0", False),  # noqa: S104 asked, not bound
        ("::ffff:127.0.0.1", False),
    ],
)  # fmt: skip
def test_what_an_open_address_is(address, open_):
    assert is_open(address) is open_


def test_redirects_large_answers_and_strange_certificates_are_refused(host):
    host.pages |= {"/away": (302, b"https://localhost/"), "/large": (200, bytes(400_000))}
    world = {"allowed": lambda _address: True}
    assert refused(f"https://{host.at}/away", context=host.known, **world) == "status 302"
    assert refused(f"https://{host.at}/large", context=host.known, **world) == "too large"
    assert refused(f"https://{host.at}/none", context=host.known, **world) == "status 404"
    assert refused(f"https://{host.at}/away", **world) == "SSLCertVerificationError"


def test_without_asking_nothing_is_fetched():
    assert verify_record(a_record(), Trust(), NOW).who.code == "who-unknown-issuer"
    assert DID.split(":")[2] == HOST
