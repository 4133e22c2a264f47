"""The store in a SQLite file, for one machine."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertPage, AlertQuery, Backlog, Summary
from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.post import SENT_OUTCOME, Post, PostKind
from chalicelib.stores.cursor import seal, unseal
from chalicelib.stores.encoding import from_micros, micros, unpack_alert
from chalicelib.stores.rows import (
    channel_from,
    channel_row,
    delivery_from,
    delivery_row,
    post_from,
    post_row,
)
from chalicelib.stores.sqlite import alerts as sqlite_alerts
from chalicelib.stores.sqlite import search as sqlite_search
from chalicelib.stores.sqlite.alerts import GIVEN, Packed, put
from chalicelib.stores.sqlite.database import Database

_UNTOLD = "('pending', 'sending', 'uncertain')"
# Whether it was corrected while the post told of what it was before.
_OUTDATED = "amended = 1 AND :corrects = 0 AND :state IN ('sent', 'uncertain')"
_SETTLE = (
    "UPDATE deliveries SET due_at = :due_at, attempts = :attempts,"
    f" state = iif({_OUTDATED} AND :state = 'sent', 'pending', :state),"
    f" amended = iif({_OUTDATED}, 1, :amended),"
    " plain = :plain, possible_repeat = :possible_repeat,"
    " post_id = :post_id, reason = :reason"
    " WHERE position = (SELECT position FROM alerts WHERE alert_id = :alert_id)"
    " AND channel = :channel"
    " AND (state = 'pending' OR post_id IS NULL OR post_id = :post_id)"
)


class SqliteAlertStore:
    """Alerts in one file, made with its folder at first use; for any threads and processes."""

    def __init__(self, path: Path | str) -> None:
        self._database = Database(Path(path))

    # What must be told

    def add(self, stored: Sequence[StoredAlert], now: datetime) -> set[str]:  # noqa: ARG002
        """See AlertStore; all of them in one transaction."""
        by_id: dict[str, StoredAlert] = {}
        for item in stored:
            by_id.setdefault(item.alert.alert_id, item)
        known = self.known(by_id)
        packed = [Packed.of(item) for key, item in by_id.items() if key not in known]
        if not packed:
            return set()
        with self._database.writing() as connection:
            return sqlite_alerts.insert(connection, packed)

    def known(self, alert_ids: Iterable[str]) -> set[str]:
        with self._database.reading() as connection:
            return sqlite_alerts.known(connection, list(alert_ids))

    def amend(self, alert: Alert) -> bool:
        with self._database.writing() as connection:
            return sqlite_alerts.correct(connection, alert)

    # Telling it

    def channels(self) -> list[Channel]:
        with self._database.reading() as connection:
            return [channel_from(row) for row in _rows(connection, "channels ORDER BY name")]

    def claim(self, name: str, owner: str, now: datetime, until: datetime) -> Channel | None:
        with self._database.writing() as connection:
            sqlite_alerts.register(connection, {name})
            connection.execute(
                "UPDATE channels SET owner = ?, leased_until = ? WHERE name = ?"
                " AND (owner = ? OR leased_until IS NULL OR leased_until <= ?)",
                (owner, micros(until), name, owner, micros(now)),
            )
            row = connection.execute("SELECT * FROM channels WHERE name = ?", (name,)).fetchone()
        return channel_from(row) if row["owner"] == owner else None

    def save(self, channel: Channel) -> bool:
        with self._database.writing() as connection:
            return _save(connection, channel)

    def due(self, name: str, now: datetime, limit: int) -> list[Delivery]:
        with self._database.reading() as connection:
            rows = _rows(
                connection,
                "deliveries WHERE channel = ? AND state = 'pending' AND due_at <= ?"
                " ORDER BY severity DESC, position LIMIT ?",
                (name, micros(now), limit),
            )
            return [delivery_from(row) for row in rows]

    def unsettled(self, name: str) -> list[Post]:
        with self._database.reading() as connection:
            rows = _rows(
                connection,
                "posts WHERE channel = ? AND settled = 0 ORDER BY attempted_at, post_id",
                (name,),
            )
            return [post_from(row) for row in rows]

    def begin(self, post: Post, channel: Channel) -> bool:
        with self._database.writing() as connection:
            if not _save(connection, channel, held_at=micros(post.attempted_at)):
                return False
            put(connection, "posts", [post_row(post)])
            connection.execute(
                "UPDATE deliveries SET state = 'sending', post_id = ? WHERE channel = ?"
                f" AND position IN (SELECT position FROM alerts WHERE alert_id IN {GIVEN})",
                (post.post_id, post.channel, json.dumps(post.alert_ids)),
            )
            return True

    def settle(self, post: Post, deliveries: Sequence[Delivery]) -> None:
        common = {"post_id": post.post_id, "corrects": int(post.corrects)}
        rows = [delivery_row(delivery) | common for delivery in deliveries]
        with self._database.writing() as connection:
            put(connection, "posts", [post_row(post)])
            connection.executemany(_SETTLE, rows)
            if post.kind is PostKind.UPDATE and post.outcome == SENT_OUTCOME and post.repeat_key:
                connection.execute(
                    "UPDATE posts SET repeats = max(repeats, ?) WHERE channel = ?"
                    " AND kind = 'single' AND repeat_key = ? AND ts = ?",
                    (post.repeats, post.channel, post_row(post)["repeat_key"], post.ts),
                )

    def deliveries(self, alert_ids: Iterable[str], channel: str) -> list[Delivery]:
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT deliveries.* FROM json_each(?) AS given"
                " JOIN alerts ON alerts.alert_id = given.value"
                " JOIN deliveries ON deliveries.position = alerts.position AND channel = ?"
                " ORDER BY given.key",
                (json.dumps(list(alert_ids)), channel),
            )
            return [delivery_from(row) for row in rows]

    def last_single(self, channel: str, repeat_key: str, since: datetime) -> Post | None:
        with self._database.reading() as connection:
            rows = _rows(
                connection,
                "posts WHERE channel = ? AND kind = 'single' AND repeat_key = ? AND outcome = ?"
                " AND attempted_at >= ? ORDER BY attempted_at DESC LIMIT 1",
                (channel, repeat_key, SENT_OUTCOME, micros(since)),
            )
            return post_from(rows[0]) if rows else None

    def parked(self, limit: int) -> list[Delivery]:
        with self._database.reading() as connection:
            rows = _rows(
                connection,
                "deliveries WHERE state = 'parked' ORDER BY position, channel LIMIT ?",
                (limit,),
            )
            return [delivery_from(row) for row in rows]

    def replace(self, delivery: Delivery, by: Delivery | None) -> bool:
        with self._database.writing() as connection:
            row = connection.execute(
                "DELETE FROM deliveries WHERE channel = ? AND state = ? AND position ="
                " (SELECT position FROM alerts WHERE alert_id = ?) RETURNING position",
                (delivery.channel, delivery.state.value, delivery.alert_id),
            ).fetchone()
            if row is None:
                return False
            if by is not None:
                sqlite_alerts.register(connection, {by.channel})
                values = {"position": row["position"]} | delivery_row(by)
                put(connection, "deliveries", [values], "INSERT OR IGNORE")
            return True

    # Looking back

    def alerts(self, alert_ids: Iterable[str]) -> list[Alert]:
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT alert FROM json_each(?) AS given"
                " JOIN alerts ON alerts.alert_id = given.value"
                " JOIN bodies ON bodies.position = alerts.position ORDER BY given.key",
                (json.dumps(list(alert_ids)),),
            )
            return [unpack_alert(row["alert"]) for row in rows]

    def get(self, alert_id: str) -> StoredAlert | None:
        with self._database.reading() as connection:
            row = sqlite_alerts.body(connection, alert_id)
            if row is None:
                return None
            told = sqlite_alerts.deliveries(connection, [row["position"]])
            deliveries = told.get(row["position"], [])
            post_ids = json.dumps([delivery.post_id for delivery in deliveries])
            posts = _rows(
                connection, f"posts WHERE post_id IN {GIVEN} ORDER BY attempted_at", (post_ids,)
            )
            return StoredAlert(
                alert=unpack_alert(row["alert"], row["record"]),
                deliveries=tuple(deliveries),
                posts=tuple(post_from(post) for post in posts),
            )

    def search(self, query: AlertQuery, limit: int, cursor: str | None = None) -> AlertPage:
        with self._database.reading() as connection:
            key = connection.execute("SELECT key FROM cursor_key").fetchone()["key"]
            before = None if cursor is None else int(unseal(key, cursor))
            found = sqlite_search.page(connection, query, limit, before)
            return AlertPage(
                alerts=sqlite_alerts.listed(connection, found.positions),
                next_cursor=None if found.place is None else seal(key, str(found.place)),
                searched_until=found.searched_until,
            )

    def summary(self, since: datetime, until: datetime) -> Summary:
        with self._database.reading() as connection:
            return sqlite_search.summary(connection, since, until)

    def backlog(self, now: datetime) -> Backlog:
        with self._database.reading() as connection:
            counted = connection.execute(
                "SELECT state, count(*) FROM deliveries"
                f" WHERE state IN {_UNTOLD} OR state = 'parked' GROUP BY state"
            )
            counts = {DeliveryState(state): count for state, count in counted}
            oldest = connection.execute(
                f"SELECT min(due_at) FROM deliveries WHERE state IN {_UNTOLD} AND due_at <= ?",
                (micros(now),),
            ).fetchone()[0]
            channels = _rows(connection, "channels ORDER BY name")
        return Backlog(
            pending=counts.get(DeliveryState.PENDING, 0) + counts.get(DeliveryState.SENDING, 0),
            uncertain=counts.get(DeliveryState.UNCERTAIN, 0),
            parked=counts.get(DeliveryState.PARKED, 0),
            oldest_due=None if oldest is None else from_micros(oldest),
            channels=tuple(channel_from(row) for row in channels),
        )

    # Keeping house

    def note(self, key: str, value: dict[str, Any]) -> None:
        with self._database.writing() as connection:
            put(connection, "notes", [{"key": key, "value": json.dumps(value)}])

    def noted(self, key: str) -> dict[str, Any] | None:
        with self._database.reading() as connection:
            rows = _rows(connection, "notes WHERE key = ?", (key,))
        note: dict[str, Any] | None = json.loads(rows[0]["value"]) if rows else None
        return note

    def expire(self, before: datetime, limit: int) -> int:
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM posts WHERE post_id IN (SELECT post_id FROM posts"
                " WHERE attempted_at < ? AND settled = 1 ORDER BY attempted_at LIMIT ?)",
                (micros(before), limit),
            )
            return sqlite_alerts.expire(connection, before, limit)


def _rows(
    connection: sqlite3.Connection, of: str, parameters: Sequence[Any] = ()
) -> list[sqlite3.Row]:
    return connection.execute(f"SELECT * FROM {of}", parameters).fetchall()


def _save(connection: sqlite3.Connection, channel: Channel, held_at: int | None = None) -> bool:
    """Write the channel where its owner holds it (at that time, where one is given)."""
    cursor = connection.execute(
        "UPDATE channels SET owner = :owner, leased_until = :leased_until, state = :state"
        " WHERE name = :name AND owner = :owner AND leased_until IS NOT NULL"
        " AND (:held_at IS NULL OR leased_until > :held_at)",
        channel_row(channel) | {"held_at": held_at},
    )
    return cursor.rowcount == 1
