"""The pace that a channel is sent at, whatever comes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts.channel import Channel
from chalicelib.delivery.pace import paced, ready_at
from tests.delivery.world import CHANNEL, SENT, START, World, alert
from tests.reliability.proof import most_in

EMPTY = Channel(name=CHANNEL)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.floats(0, 30), min_size=1, max_size=80))
def test_whatever_the_pauses_no_more_go_than_a_burst_and_one_a_second(pauses: list[float]) -> None:
    channel, now, times = EMPTY, START, list[float]()
    for pause in pauses:
        now = ready_at(channel, now + timedelta(seconds=pause))
        channel = paced(channel, now)
        times.append((now - START).total_seconds())
    assert all(most_in(times, span) <= 10 + span for span in (1, 5, 20, 60))


def test_a_burst_of_ten_goes_at_once_and_then_one_a_second(world: World) -> None:
    world.transport.latency = 0.0
    world.add(*[alert(number) for number in range(14)])
    world.run()
    times = [at - START.timestamp() for at in world.transport.attempts]
    assert times == pytest.approx([0] * 10 + [1, 2, 3, 4])


def test_the_pace_outlasts_the_handler(world: World) -> None:
    world.transport.latency = 0.0
    world.add(*[alert(number) for number in range(10)])
    world.run()
    world.add(alert(11))
    world.run()
    assert world.transport.attempts[-1] - world.transport.attempts[-2] == pytest.approx(1.0)


def test_retry_after_is_kept_to_the_second(world: World) -> None:
    world.slack.script = ["429"]
    world.add(alert(1))
    world.run()
    first, second = world.transport.attempts
    assert second - first == pytest.approx(2.1)  # two seconds from the answer on


def test_a_clock_that_is_put_back_stops_no_channel(world: World) -> None:
    world.add(*[alert(number) for number in range(20)])
    world.run(seconds=9)
    world.clock.advance(-3600)
    world.add(alert(100))
    world.run()
    assert world.states(alert(100)) == [SENT]
