"""What is still to be sent, and what is parked, in the DynamoDB table."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import product

from chalicelib.alerts.archive import Backlog
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb.batches import in_threads
from chalicelib.stores.dynamodb.by_queue import first_page, places_in
from chalicelib.stores.dynamodb.calls import Table
from chalicelib.stores.dynamodb.channels import channels
from chalicelib.stores.dynamodb.items import delivery_key
from chalicelib.stores.dynamodb.places import FIRST, LAST, Span, alert_id_at
from chalicelib.stores.encoding import from_micros, micros
from chalicelib.stores.rows import UNFINISHED, delivery_from


def backlog(table: Table, now: datetime) -> Backlog:
    """What one page of each queue says."""
    found = channels(table)
    names = [channel.name for channel in found]
    states = (*UNFINISHED, DeliveryState.PARKED)
    queues = list(product(states, names))
    pages = in_threads(lambda queue: first_page(table, *queue), queues)
    counts = Counter[DeliveryState]()
    waiting: list[int] = []
    for (state, _), read in zip(queues, pages, strict=True):
        counts[state] += len(read.items)
        if state in UNFINISHED:
            waiting += [item["due_at"] for item in read.items if item["due_at"] <= micros(now)]
    return Backlog(
        pending=counts[DeliveryState.PENDING] + counts[DeliveryState.SENDING],
        uncertain=counts[DeliveryState.UNCERTAIN],
        parked=counts[DeliveryState.PARKED],
        oldest_due=from_micros(min(waiting)) if waiting else None,
        channels=tuple(found),
    )


def parked(table: Table, limit: int) -> list[Delivery]:
    """PARKED deliveries of all channels, the oldest event first."""
    streams = list(product([each.name for each in channels(table)], Severity))
    span = Span(FIRST, LAST)

    def read(stream: tuple[str, Severity]) -> list[tuple[str, str]]:
        found, _ = places_in(table, DeliveryState.PARKED, *stream, span, limit, newest_first=False)
        return [(place, stream[0]) for place in found]

    places = sorted(place for places in in_threads(read, streams) for place in places)[:limit]
    keys = [delivery_key(alert_id_at(place), channel) for place, channel in places]
    deliveries = [delivery_from(item) for item in table.get_many(keys)]
    return [each for each in deliveries if each.state is DeliveryState.PARKED]
