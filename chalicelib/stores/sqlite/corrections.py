"""Corrections in the SQLite file: an alert written over, and what was sent of it due again."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.corrections import amended, completed
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.identity import may_change
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.stores.encoding import micros, unpack_alert
from chalicelib.stores.sqlite.alerts import (
    Packed,
    body,
    deliveries,
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
    after = amended(kept, addendum)
    if _write_over(connection, row, kept, after):
        _due_again(connection, row["position"], addendum, amended=True)
    return True


def complete(connection: sqlite3.Connection, original: StoredAlert) -> None:
    """Write what an alert's own event turned out to have been, and send what that adds.

    What was sent as something milder is sent anew: an update notifies nobody.
    """
    alert = original.alert
    row = body(connection, alert.alert_id)
    if row is None:
        return
    position, kept = row["position"], unpack_alert(row["alert"], row["record"])
    after = completed(kept, alert)
    if _write_over(connection, row, kept, after):
        milder = kept.severity.rank < after.severity.rank
        _due_again(connection, position, alert, amended=not milder)
        put_deliveries(connection, [(position, _missing(connection, position, original, after))])


def _missing(
    connection: sqlite3.Connection, position: int, original: StoredAlert, after: Alert
) -> list[Delivery]:
    """The original's deliveries that its alert has not: an addendum too old to be sent has none."""
    there = {each.channel for each in deliveries(connection, [position])[position]}
    more = (each for each in original.deliveries if each.channel not in there)
    return [replace(each, severity=after.severity) for each in more]


def _write_over(
    connection: sqlite3.Connection, row: sqlite3.Row, kept: Alert, after: Alert
) -> bool:
    """Whether there was something to write."""
    packed = Packed.of(StoredAlert(alert=after))
    if after.record is kept.record:
        packed = replace(packed, record=row["record"])
    if (after, packed.record) == (kept, row["record"]):
        return False
    position = row["position"]
    remove(connection, position, tables=("alerts", "bodies"))
    write(connection, [(position, packed)])
    connection.execute(
        "UPDATE deliveries SET severity = ? WHERE position = ?", (after.severity.rank, position)
    )
    return True


def _due_again(
    connection: sqlite3.Connection, position: int, alert: Alert, *, amended: bool
) -> None:
    """What was sent is due at `alert.seen_at`: as an update where it is `amended`."""
    connection.execute(
        "UPDATE deliveries SET state = 'pending', amended = ?, due_at = ?"
        " WHERE position = ? AND state = 'sent'",
        (int(amended), micros(alert.seen_at), position),
    )
    connection.execute(
        "UPDATE deliveries SET amended = 1"
        " WHERE position = ? AND state IN ('sending', 'uncertain')",
        (position,),
    )
