"""What becomes of an alert's deliveries when it is corrected (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import Delivery, DeliveryState, deliveries_of, repeat_key_of
from chalicelib.alerts.post import Post, PostKind

_UNDER_WAY = (DeliveryState.SENDING, DeliveryState.UNCERTAIN)


def as_of(delivery: Delivery, alert: Alert) -> Delivery:
    """The delivery with what dispatch plans by, as the alert is now."""
    (now,) = deliveries_of(replace(alert, channels=(delivery.channel,)), delivery.due_at)
    return replace(
        now,
        state=delivery.state,
        attempts=delivery.attempts,
        form=delivery.form,
        possible_repeat=delivery.possible_repeat,
        amended=delivery.amended,
        post_id=delivery.post_id,
        reason=delivery.reason,
    )


def told_again(
    delivery: Delivery,
    before: Alert,
    after: Alert,
    posts: Iterable[Post],
    at: datetime,
    *,
    loud: bool,
) -> Delivery:
    """Where a delivery stands once its alert was corrected `at` a time.

    What was sent is PENDING: as an update of its message (`amended`), or anew where that would
    tell nobody of what came to more, or count it among what it is no longer. `loud` says that what
    is severer now is told anew in any case.
    """
    now = as_of(delivery, after)
    if delivery.state in _UNDER_WAY:
        return replace(now, amended=True)
    if delivery.state is not DeliveryState.SENT and not delivery.amended:
        return now
    severer = after.severity.rank > before.severity.rank
    is_other = severer or repeat_key_of(after) != repeat_key_of(before)
    anew = (loud and severer) or (is_other and not _shows_alone(posts, delivery))
    return replace(now, state=DeliveryState.PENDING, amended=not anew, due_at=at)


def _shows_alone(posts: Iterable[Post], delivery: Delivery) -> bool:
    """Whether one of the posts is a message of this alert, and of no other beside it."""
    return any(
        (post.kind is PostKind.SINGLE or post.corrects)
        and post.channel == delivery.channel
        and post.alert_ids == (delivery.alert_id,)
        and post.repeats == 1
        for post in posts
    )
