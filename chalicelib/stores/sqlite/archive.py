"""The archive in a SQLite file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertPage, AlertQuery, Backlog, Last, Summary
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.stores.cursor import seal, unseal
from chalicelib.stores.plain import from_micros, micros
from chalicelib.stores.rows import UNFINISHED, channel_from, delivery_from
from chalicelib.stores.sqlite import alerts as sqlite_alerts
from chalicelib.stores.sqlite import search as sqlite_search
from chalicelib.stores.sqlite.database import Database
from chalicelib.stores.sqlite.statements import one_of, rows

_UNFINISHED = one_of(UNFINISHED)


class SqliteArchive:
    """See Archive."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def alerts(self, alert_ids: Iterable[str]) -> list[Alert]:
        with self._database.reading() as connection:
            return sqlite_alerts.alerts(connection, list(alert_ids))

    def get(self, alert_id: str) -> StoredAlert | None:
        with self._database.reading() as connection:
            row = sqlite_alerts.body(connection, alert_id)
            return None if row is None else sqlite_alerts.stored_at(connection, row)

    def search(self, query: AlertQuery, limit: int, cursor: str | None = None) -> AlertPage:
        with self._database.reading() as connection:
            key = connection.execute("SELECT key FROM cursor_key").fetchone()["key"]
            before = None if cursor is None else int(unseal(key, cursor))
            found = sqlite_search.page(connection, query, limit, before)
            return AlertPage(
                alerts=sqlite_alerts.with_deliveries(connection, found.positions),
                next_cursor=None if found.place is None else seal(key, str(found.place)),
                searched_until=found.searched_until,
            )

    def summary(self, since: datetime, until: datetime) -> Summary:
        with self._database.reading() as connection:
            return sqlite_search.summary(connection, since, until)

    def last_matched(self, rule_ids: Iterable[str], now: datetime) -> dict[str, Last]:  # noqa: ARG002
        with self._database.reading() as connection:
            return sqlite_search.last_matched(connection, rule_ids)

    def backlog(self, now: datetime) -> Backlog:
        with self._database.reading() as connection:
            counted = connection.execute(
                "SELECT state, count(*) FROM deliveries"
                f" WHERE state IN {_UNFINISHED} OR state = 'parked' GROUP BY state"
            )
            counts = {DeliveryState(state): count for state, count in counted}
            oldest = connection.execute(
                f"SELECT min(due_at) FROM deliveries WHERE state IN {_UNFINISHED} AND due_at <= ?",
                (micros(now),),
            ).fetchone()[0]
            channels = rows(connection, "channels ORDER BY name")
        return Backlog(
            pending=counts.get(DeliveryState.PENDING, 0) + counts.get(DeliveryState.SENDING, 0),
            uncertain=counts.get(DeliveryState.UNCERTAIN, 0),
            parked=counts.get(DeliveryState.PARKED, 0),
            oldest_due=None if oldest is None else from_micros(oldest),
            channels=tuple(channel_from(row) for row in channels),
        )

    def parked(self, limit: int) -> list[Delivery]:
        with self._database.reading() as connection:
            found = rows(
                connection,
                "deliveries WHERE state = 'parked' ORDER BY position, channel LIMIT ?",
                (limit,),
            )
            return [delivery_from(row) for row in found]
