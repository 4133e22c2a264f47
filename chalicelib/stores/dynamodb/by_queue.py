"""The index by_queue: deliveries that are not sent, by state and channel, the most severe first.

It lags behind its table, so what it names is a hint.
"""

from __future__ import annotations

from chalicelib.alerts.delivery import DeliveryState
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb.calls import Page, Table
from chalicelib.stores.dynamodb.items import queue_of, turns_of
from chalicelib.stores.dynamodb.places import Span
from chalicelib.stores.dynamodb.table import BY_QUEUE


def places_in(
    table: Table,
    state: DeliveryState,
    channel: str,
    severity: Severity,
    span: Span,
    limit: int,
    *,
    newest_first: bool,
) -> tuple[list[str], str | None]:
    """Places of alerts, as many as the limit, and where it stopped (None at the end)."""
    turns = turns_of(severity)
    page = table.query(
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
    stop = page.stopped_at
    places = [item["turn"].removeprefix(turns) for item in page.items]
    return places, None if stop is None else stop["turn"]["S"].removeprefix(turns)


def first_page(table: Table, state: DeliveryState, channel: str) -> Page:
    """What waits in a state and channel, with when it is due: as much as one query reads."""
    return table.query(
        "#queue = :queue",
        values={"queue": queue_of(state, channel)},
        IndexName=BY_QUEUE,
        ProjectionExpression="#due_at",
    )
