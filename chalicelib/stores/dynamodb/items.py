"""Alerts, deliveries, posts and channels as items of the one table (see table.py)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import FINISHED, Delivery, DeliveryState, deliveries_of
from chalicelib.alerts.post import Post
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb.expressions import Item
from chalicelib.stores.dynamodb.places import day_of, place_of
from chalicelib.stores.dynamodb.shards import day_key_of, queue_of
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE
from chalicelib.stores.encoding import (
    filters_of,
    pack_alert,
    pack_record,
    seconds,
    unpack_alert,
    words,
)
from chalicelib.stores.rows import (
    NEW_CHANNEL,
    channel_from,
    channel_row,
    delivery_from,
    delivery_row,
    post_row,
    settled_row,
)

Key = dict[str, str]

_MOST_SEVERE = len(Severity) - 1


# What the words of an alert end with where it is so: no text that is searched for has a null.
ACKNOWLEDGED, HAS_MUTED = "\0acknowledged", "\0muted"
# Partitions that are read whole.
CHANNELS, DAYS = "CHANNELS", "DAYS"
# What an alert's item says of the post that carried it alone, beside what it says anyway.
POST_ATTRIBUTES = ("kind", "outcome", "settled", "ts", "channel_id", "repeat_key", "repeats",
                   "also", "digest", "thread_ts")  # fmt: skip


def alert_key(alert_id: str) -> Key:
    return {"pk": f"ALERT#{alert_id}", "sk": "ALERT"}


def record_key(alert_id: str) -> Key:
    return {"pk": f"ALERT#{alert_id}", "sk": "RECORD"}


def delivery_key(alert_id: str, channel: str) -> Key:
    return {"pk": f"ALERT#{alert_id}", "sk": f"DELIVERY#{channel}"}


def channel_key(name: str) -> Key:
    return {"pk": CHANNELS, "sk": name}


def post_key(post_id: str) -> Key:
    """Of a settled post that no alert's item holds."""
    return {"pk": f"POST#{post_id}", "sk": "POST"}


def last_single_key(channel: str, repeat_key: str) -> Key:
    # A sort key holds 1,024 bytes; a repeat key may be longer.
    return {"pk": f"LAST#{channel}", "sk": hashlib.sha256(repeat_key.encode()).hexdigest()}


def hidden_key(mute_id: str, alert_id: str, channel: str) -> Key:
    return {"pk": f"HIDDEN#{mute_id}", "sk": f"{alert_id}#{channel}"}


def day_key(day: str) -> Key:
    return {"pk": DAYS, "sk": day}


def note_key(key: str) -> Key:
    return {"pk": "NOTES", "sk": key}


def items_of(
    alert: Alert, deliveries: Sequence[Delivery], expires_at: int | None
) -> list[dict[str, Any]]:
    """An alert as items, its own first: with one delivery, or none, that is all there is.

    `expires_at` holds once nothing of it is to be sent any more.
    """
    unfinished = {each.channel for each in deliveries if not is_finished(each.state)}
    item = _alert_item(alert) | {TTL_ATTRIBUTE: None if unfinished else expires_at}
    if any(each.mute_id for each in deliveries):
        item["words"] += HAS_MUTED
    if not deliveries:
        return [item]
    if len(deliveries) == 1 and _says(item, deliveries[0]):
        return [item | inline_row(deliveries[0]) | _queued(deliveries[0], item["at"])]
    channels = {each.channel for each in deliveries}
    item |= {"channels": channels, "unfinished": unfinished}
    return [item, *(delivery_item(each, item["at"], expires_at) for each in deliveries)]


def delivery_item(delivery: Delivery, at: str, expires_at: int | None = None) -> dict[str, Any]:
    """A delivery of the alert at that place in the list, where it is one of several."""
    return (
        delivery_row(delivery)
        | delivery_key(delivery.alert_id, delivery.channel)
        | _queued(delivery, at)
        | {TTL_ATTRIBUTE: expires_at if is_finished(delivery.state) else None}
    )


