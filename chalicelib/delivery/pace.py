"""Pace: when a channel's next request may go (pure)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.alerts.channel import Channel
from chalicelib.delivery.outcome import LONGEST_RETRY_AFTER_SECONDS

# Slack: one message a second and channel; the burst it allows is unpublished.
BURST = 10.0
SECOND = timedelta(seconds=1)
# The longest Retry-After that is believed, and the pace.
LONGEST_PAUSE = timedelta(seconds=LONGEST_RETRY_AFTER_SECONDS + BURST)


def ready_at(channel: Channel, now: datetime) -> datetime:
    """When the channel's next request may go: at once where the clock was put back since."""
    at = channel.next_send_at or now
    return now if at - now > LONGEST_PAUSE else max(at, now)


def paced(channel: Channel, now: datetime) -> Channel:
    """The channel after one more request at `now`: a token bucket of ten, one more a second."""
    since = (now - channel.next_send_at) / SECOND if channel.next_send_at else BURST
    left = min(BURST, channel.burst_left + max(since, 0.0)) - 1
    if left >= 1:
        return replace(channel, next_send_at=now, burst_left=left)
    return replace(channel, next_send_at=now + (1 - left) * SECOND, burst_left=1.0)


def paused(channel: Channel, until: datetime) -> Channel:
    """The channel after which nothing goes before `until`, and then one request a second."""
    return replace(channel, next_send_at=until, burst_left=1.0)
