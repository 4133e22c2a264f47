"""How far ahead a time that is kept can lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts.channel import DESTINATION, OUTAGE, Channel
from chalicelib.delivery.bounds import pulled
from chalicelib.delivery.pace import paced, paused, ready_at
from tests.delivery.world import CHANNEL, START

EMPTY = Channel(name=CHANNEL)
BACK = timedelta(hours=6)
SECONDS = st.floats(0, 40 * 86400, allow_nan=False)


def later(seconds: float) -> Channel:
    return replace(EMPTY, next_send_at=START + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        (paced(EMPTY, START), 1),
        (paused(EMPTY, START, timedelta(seconds=60)), 60),
        (paused(EMPTY, START, timedelta(seconds=300)), 300),
        (later(60), 66),  # kept before pauses were
        (replace(later(60), trouble=OUTAGE), 66),
        (replace(later(300), trouble=DESTINATION), 300),
    ],
)
def test_what_lies_further_ahead_than_it_can_is_set_to_its_bound_and_not_to_now(
    channel: Channel, seconds: float
) -> None:
    now = START - BACK
    assert pulled(channel, now).next_send_at == now + timedelta(seconds=seconds)


def test_a_pause_that_is_as_long_as_it_was_received_stays() -> None:
    channel = paused(EMPTY, START, timedelta(minutes=14))
    assert pulled(channel, START) is channel


def test_no_pause_is_longer_than_one_that_is_believed() -> None:
    channel = replace(later(0), pause=1e9, next_send_at=START + timedelta(days=30))
    ahead = ready_at(pulled(channel, START), START) - START
    assert ahead <= timedelta(hours=6)


def test_what_was_watched_of_a_pause_is_over_though_the_clock_was_put_back_twice() -> None:
    now = START - BACK
    once = pulled(paused(EMPTY, START, timedelta(seconds=60)), now, waited=50)
    assert once.next_send_at == now + timedelta(seconds=10)
    assert pulled(once, now - BACK).next_send_at == now - BACK + timedelta(seconds=10)


def test_two_clocks_that_are_right_may_differ_a_little() -> None:
    channel = paused(EMPTY, START, timedelta(seconds=60))
    assert pulled(channel, START - timedelta(seconds=2)) is channel


def test_the_next_update_and_when_a_trouble_began_are_bound_too() -> None:
    channel = replace(EMPTY, next_update_at=START, since=START, trouble=OUTAGE)
    now = START - BACK
    bound = pulled(channel, now)
    assert (bound.next_update_at, bound.since) == (now + timedelta(seconds=15), now)


@settings(derandomize=True, deadline=None)
@given(SECONDS, SECONDS, SECONDS, st.floats(0, 3600), st.floats(0, 3600))
def test_whatever_is_kept_it_lies_within_its_bounds_then_and_is_pulled_once(
    send: float, update: float, since: float, pause: float, waited: float
) -> None:
    channel = Channel(
        name=CHANNEL,
        next_send_at=START + timedelta(seconds=send),
        next_update_at=START + timedelta(seconds=update),
        since=START + timedelta(seconds=since),
        pause=pause,
    )
    bound = pulled(channel, START, waited)
    assert pulled(bound, START) is bound
    assert bound.next_send_at
    assert bound.next_send_at - START <= max(timedelta(seconds=pause), timedelta(seconds=71))
