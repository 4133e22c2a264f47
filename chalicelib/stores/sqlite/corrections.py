"""Corrections in the SQLite file: an alert written over, and what was sent of it due again."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.corrections import amended, completed
from chalicelib.alerts.identity import may_change
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.retelling import as_of, told_again
from chalicelib.stores.encoding import unpack_alert
from chalicelib.stores.rows import corrected_row
from chalicelib.stores.sqlite.alerts import (
    Packed,
    body,
    deliveries,
    posts,
    put_deliveries,
    remove,
    write,
)


def amend(connection: sqlite3.Connection, addendum: Alert) -> bool:
    """Write what an addendum adds; False where it is of nothing that is kept."""
    row = body(connection, addendum.alert_id)
    kept = None if row is None else unpack_alert(row["alert"], row["record"])
    if row is None or kept is None or not may_change(kept, addendum):
        return False
    _write_over(connection, row, kept, amended(kept, addendum), StoredAlert(alert=addendum))
    return True


def complete(connection: sqlite3.Connection, original: StoredAlert) -> None:
    """Write what an alert's own event turned out to have been, and send what that adds.

    What was sent as something milder is sent anew: an update notifies nobody.
    """
    row = body(connection, original.alert.alert_id)
    if row is None:
        return
    kept = unpack_alert(row["alert"], row["record"])
    _write_over(connection, row, kept, completed(kept, original.alert), original, loud=True)


def _write_over(
    connection: sqlite3.Connection,
    row: sqlite3.Row,
    kept: Alert,
    after: Alert,
    by: StoredAlert,
    *,
    loud: bool = False,
) -> None:
    """Write what came `by` another alert, where that is something, and have it told."""
    packed = Packed.of(StoredAlert(alert=after))
    if after.record is kept.record:
        packed = replace(packed, record=row["record"])
    if (after, packed.record) == (kept, row["record"]):
        return
    position = row["position"]
    remove(connection, position, tables=("alerts", "bodies"))
    write(connection, [(position, packed)])
    there = deliveries(connection, [position])[position]
    made = posts(connection, after.alert_id)
    for each in there:
        told = told_again(each, kept, after, made, by.alert.seen_at, loud=loud)
        _update(connection, position, corrected_row(told) | {"channel": each.channel})
    # An addendum too old to be sent has no deliveries.
    channels = {each.channel for each in there}
    more = [as_of(each, after) for each in by.deliveries if each.channel not in channels]
    put_deliveries(connection, [(position, more)])


def _update(connection: sqlite3.Connection, position: int, row: dict[str, Any]) -> None:
    changes = ", ".join(f"{name} = :{name}" for name in row)
    connection.execute(
        f"UPDATE deliveries SET {changes} WHERE position = :position AND channel = :channel",
        row | {"position": position},
    )
