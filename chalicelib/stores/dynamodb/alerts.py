"""Alerts in the DynamoDB table: how they are written, corrected, read and removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.outbox import StoredAlert, StoreError
from chalicelib.stores.dynamodb.calls import (
    MAX_ACTIONS,
    ConditionError,
    Item,
    Table,
    delete_action,
    in_threads,
    put_action,
    update_action,
)
from chalicelib.stores.dynamodb.items import (
    alert_items,
    alert_key,
    day_key,
    day_of,
    delivery_item,
    delivery_key,
    is_finished,
    open_post_key,
    place_of,
    queue_of,
    record_key,
    settled_post_key,
)
from chalicelib.stores.dynamodb.table import BY_DAY, TTL_ATTRIBUTE
from chalicelib.stores.encoding import (
    amended,
    micros,
    pack_alert,
    pack_record,
    seconds,
    unpack_alert,
)
from chalicelib.stores.rows import delivery_from, post_from

# DynamoDB takes 4 MB in a transaction; its JSON is larger than what is counted here.
_MAX_BYTES = 2_000_000
_OVERHEAD_BYTES = 1_500  # of an item beside its packed bytes
_TRIES = 10
_UNDER_WAY = (DeliveryState.SENDING, DeliveryState.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class _Batch:
    """One alert as the actions that write it."""

    alert_id: str
    actions: list[dict[str, Any]]
    size: int


def add(table: Table, stored: Sequence[StoredAlert], expires_at: int) -> set[str]:
    """Write those that are not kept already, several in a transaction; their ids."""
    groups = _groups([_batch(item, expires_at) for item in stored])
    return set[str]().union(*in_threads(lambda group: _add(table, group), groups))


def known(table: Table, alert_ids: Iterable[str]) -> set[str]:
    keys = [alert_key(alert_id) for alert_id in dict.fromkeys(alert_ids)]
    return {pk.removeprefix("ALERT#") for pk, _ in table.get_many(keys)}


def amend(table: Table, alert: Alert) -> bool:
    """Write a correction over its alert, and have told again what was; False where unknown."""
    for _ in range(_TRIES):
        kept = _parts(table, alert.alert_id)
        if "ALERT" not in kept:
            return False
        actions = _correction(kept, alert)
        try:
            if actions:
                table.transact(actions)
        except ConditionError:
            continue  # it changed since it was read
        return True
    raise StoreError(f"{table.name}: an alert changed whenever it was to be corrected")


def get(table: Table, alert_id: str, now: int) -> StoredAlert | None:
    """One alert with all there is, unless it expired."""
    parts = _parts(table, alert_id)
    kept = parts.get("ALERT")
    if kept is None or is_expired(kept, now):
        return None
    deliveries = _deliveries(parts)
    keys = [
        key
        for item in deliveries
        if item.post_id is not None
        for key in (open_post_key(item.post_id, item.channel), settled_post_key(item.post_id))
    ]
    posts = [post_from(item) for item in table.get_many(keys).values()]
    return StoredAlert(
        alert=unpack_alert(kept["body"], parts["RECORD"]["record"] if "RECORD" in parts else None),
        deliveries=deliveries,
        posts=tuple(sorted(posts, key=lambda post: post.attempted_at)),
    )


def alerts(table: Table, alert_ids: Sequence[str], now: int) -> list[Alert]:
    """The alerts that exist and have not expired, in their order, as last written."""
    return [alert for alert, _ in _alerts(table, alert_ids, now, consistent=True)]


def listed(table: Table, alert_ids: Sequence[str], now: int) -> list[StoredAlert]:
    """The same with their deliveries, as a list shows them."""
    found = _alerts(table, alert_ids, now, consistent=False)
    keys = [delivery_key(alert.alert_id, name) for alert, names in found for name in names]
    items = table.get_many(keys, consistent=False)
    return [
        StoredAlert(alert=alert, deliveries=_told(items, alert.alert_id, names))
        for alert, names in found
    ]


def expire(table: Table, before: datetime, limit: int) -> int:
    """Remove finished alerts seen before then, from the oldest day on; how many.

    Time to live removes them too: this is for what it has not come to yet.
    """
    removed, last = 0, day_of(seconds(before))
    days = table.query_all(
        "#pk = :pk AND #sk <= :last", values={"pk": "DAYS", "last": last}, Limit=limit
    )
    for day in days:
        count, is_empty = _expire_day(table, day["sk"], before, limit - removed)
        removed += count
        if is_empty and day["sk"] < last:
            table.delete(day_key(day["sk"]))
        if removed >= limit or not is_empty:
            break
    return removed


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


def _batch(stored: StoredAlert, expires_at: int) -> _Batch:
    alert, deliveries = stored.alert, stored.deliveries
    unfinished = {item.channel for item in deliveries if not is_finished(item.state)}
    expiry = None if unfinished else expires_at
    item, record = alert_items(alert, {each.channel for each in deliveries}, unfinished, expiry)
    place = place_of(seconds(alert.event_time), alert.alert_id)
    actions = [put_action(item, "attribute_not_exists(#pk)"), put_action(record)]
    actions += [
        put_action(delivery_item(each, place, expires_at if is_finished(each.state) else None))
        for each in deliveries
    ]
    size = len(item["body"]) + len(record["record"]) + _OVERHEAD_BYTES * len(actions)
    return _Batch(alert.alert_id, actions, size)


def _groups(batches: Sequence[_Batch]) -> list[list[_Batch]]:
    """As many alerts together as one transaction takes."""
    groups: list[list[_Batch]] = []
    actions = size = 0
    for batch in batches:
        actions, size = actions + len(batch.actions), size + batch.size
        if not groups or actions > MAX_ACTIONS or size > _MAX_BYTES:
            groups.append([])
            actions, size = len(batch.actions), batch.size
        groups[-1].append(batch)
    return groups


def _add(table: Table, group: list[_Batch]) -> set[str]:
    while group:
        try:
            table.transact([action for batch in group for action in batch.actions])
        except ConditionError as error:
            group = _without(group, error.failed)
        else:
            return {batch.alert_id for batch in group}
    return set()


def _without(group: list[_Batch], failed: frozenset[int]) -> list[_Batch]:
    left, place = [], 0
    for batch in group:
        if place not in failed:  # the alert comes first, and it alone has a condition
            left.append(batch)
        place += len(batch.actions)
    return left


def _parts(table: Table, alert_id: str) -> dict[str, Item]:
    """Every item of an alert by its sort key, as last written."""
    items = table.query_all(
        "#pk = :pk", values={"pk": alert_key(alert_id)["pk"]}, ConsistentRead=True
    )
    return {item["sk"]: item for item in items}


def _deliveries(parts: Mapping[str, Item]) -> tuple[Delivery, ...]:
    return tuple(
        delivery_from(item) for key, item in sorted(parts.items()) if key.startswith("DELIVERY#")
    )


def _correction(kept: Mapping[str, Item], alert: Alert) -> list[dict[str, Any]]:
    old = kept["ALERT"]
    after = amended(unpack_alert(old["body"]), alert)
    if pack_alert(after) == old["body"] and pack_record(after.record) == kept["RECORD"]["record"]:
        return []
    deliveries = _deliveries(kept)
    sent = [item for item in deliveries if item.state is DeliveryState.SENT]
    unfinished = (old["unfinished"] or frozenset()) | {item.channel for item in sent}
    expires_at = None if unfinished else old[TTL_ATTRIBUTE]
    item, record = alert_items(after, old["channels"] or (), unfinished, expires_at)
    condition, values = unchanged(old)
    again = [_told_again(each, micros(alert.seen_at)) for each in sent]
    again += [_outdated(each) for each in deliveries if each.state in _UNDER_WAY]
    return [put_action(item, condition, **values), put_action(record), *again]


def _outdated(delivery: Delivery) -> dict[str, Any]:
    return update_action(
        delivery_key(delivery.alert_id, delivery.channel),
        "SET #amended = :yes",
        "#state = :state",
        state=delivery.state.value,
        yes=1,
    )


def _told_again(delivery: Delivery, due_at: int) -> dict[str, Any]:
    return update_action(
        delivery_key(delivery.alert_id, delivery.channel),
        "SET #state = :pending, #queue = :queue, #amended = :yes, #due_at = :due_at"
        f" REMOVE #{TTL_ATTRIBUTE}",
        "#state = :sent",
        pending=DeliveryState.PENDING.value,
        sent=DeliveryState.SENT.value,
        queue=queue_of(DeliveryState.PENDING, delivery.channel),
        yes=1,
        due_at=due_at,
    )


def _alerts(
    table: Table, alert_ids: Sequence[str], now: int, consistent: bool
) -> list[tuple[Alert, list[str]]]:
    """Alerts and the channels that they have deliveries to."""
    keys = [alert_key(alert_id) for alert_id in dict.fromkeys(alert_ids)]
    items = table.get_many(keys, consistent)
    found = [items.get((f"ALERT#{alert_id}", "ALERT")) for alert_id in alert_ids]
    return [
        (unpack_alert(item["body"]), sorted(item["channels"] or ()))
        for item in found
        if item is not None and not is_expired(item, now)
    ]


def _told(
    items: Mapping[tuple[str, str], Item], alert_id: str, channels: Sequence[str]
) -> tuple[Delivery, ...]:
    found = [items.get((f"ALERT#{alert_id}", f"DELIVERY#{channel}")) for channel in channels]
    return tuple(delivery_from(item) for item in found if item is not None)


def _expire_day(table: Table, day: str, before: datetime, limit: int) -> tuple[int, bool]:
    """How many were removed, and whether nothing is left of the day."""
    page = table.query(
        "#day = :day",
        values={"day": day},
        IndexName=BY_DAY,
        Limit=limit,
        ProjectionExpression="#pk",
    )
    keys = [{"pk": item["pk"], "sk": "ALERT"} for item in page.items]
    items = table.get_many(keys)
    old = [
        item
        for item in items.values()
        if not item["unfinished"] and unpack_alert(item["body"]).seen_at < before
    ]
    removed = in_threads(lambda item: _remove(table, item), old)
    return sum(removed), page.stopped_at is None and sum(removed) == len(items)


def _remove(table: Table, item: Item) -> bool:
    alert_id = item["pk"].removeprefix("ALERT#")
    deliveries = [delivery_key(alert_id, channel) for channel in item["channels"] or ()]
    actions = [delete_action(key) for key in (record_key(alert_id), *deliveries)]
    condition, values = unchanged(item)
    try:
        table.transact([delete_action(alert_key(alert_id), condition, **values), *actions])
    except ConditionError:
        return False
    return True
