"""Alerts in the DynamoDB table: how they are read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.post import Post
from chalicelib.stores.dynamodb.calls import Table
from chalicelib.stores.dynamodb.expressions import Item
from chalicelib.stores.dynamodb.items import (
    POST_ATTRIBUTES,
    alert_id_in,
    alert_in,
    alert_key,
    delivery_key,
    delivery_rows,
    post_key,
)
from chalicelib.stores.dynamodb.open_posts import channel_items, posts_in, standing
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE
from chalicelib.stores.encoding import unpack_alert
from chalicelib.stores.rows import post_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """All that is kept of an alert, as last written; `channels` are the items of those where it may
    be under way. `rows` are its deliveries as they were written, `deliveries` as they stand.
    """

    alert: Alert
    items: dict[str, Item]
    rows: tuple[Item, ...]
    channels: tuple[Item, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def item(self) -> Item:
        """The alert's own."""
        return self.items["ALERT"]


def known(table: Table, alert_ids: Iterable[str]) -> set[str]:
    keys = [alert_key(alert_id) for alert_id in dict.fromkeys(alert_ids)]
    return {alert_id_in(item) for item in table.get_many(keys)}


def by_id(table: Table, alert_ids: Iterable[str]) -> dict[str, Alert]:
    """The alerts that are kept of these ids, also where they expired, without their records."""
    keys = [alert_key(alert_id) for alert_id in dict.fromkeys(alert_ids)]
    return {alert_id_in(item): unpack_alert(item["body"]) for item in table.get_many(keys)}


def read(table: Table, alert_id: str) -> Read | None:
    """One alert with all there is, also where it expired."""
    found = table.query_all(
        "#pk = :pk", values={"pk": alert_key(alert_id)["pk"]}, ConsistentRead=True
    )
    items = {item["sk"]: item for item in found}
    if "ALERT" not in items:
        return None
    others = [item for key, item in sorted(items.items()) if key.startswith("DELIVERY#")]
    rows = delivery_rows(items["ALERT"], others)
    channels = channel_items(table, rows)
    return Read(
        alert=alert_in(items["ALERT"], items.get("RECORD")),
        items=items,
        rows=tuple(rows),
        channels=tuple(channels),
        deliveries=tuple(standing(rows, channels)),
    )


def get(table: Table, alert_id: str, now: int) -> StoredAlert | None:
    """One alert with all there is, unless it expired."""
    kept = read(table, alert_id)
    if kept is None or is_expired(kept.item, now):
        return None
    posts = posts_of(table, kept)
    return StoredAlert(alert=kept.alert, deliveries=kept.deliveries, posts=posts)


def alerts(table: Table, alert_ids: Sequence[str], now: int) -> list[Alert]:
    """The alerts that exist and have not expired, in their order, as last written."""
    return [unpack_alert(item["body"]) for item in _items(table, alert_ids, now, consistent=True)]


def with_deliveries(table: Table, alert_ids: Sequence[str], now: int) -> list[StoredAlert]:
    """The same with their deliveries, as a list shows them."""
    items = _items(table, alert_ids, now, consistent=False)
    rows = rows_of(table, items, consistent=False)
    by_alert: dict[str, list[Delivery]] = {}
    for each in standing(rows, channel_items(table, rows, consistent=False)):
        by_alert.setdefault(each.alert_id, []).append(each)
    return [
        StoredAlert(
            alert=unpack_alert(item["body"]), deliveries=tuple(by_alert.get(alert_id_in(item), ()))
        )
        for item in items
    ]


def deliveries(table: Table, alert_ids: Sequence[str]) -> list[Delivery]:
    """The deliveries of these alerts as they stand, in the order of the alerts."""
    found = {alert_id_in(item): item for item in table.get_many([alert_key(x) for x in alert_ids])}
    rows = rows_of(table, [found[alert_id] for alert_id in alert_ids if alert_id in found])
    return standing(rows, channel_items(table, rows))


def rows_of(table: Table, items: Sequence[Item], consistent: bool = True) -> list[Item]:
    """The deliveries of alerts with these items as rows, in the order of the alerts."""
    keys = [
        delivery_key(alert_id_in(item), name)
        for item in items
        for name in sorted(item["channels"] or ())
    ]
    others: dict[str, list[Item]] = {}
    for each in table.get_many(keys, consistent):
        others.setdefault(each["alert_id"], []).append(each)
    found = [delivery_rows(item, others.get(alert_id_in(item), ())) for item in items]
    return [row for rows in found for row in rows]


def rows_at(table: Table, keys: Sequence[Item]) -> list[Item]:
    """The deliveries that an index names as last written: in their alerts' items, or their own."""
    named = dict.fromkeys((key["pk"], key["sk"]) for key in keys)
    items = table.get_many([{"pk": pk, "sk": sk} for pk, sk in named])
    found = [delivery_rows(item) if item["sk"] == "ALERT" else [item] for item in items]
    return [row for rows in found for row in rows]


def posts_of(table: Table, kept: Read) -> tuple[Post, ...]:
    """The last post of each of its deliveries, the oldest attempt first."""
    wanted = {each.post_id: each.channel for each in kept.deliveries if each.post_id is not None}
    found = {post.post_id: post for item in kept.channels for post in posts_in(item)}
    inline = inline_post(kept.item)
    if inline:
        found.setdefault(inline.post_id, inline)
    keys = [
        key
        for post_id, channel in wanted.items()
        if post_id not in found
        for key in (old_open_post_key(post_id, channel), post_key(post_id))
    ]
    found |= {item["post_id"]: post_from(item) for item in table.get_many(keys)}
    posts = (found[post_id] for post_id in wanted if post_id in found)
    return tuple(sorted(posts, key=lambda post: post.attempted_at))


def old_open_posts(channel: str) -> str:
    """Where earlier versions kept a channel's posts that were not settled: nothing is put there."""
    return f"OPEN#{channel}"


def old_open_post_key(post_id: str, channel: str) -> dict[str, str]:
    return {"pk": old_open_posts(channel), "sk": post_id}


def is_expired(item: Mapping[str, Any], now: int) -> bool:
    """DynamoDB removes what has expired within days: until then it only looks kept."""
    expires_at = item.get(TTL_ATTRIBUTE)
    return expires_at is not None and expires_at <= now


def unchanged(item: Item) -> tuple[str, dict[str, Any]]:
    """The condition that an alert's item, or its delivery's, stands as it was read; its values."""
    values: dict[str, Any] = {}
    conditions = ["attribute_exists(#pk)"]
    for name in ("body", "state", "unfinished", "revision"):
        if item[name]:
            conditions.append(f"#{name} = :{name}")
            values[name] = item[name]
        else:
            conditions.append(f"attribute_not_exists(#{name})")
    return " AND ".join(conditions), values


def inline_post(item: Item) -> Post | None:
    """The post that carried an alert alone, where its item says so."""
    if not item["kind"]:
        return None
    row = {name: item[name] for name in (*POST_ATTRIBUTES, "post_id", "channel", "attempted_at")}
    return post_from(Item(row | {"alert_ids": json.dumps([alert_id_in(item)])}))


def _items(table: Table, alert_ids: Sequence[str], now: int, consistent: bool) -> list[Item]:
    """The items of alerts that exist and have not expired, in their order."""
    keys = [alert_key(alert_id) for alert_id in dict.fromkeys(alert_ids)]
    items = {alert_id_in(item): item for item in table.get_many(keys, consistent)}
    found = map(items.get, alert_ids)
    return [item for item in found if item is not None and not is_expired(item, now)]
