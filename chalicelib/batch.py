"""A batch of records: what the rules make of it, and what of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.cloudtrail.record import Record, RecordError, alert_id_of

if TYPE_CHECKING:  # what only an alert needs is imported when there is one
    from chalicelib.alerts.alert import Alert
    from chalicelib.alerts.outbox import AlertStore, StoredAlert
    from chalicelib.rules.rule import Rule
    from chalicelib.rules.ruleset import Ruleset

    Match = tuple[int, Record, tuple[Rule, ...]]  # a record's position, and the rules it matches

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

    @property
    def counts(self) -> dict[str, int]:
        return {
            "records": self.records,
            "unreadable": len(self.unreadable),
            "alerts": len(self.alerts) + len(self.addenda),
        }


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
    records, matches, unreadable = _matches(bodies, ruleset)
    channel = default_channel() if matches else ""
    alerts: list[Alert] = []
    addenda: list[Alert] = []
    for position, record, rules in matches:
        try:
            alert = _alert(record, rules, ruleset, channel, now)
        except Exception as error:
            unreadable.append(_unreadable(position, record.text or record.raw, error))
            continue
        (addenda if record.updates_event_id else alerts).append(alert)
    return Judged(
        records=records,
        alerts=tuple(alerts),
        addenda=tuple(addenda),
        unreadable=tuple(unreadable),
    )


def _matches(bodies: Iterable[Body], ruleset: Ruleset) -> tuple[int, list[Match], list[Unreadable]]:
    """How many records there are, those that rules match, and those that cannot be read."""
    matches: list[Match] = []
    unreadable: list[Unreadable] = []
    position = -1
    for position, body in enumerate(bodies):
        try:
            record = Record.of(body)
            rules = ruleset.match(record)
        except Exception as error:
            unreadable.append(_unreadable(position, body, error))
            continue
        if rules:
            matches.append((position, record, rules))
    return position + 1, matches, unreadable


def keep(judged: Judged, store: AlertStore, now: datetime, retention: timedelta) -> Kept:
    """Store what a batch came to, each alert with its deliveries, before anything is sent.

    Corrections come last, since what they correct may be in the same batch; one whose original
    is unknown alerts like any record. Raises one StoreError, after everything was tried.
    """
    from chalicelib.alerts.outbox import StoreError

    new: set[str] = set()
    amended: list[Alert] = []
    errors: list[StoreError] = []
    try:
        new |= store.add([_stored(alert, now, retention) for alert in judged.alerts], now)
    except StoreError as error:
        errors.append(error)
    for alert in judged.addenda:
        try:
            if store.amend(alert):
                amended.append(alert)
            else:
                new |= store.add([_stored(alert, now, retention)], now)
        except StoreError as error:
            errors.append(error)
    if errors:
        counts = ", ".join(f"{name} {count}" for name, count in judged.counts.items())
        raise StoreError(f"{errors[0]} ({counts})") from errors[0]
    return Kept(new=frozenset(new), amended=tuple(amended))


def _stored(alert: Alert, now: datetime, retention: timedelta) -> StoredAlert:
    """With its deliveries; an alert older than the retention is listed and never posted."""
    from chalicelib.alerts.delivery import deliveries_of
    from chalicelib.alerts.outbox import StoredAlert

    due = deliveries_of(alert, now) if alert.event_time > now - retention else ()
    return StoredAlert(alert=alert, deliveries=due)


def _alert(
    record: Record, rules: tuple[Rule, ...], ruleset: Ruleset, channel: str, now: datetime
) -> Alert:
    from chalicelib.alerts.alert import alert_from

    alert = alert_from(record, rules, accounts=ruleset.accounts, default_channel=channel, now=now)
    original = record.updates_event_id
    if not original:
        return alert
    return replace(alert, alert_id=alert_id_of(record.recipient_account_id, original))


def _unreadable(position: int, body: Body, error: Exception) -> Unreadable:
    import hashlib
    import marshal

    # Not repr or json: where a record is nested too deeply for them, they would raise here again.
    data = (
        body.encode("utf-8", "surrogatepass") if isinstance(body, str) else marshal.dumps(body, 2)
    )
    digest = hashlib.sha256(data).hexdigest()
    return Unreadable(position=position, size=len(data), sha256=digest, reason=_reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "JSON nested too deeply"
    return str(error) if isinstance(error, RecordError) else type(error).__name__
