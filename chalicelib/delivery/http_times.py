"""The times that a host tells in the headers of its answers (pure)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from chalicelib.delivery.outcome import LONGEST_RETRY_AFTER_SECONDS

# What a Retry-After that is missing or unreadable counts as, and the least that one counts as.
RETRY_AFTER_SECONDS = 30.0
SHORTEST_RETRY_AFTER_SECONDS = 1.0
_SECONDS = re.compile(r"-?\d+", re.ASCII)


def retry_after_seconds(text: str | None, now: datetime) -> float:
    """Read a Retry-After in seconds or as an HTTP date: from 1 s to 6 h, garbage counts as 30 s."""
    text = (text or "").strip()
    if _SECONDS.fullmatch(text):
        seconds = float(text)
    elif at := time_of(text):
        seconds = (at - now).total_seconds()
    else:
        return RETRY_AFTER_SECONDS
    return min(max(seconds, SHORTEST_RETRY_AFTER_SECONDS), LONGEST_RETRY_AFTER_SECONDS)


def time_of(date: str | None) -> datetime | None:
    """An HTTP date as an aware time; None where it is none. A date without a zone is in UTC."""
    try:
        at = parsedate_to_datetime(date or "")
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
