"""Corrections in the DynamoDB table: an alert written over, and what was sent of it due again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.corrections import amended, completed
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.identity import may_change
from chalicelib.alerts.outbox import StoredAlert, StoreError
from chalicelib.stores.dynamodb.alerts import deliveries_in, parts_of, unchanged
from chalicelib.stores.dynamodb.calls import ConditionError, Table
from chalicelib.stores.dynamodb.expressions import Action, Item, put_action, update_action
from chalicelib.stores.dynamodb.items import (
    alert_items,
    delivery_item,
    delivery_key,
    queue_of,
    turns_of,
)
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE
from chalicelib.stores.encoding import micros, pack_record, unpack_alert

_TRIES = 10
_UNDER_WAY = (DeliveryState.SENDING, DeliveryState.UNCERTAIN)


def amend(table: Table, addendum: Alert) -> bool:
    """Write what an addendum adds; False where it is of nothing that is kept."""

    def actions(parts: Mapping[str, Item]) -> list[Action] | None:
        kept = _alert_in(parts)
        if kept is None or not may_change(kept, addendum):
            return None
        return _correction(parts, kept, amended(kept, addendum), addendum.seen_at)

    return _write(table, addendum.alert_id, actions)


def complete(table: Table, original: StoredAlert) -> None:
    """Write what an alert's own event turned out to have been, and send what that adds.

    What was sent as something milder is sent anew: an update notifies nobody.
    """
    alert = original.alert

    def actions(parts: Mapping[str, Item]) -> list[Action] | None:
        kept = _alert_in(parts)
        if kept is None:
            return None
        after = completed(kept, alert)
        # An addendum too old to be sent has no deliveries.
        there = {each.channel for each in deliveries_in(parts)}
        more = [each for each in original.deliveries if each.channel not in there]
        more = [replace(each, severity=after.severity) for each in more]
        return _correction(parts, kept, after, alert.seen_at, more, is_own=True)

    _write(table, alert.alert_id, actions)


def _write(
    table: Table, alert_id: str, actions: Callable[[Mapping[str, Item]], list[Action] | None]
) -> bool:
    """Write what an alert's items come to, once they stand as they were read; False for None."""
    for _ in range(_TRIES):
        found = actions(parts_of(table, alert_id))
        if found is None:
            return False
        try:
            if found:
                table.transact(found)
        except ConditionError:
            continue  # it changed since it was read
        return True
    raise StoreError(f"{table.name}: an alert changed whenever it was to be corrected")


def _alert_in(parts: Mapping[str, Item]) -> Alert | None:
    record = parts["RECORD"]["record"] if "RECORD" in parts else None
    return unpack_alert(parts["ALERT"]["body"], record) if "ALERT" in parts else None


def _correction(
    parts: Mapping[str, Item],
    kept: Alert,
    after: Alert,
    due_at: datetime,
    more: Sequence[Delivery] = (),
    *,
    is_own: bool = False,
) -> list[Action]:
    """What turns the alert that is kept into the other, `more` deliveries included."""
    old, packed = parts["ALERT"], parts["RECORD"]["record"]
    record_stays = after.record is kept.record or pack_record(after.record) == packed
    if after == kept and record_stays:
        return []
    deliveries = deliveries_in(parts)
    again = {each.channel for each in deliveries if each.state is DeliveryState.SENT}
    unfinished = (old["unfinished"] or frozenset()) | again | {each.channel for each in more}
    channels = (old["channels"] or frozenset()) | {each.channel for each in more}
    expires_at = None if unfinished else old[TTL_ATTRIBUTE]
    item, record = alert_items(after, channels, unfinished, expires_at)
    condition, values = unchanged(old)
    milder = kept.severity.rank < after.severity.rank
    turn = {"severity": after.severity.rank, "turn": turns_of(after.severity) + old["at"]}
    told = [
        _told_again(each, micros(due_at), turn if milder else {}, amended=not (is_own and milder))
        for each in deliveries
    ]
    return [
        put_action(item, condition, **values),
        put_action(record | ({"record": packed} if record_stays else {})),
        *filter(None, told),
        *(put_action(delivery_item(each, old["at"]), "attribute_not_exists(#pk)") for each in more),
    ]


def _told_again(
    delivery: Delivery, due_at: int, turn: Mapping[str, Any], *, amended: bool
) -> Action | None:
    """What happens to a delivery: what was sent is due, what is under way follows, and all of
    them have their turn. None where nothing does.
    """
    values = dict(turn)
    gone = ""
    if delivery.state is DeliveryState.SENT:
        values |= {"next": DeliveryState.PENDING.value, "amended": int(amended), "due_at": due_at}
        values |= {"queue": queue_of(DeliveryState.PENDING, delivery.channel)}
        gone = f" REMOVE #{TTL_ATTRIBUTE}"
    elif delivery.state in _UNDER_WAY:
        values |= {"amended": 1}
    if not values:
        return None
    names = {"next": "state"}
    change = "SET " + ", ".join(f"#{names.get(name, name)} = :{name}" for name in values)
    return update_action(
        delivery_key(delivery.alert_id, delivery.channel),
        change + gone,
        "#state = :state",
        state=delivery.state.value,
        **values,
    )
