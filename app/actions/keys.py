"""Make and change an organisation's keys: the private half goes to the key folder, the public half to the register."""

from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from msgspec import Struct

from app.issue.did import multikey
from app.issue.hardware import Held, held_certificates
from app.issue.keys import (
    ROOT,
    adopt_held_record_key,
    adopt_held_seal,
    adopt_seal,
    create_development_root,
    create_record_key,
    create_seal_key,
    open_record_key,
    open_seal,
    seal_file,
    seal_in,
)
from app.issue.pki import is_qualified
from app.issue.problems import KeyExistsError, KeyUnfitError
from app.issue.signer import SealSigner
from app.store import awards, intents, issuers, ledger, organisations
from app.store.issuers import Key, Level, Purpose
from app.tools import Tools
from assessments.problems import ConflictError, MissingError


class DevelopmentSealError(ConflictError):
    """Production has no use for a stand-in."""

    code = "development-seal"
    sv = "I produktion behövs organisationens eget sigillcertifikat (PKCS#12). Ett utvecklingssigill duger inte."
    en = "Production needs the organisation's own seal certificate (PKCS#12). A development seal will not do."


class P12(Struct, frozen=True):
    """An organisation's own certificate and key in a file."""

    content: bytes
    passphrase: str


Source = P12 | Held | None
"""Where a seal comes from: a file, a hardware module, or nowhere: then it is a development seal."""


def make(
    tools: Tools, passphrase: str, organisation: str, *, p12: bytes | None = None, p12_passphrase: str = ""
) -> None:
    """Give an organisation a seal (its own, or a development one) and a first record key; what is there is kept."""
    with tools.read() as tx:
        issuer = organisations.find(tx, organisation)
        had = {key.purpose for key in issuers.keys(tx, issuer.id)}
    if "seal" not in had:
        new_seal(tools, passphrase, organisation, P12(p12, p12_passphrase) if p12 else None)
    if "record" not in had:
        rotate(tools, passphrase, organisation)


def new_seal(
    tools: Tools,
    passphrase: str,
    organisation: str,
    source: Source = None,
    *,
    starts_at: datetime | None = None,
    qualified: bool = False,
) -> int:
    """A seal that is used from `starts_at` on; until then the one before it goes on. Returns its number."""
    with tools.read() as tx:
        issuer = organisations.find(tx, organisation)
        place = max((key.place for key in issuers.keys(tx, issuer.id, "seal")), default=0) + 1
    sealer = _seal(tools, passphrase, issuer, source, place, qualified=qualified)
    _list(tools, issuer.id, "seal", place, _pem(sealer), level=_level(sealer, qualified=qualified), starts_at=starts_at)
    return place


def rotate(tools: Tools, passphrase: str, organisation: str, held: Held | None = None) -> int:
    """A new record key from now on; older ones prove nothing new but stay listed for ever. Returns its number."""
    folder = key_folder(tools)
    with tools.read() as tx:
        issuer = organisations.find(tx, organisation)
        development = any(key.development for key in issuers.keys(tx, issuer.id, "seal"))
    if held is None:
        place = create_record_key(folder, issuer.slug, passphrase)
    else:
        place = adopt_held_record_key(folder, issuer.slug, held)
    public = multikey(open_record_key(folder, issuer.slug, place, passphrase).public_key())
    _list(tools, issuer.id, "record", place, public, level="development" if development else "advanced")
    return place


def distrust(tools: Tools, organisation: str, purpose: Purpose, place: int, since: datetime) -> list[str]:
    """A key that somebody else may have used from `since` on: it makes nothing more, and strangers are told.

    Returns the awards that it made documents of since then; people revoke them, two for each.
    """
    now = tools.now()
    with tools.begin() as tx:
        issuer = organisations.find(tx, organisation)
        key = next((each for each in issuers.keys(tx, issuer.id, purpose) if each.place == place), None)
        if key is None:
            raise MissingError(key=f"{purpose} {place}")
        issuers.distrust(tx, key.id, since, now)
        ledger.append(
            tx, tools.new_id(), tenant=issuer.id, actor="operator", action="key.distrust", subject=key.id,
            content=issuers.distrust_content(key.id, since), at=now,
        )  # fmt: skip
        intent = intents.want(tx, tools.new_id(), "issuer", issuer.id, now)
        affected = issuers.made_with(tx, key, since)
    tools.wake(intent)
    return affected


def key_folder(tools: Tools) -> Path:
    """Where private keys lie."""
    return tools.settings.folder / "keys"


def _seal(
    tools: Tools, passphrase: str, issuer: organisations.Organisation, source: Source, place: int, *, qualified: bool
) -> SealSigner:
    folder, now = key_folder(tools), tools.now()
    if any((folder / issuer.slug / seal_file(place, suffix)).exists() for suffix in (".p12", ".json")):
        left = open_seal(folder, issuer.slug, passphrase, place)  # not listed: the last run was cut short
        if source is not None and left.certificate != certificate_in(source):
            raise KeyExistsError(file=seal_file(place))
        return left
    if source is not None:
        require_as_declared(certificate_in(source), qualified=qualified)
    if isinstance(source, P12):
        return adopt_seal(folder, issuer.slug, source.content, source.passphrase, passphrase, place=place, now=now)
    if isinstance(source, Held):
        return adopt_held_seal(folder, issuer.slug, source, place=place, now=now)
    if tools.settings.production:
        raise DevelopmentSealError
    if not (folder / ROOT).exists():
        create_development_root(folder, passphrase)
    return create_seal_key(
        folder, issuer.slug, issuer.name, issuer.organisation_number, passphrase, place=place, now=now
    )


def _level(sealer: SealSigner, *, qualified: bool) -> Level:
    """Qualified only when the operator says so and the certificate does as well."""
    if sealer.development:
        return "development"
    require_as_declared(sealer.certificate, qualified=qualified)
    return "qualified" if qualified else "advanced"


def require_as_declared(certificate: Certificate, *, qualified: bool) -> None:
    """Asked before anything is written."""
    if qualified and not is_qualified(certificate):
        raise KeyUnfitError(why="not-qualified")


def certificate_in(source: P12 | Held) -> Certificate:
    """The seal's own certificate in what is handed over."""
    if isinstance(source, P12):
        return seal_in(source.content, source.passphrase)
    return held_certificates(source)[0]


def _pem(sealer: SealSigner) -> str:
    return sealer.certificate.public_bytes(Encoding.PEM).decode()


def _list(
    tools: Tools,
    provider: str,
    purpose: Purpose,
    place: int,
    public: str,
    *,
    level: Level,
    starts_at: datetime | None = None,
) -> None:
    now = tools.now()
    with tools.begin() as tx:
        issuers.retire_keys(tx, provider, purpose, place, max(starts_at or now, now))
        key = Key(
            id=tools.new_id(), provider=provider, purpose=purpose, place=place, public=public,
            development=level == "development", level=level, made_at=now, starts_at=max(starts_at or now, now),
            retired_at=None, distrusted_from=None,
        )  # fmt: skip
        issuers.add_key(tx, key)
        ledger.append(
            tx, tools.new_id(), tenant=provider, actor="operator", action="key.add", subject=key.id,
            content=issuers.key_content(key), at=now,
        )  # fmt: skip
        intents.want(tx, tools.new_id(), "issuer", provider, now)
        if purpose == "record" and any(each.distrusted_from for each in issuers.keys(tx, provider, "record")):
            for list_id in awards.status_lists(tx, provider):  # proved by a key that nobody trusts any more
                intents.want(tx, tools.new_id(), "status-list", list_id, now)
