"""What is still to be sent, and what is parked, in the DynamoDB table."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import product

from chalicelib.alerts.archive import Backlog
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb.alert_table import AlertTable
from chalicelib.stores.dynamodb.alerts import deliveries
from chalicelib.stores.dynamodb.batches import in_threads
from chalicelib.stores.dynamodb.by_queue import first_due, places_in, queued
from chalicelib.stores.dynamodb.calls import Table
from chalicelib.stores.dynamodb.channels import channels
from chalicelib.stores.dynamodb.places import FIRST, LAST, Span, alert_id_at
from chalicelib.stores.plain import from_micros, micros
from chalicelib.stores.rows import UNFINISHED


def backlog(kept: AlertTable, now: datetime) -> Backlog:
    """What one page of all queues says; where they hold more, also what their first are."""
    table = kept.table
    found, is_all = queued(table)
    counts = Counter(each.state for each in found)
    times = [each.due_at for each in found if each.state in UNFINISHED]
    if not is_all:
        marked = kept.marks.read(now).by_channel
        firsts = in_threads(lambda name: first_due(table, name), marked)
        times += [due_at for some in firsts for due_at in some]
    due = [due_at for due_at in times if due_at <= micros(now)]
    return Backlog(
        pending=counts[DeliveryState.PENDING] + counts[DeliveryState.SENDING],
        uncertain=counts[DeliveryState.UNCERTAIN],
        parked=counts[DeliveryState.PARKED],
        oldest_due=from_micros(min(due)) if due else None,
        channels=tuple(channels(table)),
    )


def parked(table: Table, limit: int) -> list[Delivery]:
    """PARKED deliveries of all channels, the oldest event first."""
    streams = list(product([each.name for each in channels(table)], Severity))
    span = Span(FIRST, LAST)

    def read(stream: tuple[str, Severity]) -> list[str]:
        state = DeliveryState.PARKED
        return places_in(table, state, *stream, span, limit, newest_first=False)[0]

    places = {place for places in in_threads(read, streams) for place in places}
    ids = [alert_id_at(place) for place in sorted(places)[:limit]]
    found = [each for each in deliveries(table, ids) if each.state is DeliveryState.PARKED]
    return found[:limit]
