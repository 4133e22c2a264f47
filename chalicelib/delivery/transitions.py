"""What a request leads to: the post written before it, and what stands after it (pure)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.alerts.channel import DESTINATION, OUTAGE, Channel
from chalicelib.alerts.delivery import CORRECT_AGAIN_AFTER, Delivery, DeliveryState
from chalicelib.alerts.post import SENT_OUTCOME, Post, PostKind
from chalicelib.delivery.outcome import NO_ANSWER, Outcome, OutcomeKind
from chalicelib.delivery.pace import answered_well, backed_off, paused
from chalicelib.delivery.plan import Plan
from chalicelib.delivery.ports import FORMS

# How often a destination is tried that only a person can mend.
DESTINATION_EVERY = timedelta(minutes=5)
# What was found out later about a post whose outcome was open.
NOT_POSTED, NOT_KNOWN = "not posted", "not known"


def post_for(plan: Plan, channel: str, now: datetime) -> Post:
    first = plan.deliveries[0]
    folds = plan.kind is not PostKind.DIGEST and not (first.amended or first.notice)
    return Post(
        post_id=post_id_of(channel, plan.kind, plan.deliveries),
        channel=channel,
        kind=plan.kind,
        alert_ids=tuple(delivery.alert_id for delivery in plan.deliveries),
        attempted_at=now,
        ts=plan.updates.ts if plan.updates else None,
        channel_id=plan.updates.channel_id if plan.updates else None,
        repeat_key=first.repeat_key if folds else None,
        repeats=plan.repeats,
        also=plan.also,
        digest=plan.digest,
        thread_ts=plan.thread.ts if plan.thread else None,
    )


def shown_in(plan: Plan) -> list[str]:
    """The alerts that the message shows: an update shows the one that was sent, before its own, or
    all of the digest.
    """
    if plan.digest:
        return list(plan.digest)
    first = plan.updates.alert_ids[:1] if plan.updates else ()
    ids = (delivery.alert_id for delivery in plan.deliveries)
    return list(dict.fromkeys((*first, *ids)))


def post_id_of(channel: str, kind: PostKind, deliveries: Iterable[Delivery]) -> str:
    """32 hex digits of the channel, the kind, and each alert with its attempts so far."""
    carried = [[delivery.alert_id, delivery.attempts] for delivery in deliveries]
    text = json.dumps([channel, kind.value, carried])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def delivery_after(delivery: Delivery, post: Post, outcome: Outcome) -> Delivery:
    """Where a delivery stands after this outcome."""
    kind = outcome.kind
    delivery = replace(delivery, post_id=post.post_id, reason=outcome.reason)
    if kind is OutcomeKind.SENT:
        folded = post.kind is PostKind.UPDATE and not delivery.amended
        repeat = delivery.possible_repeat and not folded
        after = replace(delivery, attempts=delivery.attempts + 1, possible_repeat=repeat)
        return as_sent(after)
    if kind is OutcomeKind.PAYLOAD_REFUSED:
        return _in_a_plainer_form(delivery, post, outcome)
    if post.kind is PostKind.UPDATE:
        return _not_updated(delivery, post, outcome)
    state = DeliveryState.UNCERTAIN if kind is OutcomeKind.AMBIGUOUS else DeliveryState.PENDING
    return replace(delivery, state=state)


def delivery_resettled(delivery: Delivery, post: Post, outcome: str) -> Delivery:
    """Where a delivery stands once it is known, or never will be, whether its post was made."""
    unsure = outcome == NOT_KNOWN
    return replace(
        delivery,
        state=DeliveryState.SENT if outcome == SENT_OUTCOME else DeliveryState.PENDING,
        post_id=post.post_id,
        attempts=delivery.attempts + 1,
        possible_repeat=delivery.possible_repeat or unsure,
    )


def as_sent(delivery: Delivery) -> Delivery:
    return replace(delivery, state=DeliveryState.SENT, amended=False, reason=None)


def post_after(post: Post, outcome: Outcome) -> Post:
    """The post with its outcome. Only an ambiguous one stays open; an update can be made again."""
    open_end = outcome.kind is OutcomeKind.AMBIGUOUS and post.kind is not PostKind.UPDATE
    return replace(
        post,
        outcome=_words(outcome),
        settled=not open_end,
        ts=outcome.ts or post.ts,
        channel_id=outcome.channel_id or post.channel_id,
    )


def is_open(post: Post) -> bool:
    """Whether nobody knows yet what became of it. Else its sender was cut off only while it
    wrote that down, delivery by delivery.
    """
    return post.outcome is None or post.outcome.startswith(f"{OutcomeKind.AMBIGUOUS.value}: ")


def may_arrive_yet(post: Post) -> bool:
    """Whether the request of a post whose outcome is open may still be under way."""
    waits = {f"{OutcomeKind.AMBIGUOUS.value}: {reason}" for reason in NO_ANSWER}
    return post.outcome is None or post.outcome in waits


def channel_after(
    channel: Channel, outcome: Outcome, attempted_at: datetime, now: datetime
) -> Channel:
    """What an outcome means for the channel: a pause, an open circuit, or health."""
    kind = outcome.kind
    if kind is OutcomeKind.NOT_POSTED and outcome.retry_after is not None:
        return paused(channel, now, timedelta(seconds=outcome.retry_after))
    if kind is OutcomeKind.DESTINATION_REFUSED:
        channel = paused(channel, now, DESTINATION_EVERY)
        return _tripped(channel, DESTINATION, outcome.reason, attempted_at)
    if kind in (OutcomeKind.NOT_POSTED, OutcomeKind.AMBIGUOUS):
        return _tripped(backed_off(channel, now), OUTAGE, outcome.reason, attempted_at)
    if kind is OutcomeKind.SENT:
        return replace(answered_well(healed(channel)), channel_id=outcome.channel_id)
    return channel


def healed(channel: Channel) -> Channel:
    """The channel with its circuit closed."""
    return replace(channel, trouble=None, reason=None, since=None, credential=None)


def _tripped(channel: Channel, trouble: str, reason: str, attempted_at: datetime) -> Channel:
    since = channel.since if channel.trouble == trouble else attempted_at
    return replace(channel, trouble=trouble, reason=reason, since=since)


def _in_a_plainer_form(delivery: Delivery, post: Post, outcome: Outcome) -> Delivery:
    gone = post.kind is PostKind.UPDATE and outcome.gone
    if gone and delivery.amended:
        return as_sent(delivery)
    # Of a message that is gone no form is at fault: the repeat gets one of its own.
    form, attempts = delivery.form + (not gone), delivery.attempts + 1
    state = DeliveryState.PENDING if form < FORMS else DeliveryState.PARKED
    return replace(delivery, state=state, form=form, attempts=attempts)


def _not_updated(delivery: Delivery, post: Post, outcome: Outcome) -> Delivery:
    """An update can be made again. Should a message be sent of it after all, that is a repeat where
    the update may have been made. A correction holds up no alert again for a while.
    """
    delivery = replace(delivery, state=DeliveryState.PENDING)
    if not delivery.amended:
        unsure = outcome.kind is OutcomeKind.AMBIGUOUS
        return replace(delivery, possible_repeat=delivery.possible_repeat or unsure)
    if outcome.retry_after is not None:
        return delivery
    return replace(delivery, due_at=post.attempted_at + CORRECT_AGAIN_AFTER)


def _words(outcome: Outcome) -> str:
    if outcome.kind is OutcomeKind.SENT:
        return SENT_OUTCOME
    return f"{outcome.kind.value}: {outcome.reason}"
