"""Slack gone for a moment, an hour and a day, and a destination that refuses for an hour."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from chalicelib.delivery.outcome import Outcome
from chalicelib.monitoring.health import Status
from chalicelib.rules.rule import Severity
from chalicelib.stores.sqlite.store import sqlite_store
from tests.delivery.world import CHANNEL, SENT, World, alert
from tests.reliability.proof import (
    annotated,
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
from tests.usecases.sweeping import found, sweep

# What Slack and the network do.
EIGHT_KINDS = ("500", "503", "drop_before", "drop_after", "reset", "slow", "partial", "429")
HOUR = 3600.0


def swept(world: World) -> None:
    """One sweep, and the rest of its minute where it ended before."""
    began = world.clock.passed
    sweep(world, seconds=120.0)
    world.clock.advance(max(began + 60 - world.clock.passed, 0.0))


def status(world: World) -> Status:
    """How health stands."""
    return found(world).status


@pytest.mark.parametrize(("failures", "within"), [(1, 5.0), (3, 15.0)])
@pytest.mark.parametrize("severity", [Severity.CRITICAL, Severity.HIGH])
@pytest.mark.parametrize("scope", ["chat:write", "channels:history"])
def test_after_so_many_500_in_a_row_an_alert_is_told_by_the_handler_that_stored_it(
    world: World, failures: int, within: float, severity: Severity, scope: str
) -> None:
    world.slack.scopes = {"chat:write", scope}
    longest = 0.0
    for number in range(0, 40, 2):  # the stub takes the message or not, by chance
        world.add(alert(number))
        world.handle()
        began = world.clock.passed
        world.slack.script = ["500"] * failures
        world.add(alert(number + 1, severity))
        world.handle()
        assert world.states(alert(number + 1)) == [SENT]
        longest = max(longest, world.clock.passed - began)
        world.clock.advance(60)
    figure(
        "500 in a row",
        failures=failures,
        severity=severity.value,
        scope=scope,
        told_after=round(longest, 1),
    )
    assert longest <= within
    assert repeats(world.journal)[1] == 0


def test_eight_kinds_of_fault_at_random_delay_little_beyond_slacks_own_pauses(
    tmp_path: Path,
) -> None:
    rounds = [faulty(tmp_path, seed) for seed in range(size(6, 40))]
    beyond = sorted(each[0] for each in rounds)
    figure(
        "eight kinds of fault",
        rounds=len(rounds),
        alerts=400,
        kinds=len(EIGHT_KINDS),
        missing=sum(each[1] for each in rounds),
        beyond_slacks_pauses=beyond[len(beyond) // 2],
        longest_beyond_slacks_pauses=beyond[-1],
        repeats=sum(each[2] for each in rounds),
        unmarked=sum(each[3] for each in rounds),
    )
    assert beyond[-1] <= 60
    assert sum(each[1] + each[3] for each in rounds) == 0


def faulty(folder: Path, seed: int) -> tuple[float, int, int, int]:
    """400 alerts through faults in a quarter of the requests: the seconds beyond the pauses that
    Slack asked for, and how many were lost, repeated, and repeated unmarked.
    """
    luck, pauses = random.Random(seed), list[float]()
    world = World(sqlite_store(folder / f"{seed}.db"), compose=annotated)
    world.slack.choose = lambda *_: luck.choice(EIGHT_KINDS) if luck.random() < 0.25 else "ok"
    call = world.transport._call

    def counted(*arguments: Any) -> Any:
        answer = call(*arguments)
        pauses.extend([answer.retry_after or 0.0] if isinstance(answer, Outcome) else [])
        return answer

    world.transport._call = counted  # type: ignore[method-assign, assignment]
    alerts = mixed(400)
    world.add(*alerts)
    while world.sweep().next_at:
        pass
    beyond = round(world.clock.passed - sum(pauses), 1)
    return beyond, missing(world.journal, alerts), *repeats(world.journal)


def test_an_hours_outage_is_tried_less_and_less_often_and_ends_within_a_minute(
    world: World,
) -> None:
    world.add(alert(10**6))
    world.handle()
    world.clock.advance(60)
    before, began = len(world.transport.attempts), world.clock.passed
    start = world.clock.now().timestamp()
    world.slack.choose = lambda *_: "503" if world.clock.passed - began < HOUR else "ok"
    alerts = mixed(600)
    for minute in range(62):
        world.add(*alerts[minute * 10 : minute * 10 + 10])
        swept(world)
    asked = [at - start for at in world.transport.attempts[before:]]
    during = [at for at in asked if at < HOUR]
    first = next(at for at in asked if at >= HOUR) - HOUR
    figure(
        "an hour's outage",
        requests=len(during),
        in_the_first_two_minutes=sum(at - during[0] < 120 for at in during),
        shortest_gap_after=round(min(b - a for a, b in pairwise(during) if a >= 120), 1),
        first_try_after=round(first, 1),
        missing=missing(world.journal, alerts),
    )
    assert sum(at - during[0] < 120 for at in during) <= 8
    assert most_in([at for at in during if at >= 120], 54) == 1
    assert first <= 60
    assert missing(world.journal, alerts) == 0
    assert repeats(world.journal)[1] == 0


def test_a_days_outage_loses_nothing_and_asks_once_in_54_seconds_at_most(world: World) -> None:
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
    healed = world.clock.now().timestamp()
    world.slack.behaviour = "limit"
    for _ in range(3):
        swept(world)
    backlog = posts(world.journal[down:])
    repeated, unmarked = repeats(world.journal)
    probes = {alert_id for entry in world.journal[1:down] for alert_id in carried(entry)}
    assert missing(world.journal, alerts) == 0
    assert sum(at - during[0] < 120 for at in during) <= 8
    assert most_in([at for at in during if at - during[0] >= 120], 54) == 1
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
        shortest_gap=min(round(b - a, 1) for a, b in pairwise(during) if a - during[0] >= 120),
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
    other = [entry for entry in world.journal if entry["channel"] in ("#other", "COTHER")]
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
