"""Tablets on the local network reach us over https that they can trust, and no proxy header is believed there."""

import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509

from app.cli.doctor import complaints
from app.cli.local_ca import LASTS, identity, local_address
from app.settings import Settings

HOST = local_address()


@dataclass
class Served:
    """`intyga serve --tablet` at work."""

    said: Path
    ca: bytes
    port: int

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, bytes]:
        trusted = ssl.create_default_context(cadata=self.ca.decode())
        way = http.client.HTTPSConnection(HOST, self.port, context=trusted, timeout=20)
        way.request(method, path, body, {"Content-Type": "application/json", **headers})
        answer = way.getresponse()
        found = answer.status, answer.read()
        way.close()
        return found


def two_free_ports() -> int:
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("", 0))
            port = one.getsockname()[1]
            try:
                two.bind(("", port + 1))
            except OSError:
                continue
            return port


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    folder, port = tmp_path_factory.mktemp("served"), two_free_ports()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("INTYGA_")} | {
        "INTYGA_FOLDER": str(folder / "var"), "INTYGA_PORT": str(two_free_ports()), "INTYGA_PROXIES": "1",
        "INTYGA_TABLET_URL": f"https://{HOST}:{port}",
    }  # fmt: skip
    said = folder / "said.txt"
    with said.open("w") as log:
        program = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", "--demo", "--tablet"], env=environment, stdout=log, stderr=log
        )
    try:
        yield Served(said, fetched(port + 1, program), port)
    finally:
        program.terminate()
        program.wait(20)


def fetched(port: int, program: subprocess.Popen[bytes]) -> bytes:
    """The certificate, as soon as the door opens."""
    deadline = time.monotonic() + 150
    while time.monotonic() < deadline:
        assert program.poll() is None
        try:
            way = http.client.HTTPConnection(HOST, port, timeout=5)
            way.request("GET", "/intyga-ca.crt")
            return way.getresponse().read()
        except OSError:
            time.sleep(0.2)
    raise TimeoutError


@pytest.mark.slow
def test_a_tablet_trusts_enrols_and_delivers_over_the_network(served):
    for _ in range(100):
        try:
            assert served.ask("GET", "/healthz")[0] == 200
            break
        except OSError:
            time.sleep(0.2)
    said = served.said.read_text()
    code = said.partition("#kod=")[2][:10]
    status, body = served.ask("POST", "/falt/enrol", json.dumps({"code": code, "name": "Plattan"}))
    assert status == 201
    headers = {"Authorization": f"Bearer {json.loads(body)['token']}"}
    status, body = served.ask("POST", "/api/v1/events", '{"events": []}', **headers)
    assert (status, json.loads(body)["results"]) == (200, [])
    for _ in range(10):  # an answer before the end must be readable, not a connection that breaks
        status, body = served.ask("POST", "/api/v1/events", "{" * 3_000_000, **headers)
        assert status == 413
    assert served.ask("GET", "/", **{"X-Forwarded-Host": "evil.example"})[0] == 200
    assert served.ask("GET", "/", Host="evil.example")[0] == 400
    assert "█" in said


@pytest.mark.slow
def test_a_program_that_does_not_know_the_authority_does_not_connect(served):
    way = http.client.HTTPSConnection(HOST, served.port, context=ssl.create_default_context(), timeout=20)
    with pytest.raises(ssl.SSLCertVerificationError):
        way.request("GET", "/healthz")


def test_the_authority_vouches_for_this_machine_only_and_keeps_no_key(tmp_path):
    found = identity(tmp_path, "10.1.2.3")
    ca = x509.load_pem_x509_certificate(found.ca.read_bytes())
    permitted = ca.extensions.get_extension_for_class(x509.NameConstraints)
    assert permitted.critical
    assert {str(each.value) for each in permitted.value.permitted_subtrees} == {
        "10.1.2.3/32", "127.0.0.1/32", "localhost",
    }  # fmt: skip
    served = x509.load_pem_x509_certificate(found.certificate.read_bytes())
    served.verify_directly_issued_by(ca)
    assert sorted(each.name for each in (tmp_path / "tablet").iterdir()) == ["ca.pem", "server.key", "server.pem"]
    assert (found.key.stat().st_mode & 0o777, served.not_valid_after_utc - served.not_valid_before_utc) == (
        0o600,
        LASTS,
    )


def test_it_is_made_anew_for_another_host_and_kept_for_the_same(tmp_path):
    first = identity(tmp_path, "10.1.2.3").fingerprint
    assert identity(tmp_path, "10.1.2.3").fingerprint == first
    assert identity(tmp_path, "tablet.example").fingerprint != first


def test_doctor_says_when_tablets_cannot_trust_us(tmp_path):
    base = {"folder": tmp_path, "secret_file": tmp_path / "secret", "passphrase_file": tmp_path / "passphrase"}

    def said(**changes) -> str:
        return "\n".join(f"{each.severity}: {each.text}" for each in complaints(Settings(**base | changes)))

    assert "unfit: http://intyg.example.se is no secure context" in said(public_url="http://intyg.example.se")
    assert "unfit: listens on 0.0.0.0 and believes proxy headers" in said(host="0.0.0.0", proxies=1)  # noqa: S104 the point
    tablets = {"tablet_url": "https://10.1.2.3:8443"}
    assert "warning: tablets have no certificate" in said(**tablets)
    identity(tmp_path, "10.1.2.3")
    assert "tablets have no certificate" not in said(**tablets)
    assert "secure context" not in said(public_url="http://127.0.0.1:8080")
