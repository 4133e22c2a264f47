"""Looking back in the DynamoDB table: pages newest first, counts, what waits.

Alerts lie by day. One request reads at most READ_BYTES of them, on at most DAYS days: a list or
a count that ends there says how far back it came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertQuery, Backlog, Summary
from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb.alerts import listed
from chalicelib.stores.dynamodb.calls import Item, Page, Table, in_threads
from chalicelib.stores.dynamodb.items import (
    MOMENT_DIGITS,
    alert_id_at,
    day_of,
    day_start,
    delivery_key,
    moment_of,
    place_of,
    queue_of,
    turns_of,
)
from chalicelib.stores.dynamodb.table import BY_DAY, BY_QUEUE, TTL_ATTRIBUTE
from chalicelib.stores.encoding import (
    filterable,
    filters_of,
    from_micros,
    from_seconds,
    micros,
    searchable,
    seconds,
    seconds_from,
    words,
)
from chalicelib.stores.rows import delivery_from

# A request reads less than 1 MB: this much of the index, and the alerts of a page beside it.
READ_BYTES = 768 * 1024
DAYS = 31
PROBE = 250  # alerts of the first query with filters: it tells how large the others may be
_UNIT_BYTES = 8 * 1024  # of an eventually consistent read. Source: DynamoDB, "Read capacity"
_ITEM_BYTES = 256  # at least this much is reckoned for an alert

_FIRST, _LAST = "0", "9"  # before and after every place
_SEVERITIES = tuple(Severity)
_UNTOLD = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
_NOT_EXPIRED = f"(attribute_not_exists(#{TTL_ATTRIBUTE}) OR #{TTL_ATTRIBUTE} > :now)"


@dataclass(frozen=True, slots=True)
class Found:
    """Alerts newest first; `place` is where the next page begins, None at the end."""

    alerts: list[StoredAlert]
    place: str | None = None
    searched_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Span:
    """Places from `low` to `high`; the alert at `high` itself was on the page before."""

    low: str
    high: str

    @classmethod
    def of(cls, since: datetime | None, until: datetime | None, before: str | None) -> _Span:
        low = _FIRST if since is None else place_of(seconds_from(since))
        high = _LAST if until is None else place_of(seconds_from(until))
        return cls(low, high if before is None else min(high, before))


def page(table: Table, query: AlertQuery, limit: int, before: str | None, now: int) -> Found:
    """One page of at most `limit` alerts before that place."""
    span = _Span.of(query.since, query.until, before)
    if span.low > span.high:
        return Found([])
    found: list[StoredAlert] = []
    waiting: list[str] = []  # places to read together, over several days
    goes_on_at: str | None = None
    for places, goes_on_at in _way(table, query, limit, span, now):  # noqa: B007  # its last one
        waiting += [place for place in places if place != before]
        while len(found) + len(waiting) > limit:
            found += _read(table, query, waiting[: limit + 1], now)
            waiting = waiting[limit + 1 :]
            if len(found) > limit:
                return Found(found[:limit], _place(found[limit - 1].alert))
    found += _read(table, query, waiting, now)
    return Found(found, goes_on_at, _searched_until(goes_on_at))


def _read(table: Table, query: AlertQuery, places: list[str], now: int) -> list[StoredAlert]:
    stored = listed(table, [alert_id_at(place) for place in places], now)
    return [item for item in stored if _matches(item, query)]


def summary(table: Table, since: datetime, until: datetime, now: int) -> Summary:
    """Counts of what one request reads."""
    items: list[Item] = []
    goes_on_at: str | None = None
    span = _Span.of(since, until, None)
    attributes = "#at, #severity, #actor, #rule, #source"
    if span.low < span.high:
        way = _walk(table, span, [_NOT_EXPIRED], {"now": now}, PROBE, attributes)
        for some, goes_on_at in way:  # noqa: B007  # its last one
            items += some
    hours: dict[str, dict[str, int]] = {}
    for (hour, severity), count in sorted(Counter(map(_hour_and_severity, items)).items()):
        hours.setdefault(hour, {})[_SEVERITIES[severity].value] = count
    return Summary(
        total=len(items),
        severities=dict(Counter(_SEVERITIES[item["severity"]].value for item in items)),
        hours=hours,
        actors=dict(Counter(item["actor"] for item in items).most_common()),
        rules=dict(Counter(item["rule"] for item in items).most_common()),
        services=dict(Counter(item["source"] for item in items).most_common()),
        searched_until=_searched_until(goes_on_at),
    )


def backlog(table: Table, channels: Sequence[Channel], now: datetime) -> Backlog:
    """What one page of each queue says."""
    names = [channel.name for channel in channels]
    states = (*_UNTOLD, DeliveryState.PARKED)
    queues = list(product(states, names))
    pages = in_threads(lambda queue: _queue(table, *queue), queues)
    counts = Counter[DeliveryState]()
    waiting: list[int] = []
    for (state, _), read in zip(queues, pages, strict=True):
        counts[state] += len(read.items)
        if state in _UNTOLD:
            waiting += [item["due_at"] for item in read.items if item["due_at"] <= micros(now)]
    return Backlog(
        pending=counts[DeliveryState.PENDING] + counts[DeliveryState.SENDING],
        uncertain=counts[DeliveryState.UNCERTAIN],
        parked=counts[DeliveryState.PARKED],
        oldest_due=from_micros(min(waiting)) if waiting else None,
        channels=tuple(channels),
    )


def parked(table: Table, channels: Sequence[Channel], limit: int) -> list[Delivery]:
    """PARKED deliveries of these channels, the oldest event first."""
    streams = list(product([channel.name for channel in channels], Severity))
    span = _Span(_FIRST, _LAST)

    def read(stream: tuple[str, Severity]) -> list[tuple[str, str]]:
        found = _turns(table, DeliveryState.PARKED, *stream, span, limit, newest_first=False)
        return [(item["turn"][2:], stream[0]) for item in found.items]

    places = sorted(place for places in in_threads(read, streams) for place in places)[:limit]
    keys = [delivery_key(alert_id_at(place), channel) for place, channel in places]
    items = table.get_many(keys)
    deliveries = [items.get((key["pk"], key["sk"])) for key in keys]
    return [
        delivery_from(item)
        for item in deliveries
        if item is not None and item["state"] == DeliveryState.PARKED.value
    ]


def _way(
    table: Table, query: AlertQuery, limit: int, span: _Span, now: int
) -> Iterator[tuple[list[str], str | None]]:
    """Places newest first, and after each list of them where to go on (None: nowhere)."""
    if query.state is None or query.state is DeliveryState.SENT:
        return _dated(table, query, limit, span, now)
    return _waiting(table, query, query.state, limit, span)


def _dated(
    table: Table, query: AlertQuery, limit: int, span: _Span, now: int
) -> Iterator[tuple[list[str], str | None]]:
    """Places that the index by day finds, and where to go on after them."""
    filters, values = [_NOT_EXPIRED], {"now": now} | _values(query)
    filters += [f"#{name} = :{name}" for name in values if name not in ("now", "words")]
    if "words" in values:
        filters.append("contains(#words, :words)")
    first = PROBE if len(filters) > 1 else limit + 1
    for items, resume in _walk(table, span, filters, values, first, "#at"):
        yield [item["at"] for item in items], resume


def _walk(
    table: Table,
    span: _Span,
    filters: Sequence[str],
    values: dict[str, Any],
    first: int,
    attributes: str,
) -> Iterator[tuple[list[Item], str | None]]:
    """Items of the index by day, newest first, and where to go on after them."""
    budget, size = float(READ_BYTES), READ_BYTES / first
    days = _days(table, span)
    for number, day in enumerate(days[:DAYS], 1):
        options: dict[str, Any] = {}
        while True:
            read = table.query(
                "#day = :day AND #at BETWEEN :low AND :high",
                values={**values, "day": day, "low": span.low, "high": span.high},
                IndexName=BY_DAY,
                ScanIndexForward=False,
                FilterExpression=" AND ".join(filters),
                ProjectionExpression=attributes,
                Limit=max(int(budget / size), 1),
                **options,
            )
            cost = max(read.units * _UNIT_BYTES, read.scanned * _ITEM_BYTES)
            budget, size = budget - cost, max(cost / max(read.scanned, 1), _ITEM_BYTES)
            yield read.items, _resume(read, day, is_last=number == len(days))
            if budget <= 0:
                return
            if read.stopped_at is None:
                break
            options["ExclusiveStartKey"] = read.stopped_at


def _days(table: Table, span: _Span) -> list[str]:
    """Days that have alerts, newest first; one more than a request goes through."""
    low = "0" if span.low == _FIRST else day_of(moment_of(span.low))
    # A place that names no alert is the first of its second: what is sought lies before that.
    latest = 0 if "#" in span.high else 1
    first = moment_of("0" * MOMENT_DIGITS)
    high = "9999-12-31"
    if span.high != _LAST:
        high = day_of(max(moment_of(span.high) - latest, first))
    read = table.query(
        "#pk = :pk AND #sk BETWEEN :low AND :high",
        values={"pk": "DAYS", "low": low, "high": high},
        ScanIndexForward=False,
        Limit=DAYS + 1,
    )
    return [item["sk"] for item in read.items]


def _resume(read: Page, day: str, is_last: bool) -> str | None:
    if read.stopped_at is not None:
        place: str = read.stopped_at["at"]["S"]
        return place
    return None if is_last else day_start(day)


def _waiting(
    table: Table, query: AlertQuery, state: DeliveryState, limit: int, span: _Span
) -> Iterator[tuple[list[str], str | None]]:
    """Places that the index by queue finds for a state, over all channels and severities."""
    names = [item["sk"] for item in channel_items(table)]
    severities = Severity if query.severity is None else [query.severity]
    depth = limit + 2 if not _values(query) else PROBE
    pages = in_threads(
        lambda stream: _turns(table, state, *stream, span, depth, newest_first=True),
        product(names, severities),
    )
    places = {item["turn"][2:] for read in pages for item in read.items}
    # Below the highest place at which one of them stopped, another may have skipped alerts.
    stops = [read.stopped_at["turn"]["S"][2:] for read in pages if read.stopped_at is not None]
    floor = max(stops, default=None)
    yield sorted((place for place in places if place >= (floor or "")), reverse=True), floor


def channel_items(table: Table) -> list[Item]:
    return list(table.query_all("#pk = :pk", values={"pk": "CHANNELS"}, ConsistentRead=True))


def _turns(
    table: Table,
    state: DeliveryState,
    channel: str,
    severity: Severity,
    span: _Span,
    limit: int,
    *,
    newest_first: bool,
) -> Page:
    turns = turns_of(severity)
    return table.query(
        "#queue = :queue AND #turn BETWEEN :low AND :high",
        values={
            "queue": queue_of(state, channel),
            "low": turns + span.low,
            "high": turns + span.high,
        },
        IndexName=BY_QUEUE,
        ScanIndexForward=not newest_first,
        ProjectionExpression="#turn",
        Limit=limit,
    )


def _queue(table: Table, state: DeliveryState, channel: str) -> Page:
    return table.query(
        "#queue = :queue",
        values={"queue": queue_of(state, channel)},
        IndexName=BY_QUEUE,
        ProjectionExpression="#due_at",
    )


def _values(query: AlertQuery) -> dict[str, Any]:
    """What an alert is filtered by, beside its time and its deliveries' state."""
    values: dict[str, Any] = {
        "severity": None if query.severity is None else query.severity.rank,
        "actor": None if query.actor is None else filterable(query.actor),
        "event_name": None if query.event_name is None else filterable(query.event_name),
        "account": None if query.account is None else filterable(query.account),
        "words": None if query.text is None else searchable(query.text),
    }
    return {name: value for name, value in values.items() if value is not None}


def _matches(stored: StoredAlert, query: AlertQuery) -> bool:
    """The index only hints: what it named is looked at again."""
    alert, asked = stored.alert, _values(query)
    text = asked.pop("words", "")
    stands = filters_of(alert)
    if query.state is not None and query.state not in {each.state for each in stored.deliveries}:
        return False
    return text in words(alert) and all(stands[name] == value for name, value in asked.items())


def _searched_until(place: str | None) -> datetime | None:
    return None if place is None else from_seconds(moment_of(place))


def _place(alert: Alert) -> str:
    return place_of(seconds(alert.event_time), alert.alert_id)


def _hour_and_severity(item: Item) -> tuple[str, int]:
    hour = from_seconds(moment_of(item["at"]) // 3600 * 3600)
    return f"{hour:%Y-%m-%dT%H}:00:00Z", item["severity"]
