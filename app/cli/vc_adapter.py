"""What stands behind the test adapter's door: issue, verify and present in whatever words a suite brings.

The canonical form, the hashes and the encodings are those our own records are proved with; only the guard that admits
no words but ours (app/issue/canon) is replaced, because a suite brings words of its own.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.cli.vc_model import MOMENT, URL, Json, NotConformingError, period, require_credential, require_presentation
from app.issue.canon import SENTINEL, LossyDocumentError, nquads
from app.issue.did import multibase, multikey, read_multibase, read_multikey
from app.issue.proof import SUITE, RecordKey, WrongProofError, signed_bytes
from app.issue.status import decode_list, is_set, status_list
from app.issue.terms import CONTEXTS

NEEDED = {"type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"}
KEYWORDS = {"@context", "@value", "@language", "@direction"}
"""Other keywords could hide something from the canonical form, or end the process (see app/issue/canon)."""


class Adapter:
    """What the three verbs need: a key that is nobody's, the contexts that were handed in, and the clock."""

    def __init__(self, contexts: Json, clock: Callable[[], datetime], base: str = "") -> None:
        private = Ed25519PrivateKey.generate()
        name = multikey(private.public_key())
        self.key = RecordKey(private, f"did:key:{name}", name)
        self.contexts, self.clock = {**CONTEXTS, **contexts}, clock
        self.list = f"{base}/status/revocation/1" if base else ""
        self.marked: set[int] = set()
        self.issued = 0

    def issue(self, credential: object) -> Json:
        """The credential with a proof of ours; with a place in our list where lists are served."""
        found = require_credential(credential)
        if "proof" in found:
            raise NotConformingError(place="proof")
        if self.list and "credentialStatus" not in found:
            found = found | {"credentialStatus": self._entry()}
        return self.proved(found)

    def proved(self, document: Json, purpose: str = "assertionMethod") -> Json:
        """As `app.issue.proof.prove` does it, in whatever words the document brings."""
        options = {
            "type": "DataIntegrityProof",
            "cryptosuite": SUITE,
            "created": self.clock().isoformat(timespec="seconds"),
            "verificationMethod": self.key.method,
            "proofPurpose": purpose,
        }
        value = multibase(self.key.private.sign(self._signed(document, options)))
        return document | {"proof": options | {"proofValue": value}}

    def verify(self, credential: object) -> None:
        """Raise unless its issuer proved it, it holds today and is not on our list."""
        found = require_credential(credential)
        method = self._check(found, "assertionMethod")
        issuer = found["issuer"]
        if (issuer["id"] if isinstance(issuer, dict) else issuer) != method.partition("#")[0]:
            raise WrongProofError(reason="issuer")
        since, until = period(found)
        if (since and self.clock() < since) or (until and self.clock() > until):
            raise NotConformingError(place="validity")
        statuses = found.get("credentialStatus", [])
        for each in statuses if isinstance(statuses, list) else [statuses]:
            self._status(each)

    def present(self, presentation: object, options: Json) -> None:
        """Raise unless the holder proved it for this occasion and every credential in it holds."""
        found = require_presentation(presentation)
        self._check(
            found, "authentication", {name: options[name] for name in ("challenge", "domain") if name in options}
        )
        shown = found.get("verifiableCredential", [])
        for each in shown if isinstance(shown, list) else [shown]:
            self.verify(each)

    def status(self) -> Json:
        """The list our issued credentials point at."""
        at = self.clock().isoformat(timespec="seconds")
        return self.proved(status_list(self.list, self.key.did, "revocation", self.marked, at))

    def _entry(self) -> Json:
        self.issued += 1
        return {
            "id": f"{self.list}#{self.issued}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(self.issued),
            "statusListCredential": self.list,
        }

    def _status(self, entry: Json) -> None:
        if entry.get("type") != "BitstringStatusListEntry":
            return
        index = entry.get("statusListIndex")
        if entry.get("statusListCredential") != self.list or not isinstance(index, str) or not index.isdecimal():
            raise NotConformingError(place="credentialStatus")
        if is_set(decode_list(self.status()["credentialSubject"]["encodedList"]), int(index)):
            raise WrongProofError(reason="revoked")

    def _check(self, document: Json, purpose: str, expected: Json | None = None) -> str:
        """Raise unless the one proof is right; returns the key it names."""
        proofs = document.get("proof")
        proof = proofs[0] if isinstance(proofs, list) and len(proofs) == 1 else proofs
        if not isinstance(proof, dict) or not proof.keys() >= NEEDED:
            raise WrongProofError(reason="form")
        texts = {name: value for name, value in proof.items() if name != "@context"}
        if not all(isinstance(value, str) for value in texts.values()):
            raise WrongProofError(reason="form")
        if (proof["type"], proof["cryptosuite"], proof["proofPurpose"]) != ("DataIntegrityProof", SUITE, purpose):
            raise WrongProofError(reason="suite")
        if not URL.match(proof["verificationMethod"]) or any(
            proof.get(name) != value for name, value in (expected or {}).items()
        ):
            raise WrongProofError(reason="form")
        for name in ("created", "expires"):
            if name in proof and not MOMENT.match(proof[name]):
                raise WrongProofError(reason="created")
        if "expires" in proof and datetime.fromisoformat(proof["expires"]) < self.clock():
            raise WrongProofError(reason="expired")
        self._try(document, proof)
        return str(proof["verificationMethod"])

    def _try(self, document: Json, proof: Json) -> None:
        unsigned = {name: value for name, value in document.items() if name != "proof"}
        options = {name: value for name, value in proof.items() if name not in ("proofValue", "@context")}
        signature = read_multibase(proof["proofValue"])
        if len(signature) != 64:
            raise WrongProofError(reason="encoding")
        try:
            _key_of(proof["verificationMethod"]).verify(signature, self._signed(unsigned, options))
        except InvalidSignature as fault:
            raise WrongProofError(reason="signature") from fault

    def _signed(self, document: Json, options: Json) -> bytes:
        return signed_bytes(self._canonical({"@context": document["@context"]} | options), self._canonical(document))

    def _canonical(self, document: Json) -> bytes:
        found = nquads(self._local(document), {})
        if f"{SENTINEL}".encode() in found:
            raise LossyDocumentError(place="$", reason="undefined")
        return found

    def _local(self, value: Any) -> Any:
        """The document with every context put in place of its address; nothing is ever fetched."""
        if isinstance(value, list):
            return [self._local(each) for each in value]
        if not isinstance(value, dict):
            return value
        if any(name.startswith("@") and name not in KEYWORDS for name in value):
            raise LossyDocumentError(place="$", reason="keyword")
        return {name: self._contexts(each) if name == "@context" else self._local(each) for name, each in value.items()}

    def _contexts(self, listed: Any) -> list[Any]:
        found = listed if isinstance(listed, list) else [listed]
        try:
            return [self.contexts[each] if isinstance(each, str) else _sound(each) for each in found]
        except KeyError as fault:
            raise LossyDocumentError(place="@context", reason="unknown") from fault


def _sound(context: Json) -> Json:
    """A context of the document's own, if its words lead somewhere: the processor would drop the others in silence."""
    for name, defined in context.items():
        iri = defined.get("@id", "@none") if isinstance(defined, dict) else defined
        if not name.startswith("@") and isinstance(iri, str) and not iri.startswith("@") and not URL.match(iri):
            raise LossyDocumentError(place="@context", reason="word")
    return context


def _key_of(method: str) -> Ed25519PublicKey:
    """Only keys that are their own name: a suite brings no others that we could look up without a network."""
    did, _, fragment = method.partition("#")
    name = did.removeprefix("did:key:")
    if name == did or fragment != name:
        raise WrongProofError(reason="key")
    return read_multikey(name)
