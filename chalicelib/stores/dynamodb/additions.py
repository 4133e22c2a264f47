"""New alerts in the DynamoDB table: each whole, in one write wherever that holds it."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.alerts.outbox import StoredAlert
from chalicelib.stores.dynamodb.batches import in_threads
from chalicelib.stores.dynamodb.calls import ConditionError, Table
from chalicelib.stores.dynamodb.expressions import put_action
from chalicelib.stores.dynamodb.items import items_of

_IS_NEW = "attribute_not_exists(#pk)"


def add(table: Table, stored: Sequence[StoredAlert], expires_at: int) -> set[str]:
    """Write those that are not kept already; their ids.

    Several in a transaction would be fewer calls, and cost twice as much.
    """
    written = in_threads(lambda each: _add(table, each, expires_at), stored)
    return {each.alert.alert_id for each, is_new in zip(stored, written, strict=True) if is_new}


def _add(table: Table, stored: StoredAlert, expires_at: int) -> bool:
    item, *deliveries = items_of(stored.alert, stored.deliveries, expires_at)
    try:
        if deliveries:
            table.transact([put_action(item, _IS_NEW), *map(put_action, deliveries)])
        else:
            table.put(item, _IS_NEW)
    except ConditionError:
        return False
    return True
