"""The outbox in the DynamoDB table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.mutes import told_after_all
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.stores.dynamodb import additions, corrections, expiry
from chalicelib.stores.dynamodb import alerts as dynamodb_alerts
from chalicelib.stores.dynamodb.alert_table import AlertTable
from chalicelib.stores.dynamodb.marks import FOLLOWUPS
from chalicelib.stores.dynamodb.places import day_of
from chalicelib.stores.encoding import seconds
from chalicelib.stores.store import ids_of, sifted


class DynamoOutbox:
    """See Outbox."""

    def __init__(self, kept: AlertTable) -> None:
        self._kept = kept
        self._table = kept.table

    def add(self, stored: Sequence[StoredAlert], now: datetime) -> set[str]:
        added: set[str] = set()
        while stored:
            found = sifted(stored, dynamodb_alerts.by_id(self._table, ids_of(stored)))
            # First, so that what a crash leaves can be found by its channel and its day. What is
            # kept already is marked anew: an earlier version, while functions are being replaced,
            # kept it without, and may have failed to send it.
            self._kept.mark(each.channel for item in stored for each in item.deliveries)
            if any(item.followups for item in found.new):
                self._kept.marks.put([FOLLOWUPS])
            listed = (item.alert for item in found.new if not item.alert.notice)
            self._kept.note_days(day_of(seconds(alert.event_time)) for alert in listed)
            written = additions.add(self._table, found.new, self._kept.expiry(now))
            for item in found.completing:
                corrections.complete(self._kept, told_after_all(item))
            added |= written
            # Somebody else was faster: perhaps with another event of the same id.
            stored = [item for item in found.new if item.alert.alert_id not in written]
        return added

    def known(self, alert_ids: Iterable[str]) -> set[str]:
        return dynamodb_alerts.known(self._table, alert_ids)

    def amend(self, alert: Alert) -> bool:
        return corrections.amend(self._kept, alert)

    def expire(self, before: datetime, limit: int) -> int:
        return expiry.expire(self._table, before, limit)
