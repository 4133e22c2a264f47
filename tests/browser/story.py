"""A day's alerts of our own making, as they look on the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.rules.rule import Severity
from chalicelib.stores.store import Store
from tests.stores.factories import NOW, alert, stored, tell

PEOPLE = ("alice", "bob", "carol", "dave")
HAPPENED: tuple[tuple[Severity, str, str, str, str], ...] = (
    (Severity.CRITICAL, "StopLogging", "cloudtrail", "A trail was stopped", "stopped the trail"),
    (Severity.HIGH, "ConsoleLogin", "signin", "Sign-in without MFA", "signed in without MFA to"),
    (Severity.MEDIUM, "PutBucketPolicy", "s3", "A bucket's policy was changed", "opened bucket"),
    (Severity.LOW, "RunInstances", "ec2", "An instance was started", "started an instance of"),
    (Severity.INFO, "CreateTags", "ec2", "Tags were changed", "tagged an instance of"),
)


def happened(number: int, minutes: float, kind: int, **changes: Any) -> Alert:
    """Alert `number`, of one of the kinds in HAPPENED, so many minutes ago."""
    severity, operation, service, title, verb = HAPPENED[kind]
    who = PEOPLE[number % len(PEOPLE)]
    time = NOW - timedelta(minutes=minutes)
    values = alert(
        number,
        rule_id=f"rule-{operation}",
        rule_ids=(f"rule-{operation}", "trail-changed"),
        severity=severity,
        title=title,
        text=f"{who} {verb} example-{number}",
        event_name=operation,
        event_source=f"{service}.amazonaws.com",
        actor=who,
        source_ip=f"192.0.2.{number % 250}",
        event_time=time,
        seen_at=time + timedelta(seconds=40),
        resources=(f"arn:aws:{service}:eu-central-1:111122223333:example-{number}",),
    )
    return replace(values, **changes)


def a_day() -> Iterator[Alert]:
    """About a hundred alerts, with a quiet night and a busy hour."""
    for hour in range(24):
        count = 14 if hour == 5 else (hour * 7) % 5
        for each in range(count):
            number = hour * 20 + each + 1
            yield happened(number, hour * 60 + 3 + each * 3.7, kind_of(number))


def kind_of(number: int) -> int:
    """Mostly harmless."""
    return 0 if number % 37 == 5 else (4, 3, 2, 3, 1, 4, 3)[number % 7]


def fill(store: Store) -> list[Alert]:
    """The day in a store: told, but for two that wait, one that is parked, one maybe sent."""
    alerts = sorted(a_day(), key=lambda item: item.event_time, reverse=True)
    store.outbox.add([stored(item) for item in alerts], NOW)
    tell(store, [alerts[2]], ts="1732449540.000100", channel_id="C024BE91L")
    tell(store, alerts[3:], ts="1732449541.000100", channel_id="C024BE91L")
    return alerts


def parked(item: Alert) -> StoredAlert:
    """The alert with a delivery that needs a person."""
    return stored(item, state=DeliveryState.PARKED, reason="msg_too_long")


def deliveries(item: Alert, *states: DeliveryState) -> tuple[Delivery, ...]:
    """One delivery in each of these states."""
    [base] = stored(item).deliveries
    return tuple(replace(base, channel=f"#{state.value}", state=state) for state in states)
