"""Corrections in the DynamoDB table: an alert written over, and what was sent of it due again."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.outbox import StoreError
from chalicelib.stores.dynamodb.alerts import deliveries_in, parts_of, unchanged
from chalicelib.stores.dynamodb.calls import ConditionError, Table
from chalicelib.stores.dynamodb.expressions import Action, Item, put_action, update_action
from chalicelib.stores.dynamodb.items import alert_items, delivery_key, queue_of
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE
from chalicelib.stores.encoding import amended, micros, pack_record, unpack_alert

_TRIES = 10
_UNDER_WAY = (DeliveryState.SENDING, DeliveryState.UNCERTAIN)


def amend(table: Table, alert: Alert) -> bool:
    """Write a correction over its alert, and what was sent is due again; False where unknown."""
    for _ in range(_TRIES):
        kept = parts_of(table, alert.alert_id)
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


def _correction(kept: Mapping[str, Item], alert: Alert) -> list[Action]:
    old = kept["ALERT"]
    before = unpack_alert(old["body"])
    after = amended(before, alert)
    if after == before and pack_record(after.record) == kept["RECORD"]["record"]:
        return []
    deliveries = deliveries_in(kept)
    sent = [item for item in deliveries if item.state is DeliveryState.SENT]
    unfinished = (old["unfinished"] or frozenset()) | {item.channel for item in sent}
    expires_at = None if unfinished else old[TTL_ATTRIBUTE]
    item, record = alert_items(after, old["channels"] or (), unfinished, expires_at)
    condition, values = unchanged(old)
    again = [_due_again(each, micros(alert.seen_at)) for each in sent]
    again += [_outdated(each) for each in deliveries if each.state in _UNDER_WAY]
    return [put_action(item, condition, **values), put_action(record), *again]


def _outdated(delivery: Delivery) -> Action:
    return update_action(
        delivery_key(delivery.alert_id, delivery.channel),
        "SET #amended = :yes",
        "#state = :state",
        state=delivery.state.value,
        yes=1,
    )


def _due_again(delivery: Delivery, due_at: int) -> Action:
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
