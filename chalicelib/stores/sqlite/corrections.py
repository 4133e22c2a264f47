"""Corrections in the SQLite file: an alert written over, and what was sent of it due again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.corrections import amended, completed
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.identity import may_change
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.retelling import as_of, told_again
from chalicelib.stores.encoding import seconds, unpack_alert
from chalicelib.stores.rows import corrected_row
from chalicelib.stores.sqlite.alerts import (
    Packed,
    body,
    deliveries,
    moved,
    posts,
    put_deliveries,
    remove,
    write,
)
from chalicelib.stores.sqlite.followups import put_followups


def amend(connection: sqlite3.Connection, addendum: Alert) -> bool:
    """Write what an addendum adds; False where it is of nothing that is kept.

    What came together and is severer now is sent anew: no event of it was told so before.
    """
    row = body(connection, addendum.alert_id)
    kept = None if row is None else unpack_alert(row["alert"], row["record"])
    if row is None or kept is None or not may_change(kept, addendum):
        return False
    after = amended(kept, addendum)
    made = posts(connection, after.alert_id)
    at, loud = addendum.seen_at, addendum.together is not None
    again = partial(told_again, before=kept, after=after, posts=made, at=at, loud=loud)
    write_over(connection, row, kept, after, again)
    return True


def complete(connection: sqlite3.Connection, original: StoredAlert) -> None:
    """Write what an alert's own event turned out to have been, and send what that adds.

    What was sent as something milder is sent anew: an update notifies nobody. What is to be looked
    at later of what it turned out to be is kept with it.
    """
    row = body(connection, original.alert.alert_id)
    if row is None:
        return
    kept = unpack_alert(row["alert"], row["record"])
    after = completed(kept, original.alert)
    made, at = posts(connection, after.alert_id), original.alert.seen_at
    again = partial(told_again, before=kept, after=after, posts=made, at=at, loud=True)
    write_over(connection, row, kept, after, again, original.deliveries)
    put_followups(connection, original.followups)


def write_over(
    connection: sqlite3.Connection,
    row: sqlite3.Row,
    kept: Alert,
    after: Alert,
    again: Callable[[Delivery], Delivery],
    more: Sequence[Delivery] = (),
) -> None:
    """Write what an alert is after something, where that is other than what is kept: `again` says
    where a delivery stands then, and of `more` those are added whose channel it does not go to.
    """
    packed = Packed.of(StoredAlert(alert=after))
    if after.record is kept.record:
        packed = replace(packed, record=row["record"])
    if (after, packed.record) == (kept, row["record"]):
        return
    position = row["position"]
    remove(connection, position, tables=("alerts", "bodies"))
    if seconds(after.event_time) != seconds(kept.event_time):
        position = moved(connection, position, after)
    write(connection, [(position, packed)])
    there = deliveries(connection, [position])[position]
    for each in there:
        _update(connection, position, each, again(each))
    # An addendum too old to be sent has no deliveries.
    channels = {each.channel for each in there}
    added = [as_of(each, after) for each in more if each.channel not in channels]
    put_deliveries(connection, [(position, added)])


def _update(
    connection: sqlite3.Connection, position: int, before: Delivery, after: Delivery
) -> None:
    row = corrected_row(after)
    changes = ", ".join(f"{name} = :{name}" for name in row)
    connection.execute(
        f"UPDATE deliveries SET {changes} WHERE position = :position AND channel = :channel",
        row | {"position": position, "channel": after.channel},
    )
    if before.mute_id and not after.mute_id:
        connection.execute(
            "DELETE FROM hidden WHERE mute_id = ? AND alert_id = ? AND channel = ?",
            (before.mute_id, before.alert_id, before.channel),
        )
