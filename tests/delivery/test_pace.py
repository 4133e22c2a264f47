"""The pace that a channel is sent at, whatever comes."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts.channel import Channel
from chalicelib.delivery.pace import backed_off, paced, paused, ready_at
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
    world.handle()
    first, second = world.transport.attempts
    assert second - first == pytest.approx(2.1)  # two seconds from the answer on


def test_a_clock_that_is_put_back_stops_no_channel(world: World) -> None:
    world.add(*[alert(number) for number in range(20)])
    world.run(seconds=9)
    world.clock.jump(-3600)
    world.add(alert(100))
    world.run()
    world.clock.advance(60)
    world.run()
    assert world.states(alert(100)) == [SENT]


def test_failures_in_a_row_double_the_pause_up_to_a_minute_and_chance_only_shortens_it() -> None:
    channel, pauses = EMPTY, list[float]()
    for _ in range(9):
        channel = backed_off(channel, START)
        pauses.append(channel.pause)
    assert channel.next_send_at == START + timedelta(seconds=channel.pause)
    for longest, pause in zip((1, 2, 4, 8, 16, 32, 60, 60, 60), pauses, strict=True):
        assert max(0.9 * longest, 1) <= pause <= longest


def test_channels_that_fail_together_are_not_tried_together() -> None:
    tried = {backed_off(Channel(name=f"#{n}", failures=6), START).pause for n in range(50)}
    assert len(tried) == 50


@pytest.mark.parametrize("seconds", [0.0, -5.0, 0.2])
def test_no_pause_is_shorter_than_a_second(seconds: float) -> None:
    paused_for = paused(EMPTY, START, timedelta(seconds=seconds))
    assert paused_for.next_send_at == START + timedelta(seconds=1)


@pytest.mark.parametrize("behaviour", ["503", "429"])
def test_after_a_failure_there_is_no_burst_until_ten_answers_in_a_row_were_good(
    world: World, behaviour: str
) -> None:
    world.transport.latency = 0.0
    world.slack.scopes = {"chat:write"}
    world.slack.script = [behaviour]
    world.add(*[alert(number) for number in range(10)])
    world.sweep()
    gaps = [b - a for a, b in pairwise(world.transport.attempts)]
    assert len(gaps) == 10
    assert min(gaps) >= 0.999
    world.clock.advance(60)
    world.add(*[alert(number) for number in range(20, 30)])
    world.sweep()
    assert world.transport.attempts[-1] - world.transport.attempts[-10] == pytest.approx(0.0)
