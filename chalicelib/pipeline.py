"""Records in → alerts stored → deliveries tried: the one place that joins the parts."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from chalicelib.cloudtrail.record import Record, RecordError, alert_id_of
from chalicelib.settings import Settings

if TYPE_CHECKING:  # what only an alert needs is imported when there is one
    from chalicelib.alerts.alert import Alert
    from chalicelib.alerts.outbox import AlertStore
    from chalicelib.ingest.log_subscription import LogSubscriptionEvent
    from chalicelib.rules.rule import Rule
    from chalicelib.rules.ruleset import Ruleset

Body = str | dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A record that could not be read: where it stood, its size and hash, never its text."""

    position: int
    size: int
    sha256: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a batch of records came to; nothing is stored or sent yet.

    `addenda` are the alerts of UPDATED_DATA records, under the id of the event they correct.
    """

    records: int
    alerts: tuple[Alert, ...] = ()
    addenda: tuple[Alert, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the store made of a batch: ids it had not known, and alerts an addendum corrected."""

    new: frozenset[str] = frozenset()
    amended: tuple[Alert, ...] = ()


def judge(
    bodies: Iterable[Body], ruleset: Ruleset, *, default_channel: Callable[[], str], now: datetime
) -> Judged:
    """Try every record against the rules. One that cannot be read costs itself alone.

    `default_channel` is asked only when there is an alert: in AWS its answer is a call away.
    """
    unreadable: list[Unreadable] = []
    matches: list[tuple[int, Record, tuple[Rule, ...]]] = []
    position = -1
    for position, body in enumerate(bodies):
        try:
            record = Record.parse(body) if isinstance(body, str) else Record(body)
            rules = ruleset.match(record)
        except Exception as error:
            unreadable.append(_unreadable(position, body, error))
            continue
        if rules:
            matches.append((position, record, rules))
    channel = default_channel() if matches else ""
    alerts: list[Alert] = []
    addenda: list[Alert] = []
    for at, record, rules in matches:
        try:
            alert = _alert(record, rules, ruleset, channel, now)
        except Exception as error:
            unreadable.append(_unreadable(at, record.raw, error))
            continue
        (addenda if record.updates_event_id else alerts).append(alert)
    return Judged(
        records=position + 1,
        alerts=tuple(alerts),
        addenda=tuple(addenda),
        unreadable=tuple(unreadable),
    )


def keep(judged: Judged, store: AlertStore, now: datetime, retention: timedelta) -> Kept:
    """Store what a batch came to, each alert with its deliveries, before anything is sent.

    An alert older than the retention is listed and never posted.
    """
    from chalicelib.alerts.outbox import StoredAlert, deliveries_of

    # An addendum whose original is unknown alerts like any record.
    amended = tuple(alert for alert in judged.addenda if store.amend(alert))
    corrected = {alert.alert_id for alert in amended}
    fresh = [a for a in (*judged.alerts, *judged.addenda) if a.alert_id not in corrected]
    stored = [
        StoredAlert(
            alert=alert,
            deliveries=deliveries_of(alert, now) if alert.event_time > now - retention else (),
        )
        for alert in fresh
    ]
    return Kept(new=frozenset(store.add(stored, now)), amended=amended)


def _alert(
    record: Record, rules: tuple[Rule, ...], ruleset: Ruleset, channel: str, now: datetime
) -> Alert:
    from chalicelib.alerts.alert import alert_from

    alert = alert_from(
        record, rules, accounts=ruleset.accounts, default_channel=channel, now=now
    )
    original = record.updates_event_id
    if not original:
        return alert
    return replace(alert, alert_id=alert_id_of(record.recipient_account_id, original))


def _unreadable(position: int, body: Body, error: Exception) -> Unreadable:
    reason = str(error) if isinstance(error, RecordError) else type(error).__name__
    data = str(body).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(data).hexdigest()
    return Unreadable(position=position, size=len(data), sha256=digest, reason=reason)
