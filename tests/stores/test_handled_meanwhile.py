"""What people do while a message is being updated for what they did before, in every store."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.delivery.planner import UPDATE_EVERY
from chalicelib.stores.store import Store
from tests.delivery.test_handled import acknowledge, compose_owned, given_back, messages
from tests.delivery.world import CHANNEL, SENT, Clock, World, alert
from tests.stores.factories import NOW


def told(store: Store, channels: tuple[str, ...] = (CHANNEL,)) -> World:
    world = World(store, clock=Clock(NOW), channels=channels)
    world.compose = compose_owned
    world.add(alert(1, channels=channels))
    world.run()
    return world


def updated_while(world: World, done: Callable[[], Any], behaviour: str = "ok") -> None:
    """The next update, and what is done while it is under way."""
    first = itertools.count()

    def choose(method: str, *_: object) -> str:
        if method == "chat.update" and next(first) == 0:
            done()
            return behaviour
        return "ok"

    world.slack.choose = choose
    world.run()


@pytest.mark.parametrize("channels", [(CHANNEL,), (CHANNEL, "#other")])
def test_what_is_done_while_an_update_is_under_way_is_shown_by_the_next(
    store: Store, channels: tuple[str, ...]
) -> None:
    world = told(store, channels)
    acknowledge(world, alert(1))

    updated_while(world, lambda: given_back(world, alert(1)))
    world.clock.advance(UPDATE_EVERY.total_seconds())
    world.run()

    assert {message["owner"] for message in messages(world)} == {""}
    assert world.states(alert(1)) == [SENT]
    updates = len(world.journal)
    world.clock.advance(UPDATE_EVERY.total_seconds())
    world.run()
    assert len(world.journal) == updates


def test_so_it_is_where_the_update_fails(store: Store) -> None:
    world = told(store)
    acknowledge(world, alert(1))

    updated_while(world, lambda: given_back(world, alert(1)), "500")
    world.clock.advance(3600)
    world.run()

    assert [message["owner"] for message in messages(world)] == [""]
    assert world.states(alert(1)) == [SENT]
