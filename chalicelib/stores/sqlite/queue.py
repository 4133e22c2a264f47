"""The queue in a SQLite file: channels, and what is due to them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.channel import Channel, Claim, Lease, Waiting
from chalicelib.alerts.delivery import CORRECT_AGAIN_AFTER, Delivery
from chalicelib.alerts.post import SENT_OUTCOME, Post, PostKind
from chalicelib.stores.encoding import severity_of
from chalicelib.stores.plain import from_micros, micros
from chalicelib.stores.rows import (
    channel_from,
    channel_row,
    delivery_from,
    delivery_row,
    post_from,
    post_row,
)
from chalicelib.stores.sqlite import alerts as sqlite_alerts
from chalicelib.stores.sqlite.database import Database
from chalicelib.stores.sqlite.statements import GIVEN, put, rows

_UNSETTLED = "channel = ? AND settled = 0 ORDER BY attempted_at, post_id"
# As alerts.delivery.is_due has it.
_DUE = "state = 'pending' AND (amended = 0 OR due_at NOT BETWEEN :now + 1 AND :last)"
_WAITING = (
    "SELECT channels.*, first.severity AS severity, first.due_at AS since, EXISTS (SELECT 1"
    " FROM posts WHERE channel = channels.name AND settled = 0) AS unsettled FROM channels"
    " LEFT JOIN deliveries AS first ON first.channel = channels.name AND first.position ="
    " (SELECT position FROM deliveries WHERE channel = channels.name"
    f" AND {_DUE} ORDER BY severity DESC, position LIMIT 1)"
    " ORDER BY name"
)
# Whether it was corrected while the post showed what it was before.
_OUTDATED = (
    "amended = 1 AND (:corrects = 0 OR due_at <> :due_at) AND :state IN ('sent', 'uncertain')"
)
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
_RAISE = (
    "UPDATE posts SET repeats = :repeats, also = :also WHERE channel = :channel"
    " AND kind = 'single' AND repeat_key = :repeat_key AND ts = :ts AND repeats < :repeats"
)
# Whether a repeat has raised its count since then.
_RAISED = (
    "EXISTS (SELECT 1 FROM posts AS again WHERE again.channel = posts.channel"
    " AND again.kind = 'update' AND again.repeat_key = posts.repeat_key AND again.ts = posts.ts"
    " AND again.outcome = ? AND again.attempted_at >= ?)"
)


class SqliteQueue:
    """See Queue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, now: datetime) -> list[Waiting]:
        with self._database.reading() as connection:
            found = connection.execute(_WAITING, _span(now)).fetchall()
        return [_waiting(row) for row in found]

    def claim(
        self, name: str, owner: str, until: datetime, seen: Lease | None = None
    ) -> Claim | None:
        watched = None if seen is None or seen.until is None else micros(seen.until)
        with self._database.writing() as connection:
            sqlite_alerts.register(connection, {name})
            connection.execute(
                "UPDATE channels SET owner = ?, leased_until = ? WHERE name = ?"
                " AND (owner = ? OR leased_until IS NULL OR (owner = ? AND leased_until = ?))",
                (owner, micros(until), name, owner, seen and seen.owner, watched),
            )
            row = connection.execute("SELECT * FROM channels WHERE name = ?", (name,)).fetchone()
            if row["owner"] != owner:
                return None
            posts = rows(connection, f"posts WHERE {_UNSETTLED}", (name,))
        return Claim(channel_from(row), tuple(post_from(post) for post in posts))

    def save(self, channel: Channel) -> bool:
        with self._database.writing() as connection:
            return _save(connection, channel)

    def due(self, name: str, now: datetime, limit: int) -> list[Delivery]:
        with self._database.reading() as connection:
            found = rows(
                connection,
                f"deliveries WHERE channel = :name AND {_DUE}"
                " ORDER BY severity DESC, position LIMIT :limit",
                {"name": name, "limit": limit, **_span(now)},
            )
            return [delivery_from(row) for row in found]

    def begin(self, post: Post, channel: Channel, shown: Sequence[str]) -> list[Alert] | None:
        with self._database.writing() as connection:
            if not _save(connection, channel):
                return None
            put(connection, "posts", [post_row(post)])
            connection.execute(
                "UPDATE deliveries SET state = 'sending', post_id = ? WHERE channel = ?"
                f" AND position IN (SELECT position FROM alerts WHERE alert_id IN {GIVEN})",
                (post.post_id, post.channel, json.dumps(post.alert_ids)),
            )
        with self._database.reading() as connection:
            return sqlite_alerts.alerts(connection, shown)

    def settle(
        self, post: Post, deliveries: Sequence[Delivery], channel: Channel | None = None
    ) -> bool:
        common = {"post_id": post.post_id, "corrects": int(post.corrects)}
        written = [delivery_row(delivery) | common for delivery in deliveries]
        with self._database.writing() as connection:
            held = channel is None or _save(connection, channel)
            put(connection, "posts", [post_row(post)])
            connection.executemany(_SETTLE, written)
            if post.kind is PostKind.UPDATE and post.outcome == SENT_OUTCOME and post.repeat_key:
                connection.execute(_RAISE, post_row(post))
        return held

    def deliveries(self, alert_ids: Iterable[str], channel: str) -> list[Delivery]:
        with self._database.reading() as connection:
            found = connection.execute(
                "SELECT deliveries.* FROM json_each(?) AS given"
                " JOIN alerts ON alerts.alert_id = given.value"
                " JOIN deliveries ON deliveries.position = alerts.position AND channel = ?"
                " ORDER BY given.key",
                (json.dumps(list(alert_ids)), channel),
            )
            return [delivery_from(row) for row in found]

    def posts(self, alert_id: str) -> tuple[Post, ...]:
        with self._database.reading() as connection:
            return sqlite_alerts.posts(connection, alert_id)

    def last_single(self, channel: str, repeat_key: str, since: datetime) -> Post | None:
        with self._database.reading() as connection:
            found = rows(
                connection,
                "posts WHERE channel = ? AND kind = 'single' AND repeat_key = ? AND outcome = ?"
                f" AND (attempted_at >= ? OR {_RAISED})"
                " ORDER BY ts DESC, attempted_at DESC LIMIT 1",
                (channel, repeat_key, SENT_OUTCOME, micros(since), SENT_OUTCOME, micros(since)),
            )
            return post_from(found[0]) if found else None

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


def _waiting(row: sqlite3.Row) -> Waiting:
    if row["since"] is None:
        return Waiting(channel_from(row), bool(row["unsettled"]))
    severity, since = severity_of(row["severity"]), from_micros(row["since"])
    return Waiting(channel_from(row), due=True, severity=severity, since=since)


def _span(now: datetime) -> dict[str, int]:
    """Between now and then a correction that failed is not due."""
    return {"now": micros(now), "last": micros(now + CORRECT_AGAIN_AFTER)}


def _save(connection: sqlite3.Connection, channel: Channel) -> bool:
    """Write the channel where its owner holds it."""
    cursor = connection.execute(
        "UPDATE channels SET owner = :owner, leased_until = :leased_until, state = :state"
        " WHERE name = :name AND owner = :owner AND leased_until IS NOT NULL",
        channel_row(channel),
    )
    return cursor.rowcount == 1
