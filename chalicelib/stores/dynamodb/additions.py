"""New alerts in the DynamoDB table: each whole, several in a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.alerts.outbox import StoredAlert
from chalicelib.stores.dynamodb.batches import in_threads
from chalicelib.stores.dynamodb.calls import MAX_ACTIONS, ConditionError, Table
from chalicelib.stores.dynamodb.expressions import Action, put_action
from chalicelib.stores.dynamodb.items import alert_items, delivery_item, is_finished
from chalicelib.stores.dynamodb.places import place_of
from chalicelib.stores.encoding import seconds

# DynamoDB takes 4 MB in a transaction; its JSON is larger than what is counted here.
_MAX_BYTES = 2_000_000
_OVERHEAD_BYTES = 1_500  # of an item beside its packed bytes


@dataclass(frozen=True, slots=True)
class _Batch:
    """One alert as the actions that write it."""

    alert_id: str
    actions: list[Action]
    size: int


def add(table: Table, stored: Sequence[StoredAlert], expires_at: int) -> set[str]:
    """Write those that are not kept already, several in a transaction; their ids."""
    groups = _groups([_batch(item, expires_at) for item in stored])
    return set[str]().union(*in_threads(lambda group: _add(table, group), groups))


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
