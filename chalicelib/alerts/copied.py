"""An outbox that has each alert told in one more channel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.outbox import Outbox, StoredAlert


class Copying:
    """`outbox`, with a way to `channel` for each alert that is kept, as long as `is_on` says so.

    What is not told at all (it is too old), goes there already, or is a notice of how people handle
    alerts stays as it is; what a mute hides is hidden there too.
    """

    def __init__(self, outbox: Outbox, channel: str, is_on: Callable[[], bool]) -> None:
        self._outbox = outbox
        self._channel = channel
        self._is_on = is_on

    def add(self, stored: Sequence[StoredAlert], now: datetime) -> set[str]:
        """See Outbox."""
        if stored and self._is_on():
            stored = [self._copied(each) for each in stored]
        return self._outbox.add(stored, now)

    def known(self, alert_ids: Iterable[str]) -> set[str]:
        """See Outbox."""
        return self._outbox.known(alert_ids)

    def amend(self, addendum: Alert) -> bool:
        """See Outbox. An alert keeps its channels."""
        return self._outbox.amend(addendum)

    def expire(self, before: datetime, limit: int) -> int:
        """See Outbox."""
        return self._outbox.expire(before, limit)

    def _copied(self, stored: StoredAlert) -> StoredAlert:
        alert, deliveries = stored.alert, stored.deliveries
        if not deliveries or alert.notice or self._channel in alert.channels:
            return stored
        return replace(
            stored,
            alert=replace(alert, channels=(*alert.channels, self._channel)),
            deliveries=(*deliveries, replace(deliveries[0], channel=self._channel)),
        )
