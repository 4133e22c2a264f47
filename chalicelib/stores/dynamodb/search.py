"""Alerts in the DynamoDB table, found by a query: in pages, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

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
from chalicelib.stores.encoding import filterable, seconds, text_of, values_of, wanted_of, words

# Of each channel and severity, where other filters are still to be looked at.
_CANDIDATES = 250
# Of those that the index cannot judge, one request reads so many.
_MOST_READ = 1_000
# States of which the queues know nothing: all alerts are looked through.
_DATED = frozenset({DeliveryState.SENT, DeliveryState.MUTED})


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
    read = 0
    for places, goes_on_at in _way(table, query, limit, span, now):  # noqa: B007  # its last one
        waiting += [place for place in places if place != before]
        while len(found) + len(waiting) > limit:
            found += _read(table, query, waiting[: limit + 1], now)
            last, waiting = waiting[limit], waiting[limit + 1 :]
            if len(found) > limit:
                return Found(found[:limit], _place(found[limit - 1].alert))
            read += limit + 1
            if read >= _MOST_READ:
                return Found(found, last, time_at(last))
    found += _read(table, query, waiting, now)
    return Found(found, goes_on_at, time_at(goes_on_at))


def _read(table: Table, query: AlertQuery, places: list[str], now: int) -> list[StoredAlert]:
    stored = with_deliveries(table, [alert_id_at(place) for place in places], now)
    return [item for item in stored if _matches(item, query)]


def _way(
    table: Table, query: AlertQuery, limit: int, span: Span, now: int
) -> Iterator[tuple[list[str], str | None]]:
    """Places newest first, and after each list of them where to go on (None: nowhere)."""
    if not query.state or _DATED & set(query.state):
        return _dated(table, query, limit, span, now)
    return _waiting(table, query, limit, span)


def _dated(
    table: Table, query: AlertQuery, limit: int, span: Span, now: int
) -> Iterator[tuple[list[str], str | None]]:
    """Places that the index by day finds, and where to go on after them."""
    filters = [NOT_EXPIRED]
    values = {"now": now, **_asked(query, filters)}
    first = None if len(filters) > 1 else limit + 1
    for items, resume in walk(table, span, filters, values, "#at", first):
        yield [item["at"] for item in items], resume


def _asked(query: AlertQuery, filters: list[str]) -> dict[str, Any]:
    """The values of conditions on what the index by day has, which are added to the filters."""
    values: dict[str, Any] = {}
    one_of: dict[str, Sequence[str | int]] = {
        "severity": [each.rank for each in query.severity],
        "actor": list(map(filterable, query.actor)),
        "event_name": list(map(filterable, query.event_name)),
        "account": list(map(filterable, query.account)),
    }
    for name, wanted in one_of.items():
        some = {f"{name}_{place}": value for place, value in enumerate(wanted)}
        if some:
            filters.append(f"#{name} IN ({', '.join(f':{each}' for each in some)})")
            values |= some
    if text := text_of(query):
        filters.append("contains(#words, :words)")
        values["words"] = text
    if query.acknowledged is not None:
        not_ = "" if query.acknowledged else "NOT "
        filters.append(f"{not_}contains(#words, :acknowledged)")
        values["acknowledged"] = ACKNOWLEDGED
    if set(query.state) == {DeliveryState.MUTED}:
        filters.append("contains(#words, :muted)")
        values["muted"] = HAS_MUTED
    return values


def _waiting(
    table: Table, query: AlertQuery, limit: int, span: Span
) -> Iterator[tuple[list[str], str | None]]:
    """Places that the index by queue finds for states, over all channels and severities."""
    names = [channel.name for channel in channels(table)]
    severities = query.severity or tuple(Severity)
    is_open = not (wanted_of(query) or text_of(query) or query.acknowledged is not None)
    depth = limit + 2 if is_open else _CANDIDATES
    # What is under way lies among what is pending, and is told by the open posts alone.
    under_way = _under_way(table, span) if DeliveryState.SENDING in query.state else ()
    pages = in_threads(
        lambda stream: places_in(table, *stream, span, depth, newest_first=True),
        product(query.state, names, severities),
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
    """The index only hints, and keeps not all: what it named is looked at again."""
    alert, has = stored.alert, values_of(stored.alert)
    if alert.notice:
        return False
    if query.state and not {each.state for each in stored.deliveries} & set(query.state):
        return False
    if query.acknowledged not in (None, alert.handling.owner is not None):
        return False
    wanted = wanted_of(query).items()
    has_all = all(set(has[name]).intersection(values) for name, values in wanted)
    return has_all and text_of(query) in words(alert)


def _place(alert: Alert) -> str:
    return place_of(seconds(alert.event_time), alert.alert_id)
