"""Delivery: an alert's way to one channel, and where it stands."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.handling import UNHANDLED
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.texts import cut
from chalicelib.rules.rule import URGENT, Severity

_TARGETS, _TARGET = 3, 100


class DeliveryState(Enum):
    """Where an alert stands on its way to one channel."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    PARKED = "parked"
    MUTED = "muted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An alert's way to one channel, with what dispatch plans by.

    `possible_repeat` is set once an ambiguous post could not be reconciled: the next
    message says so. `form` counts the payloads that were refused, each followed by a plainer form.
    `amended` says that the alert was corrected since it was sent (or, SENDING and UNCERTAIN, may
    have been): its message is to be updated. `outcome` is None where it was kept before there was
    one. Deliveries that share `repeat_key` are one thing happening again; `targets` are the first
    names of what this one was done to. `handled` says that people did something with the alert,
    which its message shows. `notice` and `about` are those of the alert: a notice about an alert
    goes into the thread of its message, or to a person, where the channel is one (`is_person`).
    MUTED is what the mute `mute_id` hides, while its alert is no severer than `muted_up_to`.
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
    repeat_key: str
    outcome: Outcome | None = None
    principal: str = ""
    targets: tuple[str, ...] = ()
    attempts: int = 0
    form: int = 0
    possible_repeat: bool = False
    amended: bool = False
    post_id: str | None = None
    reason: str | None = None
    handled: bool = False
    notice: str = ""
    about: str = ""
    mute_id: str = ""
    muted_up_to: Severity | None = None


class Flooding(Protocol):
    """What an alert and a delivery have in common."""

    @property
    def rule_id(self) -> str: ...
    @property
    def principal(self) -> str: ...
    @property
    def actor(self) -> str: ...
    @property
    def account_id(self) -> str: ...


# Nothing more happens to these by itself: past retention their alerts may be removed.
FINISHED = frozenset({DeliveryState.SENT, DeliveryState.PARKED, DeliveryState.MUTED})
# When a correction that failed is made again; nothing else is ever due later than it was kept.
CORRECT_AGAIN_AFTER = timedelta(minutes=15)
# What surely was not done.
UNDONE = frozenset({Outcome.REFUSED, Outcome.FAILED, Outcome.DRY_RUN})


def flood_of(one: Flooding) -> str:
    """One rule, one principal, one account: many of it are a flood."""
    return "\x1f".join((one.rule_id, one.principal or one.actor, one.account_id))


def is_person(channel: str) -> bool:
    """Whether a channel is a person's own, "@U…": nobody else reads what is posted there."""
    return channel.startswith(("@U", "@W"))


def was_told(delivery: Delivery) -> bool:
    """Whether a message of the channel tells of it, also while that is being brought up to date."""
    return delivery.state is DeliveryState.SENT or delivery.amended


def is_due(delivery: Delivery, now: datetime) -> bool:
    """Whether it is to be sent now. A due_at that cannot be was kept before the clock was put
    back: it holds nothing up.
    """
    if delivery.state is not DeliveryState.PENDING:
        return False
    return not delivery.amended or not now < delivery.due_at <= now + CORRECT_AGAIN_AFTER


def reads_of_a_session(alert: Alert) -> bool:
    """Whether it is a read, which folds with whatever else its session reads."""
    return bool(alert.read_only) and alert.severity not in URGENT


def repeat_key_of(alert: Alert) -> str:
    """32 hex digits of what makes two alerts the same thing again.

    The flood and the outcome, with the operation, and for what is severe the first target; of a
    read the session in place of the operation. What is allowed is not what is not.
    """
    if alert.together:  # it is the group that is the same: fields may differ as members come
        return _hashed(alert.rule_id, alert.together.kind, alert.together.group)
    of_it: tuple[str, ...] = (alert.event_source, alert.event_name)
    if reads_of_a_session(alert):
        of_it = ("reads of", alert.actor_id)
    elif alert.severity in URGENT:
        of_it = (*of_it, *alert.resources[:1])
    if alert.allowed:
        of_it = (*of_it, "allowed")
    return _hashed(flood_of(alert), alert.outcome.value, *of_it)


def _hashed(*parts: str) -> str:
    text = "\x1f".join(parts)
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32]


def deliveries_of(alert: Alert, due_at: datetime) -> tuple[Delivery, ...]:
    """The alert's ways to its channels, as they begin."""
    repeat_key = repeat_key_of(alert)
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
            repeat_key=repeat_key,
            outcome=None if alert.notice else alert.outcome,  # without one nothing folds
            principal=alert.principal,
            targets=tuple(cut(target, _TARGET) for target in alert.resources[:_TARGETS]),
            handled=alert.handling != UNHANDLED,
            notice=alert.notice,
            about=alert.about,
        )
        for channel in alert.channels
    )
