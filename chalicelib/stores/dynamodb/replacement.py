"""A delivery put in the place of another, or none: moved, tried again, dropped."""

from __future__ import annotations

from chalicelib.alerts.delivery import Delivery
from chalicelib.stores.dynamodb.alerts import unchanged
from chalicelib.stores.dynamodb.calls import ConditionError, Table
from chalicelib.stores.dynamodb.expressions import (
    Action,
    Item,
    delete_action,
    put_action,
    update_action,
)
from chalicelib.stores.dynamodb.items import (
    alert_id_in,
    alert_key,
    delivery_item,
    delivery_key,
    is_finished,
    record_key,
)
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE


def replace(table: Table, delivery: Delivery, by: Delivery | None, expires_at: int) -> bool:
    """Put another delivery in the place of one that still stands in its state."""
    while True:
        alert = table.get(alert_key(delivery.alert_id))
        if delivery.channel not in (alert["channels"] or ()):
            return False
        try:
            table.transact(_replaced(alert, delivery, by, expires_at))
        except ConditionError as error:
            if 0 in error.failed:
                return False
            continue  # the alert changed since it was read
        return True


def _replaced(
    alert: Item, delivery: Delivery, by: Delivery | None, expires_at: int
) -> list[Action]:
    channels = set(alert["channels"] or ())
    unfinished = set(alert["unfinished"] or ()) - {delivery.channel}
    state = {"state": delivery.state.value}
    actions: list[Action] = []
    if by is None or by.channel != delivery.channel:
        key = delivery_key(delivery.alert_id, delivery.channel)
        actions.append(delete_action(key, "#state = :state", **state))
        channels.discard(delivery.channel)
    if by is not None and by.channel not in channels - {delivery.channel}:
        finished = is_finished(by.state)
        item = delivery_item(by, alert["at"], expires_at if finished else None)
        actions.append(
            put_action(item) if actions else put_action(item, "#state = :state", **state)
        )
        channels.add(by.channel)
        unfinished |= set() if finished else {by.channel}
    return [*actions, *_standing(alert, channels, unfinished, expires_at)]


def _standing(
    alert: Item, channels: set[str], unfinished: set[str], expires_at: int
) -> list[Action]:
    """The alert with these deliveries; it expires once all are finished."""
    expiry = None if unfinished else expires_at
    after = {**alert, "channels": channels, "unfinished": unfinished, TTL_ATTRIBUTE: expiry}
    condition, values = unchanged(alert)
    record = record_key(alert_id_in(alert))
    change = f"REMOVE #{TTL_ATTRIBUTE}" if unfinished else f"SET #{TTL_ATTRIBUTE} = :expires_at"
    expires = {} if unfinished else {"expires_at": expires_at}
    return [
        put_action(after, condition, **values),
        update_action(record, change, "attribute_exists(#pk)", **expires),
    ]
