"""The one wiring place for every process: settings, database, files, clock, ids and the wake-up. It holds no key."""

import os
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.settings import Settings
from app.store.database import Database
from app.store.files import Files

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True)
class Tools:
    """What actions need of the world, handed in by the door."""

    settings: Settings
    database: Database
    files: Files
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    wake: Callable[[str], None]
    """Tell the worker that an intent is due; losing it only delays."""
    random: Random

    def begin(self) -> AbstractContextManager[Connection]:
        """A write transaction."""
        return self.database.begin()

    def read(self) -> AbstractContextManager[Connection]:
        """A consistent look."""
        return self.database.read()

    def today(self) -> str:
        """The Stockholm calendar day as ISO text."""
        return stockholm_day(self.now()).isoformat()


def tools_for(settings: Settings, wake: Callable[[str], None] | None = None) -> Tools:
    """The real world; without `wake` the worker finds due intents at its next look."""
    return Tools(
        settings=settings,
        database=Database(settings.database),
        files=Files(settings.folder / "files"),
        now=lambda: datetime.now(UTC),
        new_id=new_uuid7,
        wake=wake or (lambda _intent: None),
        random=secrets.SystemRandom(),
    )


def stockholm_day(moment: datetime) -> date:
    """The calendar day in Sweden at that moment."""
    return moment.astimezone(STOCKHOLM).date()


def new_uuid7() -> str:
    """A UUID of version 7: 48 bits of milliseconds, then randomness (RFC 9562 §5.7)."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=value))


def new_secret() -> str:
    """128 random bits, safe in addresses."""
    return secrets.token_urlsafe(16)
