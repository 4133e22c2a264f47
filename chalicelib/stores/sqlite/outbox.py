"""The outbox in a SQLite file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.stores.encoding import micros
from chalicelib.stores.sqlite import alerts as sqlite_alerts
from chalicelib.stores.sqlite.alerts import Packed
from chalicelib.stores.sqlite.database import Database
from chalicelib.stores.store import first_of_each


class SqliteOutbox:
    """See Outbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, stored: Sequence[StoredAlert], now: datetime) -> set[str]:  # noqa: ARG002
        """See Outbox; all of them in one transaction."""
        by_id = first_of_each(stored)
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

    def expire(self, before: datetime, limit: int) -> int:
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM posts WHERE post_id IN (SELECT post_id FROM posts"
                " WHERE attempted_at < ? AND settled = 1 ORDER BY attempted_at LIMIT ?)",
                (micros(before), limit),
            )
            return sqlite_alerts.expire(connection, before, limit)
