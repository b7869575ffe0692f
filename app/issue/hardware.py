"""Keys that never leave their device, reached by PKCS#11: seals with P-256 or RSA, records with Ed25519.

A small file in the organisation's folder says which module, token and key; the PIN lies in a file of its own. Another
way of holding a key, such as a signing service, is one more line in `OPENERS`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, Literal, Protocol

import msgspec
from asn1crypto import algos, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from msgspec import Struct

from app.issue.keyfiles import read
from app.issue.pki import ordered
from app.issue.problems import HardwareError, KeyUnfitError
from app.issue.proof import RecordSigner
from app.issue.signer import KeptKeySigner, SealPublicKey, SealSigner

BUSY = Lock()
"""A session does one thing at a time."""
SESSIONS: dict[tuple[str, str], Any] = {}
"""What is signed in, by module and token."""
TRIAL = b"Does the key belong to the certificate?"


class Held(Struct, frozen=True, kw_only=True):
    """Where a key is, as its file says; it holds no secret."""

    kind: Literal["pkcs11"] = "pkcs11"
    module: str
    """The maker's library, such as `/usr/lib/softhsm/libsofthsm2.so`."""
    token: str
    """Label of the token."""
    label: str
    """Label of the key in it."""
    pin_file: str
    certificates: tuple[str, ...] = ()
    """In PEM, the seal's own first; a record key has none."""


class Device(Protocol):
    """What a holder of keys must be able to do; the names are those of PKCS#11."""

    def sign(self, data: bytes, mechanism: Literal["ECDSA", "RSA_PKCS", "EDDSA"]) -> bytes:
        """The bare operation: ECDSA and RSA over a digest made by us, Ed25519 over the data itself."""

    def point(self) -> bytes:
        """The public point of a curve key."""


def read_held(path: Path) -> Held:
    """From the organisation's folder."""
    try:
        return msgspec.json.decode(read(path), type=Held)
    except msgspec.MsgspecError as fault:
        raise KeyUnfitError(file=path.name, why="not-readable") from fault


def written(held: Held) -> bytes:
    """As it lies in the folder."""
    return msgspec.json.format(msgspec.json.encode(held), indent=2) + b"\n"


def held_seal(held: Held) -> SealSigner:
    """A seal whose key is held elsewhere; one trial shows that it is the certificate's."""
    leaf, *others = held_certificates(held)
    public = leaf.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise KeyUnfitError(why="key-kind")
    key = HeldSealKey(OPENERS[held.kind](held), public)
    _require_same(public, key.sign_sha256(TRIAL))
    return SealSigner(KeptKeySigner(key, leaf, ordered(leaf, others)), leaf)


def held_certificates(held: Held) -> list[x509.Certificate]:
    """The seal's own first, at least that one."""
    try:
        found = [x509.load_pem_x509_certificate(each.encode()) for each in held.certificates]
    except ValueError as fault:
        raise KeyUnfitError(why="certificate-missing") from fault
    if not found:
        raise KeyUnfitError(why="certificate-missing")
    return found


def held_record_key(held: Held) -> RecordSigner:
    """A record key that is held elsewhere."""
    device = OPENERS[held.kind](held)
    try:
        public = Ed25519PublicKey.from_public_bytes(core.OctetString.load(device.point()).native)
        key = HeldRecordKey(device, public)
        public.verify(key.sign(TRIAL), TRIAL)
    except (ValueError, InvalidSignature) as fault:
        raise KeyUnfitError(why="not-ed25519") from fault
    return key


@dataclass(frozen=True)
class HeldSealKey:
    """Signs with what every device can: the bare operation on a digest made here."""

    device: Device
    public: SealPublicKey

    def public_key(self) -> SealPublicKey:
        """As the certificate says."""
        return self.public

    def sign_sha256(self, data: bytes) -> bytes:
        """In the form that CMS wants."""
        digest = sha256(data).digest()
        if isinstance(self.public, rsa.RSAPublicKey):
            algorithm = algos.DigestAlgorithm({"algorithm": "sha256", "parameters": core.Null()})
            info = algos.DigestInfo({"digest_algorithm": algorithm, "digest": digest})
            return self.device.sign(info.dump(), "RSA_PKCS")
        return bytes(algos.DSASignature.from_p1363(self.device.sign(digest, "ECDSA")).dump())


@dataclass(frozen=True)
class HeldRecordKey:
    """Ed25519 in a device."""

    device: Device
    public: Ed25519PublicKey

    def public_key(self) -> Ed25519PublicKey:
        """As the device says."""
        return self.public

    def sign(self, data: bytes, /) -> bytes:
        """64 bytes."""
        return self.device.sign(data, "EDDSA")


@dataclass(frozen=True)
class Token:
    """A key in a PKCS#11 token."""

    held: Held

    def sign(self, data: bytes, mechanism: Literal["ECDSA", "RSA_PKCS", "EDDSA"]) -> bytes:
        """By the private key of that label."""
        with _device() as pkcs11:
            key = self._only(pkcs11, pkcs11.ObjectClass.PRIVATE_KEY)
            return bytes(key.sign(data, mechanism=pkcs11.Mechanism[mechanism]))

    def point(self) -> bytes:
        """Of the public key of that label."""
        with _device() as pkcs11:
            return bytes(self._only(pkcs11, pkcs11.ObjectClass.PUBLIC_KEY)[pkcs11.Attribute.EC_POINT])

    def _only(self, pkcs11: Any, kind: object) -> Any:
        session = _session(self.held.module, self.held.token, self.held.pin_file)
        wanted = {pkcs11.Attribute.CLASS: kind, pkcs11.Attribute.LABEL: self.held.label}
        found = list(session.get_objects(wanted))
        if len(found) != 1:
            raise HardwareError(why="key-twice" if found else "key-absent", label=self.held.label)
        return found[0]


OPENERS: dict[str, Callable[[Held], Device]] = {"pkcs11": Token}
"""The ways of holding a key outside this process."""


@contextmanager
def _device() -> Iterator[Any]:
    """One at a time; a fault of the device is told by its name only, and what was open is opened anew next time."""
    try:
        import pkcs11  # noqa: PLC0415 an optional extra
    except ImportError as fault:
        raise HardwareError(why="python-pkcs11 is not installed") from fault
    with BUSY:
        try:
            yield pkcs11
        except (pkcs11.PKCS11Error, OSError, RuntimeError) as fault:
            _forget(pkcs11.PKCS11Error)
            raise HardwareError(why=type(fault).__name__) from fault


def _session(module: str, token: str, pin_file: str) -> Any:
    """Opened once per process: a device allows one sign-in."""
    if (module, token) not in SESSIONS:
        import pkcs11  # noqa: PLC0415 same

        pin = read(Path(pin_file)).decode().strip()
        SESSIONS[module, token] = pkcs11.lib(module).get_token(token_label=token).open(user_pin=pin)
    return SESSIONS[module, token]


def _forget(fault: type[Exception]) -> None:
    """Sign out everywhere; a device that is gone cannot be signed out of."""
    while SESSIONS:
        with suppress(fault):
            SESSIONS.popitem()[1].close()


def _require_same(public: SealPublicKey, signature: bytes) -> None:
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, TRIAL, padding.PKCS1v15(), SHA256())
        else:
            public.verify(signature, TRIAL, ec.ECDSA(SHA256()))
    except InvalidSignature as fault:
        raise KeyUnfitError(why="key-of-another-certificate") from fault