def inline_row(delivery: Delivery) -> dict[str, Any]:
    """What an alert's item says of its only delivery: the rest is as the alert has it."""
    row = settled_row(delivery)
    del row["alert_id"]
    return row


def alert_in(item: Item, record: Item | None = None) -> Alert:
    """The alert in its item, with its record where that is there, or in an item of its own."""
    if record:
        return unpack_alert(item["body"], record["record"])
    return unpack_alert(item["body"], item["record"], beside=True)


def delivery_rows(item: Item, others: Sequence[Item] = ()) -> list[Item]:
    """An alert's deliveries as rows, as they were written: of its item, or items of their own.

    A row has `attempted_at` too: when the post was attempted that its `post_id` names.
    """
    if not item["channel"]:
        return list(others)
    alert = unpack_alert(item["body"])
    return [Item(_judged(alert, item["channel"]) | {name: item[name] for name in _INLINE})]


def is_whole(item: Item) -> bool:
    """Whether an alert's deliveries lie in its own item."""
    return not item["channels"]


def is_unfinished(item: Item) -> bool:
    """Whether an alert has something that is still to be sent."""
    state = item["state"]
    return bool(item["unfinished"]) or (state is not None and not is_finished(DeliveryState(state)))


def settled_post_item(post: Post, expires_at: int | None) -> dict[str, Any]:
    return post_key(post.post_id) | post_row(post) | {TTL_ATTRIBUTE: expires_at}


def channel_item(channel: Channel) -> dict[str, Any]:
    """What a sender writes of its channel; posts that are not settled lie beside it."""
    row = channel_row(channel)
    del row["name"]
    return row


def channel_of(item: Item) -> Channel:
    return channel_from(Item(item | {"name": item["sk"], "state": item["state"] or NEW_CHANNEL}))


def turns_of(severity: Severity) -> str:
    """What the turns of a severity begin with."""
    return f"{_MOST_SEVERE - severity.rank}#"


def is_finished(state: DeliveryState) -> bool:
    return state in FINISHED


def alert_id_in(item: Mapping[str, Any]) -> str:
    """The id of the alert that an item is of."""
    pk: str = item["pk"]
    return pk.removeprefix("ALERT#")


def _alert_item(alert: Alert) -> dict[str, Any]:
    """An alert with its record and with what lists filter by."""
    moment, body = seconds(alert.event_time), pack_alert(alert)
    acknowledged = ACKNOWLEDGED if alert.handling.owner else ""
    return alert_key(alert.alert_id) | {
        # A notice is in no list.
        "day": None if alert.notice else day_key_of(day_of(moment), alert.alert_id),
        "at": place_of(moment, alert.alert_id),
        **filters_of(alert),
        "words": words(alert) + acknowledged,
        "body": body,
        "record": pack_record(alert.record, body),
    }


def _says(item: Mapping[str, Any], delivery: Delivery) -> bool:
    """Whether a delivery can be told from what its alert's item says."""
    row = _judged(unpack_alert(item["body"]), delivery.channel) | inline_row(delivery)
    return delivery_from(Item(row)) == delivery_from(Item(delivery_row(delivery)))


def _judged(alert: Alert, channel: str) -> dict[str, Any]:
    """A row of a delivery as its alert has it."""
    (delivery,) = deliveries_of(replace(alert, channels=(channel,)), alert.seen_at)
    return delivery_row(delivery)


def _queued(delivery: Delivery, at: str) -> dict[str, Any]:
    """Where a delivery of the alert at that place waits, and when it has its turn there."""
    return {
        "queue": queue_of(delivery.state, delivery.channel, delivery.alert_id),
        "turn": turns_of(delivery.severity) + at,
    }


_INLINE = ("channel", "state", "due_at", "attempts", "plain", "possible_repeat", "amended",
           "post_id", "reason", "attempted_at", "mute_id", "muted_up_to")  # fmt: skip
