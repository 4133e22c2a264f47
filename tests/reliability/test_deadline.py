"""Handlers end in time, whatever Slack does."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from chalicelib.delivery.dispatch import dispatch
from chalicelib.slack.client import CALL_SECONDS, SlackTransport
from chalicelib.usecases.sweep import sweep_store
from chalicelib.usecases.watched import Watched
from tests.delivery.world import CHANNEL, World
from tests.reliability.proof import figure, missing, mixed, repeats, size
from tests.slack.stub import BEHAVIOURS, Slack, serving


def context(world: World, seconds: float) -> SimpleNamespace:
    """Lambda's context: what is left of so many seconds, by the world's clock."""
    deadline = world.clock.now() + timedelta(seconds=seconds)
    left = lambda: int((deadline - world.clock.now()).total_seconds() * 1000)  # noqa: E731
    return SimpleNamespace(get_remaining_time_in_millis=left, deadline=deadline)


def test_every_handler_ends_two_seconds_before_its_deadline(world: World) -> None:
    runs = size(200, 1000)
    luck = random.Random(11)
    alerts = mixed(runs * 3)
    world.slack.choose = lambda *_: luck.choice(BEHAVIOURS)
    spare: list[float] = []
    for run in range(runs):
        world.transport.latency = luck.choice((0.05, 0.3, 1.0, 3.0, CALL_SECONDS))
        world.add(*alerts[run * 3 : run * 3 + 3])
        spare.append(_handle(world, run, luck.uniform(3.0, 60.0)))
        world.clock.advance(luck.uniform(0.0, 30.0))
    figure("a handler's time", runs=runs, least_seconds_to_spare=round(min(spare), 2))
    assert min(spare) >= 2.0


def _handle(world: World, run: int, seconds: float) -> float:
    """One handler, every third a sweep; the seconds that were left when it ended."""
    lambda_context = context(world, seconds)
    millis_left = lambda_context.get_remaining_time_in_millis
    prepared = replace(world.prepared(seconds), millis_left=millis_left)
    if run % 3:
        dispatch(prepared, channels=(CHANNEL,), default_channel=CHANNEL)
    else:
        retention = timedelta(days=90)
        sweep_store(
            prepared,
            world.store,
            channels=(CHANNEL,),
            default_channel=CHANNEL,
            retention=retention,
            watched=Watched(),
        )
    ended: datetime = world.clock.now()
    return float((lambda_context.deadline - ended).total_seconds())


@pytest.mark.parametrize("behaviour", ["slow", "drip"])
def test_a_call_ends_within_its_limit_however_slack_drags_on(behaviour: str) -> None:
    limit = size(1, 6) - 0.5
    slack = Slack(behaviour=behaviour, slow_seconds=60.0)
    with serving(slack) as url:
        transport = SlackTransport("xoxb-test", api_url=url, call_seconds=limit)
        began = time.monotonic()
        transport.post({"channel": CHANNEL, "text": "hello", "alerts": []})
        took = time.monotonic() - began
    figure("a call that drags on", behaviour=behaviour, limit=limit, seconds=round(took, 2))
    assert took < limit + size(2, 1) - 0.5  # the machine of a quick run may be busy


def test_what_the_handlers_left_arrives_all_the_same(world: World) -> None:
    luck = random.Random(12)
    alerts = mixed(300)
    world.slack.choose = lambda *_: luck.choice(BEHAVIOURS)
    for start in range(0, 300, 10):
        world.add(*alerts[start : start + 10])
        world.run(seconds=luck.uniform(3.0, 30.0))
        world.clock.advance(20.0)
    world.slack.choose = None
    while world.run().next_at:
        world.clock.advance(30.0)
    repeated, unmarked = repeats(world.journal)
    figure(
        "random faults", lost=missing(world.journal, alerts), repeats=repeated, unmarked=unmarked
    )
    assert missing(world.journal, alerts) == 0
    assert unmarked == 0
