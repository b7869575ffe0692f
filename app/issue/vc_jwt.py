"""The same record as a compact JWT (https://www.w3.org/TR/vc-jose-cose/): the credential is the payload itself.

Open Badges asks for the registered claims beside it; they repeat the credential and are checked against it.
"""

import base64
import json
from datetime import datetime
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import OKPKey

from app.issue.canon import guard
from app.issue.proof import RecordKey, WrongProofError, issuer

Algorithm = Literal["EdDSA", "Ed25519"]
"""RFC 9864 replaces `EdDSA` by `Ed25519`; verifiers in the field still expect the old name, so it is a setting."""

ALGORITHMS = ("EdDSA", "Ed25519")


class _Registry(jws.JWSRegistry):
    """Both names, without the library's warning about the old one (see above), and room for long standards."""

    max_payload_length = 1_000_000

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


def as_jwt(document: dict[str, Any], key: RecordKey, algorithm: Algorithm = "EdDSA") -> str:
    """The unproved document as a VC-JWT; guarded alike, so both envelopes say the same."""
    guard(document)
    header = json.dumps({"alg": algorithm, "typ": "vc+jwt", "kid": key.method}, separators=(",", ":"))
    payload = json.dumps(document | claims(document), ensure_ascii=False, separators=(",", ":"))
    signed = f"{_base64url(header.encode())}.{_base64url(payload.encode())}"
    # By hand, because the library signs only with a key that it may read, and ours may lie in a hardware module.
    return f"{signed}.{_base64url(key.private.sign(signed.encode()))}"


def read_jwt(token: str, key: Ed25519PublicKey) -> dict[str, Any]:
    """The credential inside, without the registered claims; raises unless the key signed it."""
    try:
        found = jws.deserialize_compact(token, OKPKey.import_key(key), registry=_Registry())
        document = json.loads(found.payload)
    except (JoseError, ValueError) as error:
        raise WrongProofError(reason="signature") from error
    header = found.protected
    if not isinstance(document, dict) or header.get("typ") != "vc+jwt":
        raise WrongProofError(reason="form")
    credential = {name: value for name, value in document.items() if name not in _CLAIMS}
    said = {name: value for name, value in document.items() if name in _CLAIMS}
    if said != claims(credential) or str(header.get("kid")).partition("#")[0] != issuer(credential):
        raise WrongProofError(reason="claims")
    return credential


def claims(document: dict[str, Any]) -> dict[str, Any]:
    """Registered claims as Open Badges 3.0 §8.2 lists them."""
    try:
        found = {
            "iss": issuer(document),
            "jti": document["id"],
            "sub": document["credentialSubject"]["id"],
            "nbf": _seconds(document["validFrom"]),
        }
        return found | ({"exp": _seconds(document["validUntil"])} if "validUntil" in document else {})
    except (KeyError, TypeError, ValueError) as error:
        raise WrongProofError(reason="claims") from error


_CLAIMS = ("iss", "jti", "sub", "nbf", "exp")


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _seconds(moment: str) -> int:
    found = datetime.fromisoformat(moment)
    if found.tzinfo is None:
        raise ValueError(moment)
    return int(found.timestamp())
