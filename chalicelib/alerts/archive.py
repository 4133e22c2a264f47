"""The archive: looking back by filters, in pages, and in counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import Delivery, DeliveryState, is_person
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import Severity


class CursorError(ValueError):
    """A cursor that this store did not make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertQuery:
    """What a list of alerts is filtered by; what is left out leaves it open, what is set combines,
    and of several values any will do.

    `severity`, `actor`, `event_name`, `account`, `region`, `source_ip` and `outcome` are whole
    values as the alert has them, `rule` is the id of any rule that matched, `service` an event
    source with or without its `.amazonaws.com`. `since` (inclusive) and `until` (exclusive) bound
    the event time in whole seconds, which is CloudTrail's resolution. `state` wants one delivery in
    that state. `acknowledged` is whether the alert has an owner. Notices are in no list. `text`,
    three characters or more, is found in title, actor, event name, address, the access key's whole
    id and resources (the first 1,000 characters of all of them), in any case.
    """

    since: datetime | None = None
    until: datetime | None = None
    severity: tuple[Severity, ...] = ()
    actor: tuple[str, ...] = ()
    event_name: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    source_ip: tuple[str, ...] = ()
    outcome: tuple[Outcome, ...] = ()
    state: tuple[DeliveryState, ...] = ()
    acknowledged: bool | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPage:
    """Alerts newest first, without their records. A page that ended before it was full, since
    one request reads only so much, has a cursor and says in `searched_until` how far back it
    looked.
    """

    alerts: tuple[StoredAlert, ...]
    next_cursor: str | None = None
    searched_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What is still to be sent, over all channels; `pending` counts SENDING too.

    `oldest_due` is the earliest due_at of what is not finished and due by now.

    The counts of a DynamoDB store stop at one page of its index, some 7,000 in all. Beyond that
    `oldest_due` is the earliest of these and of the first PENDING, by event time, of each channel
    and severity: what is due since earlier, and missed, is of a later event than 25 such.
    """

    pending: int = 0
    uncertain: int = 0
    parked: int = 0
    oldest_due: datetime | None = None
    channels: tuple[Channel, ...] = ()

    @property
    def troubled(self) -> list[Channel]:
        """Channels that are stopped; a person's own aside: what they cannot be told others are."""
        return [each for each in self.channels if each.trouble and not is_person(each.name)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Counts of alerts in a span of event time, notices aside.

    `hours` is by hour ("2026-11-24T03:00:00Z") and severity, `services` by event source. Where
    one request could not read the whole span, `searched_until` says how far back it counted.
    """

    total: int = 0
    severities: dict[str, int] = field(default_factory=dict)
    hours: dict[str, dict[str, int]] = field(default_factory=dict)
    actors: dict[str, int] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)
    services: dict[str, int] = field(default_factory=dict)
    searched_until: datetime | None = None


class Last(NamedTuple):
    """The newest alert of a rule: when its event was, and which alert it is."""

    at: datetime
    alert_id: str


class Archive(Protocol):
    """Alerts, for looking back. Raises StoreError."""

    def alerts(self, alert_ids: Iterable[str]) -> list[Alert]:
        """The alerts with these ids, in their order, without their records; unknown ones are
        left out.
        """

    def get(self, alert_id: str) -> StoredAlert | None:
        """One alert with its record and all that is known of its deliveries and posts."""

    def search(self, query: AlertQuery, limit: int, cursor: str | None = None) -> AlertPage:
        """Newest first by event time; raises CursorError.

        A cursor stays right while alerts arrive, and with another limit or other filters.
        """

    def summary(self, since: datetime, until: datetime) -> Summary:
        """Counts over a span, `since` inclusive, `until` exclusive."""

    def last_matched(self, rule_ids: Iterable[str], now: datetime) -> dict[str, Last]:
        """Of each rule the newest alert, as far back as one request can look."""

    def backlog(self, now: datetime) -> Backlog:
        """What is still to be sent."""

    def parked(self, limit: int) -> list[Delivery]:
        """PARKED deliveries of all channels, the oldest event first."""
