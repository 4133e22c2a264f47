"""The archive in the DynamoDB table."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertPage, AlertQuery, Backlog, Last, Summary
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.stores.cursor import KEY_BYTES, seal, unseal
from chalicelib.stores.dynamodb import alerts as dynamodb_alerts
from chalicelib.stores.dynamodb.alert_table import AlertTable
from chalicelib.stores.dynamodb.backlog import backlog, parked
from chalicelib.stores.dynamodb.items import note_key
from chalicelib.stores.dynamodb.search import page
from chalicelib.stores.dynamodb.summary import last_matched, summary

_CURSOR_KEY = note_key("cursor-key")


class DynamoArchive:
    """See Archive."""

    def __init__(self, kept: AlertTable) -> None:
        self._kept = kept
        self._table = kept.table
        self._cursor_key: bytes | None = None

    def alerts(self, alert_ids: Iterable[str]) -> list[Alert]:
        return dynamodb_alerts.alerts(self._table, list(alert_ids), self._kept.now())

    def get(self, alert_id: str) -> StoredAlert | None:
        return dynamodb_alerts.get(self._table, alert_id, self._kept.now())

    def search(self, query: AlertQuery, limit: int, cursor: str | None = None) -> AlertPage:
        before = None if cursor is None else unseal(self._key(), cursor)
        found = page(self._table, query, limit, before, self._kept.now())
        return AlertPage(
            alerts=tuple(found.alerts),
            next_cursor=None if found.place is None else seal(self._key(), found.place),
            searched_until=found.searched_until,
        )

    def summary(self, since: datetime, until: datetime) -> Summary:
        return summary(self._table, since, until, self._kept.now())

    def last_matched(self, rule_ids: Iterable[str], now: datetime) -> dict[str, Last]:  # noqa: ARG002
        return last_matched(self._table, rule_ids, self._kept.now())

    def backlog(self, now: datetime) -> Backlog:
        return backlog(self._kept, now)

    def parked(self, limit: int) -> list[Delivery]:
        return parked(self._table, limit)

    def _key(self) -> bytes:
        """What cursors are sealed with: made once for the table, by whoever comes first."""
        if self._cursor_key is None:
            item = self._table.get(_CURSOR_KEY)
            if not item:
                self._kept.put_once(_CURSOR_KEY | {"key": secrets.token_bytes(KEY_BYTES)})
                item = self._table.get(_CURSOR_KEY)  # another may have come first
            self._cursor_key = item["key"]
        return self._cursor_key
