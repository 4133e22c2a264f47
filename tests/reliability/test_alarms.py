"""The alarms of silence over a quiet week: none rings for nothing, and each in time.

CloudWatch is simulated (cloudwatch.py). The account is as quiet as can be: nobody does anything
but the sweep, whose question to CloudTrail is recorded every five minutes and handed over 1 to 15
minutes later. CloudWatch has a metric's data point 1 to 3 minutes after its minute, and on bad days
1 to 15.
"""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from chalicelib.monitoring.own_read import READ_EVERY
from provisioning.alarms import (
    LATEST_DELIVERY,
    LONGEST_QUIET,
    LOOKED_AT_BESIDES,
    SOONEST_DELIVERY,
    Alarm,
    deaf_trail,
    sweep_stopped,
)
from provisioning.choices import Choices
from provisioning.installation import Installation
from tests.reliability.cloudwatch import Points, Simulated, late
from tests.reliability.proof import figure, size

AT = Installation(
    app="trailbell",
    stage="dev",
    partition="aws",
    account="123456789012",
    region="eu-central-1",
    choices=Choices(),
)
SWEEP, TRAIL = sweep_stopped(AT), deaf_trail(AT)
DAY = 24 * 60
WEEK = 7 * DAY
WARM = 60  # a new alarm rings until its metric has data
METRIC_LATE, BAD_DAYS = (1.0, 3.0), (1.0, 15.0)
STOPS = size(40, 400)


def _sweeps(chance: random.Random, end: int, delays: tuple[float, float] = METRIC_LATE) -> Points:
    return late(range(end), lambda: chance.uniform(*delays))


def _arrivals(chance: random.Random, end: int) -> list[float]:
    """When the log group gets the record of each question of the sweep's, in minutes."""
    bounds = [delay.total_seconds() / 60 for delay in (SOONEST_DELIVERY, LATEST_DELIVERY)]
    every = READ_EVERY.total_seconds() / 60
    asked = (number * every for number in range(int(end / every)))
    return sorted(when + chance.uniform(*bounds) for when in asked)


def _arrived(chance: random.Random, arrivals: list[float]) -> Points:
    minutes = sorted({math.floor(when) for when in arrivals})
    return late(iter(minutes), lambda: chance.uniform(*METRIC_LATE))


@pytest.mark.parametrize("besides", LOOKED_AT_BESIDES)
def test_no_alarm_of_silence_rings_in_a_quiet_week(besides: int) -> None:
    chance = random.Random(18 + besides)
    trail = _arrived(chance, _arrivals(chance, WEEK))
    false = {
        "sweep-stopped": [*Simulated(SWEEP, _sweeps(chance, WEEK), besides).rings(WARM, WEEK)],
        "deaf-trail": [*Simulated(TRAIL, trail, besides).rings(WARM, WEEK - 30)],
    }
    figure(
        "a quiet week (CloudWatch simulated)",
        looks_at_periods_besides=besides,
        delivered_after_minutes=[1, 15],
        **{f"false {name}": len(rung) for name, rung in false.items()},
        false_sweep_stopped_on_bad_days=_false_on_bad_days(chance, besides),
    )
    assert false == {"sweep-stopped": [], "deaf-trail": []}


def _false_on_bad_days(chance: random.Random, besides: int) -> int:
    """How often it rings in a day on which its own metric is up to a quarter of an hour late."""
    points = _sweeps(chance, DAY, BAD_DAYS)
    return len([*Simulated(SWEEP, points, besides).rings(WARM, DAY - 15)])


@pytest.mark.parametrize("besides", LOOKED_AT_BESIDES)
def test_an_absent_sweep_and_a_silent_trail_ring_in_time(besides: int) -> None:
    chance = random.Random(180 + besides)
    sweep, trail, old_sweep = list[float](), list[float](), list[float]()
    for _ in range(STOPS):
        stop = chance.randrange(150, 210)
        sweep.append(_after_the_stop(SWEEP, _sweeps(chance, stop), besides, stop))
        old_sweep.append(_after_the_stop(_before(SWEEP), _sweeps(chance, stop), besides, stop))
        arrivals = [when for when in _arrivals(chance, stop + 60) if when < stop]
        points = _arrived(chance, arrivals)
        trail.append(_after_the_stop(TRAIL, points, besides, math.floor(arrivals[-1]) + 1))
    figure(
        "alarms in time (CloudWatch simulated)",
        looks_at_periods_besides=besides,
        stops=STOPS,
        **{"sweep-stopped after minutes": max(sweep), "deaf-trail after minutes": max(trail)},
        one_period_of_15_minutes_after=max(old_sweep),
    )
    assert max(trail) <= 30
    assert max(sweep) <= 15
    assert min(old_sweep) > max(sweep)


def _after_the_stop(alarm: Alarm, points: Points, besides: int, stop: int) -> float:
    rung = [*Simulated(alarm, points, besides).rings(WARM, stop + 110)]
    assert len(rung) == 1
    return rung[0] - stop


def _before(alarm: Alarm) -> Alarm:
    """How it was: one period of a quarter of an hour."""
    return replace(alarm, minutes=15, periods=1, datapoints=1)


def test_a_metric_that_is_late_wakes_nobody_until_it_is_as_late_as_a_sweep_is_absent() -> None:
    tolerated = {}
    for besides in LOOKED_AT_BESIDES:
        for minutes in range(1, 30):
            points = late(range(300), lambda minutes=minutes: float(minutes))  # type: ignore[misc]
            if any(Simulated(SWEEP, points, besides).rings(WARM, 300)):
                break
            tolerated[besides] = minutes
    figure("Lambda's metric late by so many minutes wakes nobody", **{
        f"besides {besides}": minutes for besides, minutes in tolerated.items()
    })  # fmt: skip
    assert all(minutes >= 11 for minutes in tolerated.values())


def test_the_alarm_of_a_silent_trail_is_reckoned() -> None:
    quiet = LONGEST_QUIET.total_seconds() / 60 + 1 + METRIC_LATE[1]  # a sweep may be a minute late
    assert TRAIL.periods == TRAIL.datapoints > quiet - 1
    assert TRAIL.periods + max(LOOKED_AT_BESIDES) + 1 <= 30
