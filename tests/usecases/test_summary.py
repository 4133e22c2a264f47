"""The day's summary: made once a local date, whatever restarts and however clocks are set."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.notices import SUMMARY
from chalicelib.monitoring.clock import Clock
from chalicelib.monitoring.notes import Swept, write
from chalicelib.rules.handling import SummaryChoices
from chalicelib.rules.rule import Severity
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from chalicelib.usecases.summary import sum_up
from tests.delivery.world import CHANNEL, World, alert
from tests.delivery.world import Clock as WorldClock
from tests.usecases.later import Killed, mortal

AT_NINE = SummaryChoices(at=time(9), zone="Europe/Berlin")
QUIET = replace(AT_NINE, quiet_days=True)
EIGHT = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)  # in Berlin


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(sqlite_store(tmp_path / "alerts.db"), clock=WorldClock(EIGHT))


def summed(
    world: World, choices: SummaryChoices = AT_NINE, store: Store | None = None, left: float = 60.0
) -> bool:
    """One sweep's look."""
    now = world.clock.now()
    made = sum_up(store or world.store, choices, CHANNEL, now, lambda: left * 1000)
    write(world.store.notes, Swept(at=now))
    return made


def happened(world: World, hours_ago: float = 1.0, **changes: object) -> Alert:
    at = world.clock.now() - timedelta(hours=hours_ago)
    return alert(
        int(hours_ago * 100), Severity.HIGH, **{"event_time": at, "seen_at": at, **changes}
    )


def every_minute(world: World, hours: int, choices: SummaryChoices = AT_NINE) -> int:
    """How many were made in so many hours of sweeps."""
    made = 0
    for _ in range(hours * 60):
        made += summed(world, choices)
        world.clock.advance(60)
    return made


def shown(world: World) -> list[str]:
    world.run()
    return [text for text in world.texts if "The day until" in text]


def test_it_is_made_once_at_its_hour(world: World) -> None:
    world.add(happened(world))
    assert every_minute(world, 1) == 0
    assert summed(world)
    assert every_minute(world, 22) == 0
    (text,) = shown(world)
    assert "The day until Tue 24 Nov, 08:45 CET: 1 alert, 1 high" in text


def test_a_day_without_alerts_has_none_unless_that_is_wanted(world: World) -> None:
    assert every_minute(world, 3) == 0
    assert shown(world) == []
    assert every_minute(world, 24, QUIET) == 1
    assert ["no alerts" in text for text in shown(world)] == [True]


def test_after_an_outage_over_its_hour_it_is_made_late(world: World) -> None:
    world.add(happened(world))
    summed(world)
    world.clock.advance(5 * 3600)
    assert every_minute(world, 2) == 1


def test_every_day_has_its_own_also_where_clocks_are_changed(world: World) -> None:
    world.clock.time = datetime(2026, 10, 23, 12, 0, tzinfo=UTC)
    assert every_minute(world, 24 * 5, QUIET) == 6  # one at once, for the day before


def test_it_tells_nothing_of_other_days(world: World) -> None:
    world.add(happened(world, 30), happened(world, 31), happened(world, 2))
    every_minute(world, 2)
    assert [text.partition(": ")[2] for text in shown(world)] == [
        "The day until Mon 23 Nov, 08:45 CET: 2 alerts, 2 high × 1",
        "The day until Tue 24 Nov, 08:45 CET: 1 alert, 1 high × 1",
    ]


def test_it_counts_no_notices(world: World) -> None:
    every_minute(world, 2, QUIET)
    world.clock.advance(3600 * 24 - 7200)
    every_minute(world, 3, QUIET)
    assert all("no alerts" in text for text in shown(world))


def test_it_is_made_once_wherever_the_process_is_killed(tmp_path: Path) -> None:
    at = 0
    while True:
        world = World(sqlite_store(tmp_path / f"{at}.db"), clock=WorldClock(EIGHT))
        world.add(happened(world))
        world.clock.advance(3600)
        try:
            summed(world, store=mortal(world.store, at))
        except Killed:
            pass
        else:
            break
        every_minute(world, 2)
        assert len(shown(world)) == 1
        at += 1
    assert at >= 10


@pytest.mark.parametrize("days", [-2, -1, 1, 30])
def test_a_clock_that_is_set_makes_no_other_days_summary(world: World, days: int) -> None:
    world.add(happened(world))
    every_minute(world, 2)
    world.clock.jump(days * 86400)
    world.store.notes.note(Clock.KEY, Clock(at=world.clock.now(), skew=-days * 86400.0).as_json())
    assert every_minute(world, 24, QUIET) == 0
    world.clock.jump(-days * 86400)
    world.store.notes.note(Clock.KEY, Clock(at=world.clock.now(), skew=0.0).as_json())
    assert every_minute(world, 24, QUIET) == 2  # of the day that was missed, and of the next


def test_where_slack_tells_no_time_a_clock_that_may_be_wrong_is_waited_for(world: World) -> None:
    world.add(happened(world))
    world.clock.advance(2 * 3600)
    write(world.store.notes, Clock(at=world.clock.now(), skew=None))
    assert every_minute(world, 1) == 0
    assert every_minute(world, 1) == 1


def test_while_little_time_is_left_it_waits(world: World) -> None:
    world.add(happened(world))
    world.clock.advance(2 * 3600)
    assert not summed(world, left=10)
    assert summed(world)


def test_it_is_a_notice_that_names_its_span(world: World) -> None:
    world.add(happened(world))
    every_minute(world, 2)
    world.run()
    told = [entry["payload"]["alerts"][0] for entry in world.journal]
    (notice,) = [each for each in world.store.archive.alerts(told) if each.notice]
    assert (notice.notice, notice.about) == (SUMMARY, "")
    assert notice.event_id == "2026-11-23T07:45:00Z/2026-11-24T07:45:00Z"
    assert any(line.startswith("Not acknowledged: 1 (high: ") for line in notice.resources)
