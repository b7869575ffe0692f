"""When something was done although the tablet's clock is wrong: what it says must not reach a certificate."""

from datetime import UTC, datetime, timedelta

WRONG = timedelta(minutes=2)
"""A clock that differs by less is right: people, networks and queues need a moment."""


def happened(at: str, received: datetime, *, opened: datetime | None = None, skew: timedelta | None = None) -> datetime:
    """The moment that counts, in UTC: as told, set right by the known skew, and never outside of what is possible.

    Nothing is received before it is done. `opened` is given for what a tablet claims: it can only have come after. A
    positive skew says that the clock was behind when it delivered.
    """
    try:
        told = datetime.fromisoformat(at).astimezone(UTC)
        if skew is not None and abs(skew) > WRONG:
            told += skew
    except OverflowError:
        return received
    return min(received, max(told, opened or told))
