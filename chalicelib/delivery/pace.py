"""Pace: when a channel's next request may go (pure)."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.alerts.channel import Channel

# Slack: one message a second and channel; the burst it allows is unpublished.
BURST = 10.0
SECOND = timedelta(seconds=1)
# So many good answers in a row are wanted before a channel that failed has a burst again.
CALM_AFTER = 10
LONGEST_BACKOFF = timedelta(seconds=60)
# What chance takes off a backoff, so that channels that failed together do not ask together. The
# least of it leaves who watches others' channels time to look: a minute is never exceeded.
LEAST_OFF, MOST_OFF = 0.05, 0.1


def ready_at(channel: Channel, now: datetime) -> datetime:
    """When the channel's next request may go."""
    return max(channel.next_send_at or now, now)


def paced(channel: Channel, now: datetime) -> Channel:
    """The channel after one more request at `now`: a token bucket of ten, one more a second."""
    since = (now - channel.next_send_at) / SECOND if channel.next_send_at else BURST
    left = min(BURST, channel.burst_left + max(since, 0.0)) - 1
    pause = 1.0  # the longest there is between two requests
    if channel.calm_in:
        return replace(channel, next_send_at=now + SECOND, burst_left=1.0, pause=pause)
    if left >= 1:
        return replace(channel, next_send_at=now, burst_left=left, pause=pause)
    at = now + (1 - left) * SECOND
    return replace(channel, next_send_at=at, burst_left=1.0, pause=pause)


def paused(channel: Channel, since: datetime, pause: timedelta) -> Channel:
    """The channel that pauses for so long since then, a second at least, and goes on with one
    request a second until all is calm.
    """
    pause = max(pause, SECOND)
    return replace(
        channel,
        next_send_at=since + pause,
        burst_left=1.0,
        pause=pause.total_seconds(),
        calm_in=CALM_AFTER,
    )


def backed_off(channel: Channel, now: datetime) -> Channel:
    """The channel after one more failure: it pauses for 1, 2, 4 … 60 s, a little less by chance,
    which is derived from what failed so that it can be told again.
    """
    failures = channel.failures + 1
    longest = min(2 ** min(failures - 1, 6) * SECOND, LONGEST_BACKOFF)
    chance = zlib.crc32(f"{channel.name} {failures} {now.isoformat()}".encode()) / 2**32
    pause = longest * (1 - LEAST_OFF - (MOST_OFF - LEAST_OFF) * chance)
    return replace(paused(channel, now, pause), failures=failures)


def is_stopped(channel: Channel) -> bool:
    """Whether its last answer was not a good one: it waits for more than its pace."""
    return channel.trouble is not None or channel.calm_in == CALM_AFTER


def answered_well(channel: Channel) -> Channel:
    """The channel after a good answer."""
    return replace(channel, failures=0, calm_in=max(channel.calm_in - 1, 0))
