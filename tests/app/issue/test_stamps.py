"""Time-stamps come from a real authority on the line, and only good ones come in."""

import asyncio
import subprocess
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from asn1crypto import cms, tsp
from clocks import BAD, ON_THE_LINE, Authority, listening
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.issue.evidence import fetched
from app.issue.fetch import AuthorityAwayError
from app.issue.problems import StampRefusedError
from app.issue.signer import asn1_of
from app.issue.timestamp import Stamper, asking

DIGEST = sha256(b"the seal").digest()


@pytest.fixture(scope="module")
def authority():
    with listening(Authority()) as found:
        yield found


def asked(authority, patience: float = 0.7, **changes) -> cms.ContentInfo:
    roots = (asn1_of(authority.root),)
    stamper = Stamper(asking(authority.url, patience), roots, fetched, changes.get("now", authority.now))
    return asyncio.run(stamper.async_timestamp(DIGEST, "sha256"))


def test_a_good_authority_gives_a_token_over_our_digest(authority):
    authority.mode = "good"
    info = asked(authority)["content"]["encap_content_info"]["content"].parsed
    assert info["message_imprint"]["hashed_message"].native == DIGEST
    assert abs((info["gen_time"].native - datetime.now(UTC)).total_seconds()) < 60


@pytest.mark.parametrize("mode", BAD)
def test_a_bad_token_never_comes_in(authority, mode):
    authority.mode = mode
    with pytest.raises((StampRefusedError, AuthorityAwayError)) as refusal:
        asked(authority)
    if mode != "huge":
        assert refusal.type is StampRefusedError


@pytest.mark.parametrize("mode", ON_THE_LINE)
def test_a_bad_line_is_told_as_away_and_costs_little_time(authority, mode):
    authority.mode = mode
    began = datetime.now(UTC)
    with pytest.raises(AuthorityAwayError):
        asked(authority)
    assert (datetime.now(UTC) - began).total_seconds() < 3


def test_nobody_listening_is_away_too():
    silent = Authority()
    silent.port = 9  # the discard port: nobody there
    with pytest.raises(AuthorityAwayError):
        asked(silent)


def test_a_token_is_as_other_programs_want_it(authority, tmp_path):
    authority.mode = "good"
    (tmp_path / "root.pem").write_bytes(authority.pem)
    (tmp_path / "token.der").write_bytes(asked(authority).dump())
    command = ["openssl", "ts", "-verify", "-digest", DIGEST.hex(), "-in", "token.der", "-token_in"]
    said = subprocess.run([*command, "-CAfile", "root.pem"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verification: OK" in said.stdout + said.stderr


def test_a_token_of_another_program_comes_in(authority, tmp_path):
    """OpenSSL as the authority: nothing of ours has a part in its answers."""
    certificate = authority.clock()
    (tmp_path / "clock.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (tmp_path / "root.pem").write_bytes(authority.pem)
    key = authority.clock_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "serial").write_text("01\n")
    (tmp_path / "ts.cnf").write_text(CONFIGURATION)

    def openssl(request: bytes) -> bytes:
        (tmp_path / "q").write_bytes(request)
        command = ["openssl", "ts", "-reply", "-config", "ts.cnf", "-queryfile", "q", "-out", "r"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        return (tmp_path / "r").read_bytes()

    stamper = Stamper(openssl, (asn1_of(authority.root),), fetched, authority.now)
    token = asyncio.run(stamper.async_timestamp(DIGEST, "sha256"))
    assert token["content"]["encap_content_info"]["content"].parsed["policy"].native == "1.2.3.4"


CONFIGURATION = """
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = serial
crypto_device = builtin
signer_cert = clock.pem
certs = root.pem
signer_key = key.pem
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def test_there_are_more_than_twelve_ways_to_be_bad():
    assert len(BAD) + len(ON_THE_LINE) > 12


def test_what_is_asked_carries_a_number_and_wants_the_certificate():
    seen = []

    def overheard(request: bytes) -> bytes:
        seen.append(tsp.TimeStampReq.load(request, strict=True))
        return b""

    nobody = Stamper(overheard, (), fetched, lambda: datetime.now(UTC))
    with pytest.raises(StampRefusedError):
        asyncio.run(nobody.async_timestamp(DIGEST, "sha256"))
    assert seen[0]["nonce"].native > 2**32
    assert seen[0]["cert_req"].native is True
