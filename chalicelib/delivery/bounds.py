"""Bounds: how far ahead a time that is kept can lie (pure).

A time that lies further ahead was kept before the clock was put back. It is set to its bound, never
to now: who reads it cannot tell how much of the pause is over, and a pause that is cut short may be
a Retry-After.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.alerts.channel import DESTINATION, Channel
from chalicelib.delivery.outcome import LONGEST_RETRY_AFTER_SECONDS
from chalicelib.delivery.planner import UPDATE_EVERY

# What a state was kept with before its pause was kept too.
PAUSE_BEFORE, DESTINATION_PAUSE_BEFORE = timedelta(seconds=66), timedelta(minutes=5)
# No pause is shorter: the pace is one request a second.
SHORTEST_PAUSE = timedelta(seconds=1)
# The clocks of two machines that are both right may differ by this.
CLOCKS_DIFFER = timedelta(seconds=5)


def pulled(channel: Channel, now: datetime, waited: float = 0.0) -> Channel:
    """The channel with every time that lies further ahead than it can be set to its bound; the
    same object where there is none.

    `waited` is for how many seconds its next_send_at was seen as it is (Watch.waited): so much of
    the pause is over, whatever the clocks say.
    """
    changes: dict[str, Any] = {}
    left = max(_pause(channel) - timedelta(seconds=waited), SHORTEST_PAUSE)
    if _lies_ahead(channel.next_send_at, now + left):
        changes = {"next_send_at": now + left, "pause": left.total_seconds()}
    if _lies_ahead(channel.next_update_at, now + UPDATE_EVERY):
        changes["next_update_at"] = now + UPDATE_EVERY
    if _lies_ahead(channel.since, now):
        changes["since"] = now
    return replace(channel, **changes) if changes else channel


def _pause(channel: Channel) -> timedelta:
    """How far ahead the next request can be, at most."""
    if channel.pause > 0:
        return timedelta(seconds=min(channel.pause, LONGEST_RETRY_AFTER_SECONDS))
    return DESTINATION_PAUSE_BEFORE if channel.trouble == DESTINATION else PAUSE_BEFORE


def _lies_ahead(time: datetime | None, bound: datetime) -> bool:
    return time is not None and time - bound > CLOCKS_DIFFER
