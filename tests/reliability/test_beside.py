"""Channels beside each other, and handlers: none waits for another's trouble."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.rules.rule import Severity
from chalicelib.stores.sqlite.store import sqlite_store
from tests.delivery.world import World, alert
from tests.reliability.proof import annotated, figure, missing, mixed, most_in, repeats, told_at
from tests.reliability.town import SharedClock

CHANNELS = tuple(f"#c{number}" for number in range(50))
DRAGS_SECONDS = 5.0


@pytest.mark.parametrize("dragging", [0, 10, 30])
def test_channels_that_drag_hold_up_none_of_the_others(world: World, dragging: int) -> None:
    slow = {name for each in CHANNELS[:dragging] for name in (each, f"C{each[1:].upper()}")}

    def chosen(method: str, channel: str, number: int) -> str:
        world.transport.latency = DRAGS_SECONDS if channel in slow else 0.1
        return "ok"

    world.channels, world.slack.choose = CHANNELS, chosen
    alerts = {
        channel: mixed(5, first=number * 1000, channels=(channel,))
        for number, channel in enumerate(CHANNELS)
    }
    world.add(*(each for of_it in alerts.values() for each in of_it))
    began = world.clock.now().timestamp()
    world.handle()
    quick = [each for channel in CHANNELS[dragging:] for each in alerts[channel]]
    after = told_at(world.journal, quick) - began
    lost = missing(world.journal, [each for of_it in alerts.values() for each in of_it])
    figure(
        "channels that drag",
        channels=len(CHANNELS),
        dragging=dragging,
        others_told_after=round(after, 1),
        all_told_after=round(world.clock.now().timestamp() - began, 1),
        most_at_once=world.calls.most,
        missing=lost,
    )
    assert after <= 10
    assert lost == 0
    assert repeats(world.journal) == (0, 0)


def test_retry_after_0_for_400_answers_is_no_more_than_one_request_a_second(world: World) -> None:
    world.transport.retry_after = 0
    world.slack.choose = lambda method, channel, number: "429" if number < 400 else "ok"
    alerts = mixed(100)
    world.add(*alerts)
    while world.sweep().next_at:
        pass
    most = most_in(world.transport.attempts, 5)
    figure(
        "Retry-After: 0",
        refused=400,
        most_in_five_seconds=most,
        missing=missing(world.journal, alerts),
    )
    assert most <= 6
    assert missing(world.journal, alerts) == 0


@pytest.mark.parametrize("behaviour", ["500", "slow", "refused"])
@pytest.mark.parametrize("channels", [1, 10])
def test_while_slack_is_down_a_hundred_batches_at_once_are_stored_within_10_seconds(
    tmp_path: Path, behaviour: str, channels: int
) -> None:
    clock = SharedClock()
    first = World(sqlite_store(tmp_path / "alerts.db"), clock=clock, compose=annotated)
    first.slack.behaviour = behaviour
    names = tuple(f"#c{number}" for number in range(channels))
    batches = iter(range(100))
    stored: list[float] = []
    waits: list[float] = []

    def process(number: int) -> World:
        """Another process: what it watched is its own."""
        world = World(first.store, slack=first.slack, clock=clock, compose=annotated)
        world.channels, world.runs = names, number * 1000
        return world

    def handlers(number: int) -> Callable[[], None]:
        def act() -> None:
            world = process(number)
            for batch in batches:
                channel = (names[batch % channels],)  # each handler holds another one at first
                severity = Severity.LOW if batch % 3 else Severity.CRITICAL
                world.add(alert(batch, severity, channels=channel))
                stored.append(clock.passed)
                world.handle()
                waits.append(clock.passed - stored[-1])

        return act

    def sweeps() -> None:
        process(99).sweep()

    # Of a concurrency of ten, two may be sweeps that overlap.
    acts = [(0.0, handlers(number)) for number in range(8)]
    clock.play((0.1, sweeps), (60.0, sweeps), *acts)
    figure(
        "Slack down, concurrency 10",
        behaviour=behaviour,
        channels=channels,
        batches=len(stored),
        stored_within=round(max(stored), 1),
        handlers_that_waited=sum(wait > 6 for wait in waits),
        longest_wait=round(max(waits), 1),
    )
    assert len(stored) == 100
    assert max(stored) <= 10
