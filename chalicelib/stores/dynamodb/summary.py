"""Counts of alerts in the DynamoDB table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter

from chalicelib.alerts.archive import Last, Summary
from chalicelib.stores.dynamodb.by_day import NOT_EXPIRED, walk
from chalicelib.stores.dynamodb.calls import Table
from chalicelib.stores.dynamodb.expressions import Item
from chalicelib.stores.dynamodb.places import Span, alert_id_at, moment_of, time_at
from chalicelib.stores.encoding import from_seconds, hour_of, severity_of


def summary(table: Table, since: datetime, until: datetime, now: int) -> Summary:
    """Counts of what one request reads."""
    items: list[Item] = []
    goes_on_at: str | None = None
    span = Span.of(since, until, None)
    attributes = "#at, #severity, #actor, #rule, #source"
    if span.low < span.high:
        way = walk(table, span, [NOT_EXPIRED], {"now": now}, attributes)
        for some, goes_on_at in way:  # noqa: B007  # its last one
            items += some
    hours: dict[str, dict[str, int]] = {}
    for (hour, severity), count in sorted(Counter(map(_hour_and_severity, items)).items()):
        hours.setdefault(hour, {})[severity_of(severity).value] = count
    return Summary(
        total=len(items),
        severities=dict(Counter(severity_of(item["severity"]).value for item in items)),
        hours=hours,
        actors=dict(Counter(item["actor"] for item in items).most_common()),
        rules=dict(Counter(item["rule"] for item in items).most_common()),
        services=dict(Counter(item["source"] for item in items).most_common()),
        searched_until=time_at(goes_on_at),
    )


def last_matched(table: Table, rule_ids: Iterable[str], now: int) -> dict[str, Last]:
    """Of each rule the newest alert that it headed, of what one request reads."""
    wanted, found = set(rule_ids), dict[str, Last]()
    way = walk(table, Span.of(None, None, None), [NOT_EXPIRED], {"now": now}, "#at, #rule")
    for some, _ in way:
        for item in sorted(some, key=itemgetter("at"), reverse=True):
            rule = item["rule"]
            if rule in wanted and rule not in found:
                found[rule] = Last(from_seconds(moment_of(item["at"])), alert_id_at(item["at"]))
        if len(found) == len(wanted):
            break
    return found


def _hour_and_severity(item: Item) -> tuple[str, int]:
    return hour_of(moment_of(item["at"])), item["severity"]
