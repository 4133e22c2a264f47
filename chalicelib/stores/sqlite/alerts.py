"""Alerts in the SQLite file: how one is written in all its tables, read and removed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import FINISHED, Delivery, DeliveryState
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.post import Post
from chalicelib.stores.encoding import (
    filters_of,
    pack_alert,
    pack_record,
    seconds,
    unpack_alert,
    words,
)
from chalicelib.stores.plain import micros
from chalicelib.stores.rows import NEW_CHANNEL, delivery_from, delivery_row, post_from
from chalicelib.stores.sqlite.statements import GIVEN, one_of, put
from chalicelib.stores.sqlite.tags import INDEXES, tags_of, write_index

# A position is the second of the event, then this many bits for the order of arrival within it.
ARRIVAL_BITS = 25
# Notices lie before every alert, whose seconds begin with the year 1: no list comes so far.
_NOTICES, FIRST_POSITION = -(1 << 62), -(1 << 61)
HIDDEN = ("mute_id", "alert_id", "channel")
_FINISHED = one_of(sorted(FINISHED, key=list(DeliveryState).index))


@dataclass(frozen=True, slots=True)
class Packed:
    """An alert ready to be written, so that no other writer waits for the packing."""

    stored: StoredAlert
    words: str
    tags: str
    body: bytes
    record: bytes

    @classmethod
    def of(cls, stored: StoredAlert) -> Packed:
        alert = stored.alert
        body, record = pack_alert(alert), pack_record(alert.record)
        return cls(stored, words(alert), tags_of(alert), body, record)


def insert(connection: sqlite3.Connection, packed: Sequence[Packed]) -> None:
    """Write alerts that are not kept yet."""
    new = sorted(packed, key=lambda item: item.stored.alert.event_time)
    places = _places(connection, [_room(item.stored.alert) for item in new])
    write(connection, list(zip(places, new, strict=True)))
    placed = zip(places, new, strict=True)
    put_deliveries(connection, [(place, item.stored.deliveries) for place, item in placed])


def by_id(connection: sqlite3.Connection, alert_ids: Sequence[str]) -> dict[str, Alert]:
    """The alerts that exist of these ids, without their records."""
    return {alert.alert_id: alert for alert in alerts(connection, alert_ids)}


def known(connection: sqlite3.Connection, alert_ids: Sequence[str]) -> set[str]:
    rows = connection.execute(
        f"SELECT alert_id FROM alerts WHERE alert_id IN {GIVEN}", (json.dumps(alert_ids),)
    )
    return {row["alert_id"] for row in rows}


def expire(connection: sqlite3.Connection, before: datetime, limit: int) -> int:
    """Remove alerts seen before then that are finished; how many."""
    rows = connection.execute(
        "SELECT position FROM alerts"
        " WHERE seen_at < ? AND NOT EXISTS (SELECT 1 FROM deliveries"
        f" WHERE deliveries.position = alerts.position AND state NOT IN {_FINISHED})"
        " ORDER BY seen_at LIMIT ?",
        (micros(before), limit),
    ).fetchall()
    for row in rows:
        remove(connection, row["position"])
    return len(rows)


def remove(
    connection: sqlite3.Connection,
    position: int,
    tables: Iterable[str] = ("alerts", "bodies", "deliveries"),
) -> None:
    """Remove an alert from these tables, and from both indexes."""
    # An index keeps no text: it forgets only what it is given once more.
    for index in INDEXES:
        connection.execute(
            f"INSERT INTO {index} ({index}, rowid, text)"
            f" SELECT 'delete', -position, {index} FROM bodies WHERE position = ?",
            (position,),
        )
    for table in tables:
        connection.execute(f"DELETE FROM {table} WHERE position = ?", (position,))


def alerts(connection: sqlite3.Connection, alert_ids: Sequence[str]) -> list[Alert]:
    """The alerts with these ids, in their order, without their records."""
    rows = connection.execute(
        "SELECT alert FROM json_each(?) AS given"
        " JOIN alerts ON alerts.alert_id = given.value"
        " JOIN bodies ON bodies.position = alerts.position ORDER BY given.key",
        (json.dumps(alert_ids),),
    )
    return [unpack_alert(row["alert"]) for row in rows]


def body(connection: sqlite3.Connection, alert_id: str) -> sqlite3.Row | None:
    """Position, packed alert and packed record."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT bodies.* FROM alerts JOIN bodies USING (position) WHERE alert_id = ?", (alert_id,)
    ).fetchone()
    return row


