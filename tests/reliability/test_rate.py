"""At Slack's rate: a busy minute, and a flood by one actor."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.rules.rule import Severity
from tests.delivery.world import START, World, alert
from tests.reliability.proof import figure, missing, mixed, most_in, posts, repeats, told_at

BEGAN = START.timestamp()


def minute(world: World) -> None:
    """Handlers one after another, until nothing is due."""
    while world.run(seconds=60).next_at:
        world.clock.advance(0.5)


def test_a_thousand_alerts_at_slacks_rate_are_told_within_a_minute(world: World) -> None:
    alerts = mixed(1000)
    by = {severity: [a for a in alerts if a.severity is severity] for severity in Severity}
    assert (len(by[Severity.CRITICAL]), len(by[Severity.HIGH])) == (3, 17)
    world.slack.behaviour = "limit"
    for start in range(0, 1000, 100):  # as ten invocations store them
        world.add(*alerts[start : start + 100])
    minute(world)
    within = {
        "critical": told_at(world.journal, by[Severity.CRITICAL]) - BEGAN,
        "high": told_at(world.journal, by[Severity.HIGH]) - BEGAN,
        "all": told_at(world.journal, alerts) - BEGAN,
    }
    times = world.transport.attempts
    assert missing(world.journal, alerts) == 0
    assert repeats(world.journal) == (0, 0)
    assert within["critical"] <= 5
    assert within["high"] <= 30
    assert within["all"] <= 60
    assert {entry["behaviour"] for entry in world.journal} == {"ok"}  # Slack never said 429
    assert all(most_in(times, span) <= 10 + span for span in range(1, 61))
    figure(
        "a thousand alerts at Slack's rate",
        messages=len(posts(world.journal)),
        rate_limited=0,
        seconds={name: round(seconds, 1) for name, seconds in within.items()},
    )


@pytest.mark.parametrize("seconds", [2, 7, 30])
def test_during_retry_after_nothing_is_asked(world: World, seconds: int) -> None:
    world.slack.choose = lambda method, channel, number: "429" if number == 5 else "limit"
    world.transport.retry_after = seconds
    world.add(*mixed(1000))
    minute(world)
    refused = next(entry["at"] for entry in world.journal if entry["behaviour"] == "429")
    after = min(at for at in world.transport.attempts if at > refused)
    assert after - refused >= seconds
    assert missing(world.journal, mixed(1000)) == 0
    figure("requests during Retry-After", retry_after=seconds, requests=0, waited=after - refused)


def test_a_flood_of_criticals_leaves_the_channel_usable_within_a_minute(world: World) -> None:
    flood = [alert(number, actor="mallory") for number in range(500)]
    world.slack.behaviour = "limit"
    world.add(*flood)
    minute(world)
    usable = world.clock.now() - START
    other = alert(1000, actor="eve", event_time=world.clock.now())
    world.add(other)
    minute(world)
    carried = [len(entry["payload"]["alerts"]) for entry in posts(world.journal)]
    assert usable <= timedelta(seconds=60)
    assert posts(world.journal)[-1]["payload"]["alerts"] == [other.alert_id]
    assert sum(carried) == 501
    assert missing(world.journal, [*flood, other]) == 0
    figure(
        "500 critical alerts by one actor",
        messages=len(carried) - 1,
        counted=sum(carried) - 1,
        usable_after_seconds=round(usable.total_seconds(), 1),
    )
