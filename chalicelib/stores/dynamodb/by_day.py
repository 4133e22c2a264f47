"""The index by_day: alerts newest first.

One request reads at most READ_BYTES of it, on at most MOST_DAYS days: a list or a count that ends
there says how far back it came.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.stores.dynamodb.calls import Page, Table
from chalicelib.stores.dynamodb.expressions import Item
from chalicelib.stores.dynamodb.items import DAYS
from chalicelib.stores.dynamodb.merging import Round, rounds
from chalicelib.stores.dynamodb.places import (
    FIRST,
    LAST,
    MOMENT_DIGITS,
    Span,
    day_of,
    day_start,
    moment_of,
)
from chalicelib.stores.dynamodb.shards import SHARDS, days_of, share_of
from chalicelib.stores.dynamodb.table import BY_DAY, TTL_ATTRIBUTE

# A request reads less than 1 MB: this much of the index, and the alerts of a page beside it.
READ_BYTES = 768 * 1024
MOST_DAYS = 31
PROBE = 250  # alerts of a first query that tells how large the others may be
_UNIT_BYTES = 8 * 1024  # of an eventually consistent read. Source: DynamoDB, "Read capacity"
_ITEM_BYTES = 256  # at least this much is reckoned for an alert

NOT_EXPIRED = f"(attribute_not_exists(#{TTL_ATTRIBUTE}) OR #{TTL_ATTRIBUTE} > :now)"


def walk(
    table: Table,
    span: Span,
    filters: Sequence[str],
    values: dict[str, Any],
    attributes: str,
    first: int | None = None,
) -> Iterator[tuple[list[Item], str | None]]:
    """Items newest first, and after each page of them where to go on (None: nowhere).

    The first query reads `first` of them, or as many as tell how large the others may be.
    """
    budget, size = float(READ_BYTES), READ_BYTES / (first or PROBE)
    most = READ_BYTES if first is None else share_of(first)
    days = _days(table, span)
    for number, day in enumerate(days[:MOST_DAYS], 1):

        def read(partition: str, start: Any) -> Page:
            limit = min(int(budget / size / SHARDS), most)  # noqa: B023  # as they are by then
            return table.query(
                "#day = :day AND #at BETWEEN :low AND :high",
                values={**values, "day": partition, "low": span.low, "high": span.high},
                IndexName=BY_DAY,
                ScanIndexForward=False,
                FilterExpression=" AND ".join(filters),
                ProjectionExpression=attributes,
                Limit=max(limit, 1),
                **({"ExclusiveStartKey": start} if start else {}),
            )

        for each in rounds(read, days_of(day), "at", newest_first=True):
            cost = max(each.units * _UNIT_BYTES, each.scanned * _ITEM_BYTES)
            budget, size = budget - cost, max(cost / max(each.scanned, 1), _ITEM_BYTES)
            yield each.items, _resume(each, day, is_last=number == len(days))
            if budget <= 0:
                return


def _days(table: Table, span: Span) -> list[str]:
    """Days that have alerts, newest first; one more than a request goes through."""
    low = "0" if span.low == FIRST else day_of(moment_of(span.low))
    # A place that names no alert is the first of its second: what is sought lies before that.
    latest = 0 if "#" in span.high else 1
    first = moment_of("0" * MOMENT_DIGITS)
    high = "9999-12-31"
    if span.high != LAST:
        high = day_of(max(moment_of(span.high) - latest, first))
    read = table.query(
        "#pk = :pk AND #sk BETWEEN :low AND :high",
        values={"pk": DAYS, "low": low, "high": high},
        ScanIndexForward=False,
        Limit=MOST_DAYS + 1,
    )
    return [item["sk"] for item in read.items]


def _resume(read: Round, day: str, is_last: bool) -> str | None:
    if read.stopped_at is not None:
        return read.stopped_at
    return None if is_last else day_start(day)
