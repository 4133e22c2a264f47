"""Times as notes keep them and as sentences name them."""

from __future__ import annotations

from datetime import datetime, timedelta


def in_words(time: datetime) -> str:
    """A moment as a sentence names it."""
    return f"{time:%Y-%m-%d %H:%M} UTC"


def passed(since: datetime, now: datetime, span: timedelta) -> bool:
    """Whether more than so long has passed since a time that was kept. Where it lies further ahead
    than that, the clock was put back: nobody knows how long ago it was, and so it has.
    """
    return abs(now - since) > span


def from_iso(text: object) -> datetime | None:
    """The moment that `isoformat` wrote, to the microsecond; None for anything else.

    Without its offset nobody knows which moment is meant.
    """
    if not isinstance(text, str):
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.utcoffset() is not None else None
