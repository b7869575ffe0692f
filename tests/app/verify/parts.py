"""Real documents to check: a throw-away authority and issuer with names of their own, sealed papers, proved records."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from weasyprint import HTML, Attachment

from app.issue import pki
from app.issue.did import did_document
from app.issue.formats import json_bytes
from app.issue.proof import RecordKey, prove
from app.issue.seal import seal
from app.issue.signer import KeptKeySigner, SealSigner
from app.issue.status import status_list
from app.issue.vc_jwt import as_jwt
from app.verify.answers import Verification
from app.verify.document import verify_document
from app.verify.trust import Trust

sys.path.insert(0, str(Path(__file__).parents[1] / "issue"))

import records
import samples

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
ORGANISATION, NUMBER = "Exempelnät Validering AB", "556000-0167"
HOST = "intyg.exempelnat-validering.se"
DID = f"did:web:{HOST}:issuer:exempelnat"
LIST = f"https://{HOST}/issuer/exempelnat/status/revocation/1"
PLACE = 4711
AWARD = samples.an_award(modules=2)


class Authority:
    """Writes seal certificates; with the development root's name it is one."""

    def __init__(self, name: x509.Name | None = None) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        root = pki.development_root(self.key, NOW - timedelta(days=900))
        self.root = root if name is None else renamed(root, name, self.key)

    @property
    def der(self) -> bytes:
        return self.root.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.root.public_bytes(Encoding.PEM)

    def seal(self, organisation: str = ORGANISATION, number: str = NUMBER, since: datetime = NOW) -> SealSigner:
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = pki.seal_certificate(key.public_key(), organisation, number, self.root, self.key, since)
        return SealSigner(KeptKeySigner(key, leaf, (self.root,)), leaf)


def renamed(root: x509.Certificate, name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(root.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(root.not_valid_before_utc)
        .not_valid_after(root.not_valid_after_utc)
    )
    for each in root.extensions:
        builder = builder.add_extension(each.value, critical=each.critical)
    return builder.sign(key, SHA256())


def common_name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def a_key(did: str = DID, fragment: str = "key-1", seed: int = 1) -> RecordKey:
    """Always the same key for a seed."""
    return RecordKey(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32), did, fragment)


def a_did_document(did: str = DID, seeds: tuple[int, ...] = (1, 2)) -> dict[str, Any]:
    return did_document(did, [(f"key-{seed}", a_key(did, seed=seed).public) for seed in seeds])


def unproved(**changes) -> dict[str, Any]:
    did = changes.pop("did", DID)
    address = changes.pop("address", LIST)
    place = changes.pop("place", PLACE)
    return records.a_whole(AWARD, did=did, status_lists={"revocation": (address, place)}) | changes


def a_record(key: RecordKey | None = None, **changes) -> dict[str, Any]:
    return prove(unproved(**changes), key or a_key(), records.ISSUED)


def a_jwt(key: RecordKey | None = None, **changes) -> bytes:
    return as_jwt(unproved(**changes), key or a_key()).encode()


def a_list(*marked: int, key: RecordKey | None = None, **changes) -> dict[str, Any]:
    fields = {"address": LIST, "issuer": DID, "purpose": "revocation", "valid_from": "2026-11-25T08:00:00+01:00"}
    return prove(status_list(indexes=marked, **(fields | changes)), key or a_key(), records.ISSUED)


def trust(**changes) -> Trust:
    return Trust(**({"dids": (a_did_document(),), "lists": (a_list(1, 2),)} | changes))


def a_paper(record: bytes | None, *, text: str = "Yrkesbevis") -> bytes:
    """Not the real certificate but a real PDF: small, so that a hundred of them cost little."""
    attached = [] if record is None else [Attachment(string=record, name="credential.json")]
    html = f'<html lang="sv"><title>{text}</title><h1>{text}</h1><p>Åsa Öberg-Łukasik</p></html>'
    return HTML(string=html).write_pdf(attachments=attached)


def sealed(pdf: bytes, signer: SealSigner, now: datetime = NOW) -> bytes:
    return seal(pdf, signer, name=ORGANISATION, reason="Prov", now=now)


def verify(data: bytes, given: Trust | None = None, at: datetime = NOW) -> Verification:
    """In this process: only for documents that are known not to harm it."""
    return asyncio.run(verify_document(data, given or trust(), at))


def verify_record(record: dict[str, Any], given: Trust | None = None, at: datetime = NOW) -> Verification:
    return verify(json_bytes(record), given, at)


def codes(found: Verification) -> tuple[str, str, str]:
    return tuple(each.code for each in found.answers)


def results(found: Verification) -> tuple[str, str, str]:
    return tuple(each.result for each in found.answers)


def flip(data: bytes, at: int) -> bytes:
    """One bit of one letter."""
    assert at > 0
    return data[: at + 2] + bytes([data[at + 2] ^ 1]) + data[at + 3 :]
