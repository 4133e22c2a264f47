"""Corrections in the DynamoDB table: an alert written over, and what was sent of it due again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.corrections import amended, completed
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.identity import may_change
from chalicelib.alerts.outbox import StoredAlert, StoreError
from chalicelib.alerts.retelling import as_of, told_again
from chalicelib.stores.dynamodb.alerts import deliveries_in, parts_of, posts_of, unchanged
from chalicelib.stores.dynamodb.calls import ConditionError, Table
from chalicelib.stores.dynamodb.expressions import Action, Item, put_action, update_action
from chalicelib.stores.dynamodb.items import (
    alert_items,
    delivery_item,
    delivery_key,
    is_finished,
    queue_of,
    turns_of,
)
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE
from chalicelib.stores.encoding import pack_record, unpack_alert
from chalicelib.stores.rows import corrected_row

_TRIES = 10


def amend(table: Table, addendum: Alert) -> bool:
    """Write what an addendum adds; False where it is of nothing that is kept."""

    def actions(parts: Mapping[str, Item]) -> list[Action] | None:
        kept = _alert_in(parts)
        if kept is None or not may_change(kept, addendum):
            return None
        by = StoredAlert(alert=addendum)
        return _correction(table, parts, kept, amended(kept, addendum), by)

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
        return _correction(table, parts, kept, completed(kept, alert), original, loud=True)

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
    table: Table,
    parts: Mapping[str, Item],
    kept: Alert,
    after: Alert,
    by: StoredAlert,
    *,
    loud: bool = False,
) -> list[Action]:
    """What turns the alert that is kept into the other, deliveries that only this one has
    included.
    """
    old, packed = parts["ALERT"], parts["RECORD"]["record"]
    record_stays = after.record is kept.record or pack_record(after.record) == packed
    if after == kept and record_stays:
        return []
    there = deliveries_in(parts)
    made = posts_of(table, there)
    told = [told_again(each, kept, after, made, by.alert.seen_at, loud=loud) for each in there]
    # An addendum too old to be sent has no deliveries.
    more = [as_of(each, after) for each in by.deliveries if each.channel not in _channels(there)]
    unfinished = (
        (old["unfinished"] or frozenset()) | _channels(_again(there, told)) | _channels(more)
    )
    channels = (old["channels"] or frozenset()) | _channels(more)
    expires_at = None if unfinished else old[TTL_ATTRIBUTE]
    item, record = alert_items(after, channels, unfinished, expires_at)
    condition, values = unchanged(old)
    changed = (pair for pair in zip(there, told, strict=True) if pair[0] != pair[1])
    return [
        put_action(item, condition, **values),
        put_action(record | ({"record": packed} if record_stays else {})),
        *(_told(before, now, old["at"]) for before, now in changed),
        *(put_action(delivery_item(each, old["at"]), "attribute_not_exists(#pk)") for each in more),
    ]


def _again(before: Sequence[Delivery], after: Sequence[Delivery]) -> Iterator[Delivery]:
    """Those that were finished and are due again."""
    for one, other in zip(before, after, strict=True):
        if is_finished(one.state) and not is_finished(other.state):
            yield other


def _channels(deliveries: Iterable[Delivery]) -> frozenset[str]:
    return frozenset(each.channel for each in deliveries)


def _told(before: Delivery, after: Delivery, at: str) -> Action:
    """What becomes of a delivery of the alert at that place, while it stands as it was read."""
    row = corrected_row(after) | {
        "turn": turns_of(after.severity) + at,
        "queue": queue_of(after.state, after.channel),
    }
    values = {f"next_{name}": value for name, value in row.items() if value is not None}
    change = "SET " + ", ".join(
        f"#{name} = :next_{name}" for name in row if f"next_{name}" in values
    )
    gone = [name for name, value in row.items() if value is None]
    gone += [] if is_finished(after.state) else [TTL_ATTRIBUTE]
    if gone:
        change += " REMOVE " + ", ".join(f"#{name}" for name in gone)
    key = delivery_key(after.alert_id, after.channel)
    return update_action(key, change, "#state = :state", state=before.state.value, **values)
