"""A delivery put in the place of another, or none: moved, tried again, dropped."""

from __future__ import annotations

from chalicelib.alerts.delivery import Delivery
from chalicelib.stores.dynamodb.alert_table import AlertTable
from chalicelib.stores.dynamodb.alerts import Read, read
from chalicelib.stores.dynamodb.calls import ConditionError
from chalicelib.stores.dynamodb.items import is_finished
from chalicelib.stores.dynamodb.rewriting import rewrite
from chalicelib.stores.rows import delivery_from


def replace(kept: AlertTable, delivery: Delivery, by: Delivery | None) -> bool:
    """Put another delivery in the place of one that still stands in its state."""
    while True:
        found = read(kept.table, delivery.alert_id)
        if found is None or not _stands(found, delivery):
            return False
        if by is not None and not is_finished(by.state):
            kept.mark([by.channel])
        try:
            rewrite(
                kept.table,
                found,
                found.alert,
                _replaced(found, delivery, by),
                kept.expiry(kept.clock()),
            )
        except ConditionError:
            continue  # the alert changed since it was read
        return True


def _stands(found: Read, delivery: Delivery) -> bool:
    there = {each.channel: each.state for each in found.deliveries}
    return there.get(delivery.channel) is delivery.state


def _replaced(found: Read, delivery: Delivery, by: Delivery | None) -> list[Delivery]:
    """The deliveries as they are to be written, by channel."""
    after = {each.channel: each for each in map(delivery_from, found.rows)}
    del after[delivery.channel]
    if by is not None:
        after.setdefault(by.channel, by)
    return [after[channel] for channel in sorted(after)]
