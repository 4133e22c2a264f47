"""Delivery: an alert's way to one channel, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from chalicelib.alerts.alert import Alert
from chalicelib.rules.rule import Severity


class DeliveryState(Enum):
    """Where an alert stands on its way to one channel."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    PARKED = "parked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An alert's way to one channel, with what dispatch plans by.

    `possible_repeat` is set once an ambiguous post could not be reconciled: the next
    message says so. `form` counts the payloads that were refused, each followed by a plainer form.
    `amended` says that the alert was corrected since it was sent (or, SENDING and UNCERTAIN, may
    have been): its message is to be updated.
    """

    alert_id: str
    channel: str
    state: DeliveryState
    due_at: datetime
    severity: Severity
    rule_id: str
    actor: str
    event_name: str
    account_id: str
    attempts: int = 0
    form: int = 0
    possible_repeat: bool = False
    amended: bool = False
    post_id: str | None = None
    reason: str | None = None

    @property
    def repeat_key(self) -> str:
        """Deliveries that share it are one thing happening again."""
        return "\x1f".join((self.rule_id, self.actor, self.event_name, self.account_id))


# Nothing more happens to these by itself: past retention their alerts may be removed.
FINISHED = frozenset({DeliveryState.SENT, DeliveryState.PARKED})


def deliveries_of(alert: Alert, due_at: datetime) -> tuple[Delivery, ...]:
    """The alert's ways to its channels, as they begin."""
    return tuple(
        Delivery(
            alert_id=alert.alert_id,
            channel=channel,
            state=DeliveryState.PENDING,
            due_at=due_at,
            severity=alert.severity,
            rule_id=alert.rule_id,
            actor=alert.actor,
            event_name=alert.event_name,
            account_id=alert.account_id,
        )
        for channel in alert.channels
    )
