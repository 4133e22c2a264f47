"""Alerts in the DynamoDB table, found by a query: in pages, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb.alerts import by_id, with_deliveries
from chalicelib.stores.dynamodb.batches import in_threads
from chalicelib.stores.dynamodb.by_day import NOT_EXPIRED, walk
from chalicelib.stores.dynamodb.by_queue import places_in
from chalicelib.stores.dynamodb.calls import Table
from chalicelib.stores.dynamodb.channels import channel_items, channels
from chalicelib.stores.dynamodb.items import ACKNOWLEDGED, HAS_MUTED
from chalicelib.stores.dynamodb.open_posts import posts_in
from chalicelib.stores.dynamodb.places import Span, alert_id_at, place_of, time_at
from chalicelib.stores.encoding import asked_of, filters_of, seconds, words

# Of each channel and severity, where other filters are still to be looked at.
_CANDIDATES = 250


@dataclass(frozen=True, slots=True)
class Found:
    """Alerts newest first; `place` is where the next page begins, None at the end."""

    alerts: list[StoredAlert]
    place: str | None = None
    searched_until: datetime | None = None


def page(table: Table, query: AlertQuery, limit: int, before: str | None, now: int) -> Found:
    """One page of at most `limit` alerts before that place."""
    span = Span.of(query.since, query.until, before)
    if span.low >= span.high:  # nothing lies there, and DynamoDB refuses to look
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
    return Found(found, goes_on_at, time_at(goes_on_at))


def _read(table: Table, query: AlertQuery, places: list[str], now: int) -> list[StoredAlert]:
    stored = with_deliveries(table, [alert_id_at(place) for place in places], now)
    return [item for item in stored if _matches(item, query)]


def _way(
    table: Table, query: AlertQuery, limit: int, span: Span, now: int
) -> Iterator[tuple[list[str], str | None]]:
    """Places newest first, and after each list of them where to go on (None: nowhere)."""
    if query.state in (None, DeliveryState.SENT, DeliveryState.MUTED):
        return _dated(table, query, limit, span, now)
    return _waiting(table, query, query.state, limit, span)


def _dated(
    table: Table, query: AlertQuery, limit: int, span: Span, now: int
) -> Iterator[tuple[list[str], str | None]]:
    """Places that the index by day finds, and where to go on after them."""
    filters, values = [NOT_EXPIRED], {"now": now} | asked_of(query)
    acknowledged = values.pop("acknowledged", None)
    filters += [f"#{name} = :{name}" for name in values if name not in ("now", "words")]
    if "words" in values:
        filters.append("contains(#words, :words)")
    if acknowledged is not None:
        filters.append(f"{'' if acknowledged else 'NOT '}contains(#words, :acknowledged)")
        values["acknowledged"] = ACKNOWLEDGED
    if query.state is DeliveryState.MUTED:
        filters.append("contains(#words, :muted)")
        values["muted"] = HAS_MUTED
    first = None if len(filters) > 1 else limit + 1
    for items, resume in walk(table, span, filters, values, "#at", first):
        yield [item["at"] for item in items], resume


def _waiting(
    table: Table, query: AlertQuery, state: DeliveryState, limit: int, span: Span
) -> Iterator[tuple[list[str], str | None]]:
    """Places that the index by queue finds for a state, over all channels and severities."""
    names = [channel.name for channel in channels(table)]
    severities = Severity if query.severity is None else [query.severity]
    depth = limit + 2 if not asked_of(query) else _CANDIDATES
    # What is under way lies among what is pending, and is told by the open posts alone.
    under_way = _under_way(table, span) if state is DeliveryState.SENDING else ()
    pages = in_threads(
        lambda stream: places_in(table, state, *stream, span, depth, newest_first=True),
        product(names, severities),
    )
    found = {place for places, _ in pages for place in places} | set(under_way)
    # Below the highest place at which one of them stopped, another may have skipped alerts.
    floor = max((stop for _, stop in pages if stop is not None), default=None)
    yield sorted((place for place in found if place >= (floor or "")), reverse=True), floor


def _under_way(table: Table, span: Span) -> Iterator[str]:
    """The places of the alerts that open posts carry."""
    posts = [post for item in channel_items(table) for post in posts_in(item)]
    ids = dict.fromkeys(alert_id for post in posts for alert_id in post.alert_ids)
    places = map(_place, by_id(table, ids).values())
    return (place for place in places if span.low <= place <= span.high)


def _matches(stored: StoredAlert, query: AlertQuery) -> bool:
    """The index only hints: what it named is looked at again."""
    alert, asked = stored.alert, asked_of(query)
    text = asked.pop("words", "")
    stands = filters_of(alert) | {"acknowledged": alert.handling.owner is not None}
    if alert.notice:
        return False
    if query.state is not None and query.state not in {each.state for each in stored.deliveries}:
        return False
    return text in words(alert) and all(stands[name] == value for name, value in asked.items())


def _place(alert: Alert) -> str:
    return place_of(seconds(alert.event_time), alert.alert_id)
