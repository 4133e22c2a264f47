"""A sender cut off at any write to the table: nothing is lost, a repeat says that it is one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.outbox import StoreError
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb.store import dynamodb_store
from tests.delivery.world import CHANNEL, Clock, World, alert, low
from tests.soak import examples
from tests.stores.tables import table

WRITES = ("put_item", "update_item", "delete_item", "transact_write_items")
AFTER_CALL = 20.0  # by then a request that was given up has arrived or never will


class Fragile:
    """A client that makes so many writes, and then none."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.writes = 0
        self.left: int | None = None

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: Any) -> Any:
            if operation in WRITES:
                self._count()
            return getattr(self._client, operation)(**arguments)

        return call

    def _count(self) -> None:
        self.writes += 1
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "write")


@contextmanager
def fragile(dynamodb: Any) -> Iterator[tuple[World, Fragile]]:
    """A world over an empty table, and the client that its writes go by."""
    with table(dynamodb) as name:
        client, clock = Fragile(dynamodb), Clock()
        store = dynamodb_store(client, name, clock=clock.now, monotonic=clock.monotonic)
        yield World(store, clock=clock), client


ALONE = [alert(1)]
ONE_AFTER_ANOTHER = [alert(1), alert(2)]
DIGEST = low(*range(1, 13))
FOLDED = [alert(number, Severity.MEDIUM, actor="same") for number in (1, 2)]


@pytest.mark.parametrize("alerts", [ALONE, ONE_AFTER_ANOTHER, DIGEST, FOLDED])
def test_a_sender_cut_off_at_any_write_loses_nothing_and_marks_what_it_repeats(
    dynamodb: Any, alerts: list[Alert]
) -> None:
    with fragile(dynamodb) as (world, client):
        world.add(*alerts)
        client.writes = 0
        world.run()

    for number in range(0, client.writes, examples(3, 1)):
        with fragile(dynamodb) as (world, again):
            _cut_off_at(number, world, again, alerts)


def _cut_off_at(number: int, world: World, client: Fragile, alerts: list[Alert]) -> None:
    world.add(*alerts)
    client.left = number
    with pytest.raises(StoreError):
        world.run()

    client.left = None
    _let_go(world)
    for _ in range(3):
        world.clock.advance(AFTER_CALL)
        world.run()

    assert set(world.states(*alerts)) == {DeliveryState.SENT}, number
    assert world.store.archive.backlog(world.clock.now()).pending == 0
    claim = world.store.queue.claim(CHANNEL, "the next", world.clock.now())
    assert claim is not None
    assert claim.unsettled == ()
    for each in alerts:
        _told_once_or_marked(world, each.alert_id)


def _let_go(world: World) -> None:
    """What a whole lease of watching comes to."""
    for channel in world.store.archive.backlog(world.clock.now()).channels:
        claim = world.store.queue.claim(channel.name, "next", world.clock.now(), channel.lease)
        assert claim is not None
        world.store.queue.save(replace(claim.channel, leased_until=None))


def _told_once_or_marked(world: World, alert_id: str) -> None:
    shown = [m for channel in world.slack.channels.values() for m in channel]
    told = [message for message in shown if alert_id in message["alerts"]]
    later = sorted(told, key=lambda message: str(message["ts"]))[1:]
    assert told or any("×" in str(message["text"]) for message in shown)
    assert all(message["possible_repeat"] for message in later)
