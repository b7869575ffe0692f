"""Records for the tests of issuing: defaults that are fine, changed by keyword; and where published material lies."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyld import BUNDLED_CONTEXTS

from app.issue.badge import RecordParticulars, module_record, whole_record
from app.issue.did import did_document, did_for
from app.issue.proof import RecordKey
from app.issue.status import status_list
from app.issue.terms import DID_V1, MULTIKEY, OPEN_BADGES, OPEN_BADGES_EXTENSIONS, V2

__all__ = ["a_lenient_award", "an_award", "everything"]  # handed on, so that the order of imports does not matter

TESTS = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
sys.path.insert(0, str(TESTS / "assessments"))

from factories import a_lenient_award, an_award, everything  # noqa: E402 the folder of the domain's factories has to be named first

DID = did_for("https://intyga.example", "exempelnat")
LIST = "https://intyga.example/issuer/exempelnat/status/revocation/1"
WHOLE = "urn:uuid:0193f3a0-0000-7000-8000-000000000001"
PARTS = tuple(f"urn:uuid:0193f3a0-0000-7000-8000-00000000001{number}" for number in range(2))
ISSUED = "2026-11-24T10:15:00+00:00"


def a_key(fragment: str = "key-1", seed: int = 1) -> RecordKey:
    """Always the same key for a seed, so that records are the same in every run."""
    return RecordKey(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32), DID, fragment)


def particulars(**changes) -> RecordParticulars:
    fields = {
        "id": WHOLE,
        "did": DID,
        "number": "2026-000017-4",
        "page": "https://intyga.example/v/q2Vt0z7n1K4mX8bR5sYw3A",
        "status_lists": {"revocation": (LIST, 4711)},
        "issued_at": ISSUED,
        "holder_id": "urn:uuid:0193f3a0-0000-7000-8000-0000000000aa",
        "parts": PARTS,
    }
    return RecordParticulars(**(fields | changes))


def a_whole(award=None, **changes) -> dict[str, Any]:
    return whole_record(award or an_award(), particulars(**changes))


def a_module(award=None, **changes) -> dict[str, Any]:
    award = award or an_award()
    return module_record(award, award.modules[-1], particulars(id=PARTS[0], parts=(), whole_id=WHOLE, **changes))


def a_list(*indexes: int) -> dict[str, Any]:
    """Made long ago: others hold it against the clock on the wall."""
    return status_list(LIST, DID, "revocation", indexes, "2020-01-01T00:00:00Z")


def a_did_document() -> dict[str, Any]:
    return did_document(DID, [(key.fragment, key.public) for key in (a_key("key-1", 1), a_key("key-2", 2))])


def proof_options() -> dict[str, Any]:
    return {
        "@context": a_whole()["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": ISSUED,
        "verificationMethod": a_key().method,
        "proofPurpose": "assertionMethod",
    }


OURS = {"whole": a_whole, "module": a_module, "list": a_list, "did": a_did_document, "proof options": proof_options}

EXTENSIONS = {
    "@context": {
        "id": "@id",
        "type": "@type",
        "1EdTechJsonSchemaValidator2019": "https://purl.imsglobal.org/spec/vccs/v1p0/context.json#1EdTechJsonSchemaValidator2019",
        "1EdTechRevocationList": "https://purl.imsglobal.org/spec/vcrl/v1p0/context.json#1EdTechRevocationList",
        "1EdTechCredentialRefresh": "https://purl.imsglobal.org/spec/vccr/v1p0/context.json#1EdTechCredentialRefresh",
    }
}
"""Facts published in 1EdTech's extensions.json; the Node tests compare them with the packaged file."""


def published_contexts(standards: Callable[[str], Path]) -> dict[str, Any]:
    """The whole contexts, as their owners publish them."""
    files = {
        V2: standards("w3c-contexts") / "credentials-v2.jsonld",
        OPEN_BADGES: standards("openbadges-3.0") / "context-3.0.3.json",
        DID_V1: BUNDLED_CONTEXTS[DID_V1],
        MULTIKEY: standards("w3c-contexts") / "multikey-v1.jsonld",
    }
    whole = {url: json.loads(Path(file).read_text()) for url, file in files.items()} | {
        OPEN_BADGES_EXTENSIONS: EXTENSIONS
    }
    return {url: each["@context"] for url, each in whole.items()}


def changes(document: Any, place: str = "$") -> Any:
    """(place, the document with one value changed or left out), for every value there is."""
    if isinstance(document, dict):
        for key, value in document.items():
            for where, changed in changes(value, f"{place}.{key}"):
                yield where, document | {key: changed}
            yield f"{place}.{key} left out", {name: each for name, each in document.items() if name != key}
    elif isinstance(document, list):
        for number, value in enumerate(document):
            for where, changed in changes(value, f"{place}[{number}]"):
                yield where, [*document[:number], changed, *document[number + 1 :]]
    else:
        yield place, other(document)


def other(value: Any) -> Any:
    """Another value of the same kind, as like the old one as can be."""
    if isinstance(value, bool):
        return not value
    if not isinstance(value, str):
        return value + 1
    last = value[-1]
    digits = "0123456789"
    return value[:-1] + (digits[(digits.index(last) + 1) % 10] if last in digits else "a" if last != "a" else "b")
