"""Slack gone for a day, and a destination that refuses for an hour."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from chalicelib.monitoring.health import Status, health
from chalicelib.slack.next_steps import next_step
from chalicelib.usecases.sweep import sweep_store
from tests.delivery.world import CHANNEL, World, alert
from tests.reliability.proof import (
    carried,
    figure,
    missing,
    mixed,
    most_in,
    posts,
    repeated_alerts,
    repeats,
    size,
)


def swept(world: World) -> None:
    """One sweep, and the rest of its minute."""
    began = world.clock.now()
    sweep_store(
        world.prepared(55.0),
        world.store,
        channels=world.channels,
        default_channel=CHANNEL,
        retention=timedelta(days=90),
        upstream=None,
    )
    world.clock.time = max(world.clock.now(), began + timedelta(minutes=1))


def status(world: World) -> Status:
    """How health stands."""
    return health(
        world.store.archive, world.store.notes, world.clock.now(), next_step=next_step
    ).status


def test_a_days_outage_loses_nothing_and_asks_once_a_minute(world: World) -> None:
    count, minutes = size(1000, 5000), size(120, 1440)
    alerts = mixed(count)
    world.add(alert(10**6))
    swept(world)  # a day like any other, before
    before = len(world.transport.attempts)
    world.slack.behaviour = "503"
    for minute in range(minutes):
        if minute == minutes // 2:
            world.slack.behaviour = "refused"
        world.add(*alerts[minute * count // minutes : (minute + 1) * count // minutes])
        world.run(seconds=30)  # the ingest handler: it must not raise, or Lambda would retry
        swept(world)
    during = world.transport.attempts[before:]
    down = len(world.journal)
    healed = during[-1] + 0.5  # right after a probe: the longest that anybody has to wait
    world.slack.behaviour = "limit"
    for _ in range(3):
        swept(world)
    backlog = posts(world.journal[down:])
    repeated, unmarked = repeats(world.journal)
    probes = {alert_id for entry in world.journal[1:down] for alert_id in carried(entry)}
    assert missing(world.journal, alerts) == 0
    assert most_in(during, 60) == 1
    assert backlog[0]["at"] - healed <= 60
    assert len(backlog) <= 60
    assert unmarked == 0
    assert repeated_alerts(world.journal) <= probes
    figure(
        "an outage",
        minutes=minutes,
        alerts=count,
        lost=0,
        requests=len(during),
        shortest_gap=min(round(b - a, 1) for a, b in pairwise(during)),
        first_post_after=round(backlog[0]["at"] - healed, 1),
        backlog_messages=len(backlog),
        repeats=repeated,
    )


def test_an_outage_without_the_history_scope_repeats_only_its_probe(world: World) -> None:
    world.slack.scopes = {"chat:write"}
    alerts = mixed(200)
    world.add(*alerts)
    world.slack.behaviour = "503"
    for _ in range(60):
        swept(world)
    world.slack.behaviour = "limit"
    for _ in range(2):
        swept(world)
    repeated, unmarked = repeats(world.journal)
    probe = world.journal[0]["payload"]["alerts"]
    again = [e for e in posts(world.journal) if set(e["payload"]["alerts"]) & set(probe)]
    assert missing(world.journal, alerts) == 0
    assert (unmarked, repeated) == (0, len(again) - 1)
    figure("an outage without the history scope", probes=60, repeats=repeated, unmarked=unmarked)


def test_an_hour_of_invalid_auth_loses_nothing_and_asks_thirteen_times(world: World) -> None:
    world.channels = (CHANNEL, "#other")
    healed = world.clock.now() + timedelta(hours=1)
    world.slack.choose = lambda method, channel, number: (
        "invalid_auth" if channel == CHANNEL and world.clock.now() < healed else "limit"
    )
    alerts = mixed(600, channels=world.channels)
    red_after = 0
    for minute in range(60):
        world.add(*alerts[minute * 10 : minute * 10 + 10])
        swept(world)
        if minute == 0:
            red_after = status(world) is Status.RED
    asked = [entry for entry in world.journal if entry["channel"] == CHANNEL]
    other = [entry for entry in world.journal if entry["channel"] == "#other"]
    unharmed = missing(other, alerts)
    for _ in range(7):
        swept(world)
    here = [entry for entry in world.journal if entry["channel"] in (CHANNEL, "CTRAILBELL")]
    assert len(asked) <= 13
    assert red_after
    assert unharmed == 0
    assert missing(here, alerts) == 0
    assert repeats(here) == (0, 0)
    assert status(world) is Status.GREEN
    figure(
        "invalid_auth for an hour",
        requests=len(asked),
        lost=0,
        red_after_sweeps=1,
        other_channel_missing=unharmed,
    )
