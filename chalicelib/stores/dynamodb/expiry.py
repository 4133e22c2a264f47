"""Old alerts that are finished, removed from the DynamoDB table."""

from __future__ import annotations

from datetime import datetime

from chalicelib.stores.dynamodb.alerts import unchanged
from chalicelib.stores.dynamodb.batches import in_threads
from chalicelib.stores.dynamodb.calls import ConditionError, Table
from chalicelib.stores.dynamodb.expressions import Item, delete_action
from chalicelib.stores.dynamodb.items import (
    DAYS,
    alert_id_in,
    alert_key,
    day_key,
    delivery_key,
    is_unfinished,
    record_key,
)
from chalicelib.stores.dynamodb.places import day_of
from chalicelib.stores.dynamodb.shards import days_of
from chalicelib.stores.dynamodb.table import BY_DAY
from chalicelib.stores.encoding import seconds, unpack_alert


def expire(table: Table, before: datetime, limit: int) -> int:
    """Remove finished alerts seen before then, from the oldest day on; how many.

    Time to live removes them too: this is for what it has not come to yet.
    """
    removed, last = 0, day_of(seconds(before))
    days = table.query_all(
        "#pk = :pk AND #sk <= :last", values={"pk": DAYS, "last": last}, Limit=limit
    )
    for day in days:
        count, is_empty = _expire_day(table, day["sk"], before, limit - removed)
        removed += count
        if is_empty and day["sk"] < last:
            table.delete(day_key(day["sk"]))
        if removed >= limit or not is_empty:
            break
    return removed


def _expire_day(table: Table, day: str, before: datetime, limit: int) -> tuple[int, bool]:
    """How many were removed, and whether nothing is left of the day."""
    removed, is_empty = 0, True
    for partition in days_of(day):
        page = table.query(
            "#day = :day",
            values={"day": partition},
            IndexName=BY_DAY,
            Limit=limit,
            ProjectionExpression="#pk",
        )
        keys = [{"pk": item["pk"], "sk": "ALERT"} for item in page.items]
        items = table.get_many(keys)
        old = [item for item in items if _is_old(item, before)][: limit - removed]
        gone = sum(in_threads(lambda item: _remove(table, item), old))
        removed += gone
        is_empty = is_empty and page.stopped_at is None and gone == len(items)
    return removed, is_empty


def _is_old(item: Item, before: datetime) -> bool:
    return not is_unfinished(item) and unpack_alert(item["body"]).seen_at < before


def _remove(table: Table, item: Item) -> bool:
    alert_id = alert_id_in(item)
    others = [delivery_key(alert_id, channel) for channel in item["channels"] or ()]
    others += [] if item["record"] else [record_key(alert_id)]
    condition, values = unchanged(item)
    try:
        if others:
            alert = delete_action(alert_key(alert_id), condition, **values)
            table.transact([alert, *map(delete_action, others)])
        else:
            table.delete(alert_key(alert_id), condition, **values)
    except ConditionError:
        return False
    return True
