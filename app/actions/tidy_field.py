"""Forget what the field left and nobody needs: old deliveries' bytes, photos no case asks for, abandoned pieces."""

from datetime import timedelta

from app.store import deliveries, media
from app.tools import Tools

KEPT = timedelta(days=30)


def tidy_field(tools: Tools) -> int:
    """Returns how many abandoned pieces were removed; doing it often costs nothing."""
    before = tools.now() - KEPT
    with tools.begin() as tx:
        deliveries.forget_raw(tx, before)
        media.forget(tx, before)
    uploads = tools.settings.folder / "uploads"
    left = [each for each in uploads.glob("*/*") if each.stat().st_mtime < before.timestamp()]
    for each in left:
        each.unlink(missing_ok=True)
    return len(left)
