"""Data Integrity proofs of the suite eddsa-rdfc-2022 (https://www.w3.org/TR/vc-di-eddsa/) for our own documents."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.issue.canon import canonical, signable
from app.issue.did import UnknownKeyError, multibase, read_multibase
from assessments.problems import InvalidError

SUITE = "eddsa-rdfc-2022"
_MEMBERS = {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}


class WrongProofError(InvalidError):
    """The document is not what was signed, or the proof is not of our kind; `reason` says which."""

    code = "proof-wrong"
    sv = "Underskriften stämmer inte med innehållet."
    en = "The proof does not match the content."


class RecordSigner(Protocol):
    """All that proving asks of a key, so it may lie in a file or in a hardware module."""

    def sign(self, data: bytes, /) -> bytes:
        """64 bytes of Ed25519."""

    def public_key(self) -> Ed25519PublicKey:
        """What others check with."""


@dataclass(frozen=True)
class RecordKey:
    """The key an organisation signs records with; only the worker and the command line hold one."""

    private: RecordSigner
    did: str
    fragment: str

    @property
    def method(self) -> str:
        """What a proof calls the key: `did:web:…#key-1`."""
        return f"{self.did}#{self.fragment}"

    @property
    def public(self) -> Ed25519PublicKey:
        """What others check with."""
        return self.private.public_key()


def prove(document: dict[str, Any], key: RecordKey, created: str) -> dict[str, Any]:
    """The document with its proof; `created` is our word, not a time-stamp.

    The proof is a list of one: the strict schema of Open Badges wants a list, everybody else accepts it.
    """
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": key.method,
        "proofPurpose": "assertionMethod",
    }
    value = multibase(key.private.sign(to_be_signed(document, options, signable)))
    return document | {"proof": [options | {"proofValue": value}]}


def check_proof(document: dict[str, Any], key: Ed25519PublicKey) -> None:
    """Raise unless the key made the one proof of this document of ours; the document may be anything.

    Documents in words we do not know raise `LossyDocumentError`: that is *could not check*, not *changed*.
    """
    proof = the_proof(document)
    signature = _signature(proof["proofValue"])
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    if issuer(document) != proof["verificationMethod"].partition("#")[0]:
        raise WrongProofError(reason="issuer")
    try:
        key.verify(signature, to_be_signed(unsigned, options))
    except InvalidSignature as error:
        raise WrongProofError(reason="signature") from error


def the_proof(document: dict[str, Any]) -> dict[str, Any]:
    """The one proof, if it is of our kind; its `verificationMethod` names the key to look up."""
    proofs = document.get("proof") if isinstance(document, dict) else None
    if not isinstance(proofs, list) or len(proofs) != 1 or not isinstance(proofs[0], dict):
        raise WrongProofError(reason="form")
    proof: dict[str, Any] = proofs[0]
    if proof.keys() != _MEMBERS or not all(isinstance(value, str) for value in proof.values()):
        raise WrongProofError(reason="form")
    if (proof["type"], proof["cryptosuite"], proof["proofPurpose"]) != ("DataIntegrityProof", SUITE, "assertionMethod"):
        raise WrongProofError(reason="suite")
    return proof


def issuer(document: dict[str, Any]) -> str | None:
    """Who the document says issued it, written as a text or as a profile."""
    named = document.get("issuer")
    found = named.get("id") if isinstance(named, dict) else named
    return found if isinstance(found, str) else None


def to_be_signed(
    document: dict[str, Any], options: dict[str, Any], form: Callable[[dict[str, Any]], bytes] = canonical
) -> bytes:
    """The 64 bytes under the signature: hash of the proof's options, then hash of the document.

    Whoever checks takes the road through the processor; whoever signs may take the short one.
    """
    context = {"@context": document.get("@context")}
    return signed_bytes(form(context | options), form(document))


def signed_bytes(options: bytes, document: bytes) -> bytes:
    """The two hashes in the order of the suite."""
    return hashlib.sha256(options).digest() + hashlib.sha256(document).digest()


def _signature(value: str) -> bytes:
    try:
        signature = read_multibase(value)
    except UnknownKeyError as error:
        raise WrongProofError(reason="encoding") from error
    if len(signature) != 64:
        raise WrongProofError(reason="encoding")
    return signature
