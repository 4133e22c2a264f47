"""Alerts, deliveries, posts and channels as items of the one table (see table.py)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import FINISHED, Delivery, DeliveryState
from chalicelib.alerts.post import Post
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb.expressions import Item
from chalicelib.stores.dynamodb.places import day_of, place_of
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE
from chalicelib.stores.encoding import filters_of, pack_alert, pack_record, seconds, words
from chalicelib.stores.rows import NEW_CHANNEL, channel_from, channel_row, delivery_row, post_row

Key = dict[str, str]

_MOST_SEVERE = len(Severity) - 1


# Partitions that are read whole.
CHANNELS, DAYS = "CHANNELS", "DAYS"


def alert_key(alert_id: str) -> Key:
    return {"pk": f"ALERT#{alert_id}", "sk": "ALERT"}


def record_key(alert_id: str) -> Key:
    return {"pk": f"ALERT#{alert_id}", "sk": "RECORD"}


def delivery_key(alert_id: str, channel: str) -> Key:
    return {"pk": f"ALERT#{alert_id}", "sk": f"DELIVERY#{channel}"}


def channel_key(name: str) -> Key:
    return {"pk": CHANNELS, "sk": name}


def open_posts(channel: str) -> str:
    """The partition of a channel's posts that are not settled."""
    return f"OPEN#{channel}"


def open_post_key(post_id: str, channel: str) -> Key:
    return {"pk": open_posts(channel), "sk": post_id}


def settled_post_key(post_id: str) -> Key:
    return {"pk": f"POST#{post_id}", "sk": "POST"}


def last_single_key(channel: str, repeat_key: str) -> Key:
    # A sort key holds 1,024 bytes; a repeat key may be longer.
    return {"pk": f"LAST#{channel}", "sk": hashlib.sha256(repeat_key.encode()).hexdigest()}


def day_key(day: str) -> Key:
    return {"pk": DAYS, "sk": day}


def note_key(key: str) -> Key:
    return {"pk": "NOTES", "sk": key}


def alert_items(
    alert: Alert, channels: Iterable[str], unfinished: Iterable[str], expires_at: int | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The item of an alert and the item of its record.

    `channels` are those it has deliveries to, `unfinished` those of them still to be sent.
    """
    key, moment = alert_key(alert.alert_id), seconds(alert.event_time)
    item = key | {
        "day": day_of(moment),
        "at": place_of(moment, alert.alert_id),
        **filters_of(alert),
        "words": words(alert),
        "body": pack_alert(alert),
        "channels": frozenset(channels),
        "unfinished": frozenset(unfinished),
        TTL_ATTRIBUTE: expires_at,
    }
    record = record_key(alert.alert_id) | {
        "record": pack_record(alert.record),
        TTL_ATTRIBUTE: expires_at,
    }
    return item, record


def delivery_item(delivery: Delivery, at: str, expires_at: int | None = None) -> dict[str, Any]:
    """A delivery of the alert at that place in the list."""
    return (
        delivery_row(delivery)
        | delivery_key(delivery.alert_id, delivery.channel)
        | {
            "queue": queue_of(delivery.state, delivery.channel),
            "turn": turns_of(delivery.severity) + at,
            TTL_ATTRIBUTE: expires_at,
        }
    )


def post_item(post: Post, expires_at: int | None) -> dict[str, Any]:
    if post.settled:
        return settled_post_key(post.post_id) | post_row(post) | {TTL_ATTRIBUTE: expires_at}
    return open_post_key(post.post_id, post.channel) | post_row(post)


def channel_item(channel: Channel) -> dict[str, Any]:
    return channel_key(channel.name) | channel_row(channel)


def channel_of(item: Item) -> Channel:
    return channel_from(Item({"name": item["sk"], "state": NEW_CHANNEL} | item))


def queue_of(state: DeliveryState, channel: str) -> str | None:
    """Where what is not sent waits; None for what is SENT, which no index needs."""
    return None if state is DeliveryState.SENT else f"{state.value}#{channel}"


def turns_of(severity: Severity) -> str:
    """What the turns of a severity begin with."""
    return f"{_MOST_SEVERE - severity.rank}#"


def is_finished(state: DeliveryState) -> bool:
    return state in FINISHED


def alert_id_in(item: Item) -> str:
    """The id of the alert that an item is of."""
    pk: str = item["pk"]
    return pk.removeprefix("ALERT#")
