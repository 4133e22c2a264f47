"""Posts in the DynamoDB table: begun, settled, and the deliveries that they carry.

A digest carries more deliveries than a transaction takes: then the post is written first, which
stands for all of them, and they follow in several transactions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.post import SENT_OUTCOME, Post, PostKind
from chalicelib.stores.dynamodb.batches import chunks
from chalicelib.stores.dynamodb.calls import MAX_ACTIONS, ConditionError, Table
from chalicelib.stores.dynamodb.changes import Change, apply
from chalicelib.stores.dynamodb.expressions import Action, delete_action, put_action, update_action
from chalicelib.stores.dynamodb.items import (
    alert_key,
    channel_item,
    delivery_key,
    is_finished,
    last_single_key,
    open_post_key,
    post_item,
    queue_of,
    record_key,
    settled_post_key,
)
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE
from chalicelib.stores.encoding import micros
from chalicelib.stores.rows import post_row, settled_row

_ACTIONS_OF_ONE = 3  # delivery, alert, record


def begin(table: Table, post: Post, channel: Channel) -> bool:
    """Write the post and the channel, and mark the deliveries; False where it was lost."""
    if channel.owner is None:
        return False
    held = put_action(
        channel_item(channel),
        "#owner = :owner AND attribute_exists(#leased_until)",
        owner=channel.owner,
    )
    marks = [Change(((_mark(post, alert_id),),)) for alert_id in post.alert_ids]
    room = MAX_ACTIONS - 2
    try:
        apply(table, [held, put_action(post_item(post, None))], marks[:room])
    except ConditionError:
        return False
    for some in chunks(marks[room:], MAX_ACTIONS):
        apply(table, [], some)
    return True


def settle(table: Table, post: Post, deliveries: Sequence[Delivery], expires_at: int) -> None:
    """Write the post's outcome and the deliveries; the post last, where they are many."""
    changes = [_settled(post, delivery, expires_at) for delivery in deliveries]
    closing, repeats = _closing(post, expires_at), _repeats(table, post, expires_at)
    if (len(changes) + 1) * _ACTIONS_OF_ONE + len(closing) <= MAX_ACTIONS:
        apply(table, closing, [*changes, *repeats])
        return
    table.put(post_item(replace(post, settled=False), None))
    for some in chunks(changes, MAX_ACTIONS // _ACTIONS_OF_ONE):
        apply(table, [], some)
    apply(table, closing, repeats)


def _mark(post: Post, alert_id: str) -> Action:
    return update_action(
        delivery_key(alert_id, post.channel),
        "SET #state = :state, #queue = :queue, #post_id = :post_id",
        "attribute_exists(#pk)",
        state=DeliveryState.SENDING.value,
        queue=queue_of(DeliveryState.SENDING, post.channel),
        post_id=post.post_id,
    )


def _settled(post: Post, delivery: Delivery, expires_at: int) -> Change:
    written = _written(post, delivery, expires_at)
    if not is_finished(delivery.state):
        return Change(((written,),))
    again = _written(post, replace(delivery, state=DeliveryState.PENDING, amended=True), expires_at)
    channel = frozenset({delivery.channel})
    last = update_action(
        alert_key(delivery.alert_id),
        f"SET #{TTL_ATTRIBUTE} = :expires_at DELETE #unfinished :channel",
        "attribute_exists(#pk) AND (attribute_not_exists(#unfinished) OR #unfinished = :channel)",
        expires_at=expires_at,
        channel=channel,
    )
    record = update_action(
        record_key(delivery.alert_id),
        f"SET #{TTL_ATTRIBUTE} = :expires_at",
        "attribute_exists(#pk)",
        expires_at=expires_at,
    )
    one_of_several = update_action(
        alert_key(delivery.alert_id),
        "DELETE #unfinished :channel",
        "attribute_exists(#pk)",
        channel=channel,
    )
    done = ((written, last, record), (written, one_of_several))
    return Change((*done, (again,)) if _may_be_outdated(post, delivery) else done)


def _may_be_outdated(post: Post, delivery: Delivery) -> bool:
    """Whether the alert may have been corrected while the post showed what it was before."""
    return delivery.state is DeliveryState.SENT and not post.corrects


def _written(post: Post, delivery: Delivery, expires_at: int) -> Action:
    values: dict[str, Any] = settled_row(delivery) | {
        "post_id": post.post_id,
        "queue": queue_of(delivery.state, delivery.channel),
        TTL_ATTRIBUTE: expires_at if is_finished(delivery.state) else None,
    }
    condition = (
        "attribute_exists(#pk) AND (#state = :pending"
        " OR attribute_not_exists(#post_id) OR #post_id = :post_id)"
    )
    if delivery.state is DeliveryState.UNCERTAIN:
        del values["amended"]  # stays as it is
    if _may_be_outdated(post, delivery):
        condition += " AND #amended = :amended"
    kept = {name: value for name, value in values.items() if value is not None}
    change = "SET " + ", ".join(f"#{name} = :{name}" for name in kept)
    gone = [f"#{name}" for name in values if name not in kept]
    if gone:
        change += " REMOVE " + ", ".join(gone)
    return update_action(
        delivery_key(delivery.alert_id, delivery.channel),
        change,
        condition,
        pending=DeliveryState.PENDING.value,
        **kept,
    )


def _closing(post: Post, expires_at: int) -> list[Action]:
    written = put_action(post_item(post, expires_at))
    if not post.settled:
        return [written]
    return [delete_action(open_post_key(post.post_id, post.channel)), written]


def _repeats(table: Table, post: Post, expires_at: int) -> list[Change]:
    """What a sent post means for the latest single post of its repeat key."""
    if post.repeat_key is None or post.outcome != SENT_OUTCOME or not post.settled:
        return []
    key = last_single_key(post.channel, post.repeat_key)
    if post.kind is PostKind.SINGLE:
        row = key | post_row(post) | {TTL_ATTRIBUTE: expires_at}
        latest = "attribute_not_exists(#pk) OR #attempted_at <= :attempted_at"
        values: dict[str, Any] = {"attempted_at": micros(post.attempted_at)}
        if post.ts:  # by the channel's clock, where ours was put back
            latest, values = f"{latest} OR #ts < :ts", values | {"ts": post.ts}
        return [Change(((put_action(row, latest, **values),),))]
    if post.kind is not PostKind.UPDATE:
        return []
    last = table.get(key)
    if not last or last["ts"] != post.ts:
        return []
    return [Change(((_raised(at, post),),)) for at in (key, settled_post_key(last["post_id"]))]


def _raised(key: Mapping[str, str], post: Post) -> Action:
    row = post_row(post)
    shown = {name: row[name] for name in ("repeats", "also")}
    change = "SET #repeats = :repeats, #also = :also"
    return update_action(key, change, "#repeats < :repeats", **shown)
