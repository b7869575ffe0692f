"""Bring in the sealed file of a tablet that cannot send: the same road as a delivery, so often is once."""

import contextlib

from msgspec import Struct

from app.actions.deliver import Sent, deliver
from app.actions.sealed import SealedFileError, open_sealed
from app.actions.taking import Taken
from app.actions.upload import ChunkError, MediaHashError, keep_media
from app.policy import Actor, require
from app.store import devices
from app.store.types import canonical
from app.tools import Tools
from assessments.event import BATCH
from assessments.problems import MissingError


class HandedIn(Struct, frozen=True):
    """What became of each event, how many photos were whole, and how many were not what their names say."""

    results: tuple[Taken, ...]
    photos: int
    lies: int


def hand_in(tools: Tools, actor: Actor, provider: str, data: bytes) -> HandedIn:
    """Open the file and take everything in that is in it; raises `SealedFileError`."""
    require(actor, "device.manage", provider)
    unsent = open_sealed(tools, provider, data)
    with tools.read() as tx:
        try:
            tablet = devices.find(tx, unsent.device)
        except MissingError as unknown:
            raise SealedFileError(reason="unknown tablet") from unknown
    if tablet.provider != provider:
        raise SealedFileError(reason="unknown tablet")
    results: list[Taken] = []
    for start in range(0, len(unsent.events), BATCH):
        part = Sent(events=unsent.events[start : start + BATCH], sent_at=unsent.sent_at, app=unsent.app)
        results += deliver(tools, tablet.id, part, canonical(part), by=actor.person).results
    whole = 0
    for sha256, content in unsent.media.items():
        with contextlib.suppress(MediaHashError, ChunkError):  # the others are taken in all the same
            keep_media(tools, tablet, sha256, content)
            whole += 1
    return HandedIn(tuple(results), whole, len(unsent.media) - whole)
