"""What becomes of an alert's deliveries when it is corrected (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Handled
from chalicelib.alerts.delivery import Delivery, DeliveryState, deliveries_of, repeat_key_of
from chalicelib.alerts.mutes import may_be_muted, slot_of, unhidden
from chalicelib.alerts.outbox import StoredAlert
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
        mute_id=delivery.mute_id,
        muted_up_to=delivery.muted_up_to,
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
    is severer now is told anew in any case. What is MUTED stays so while it is what the mute hides.
    """
    now = as_of(delivery, after)
    if delivery.state is DeliveryState.MUTED:
        return now if _is_hidden(now, before, after) else replace(unhidden(now), due_at=at)
    if delivery.state in _UNDER_WAY:
        # An update that is under way shows what was before: its sender knows that by another time.
        other = max(at, now.due_at + timedelta(microseconds=1))
        return replace(now, amended=True, due_at=other if now.amended else now.due_at)
    if delivery.state is not DeliveryState.SENT and not delivery.amended:
        return now
    severer = after.severity.rank > before.severity.rank
    is_other = severer or repeat_key_of(after) != repeat_key_of(before)
    anew = (loud and severer) or (is_other and not _shows_alone(posts, delivery))
    return replace(now, state=DeliveryState.PENDING, amended=not anew, due_at=at)


def told_after(delivery: Delivery, stored: StoredAlert, handled: Handled, at: datetime) -> Delivery:
    """Where a delivery of the alert stands after what people made of it `at` that time."""
    after = handled.alert or stored.alert
    if handled.quiet:
        return as_of(delivery, after)
    told = told_again(delivery, stored.alert, after, stored.posts, at, loud=handled.loud)
    if handled.loud and told.state is DeliveryState.PENDING:
        return replace(told, amended=False)
    return told


def _is_hidden(now: Delivery, before: Alert, after: Alert) -> bool:
    """Whether its mute hides what the alert is now, too."""
    most = now.muted_up_to
    is_covered = most is not None and after.severity.rank <= most.rank
    return is_covered and slot_of(after) == slot_of(before) and may_be_muted(after)


def _shows_alone(posts: Iterable[Post], delivery: Delivery) -> bool:
    """Whether one of the posts is a message of this alert, and of no other beside it."""
    return any(
        (post.kind is PostKind.SINGLE or (post.corrects and not post.digest))
        and post.channel == delivery.channel
        and post.alert_ids == (delivery.alert_id,)
        and post.repeats == 1
        for post in posts
    )
