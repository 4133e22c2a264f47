"""Teller: keeps the alerts of rules over time, and lets them grow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.batch import Kept
from chalicelib.alerts.outbox import Outbox
from chalicelib.alerts.told import Told, Way, alert_of

Keep = Callable[[Alert], Kept]  # see judging.keep


class Tells(Protocol):
    """What tells alerts of what came together."""

    way: Way

    def tell(self, told: Told) -> bool:
        """Keep an alert, or let the one that is kept grow to it; whether it was new."""

    def amend(self, told: Told) -> None:
        """Let an alert grow, if it is kept."""


class Teller:
    """See Tells. What one batch told. Raises StoreError."""

    def __init__(self, outbox: Outbox, keep: Keep, way: Way) -> None:
        self.way = way
        self._outbox = outbox
        self._keep = keep
        self._new: dict[str, Alert] = {}
        self._amended: dict[str, Alert] = {}

    def tell(self, told: Told) -> bool:
        """See Tells."""
        alert = alert_of(told, self.way)
        if self._amend(alert):  # first, since most of what is told again is kept
            return False
        kept = self._keep(alert)
        if kept.new:
            self._new |= {each.alert_id: each for each in kept.alerts}
            return True
        self._amend(alert)
        return False

    def amend(self, told: Told) -> None:
        """See Tells."""
        self._amend(alert_of(told, self.way))

    def kept(self) -> Kept:
        """What became of all."""
        return Kept(
            new=frozenset(self._new),
            alerts=tuple(self._new.values()),
            amended=tuple(self._amended.values()),
        )

    def _amend(self, alert: Alert) -> bool:
        is_kept = self._outbox.amend(alert)
        if is_kept:
            self._amended[alert.alert_id] = alert
        return is_kept
