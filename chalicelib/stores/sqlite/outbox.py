"""The outbox in a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.identity import Sifted
from chalicelib.alerts.mutes import LONGEST, told_after_all
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.stores.plain import micros
from chalicelib.stores.sqlite import alerts as sqlite_alerts
from chalicelib.stores.sqlite import corrections, mutes
from chalicelib.stores.sqlite.alerts import Packed
from chalicelib.stores.sqlite.database import Database
from chalicelib.stores.sqlite.followups import put_followups
from chalicelib.stores.store import ids_of, sifted


class SqliteOutbox:
    """See Outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, stored: Sequence[StoredAlert], now: datetime) -> set[str]:  # noqa: ARG002
        """See Outbox; all of them in one transaction."""
        with self._database.reading() as connection:
            found = _sifted(connection, stored)
        if not (found.new or found.completing):
            return set()
        packed = [Packed.of(each) for each in found.new]
        ids = [each.alert.alert_id for each in found.new]
        with self._database.writing() as connection:
            if sqlite_alerts.known(connection, ids):  # somebody else was faster
                found = _sifted(connection, stored)
                packed = [Packed.of(each) for each in found.new]
            sqlite_alerts.insert(connection, _hidden_or_told(connection, packed))
            put_followups(connection, (one for each in found.new for one in each.followups))
            for each in found.completing:
                corrections.complete(connection, told_after_all(each))
        return {each.alert.alert_id for each in found.new}

    def known(self, alert_ids: Iterable[str]) -> set[str]:
        with self._database.reading() as connection:
            return sqlite_alerts.known(connection, list(alert_ids))

    def amend(self, alert: Alert) -> bool:
        with self._database.writing() as connection:
            return corrections.amend(connection, alert)

    def expire(self, before: datetime, limit: int) -> int:
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM posts WHERE post_id IN (SELECT post_id FROM posts"
                " WHERE attempted_at < ? AND settled = 1 ORDER BY attempted_at LIMIT ?)",
                (micros(before), limit),
            )
            mutes.forget(connection, before - LONGEST)
            return sqlite_alerts.expire(connection, before, limit)


def _hidden_or_told(connection: sqlite3.Connection, packed: Sequence[Packed]) -> Sequence[Packed]:
    """What mutes hide that are still in force stays hidden."""
    ids = {each.mute_id for one in packed for each in one.stored.deliveries if each.mute_id}
    if not ids:
        return packed
    in_force = mutes.those_in_force(connection, ids)
    return [replace(one, stored=told_after_all(one.stored, in_force)) for one in packed]


def _sifted(connection: sqlite3.Connection, stored: Sequence[StoredAlert]) -> Sifted:
    return sifted(stored, sqlite_alerts.by_id(connection, ids_of(stored)))
