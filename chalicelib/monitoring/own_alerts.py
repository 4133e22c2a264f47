"""Alerts about Trailbell itself: what each looks like, and how they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import deliveries_of
from chalicelib.alerts.notices import own_alert, own_id
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.rules.rule import Severity


class Outbox(Protocol):
    """What of the outbox is needed here. Raises StoreError."""

    def add(self, stored: Sequence[StoredAlert], now: datetime) -> set[str]:
        """Keep each alert with its deliveries; one that is kept already stays as it is."""


def keep_own(outbox: Outbox, alerts: Iterable[Alert], now: datetime) -> None:
    """Keep each with its deliveries, due now. Raises StoreError."""
    stored = [StoredAlert(alert=alert, deliveries=deliveries_of(alert, now)) for alert in alerts]
    if stored:
        outbox.add(stored, now)


def about_itself(
    *parts: Any,
    rule_id: str,
    severity: Severity,
    title: str,
    text: str,
    event_name: str,
    channel: str,
    now: datetime,
) -> Alert:
    """An alert about Trailbell itself; its id derives from `parts`, which are JSON values."""
    return own_alert(
        own_id(*parts),
        rule_id=rule_id,
        severity=severity,
        title=title,
        text=text,
        event_name=event_name,
        channel=channel,
        now=now,
    )
