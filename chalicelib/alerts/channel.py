"""Channel: who sends to it, how fast, and what stops it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from chalicelib.alerts.post import Post
from chalicelib.rules.rule import Severity

# What stops a channel: a destination error needs a person; an outage ends by itself.
DESTINATION, OUTAGE = "destination", "outage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """The one item per channel whose conditional write decides who sends.

    `owner` holds it until it lets go (`leased_until` None) or its lease is seen unchanged for a
    whole lease; `leased_until` only tells one renewal from the next. Nobody sends before
    `next_send_at` (pace, Retry-After, backoff); `pause` is how many seconds ahead that was when it
    was set, which it never is by more. From then on `burst_left` requests may go at once, one more
    each second; none does while `calm_in` good answers are still wanted since a failure.
    `failures` counts the tries in a row that failed. `credential` is a keyed hash of the token
    that was refused (see DESTINATION).
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
    pause: float = 0.0
    failures: int = 0
    calm_in: int = 0
    credential: str | None = None

    @property
    def lease(self) -> Lease:
        """Who holds it, and by which renewal."""
        return Lease(self.owner, self.leased_until)


class Lease(NamedTuple):
    """Who holds a channel, and until when by the holder's own clock, which proves nothing to
    others: two that are equal are one and the same renewal. Free where `until` is None.
    """

    owner: str | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A channel, and whether something is due there: a delivery, or a post to be settled.

    `severity` is that of the most severe delivery due, `since` its due_at; None where only a post
    is to be settled.
    """

    channel: Channel
    due: bool
    severity: Severity | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A channel that its owner holds, and its posts that are not settled, the oldest first:
    cut off, or with an ambiguous outcome.
    """

    channel: Channel
    unsettled: tuple[Post, ...] = ()
