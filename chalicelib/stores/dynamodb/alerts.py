"""Alerts in the DynamoDB table: how they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.post import Post
from chalicelib.stores.dynamodb.calls import Table
from chalicelib.stores.dynamodb.expressions import Item
from chalicelib.stores.dynamodb.items import (
    alert_id_in,
    alert_key,
    delivery_key,
    open_post_key,
    settled_post_key,
)
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE
from chalicelib.stores.encoding import unpack_alert
from chalicelib.stores.rows import delivery_from, post_from


def known(table: Table, alert_ids: Iterable[str]) -> set[str]:
    keys = [alert_key(alert_id) for alert_id in dict.fromkeys(alert_ids)]
    return {alert_id_in(item) for item in table.get_many(keys)}


def by_id(table: Table, alert_ids: Iterable[str]) -> dict[str, Alert]:
    """The alerts that are kept of these ids, also where they expired, without their records."""
    keys = [alert_key(alert_id) for alert_id in dict.fromkeys(alert_ids)]
    return {alert_id_in(item): unpack_alert(item["body"]) for item in table.get_many(keys)}


def get(table: Table, alert_id: str, now: int) -> StoredAlert | None:
    """One alert with all there is, unless it expired."""
    parts = parts_of(table, alert_id)
    kept = parts.get("ALERT")
    if kept is None or is_expired(kept, now):
        return None
    deliveries = deliveries_in(parts)
    return StoredAlert(
        alert=unpack_alert(kept["body"], parts["RECORD"]["record"] if "RECORD" in parts else None),
        deliveries=deliveries,
        posts=posts_of(table, deliveries),
    )


def posts(table: Table, alert_id: str) -> tuple[Post, ...]:
    """The last post of each of its deliveries, the oldest attempt first."""
    return posts_of(table, deliveries_in(parts_of(table, alert_id)))


def alerts(table: Table, alert_ids: Sequence[str], now: int) -> list[Alert]:
    """The alerts that exist and have not expired, in their order, as last written."""
    return [alert for alert, _ in _alerts(table, alert_ids, now, consistent=True)]


def with_deliveries(table: Table, alert_ids: Sequence[str], now: int) -> list[StoredAlert]:
    """The same with their deliveries, as a list shows them."""
    found = _alerts(table, alert_ids, now, consistent=False)
    keys = [delivery_key(alert.alert_id, name) for alert, names in found for name in names]
    by_alert: dict[str, list[Delivery]] = {}
    for item in table.get_many(keys, consistent=False):
        by_alert.setdefault(item["alert_id"], []).append(delivery_from(item))
    return [
        StoredAlert(alert=alert, deliveries=tuple(by_alert.get(alert.alert_id, ())))
        for alert, _ in found
    ]


def is_expired(item: Mapping[str, Any], now: int) -> bool:
    """DynamoDB removes what has expired within days: until then it only looks kept."""
    expires_at = item.get(TTL_ATTRIBUTE)
    return expires_at is not None and expires_at <= now


def unchanged(kept: Item) -> tuple[str, dict[str, Any]]:
    """The condition that an alert stands as it was read, and its values."""
    values: dict[str, Any] = {"body": kept["body"]}
    if not kept["unfinished"]:
        return "#body = :body AND attribute_not_exists(#unfinished)", values
    return "#body = :body AND #unfinished = :unfinished", values | {
        "unfinished": kept["unfinished"]
    }


def parts_of(table: Table, alert_id: str) -> dict[str, Item]:
    """Every item of an alert by its sort key, as last written."""
    items = table.query_all(
        "#pk = :pk", values={"pk": alert_key(alert_id)["pk"]}, ConsistentRead=True
    )
    return {item["sk"]: item for item in items}


def deliveries_in(parts: Mapping[str, Item]) -> tuple[Delivery, ...]:
    """The deliveries among an alert's items, by channel."""
    return tuple(
        delivery_from(item) for key, item in sorted(parts.items()) if key.startswith("DELIVERY#")
    )


def posts_of(table: Table, deliveries: Iterable[Delivery]) -> tuple[Post, ...]:
    """The last post of each of these, the oldest attempt first."""
    keys = [
        key
        for item in deliveries
        if item.post_id is not None
        for key in (open_post_key(item.post_id, item.channel), settled_post_key(item.post_id))
    ]
    found = [post_from(item) for item in table.get_many(keys)]
    return tuple(sorted(found, key=lambda post: post.attempted_at))


def _alerts(
    table: Table, alert_ids: Sequence[str], now: int, consistent: bool
) -> list[tuple[Alert, list[str]]]:
    """Alerts and the channels that they have deliveries to."""
    keys = [alert_key(alert_id) for alert_id in dict.fromkeys(alert_ids)]
    items = {alert_id_in(item): item for item in table.get_many(keys, consistent)}
    found = map(items.get, alert_ids)
    return [
        (unpack_alert(item["body"]), sorted(item["channels"] or ()))
        for item in found
        if item is not None and not is_expired(item, now)
    ]