def with_deliveries(
    connection: sqlite3.Connection, positions: Sequence[int]
) -> tuple[StoredAlert, ...]:
    """The alerts at these positions, in their order, with their deliveries."""
    rows = connection.execute(
        "SELECT position, alert FROM json_each(?) AS given"
        " JOIN bodies ON bodies.position = given.value ORDER BY given.key",
        (json.dumps(positions),),
    ).fetchall()
    found = deliveries(connection, positions)
    return tuple(
        StoredAlert(alert=unpack_alert(row["alert"]), deliveries=found[row["position"]])
        for row in rows
    )


def deliveries(
    connection: sqlite3.Connection, positions: Sequence[int]
) -> dict[int, tuple[Delivery, ...]]:
    """The deliveries at each position, by channel; none where there are none."""
    rows = connection.execute(
        f"SELECT * FROM deliveries WHERE position IN {GIVEN} ORDER BY position, channel",
        (json.dumps(positions),),
    )
    found: dict[int, list[Delivery]] = {position: [] for position in positions}
    for row in rows:
        found[row["position"]].append(delivery_from(row))
    return {position: tuple(each) for position, each in found.items()}


def posts(connection: sqlite3.Connection, alert_id: str) -> tuple[Post, ...]:
    """The last post of each of its deliveries, the oldest attempt first."""
    rows = connection.execute(
        "SELECT * FROM posts WHERE post_id IN (SELECT post_id FROM deliveries"
        " WHERE position = (SELECT position FROM alerts WHERE alert_id = ?))"
        " ORDER BY attempted_at",
        (alert_id,),
    )
    return tuple(post_from(row) for row in rows)


def stored_at(connection: sqlite3.Connection, row: sqlite3.Row) -> StoredAlert:
    """All that is known of the alert with this body."""
    position, alert = row["position"], unpack_alert(row["alert"], row["record"])
    return StoredAlert(
        alert=alert,
        deliveries=deliveries(connection, [position])[position],
        posts=posts(connection, alert.alert_id),
    )


def register(connection: sqlite3.Connection, names: Iterable[str]) -> None:
    """Make the channels that are not there yet."""
    connection.executemany(
        "INSERT OR IGNORE INTO channels (name, state) VALUES (?, ?)",
        [(name, NEW_CHANNEL) for name in names],
    )


def put_deliveries(
    connection: sqlite3.Connection, placed: Iterable[tuple[int, Sequence[Delivery]]]
) -> None:
    """Write deliveries of the alerts at these positions."""
    rows = [{"position": place} | delivery_row(each) for place, new in placed for each in new]
    put(connection, "deliveries", rows)
    hidden = [{name: row[name] for name in HIDDEN} for row in rows if row["mute_id"]]
    put(connection, "hidden", hidden)
    register(connection, {row["channel"] for row in rows})


def moved(connection: sqlite3.Connection, position: int, alert: Alert) -> int:
    """A position in the second that the alert is of now; its deliveries are there already."""
    place = _free(connection, *_room(alert))
    connection.execute("UPDATE deliveries SET position = ? WHERE position = ?", (place, position))
    return place


def write(connection: sqlite3.Connection, placed: Sequence[tuple[int, Packed]]) -> None:
    """Write alerts at their positions, without their deliveries."""
    put(connection, "alerts", [_row(place, item.stored.alert) for place, item in placed])
    connection.executemany(
        "INSERT INTO bodies (position, words, tags, alert, record) VALUES (?, ?, ?, ?, ?)",
        [(place, item.words, item.tags, item.body, item.record) for place, item in placed],
    )
    rising = [(-place, item) for place, item in reversed(placed)]  # fast only so
    write_index(connection, "words", [(row, item.words) for row, item in rising])
    write_index(connection, "tags", [(row, item.tags) for row, item in rising])


def _row(position: int, alert: Alert) -> dict[str, Any]:
    return {
        "position": position,
        "alert_id": alert.alert_id,
        **filters_of(alert),
        "seen_at": micros(alert.seen_at),
        "acknowledged": int(alert.handling.owner is not None),
    }


def _room(alert: Alert) -> tuple[int, int]:
    """Between which positions an alert's lies: those of its second."""
    if alert.notice:
        return _NOTICES, FIRST_POSITION
    moment = seconds(alert.event_time)
    return moment << ARRIVAL_BITS, (moment + 1) << ARRIVAL_BITS


def _places(connection: sqlite3.Connection, rooms: Sequence[tuple[int, int]]) -> list[int]:
    """A free position in each of these."""
    following: dict[tuple[int, int], int] = {}
    places = []
    for room in rooms:
        place = following[room] if room in following else _free(connection, *room)
        following[room] = place + 1
        places.append(place)
    return places


def _free(connection: sqlite3.Connection, first: int, end: int) -> int:
    last = connection.execute(
        "SELECT max(position) FROM alerts WHERE position >= ? AND position < ?", (first, end)
    ).fetchone()[0]
    return first if last is None else last + 1
