"""Channel: who sends to it, how fast, and what stops it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.alerts.post import Post

# What stops a channel: a destination error needs a person; an outage ends by itself.
DESTINATION, OUTAGE = "destination", "outage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """The one item per channel whose conditional write decides who sends.

    `owner` may send until `leased_until`. Nobody sends before `next_send_at` (pace, Retry-After);
    from then on `burst_left` requests may go at once, one more each second (None: the full burst).
    `alone` holds the flood key of each critical or high alert that went alone in this backlog.
    `trouble` names what stops the channel (an open circuit) and `since` when it began:
    DESTINATION or OUTAGE (refused or ambiguous), with the channel's own word in `reason`.
    `channel_id` is its own id, kept from the first reply.
    """

    name: str
    owner: str | None = None
    leased_until: datetime | None = None
    next_send_at: datetime | None = None
    next_update_at: datetime | None = None
    burst_left: float = 0.0
    alone: tuple[str, ...] = ()
    trouble: str | None = None
    reason: str | None = None
    since: datetime | None = None
    channel_id: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A channel, and whether something is due there: a delivery, or a post to be settled."""

    channel: Channel
    due: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A channel that its owner holds, and its posts that are not settled, the oldest first:
    cut off, or with an ambiguous outcome.
    """

    channel: Channel
    unsettled: tuple[Post, ...] = ()
