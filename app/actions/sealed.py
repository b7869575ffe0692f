"""The last resort: a file that only the provider's server can open, in case nothing of a tablet can be sent.

ECDH on P-256, HKDF-SHA-256 and AES-256-GCM: what every browser can do. The key opens unsent acts and nothing else, so
the web process may hold it; it seals no certificate.
"""

import base64
import contextlib
import hashlib
import os
from pathlib import Path
from typing import Any, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

from app.store.files import write_whole
from app.strict_json import UnreadableJsonError, read_object
from app.tools import Tools
from assessments.problems import InvalidError, MissingError

FORMAT: Literal["intyga-falt-1"] = "intyga-falt-1"
LARGEST = 24_000_000


class SealedFileError(InvalidError):
    """Not a file of ours, or sealed to another key; `reason` says what."""

    code = "sealed-file"
    sv = "Filen är ingen hel fil från en surfplatta hos er."
    en = "The file is not a whole file from a tablet of yours."


class Seal(Struct, frozen=True):
    """What a tablet needs to seal: the key's name and the uncompressed point in base64url."""

    key: str
    public: str


class SealedFile(Struct, frozen=True, kw_only=True):
    """The file as it is written."""

    format: Literal["intyga-falt-1"]
    provider: str
    key: str
    epk: str
    iv: str
    data: str


class Unsent(Struct, frozen=True, kw_only=True):
    """What was in it."""

    device: str
    app: str
    sent_at: str
    events: list[Any]
    media: dict[str, bytes]


def seal_of(tools: Tools, provider: str) -> Seal:
    """The public half of the provider's key, made when it is first asked for."""
    return _named(_key(tools, provider))


def open_sealed(tools: Tools, provider: str, data: bytes) -> Unsent:
    """What the file holds; raises `SealedFileError`."""
    if not 0 < len(data) <= LARGEST:
        raise SealedFileError(reason="size")
    try:
        sealed = msgspec.json.decode(data, type=SealedFile)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise SealedFileError(reason="format") from fault
    key = _key(tools, provider)
    if sealed.provider != provider or sealed.key != _named(key).key:
        raise SealedFileError(reason="sealed to another key")
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), plain64(sealed.epk))
        shared = key.exchange(ec.ECDH(), point)
        secret = HKDF(algorithm=SHA256(), length=32, salt=b"", info=FORMAT.encode()).derive(shared)
        bound = f"{sealed.provider}\n{sealed.key}".encode()
        inside = AESGCM(secret).decrypt(plain64(sealed.iv), plain64(sealed.data), bound)
    except (ValueError, InvalidTag) as fault:
        raise SealedFileError(reason="cannot be opened") from fault
    return _read(inside)


def plain64(text: str) -> bytes:
    """Base64url without padding; raises `ValueError`."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _read(inside: bytes) -> Unsent:
    try:
        found = read_object(inside, largest=LARGEST)
        media = {name: plain64(text) for name, text in found.get("media", {}).items()}
        about = {name: found.get(name, "") for name in ("device", "app", "sent_at")}
        return msgspec.convert({**about, "events": found.get("events", []), "media": media}, Unsent)
    except (UnreadableJsonError, msgspec.ValidationError, ValueError, TypeError, AttributeError) as fault:
        raise SealedFileError(reason="content") from fault


def _named(key: ec.EllipticCurvePrivateKey) -> Seal:
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return Seal(hashlib.sha256(point).hexdigest()[:16], base64.urlsafe_b64encode(point).rstrip(b"=").decode())


def _key(tools: Tools, provider: str) -> ec.EllipticCurvePrivateKey:
    place = _place(tools, provider)
    if not place.exists():
        _make(place)
    key = serialization.load_pem_private_key(place.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise MissingError(key=provider)
    return key


def _place(tools: Tools, provider: str) -> Path:
    return tools.settings.folder / "field" / f"{hashlib.sha256(provider.encode()).hexdigest()[:32]}.pem"


def _make(place: Path) -> None:
    """Of two processes that make one at the same moment, the first one's is kept."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = place.with_name(f"{place.name}.{os.urandom(4).hex()}")
    write_whole(draft, pem)
    with contextlib.suppress(FileExistsError):
        place.hardlink_to(draft)
    draft.unlink()
