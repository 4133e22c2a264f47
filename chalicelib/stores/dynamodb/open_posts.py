"""Posts that are not settled: they lie in the item of their channel, which begins them.

Such a post stands for the deliveries that it carries: they are SENDING, whoever reads them, and are
not marked one by one. `attempted_at` tells one attempt of a post from the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.post import Post
from chalicelib.stores.dynamodb.calls import Table
from chalicelib.stores.dynamodb.expressions import Item
from chalicelib.stores.dynamodb.items import channel_key, is_finished
from chalicelib.stores.plain import micros
from chalicelib.stores.rows import delivery_from, post_from, post_row

_PREFIX = "open_"


def attribute_of(post: Post) -> str:
    """The attribute of the channel's item that holds the post."""
    return f"{_PREFIX}{post.post_id}"


def written(post: Post) -> str:
    return json.dumps({name: value for name, value in post_row(post).items() if value is not None})


def posts_in(channel: Item) -> list[Post]:
    """The posts that the channel's item holds, the oldest first."""
    found = [
        post_from(Item(json.loads(value)))
        for name, value in channel.items()
        if name.startswith(_PREFIX)
    ]
    return sorted(found, key=lambda post: (post.attempted_at, post.post_id))


def channel_items(
    table: Table, rows: Iterable[Mapping[str, Any]], consistent: bool = True
) -> list[Item]:
    """The channels where what is in these rows of deliveries may be under way."""
    names = {str(row["channel"]) for row in rows if not is_finished(DeliveryState(row["state"]))}
    return table.get_many([channel_key(name) for name in sorted(names)], consistent)


def standing(rows: Sequence[Item], channels: Iterable[Item]) -> list[Delivery]:
    """The deliveries in these rows as they stand beside the posts of their channels."""
    carried = {
        (post.channel, alert_id): post
        for channel in channels
        for post in posts_in(channel)
        for alert_id in post.alert_ids
    }
    return [
        delivery_from(_under(row, carried.get((row["channel"], row["alert_id"])))) for row in rows
    ]


def is_of_attempt(row: Mapping[str, Any], post: Post) -> bool:
    """Whether what a row says came of this attempt of the post."""
    attempt = (row["post_id"], row["attempted_at"])
    return attempt == (post.post_id, micros(post.attempted_at))


def _under(row: Item, post: Post | None) -> Item:
    if post is None or is_of_attempt(row, post):
        return row
    return Item(row | {"state": DeliveryState.SENDING.value, "post_id": post.post_id})
