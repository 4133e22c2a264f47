"""The index by_queue: deliveries that are not sent, by state and channel, the most severe first.

It lags behind its table, so what it names is a hint.
"""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

from chalicelib.alerts.delivery import DeliveryState
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb.batches import in_threads
from chalicelib.stores.dynamodb.calls import Page, Table
from chalicelib.stores.dynamodb.items import turns_of
from chalicelib.stores.dynamodb.merging import Read, rounds
from chalicelib.stores.dynamodb.places import Span
from chalicelib.stores.dynamodb.shards import queues_of, state_and_channel
from chalicelib.stores.dynamodb.table import BY_QUEUE

# A query that reads so many takes no more than one that reads a single one: 4 KB hold 25.
_FIRST = 25


class Queued(NamedTuple):
    """One delivery as the index names it; `due_at` in microseconds."""

    state: DeliveryState
    channel: str
    due_at: int


def queued(table: Table) -> tuple[list[Queued], bool]:
    """What is in all queues, and whether that is all: one page is read, which is about 7,000
    deliveries and takes 128 units; where nothing waits it takes half of one.
    """
    page = table.scan(BY_QUEUE, "#queue, #due_at")
    found = [Queued(*state_and_channel(item["queue"]), item["due_at"]) for item in page.items]
    return found, page.stopped_at is None


def first_due(table: Table, channel: str) -> list[int]:
    """When the oldest events of each severity that are PENDING there are due, in microseconds."""

    def read(stream: tuple[str, Severity]) -> Page:
        queue, severity = stream
        return table.query(
            "#queue = :queue AND begins_with(#turn, :turns)",
            values={"queue": queue, "turns": turns_of(severity)},
            IndexName=BY_QUEUE,
            ProjectionExpression="#due_at",
            Limit=_FIRST,
        )

    streams = product(queues_of(DeliveryState.PENDING, channel), Severity)
    return [item["due_at"] for page in in_threads(read, streams) for item in page.items]


def reader(table: Table, limit: int) -> Read:
    """What reads a queue turn by turn: the keys of its items."""

    def read(queue: str, start: Any) -> Page:
        return table.query(
            "#queue = :queue",
            values={"queue": queue},
            IndexName=BY_QUEUE,
            ProjectionExpression="#pk, #sk, #turn",
            Limit=limit,
            **({"ExclusiveStartKey": start} if start else {}),
        )

    return read


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
    """Places of alerts, as many as the limit of each partition, and where it stopped (None at the
    end).
    """
    turns = turns_of(severity)

    def read(queue: str, start: Any) -> Page:  # noqa: ARG001  # there is one round
        return table.query(
            "#queue = :queue AND #turn BETWEEN :low AND :high",
            values={"queue": queue, "low": turns + span.low, "high": turns + span.high},
            IndexName=BY_QUEUE,
            ScanIndexForward=not newest_first,
            ProjectionExpression="#turn",
            Limit=limit,
        )

    found = next(rounds(read, queues_of(state, channel), "turn", newest_first=newest_first))
    stop = found.stopped_at
    places = [item["turn"].removeprefix(turns) for item in found.items]
    return places, None if stop is None else stop.removeprefix(turns)


def is_empty(table: Table, state: DeliveryState, channel: str) -> bool:
    """Whether nothing is in a state and channel, whenever it is due."""
    read = reader(table, 1)
    return not any(
        page.items for page in in_threads(lambda each: read(each, None), queues_of(state, channel))
    )
