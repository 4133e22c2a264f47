"""Where and since when an alert is told (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.post import Post, PostKind
from chalicelib.settings import WEBHOOK

# Nobody will be told of it there, unless a person wants it.
_UNTOLD = frozenset({DeliveryState.MUTED, DeliveryState.PARKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A channel that is told: by which message (its ts, else the alert's id), and since when; None
    where it is not told yet. `folded` is the repeat key where it only raised another's × N.
    """

    channel: str
    message: str
    since: datetime | None
    folded: str | None = None


def told_in(stored: StoredAlert, now: datetime) -> Iterator[Told]:
    """Each channel where people are told of it, or will be. An alert with its deliveries and posts.
    Of a webhook nobody knows who reads it.
    """
    posts = {post.post_id: post for post in stored.posts}
    for delivery in stored.deliveries:
        if delivery.state not in _UNTOLD and delivery.channel != WEBHOOK:
            yield _told(stored, delivery, posts.get(delivery.post_id or ""), now)


def _told(stored: StoredAlert, delivery: Delivery, post: Post | None, now: datetime) -> Told:
    message, since, folded = stored.alert.alert_id, None, None
    if post is not None and post.ts:
        # An update tells nothing new of when. A time ahead was kept before the clock was put back.
        at = stored.alert.seen_at if post.kind is PostKind.UPDATE else post.attempted_at
        message, since = post.ts, min(at, now)
        folded = post.repeat_key if post.kind is PostKind.UPDATE else None
    elif delivery.state is DeliveryState.SENT:
        since = min(delivery.due_at, now)
    return Told(channel=delivery.channel, message=message, since=since, folded=folded)
