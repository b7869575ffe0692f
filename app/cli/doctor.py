"""Looks at everything an installation rests on and says in one sentence each what is missing or wrong."""

import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from cryptography import x509
from msgspec import Struct
from sqlalchemy.exc import SQLAlchemyError

from app.actions import erase
from app.cli.house import require_own_app
from app.cli.local_ca import Identity, ends
from app.issue.fonts import fonts_missing
from app.issue.keys import seal_file
from app.issue.pki import LEAST_DAYS
from app.settings import LOOPBACK, Settings
from app.store import erasure, intents, issuers, organisations, proofs
from app.store.issuers import Key
from app.store.schema import SchemaError, require_current
from app.tools import Tools, tools_for

LEAST_FREE = 0.1  # of the disk
ALARM_DAYS = 90
"""Before a seal ends: time enough to order the next one."""
OLDEST = timedelta(minutes=5)


class Complaint(Struct, frozen=True):
    """One thing; `unfit` means it must be mended, `warning` that somebody should look."""

    severity: Literal["unfit", "warning"]
    text: str


def complaints(settings: Settings) -> list[Complaint]:
    """Everything found, in the order in which it should be mended."""
    require_own_app()
    found = list(_machine(settings))
    tools = tools_for(settings)
    try:
        require_current(tools.database)
        found += _database(tools)
    except SchemaError as fault:
        found.append(Complaint("unfit", str(fault)))
    except SQLAlchemyError as fault:
        found.append(Complaint("unfit", f"the database does not answer: {type(fault).__name__}"))
    finally:
        tools.database.close()
    return found


def _machine(settings: Settings) -> Iterator[Complaint]:
    for missing in fonts_missing():
        yield Complaint("unfit", f"font missing: {missing} (make setup installs it)")
    for name, file in (("form secret", settings.secret_file), ("key passphrase", settings.passphrase_file)):
        if not file.exists():
            yield Complaint("unfit", f"the {name} is missing: {file} (intyga init makes it)")
        elif file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Complaint("unfit", f"others can read the {name}: chmod 600 {file}")
    if settings.folder.exists():
        disk = shutil.disk_usage(settings.folder)
        if disk.free < disk.total * LEAST_FREE:
            yield Complaint("warning", f"less than a tenth of the disk is free at {settings.folder}")
    yield from _reach(settings)
    if settings.host not in LOOPBACK and settings.proxies:
        yield Complaint(
            "unfit", f"listens on {settings.host} and believes proxy headers: anybody there could forge an address"
        )
    if settings.host not in LOOPBACK and not settings.proxies:
        yield Complaint(
            "warning", f"listens on {settings.host} without TLS: put a reverse proxy in front and set INTYGA_PROXIES"
        )
    yield from _stamping(settings)
    if not settings.production:
        yield Complaint("warning", "development mode: certificates are SPECIMEN and prove nothing")


def _stamping(settings: Settings) -> Iterator[Complaint]:
    if settings.tsa and not Path(settings.tsa_trust).is_file():
        yield Complaint("unfit", f"the roots of the time-stamp authority are missing: {settings.tsa_trust}")
    if settings.production and not settings.tsa:
        yield Complaint("warning", "no time-stamp authority (INTYGA_TSA): papers stay at level B, shown as waiting")


def _seals(tools: Tools, slug: str, listed: list[Key]) -> Iterator[Complaint]:
    """The last one listed is the one that must be there and must last."""
    home, last = tools.settings.folder / "keys" / slug, listed[-1]
    if not any((home / seal_file(last.place, suffix)).exists() for suffix in (".p12", ".json")):
        yield Complaint("unfit", f"the seal of {slug} is listed, but its key file is missing")
    days = (x509.load_pem_x509_certificate(last.public.encode()).not_valid_after_utc - tools.now()).days
    if days < LEAST_DAYS:
        yield Complaint("unfit", f"the seal of {slug} ends in {days} days and seals no more: intyga key adopt {slug}")
    elif days < ALARM_DAYS:
        yield Complaint(
            "warning", f"the seal of {slug} ends in {days} days: get the next one (intyga key adopt {slug})"
        )


def _reach(settings: Settings) -> Iterator[Complaint]:
    """Tablets keep acts and use cameras only on pages that came over a connection they trust."""
    public = urlsplit(settings.public_url)
    if public.scheme != "https" and public.hostname not in LOOPBACK:
        yield Complaint("unfit", f"{settings.public_url} is no secure context: tablets, cameras and keys need https")
    if settings.tablet_url:
        end = ends(Identity.below(settings.folder))
        if end is None or end < datetime.now(UTC):
            yield Complaint("warning", "tablets have no certificate to trust: intyga serve --tablet makes one")


def _database(tools: Tools) -> Iterator[Complaint]:
    now = tools.now()
    with tools.read() as tx:
        for fault in proofs.faults(tx):
            yield Complaint("unfit", fault)
        for provider in organisations.every(tx, "provider"):
            listed = [key for key in issuers.keys(tx, provider.id, "seal") if not key.ended(now)]
            if listed:
                yield from _seals(tools, provider.slug, listed)
            else:
                yield Complaint(
                    "warning", f"{provider.slug} has no seal and cannot issue: intyga key new {provider.slug}"
                )
        for key in issuers.keys(tx, purpose="seal"):
            if key.development and tools.settings.production:
                yield Complaint("unfit", "a development seal is listed in production")
        for intent in intents.failing(tx):
            yield Complaint("warning", f"{intent.kind} {intent.subject} failed {intent.tries} times: {intent.failure}")
        late = intents.due(tx, now - OLDEST)
        if late:
            yield Complaint("warning", f"{len(late)} jobs have waited more than five minutes: is the worker running?")
        named = erasure.named_files(tx)
        if erase.listed(tools) - erasure.done(tx):
            yield Complaint("unfit", "erased people are back in the database: run intyga restore, or erase them again")
    broken = sorted(each for each in named if not tools.files.whole(each))
    if broken:
        yield Complaint("unfit", f"{len(broken)} files are gone or damaged, for example {broken[0]}: take a backup's")
