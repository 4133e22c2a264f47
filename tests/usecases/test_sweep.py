"""What the sweep does each minute; what it watches is in test_self_watch.py."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.alerts.archive import AlertQuery
from chalicelib.bootstrap import Program
from chalicelib.monitoring.health import Status
from chalicelib.rules.rule import Severity
from chalicelib.settings import Settings
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.usecases.sweep import SweepReport
from tests.delivery.world import World, alert
from tests.usecases.sweeping import found, sweep


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(sqlite_store(tmp_path / "alerts.db"))


def swept(world: World, minutes: int = 1) -> SweepReport:
    """So many sweeps, one a minute; the last one's report."""
    for _ in range(minutes):
        began = world.clock.now()
        report = sweep(world)
        world.clock.time = began + timedelta(minutes=1)
    return report


def test_a_sweep_tells_what_is_due(world: World) -> None:
    world.add(alert(1))
    assert swept(world).dispatched.delivered == 1


def test_a_sweep_removes_what_was_sent_and_is_past_retention_only(world: World) -> None:
    world.add(alert(1, Severity.LOW))
    swept(world)
    world.slack.behaviour = "invalid_auth"
    world.add(alert(2))
    world.clock.advance(91 * 86400)
    swept(world)
    assert world.store.archive.get(alert(1).alert_id) is None
    assert world.store.archive.get(alert(2).alert_id) is not None


def test_between_two_checks_a_sweep_with_nothing_due_asks_what_waits_and_its_notes_alone(
    world: World,
) -> None:
    swept(world)

    def never(*arguments: object) -> Any:
        raise AssertionError(f"asked for {arguments}")

    asked: list[object] = []
    waiting = world.store.queue.waiting

    def counted(now: datetime) -> Any:
        asked.append(now)
        return waiting(now)

    world.store.queue.waiting = counted  # type: ignore[method-assign]
    world.store.outbox.expire = never  # type: ignore[method-assign, assignment]
    world.store.archive.backlog = never  # type: ignore[method-assign, assignment]
    swept(world, minutes=10)
    assert len(asked) == 10


@pytest.mark.parametrize("jump", [-6 * 3600, 30 * 86400])
def test_a_clock_that_is_off_is_red_once_slack_told_its_time_and_green_once_it_is_right(
    world: World, jump: float
) -> None:
    world.add(alert(1))
    swept(world)
    assert found(world).status is Status.GREEN
    world.clock.jump(jump)
    world.add(alert(2))
    swept(world, minutes=2)
    assert found(world).status is Status.RED
    (word,) = found(world).words
    assert "Set it, and let NTP keep it" in word
    world.clock.jump(-jump)
    world.add(alert(3))
    swept(world, minutes=2)
    assert found(world).status is Status.GREEN


def test_a_clock_that_jumps_ahead_removes_nothing(world: World) -> None:
    world.add(alert(1))
    swept(world)
    world.clock.jump(91 * 86400)
    for _ in range(3):
        world.add(alert(2, event_time=world.clock.now()))
        swept(world, minutes=10)
    assert world.store.archive.get(alert(1).alert_id) is not None


def test_a_sweep_tells_once_of_an_allow_that_has_ended(tmp_path: Path) -> None:
    rules = tmp_path / "mine.toml"
    rules.write_text(
        '[[allow]]\nrule = "root-use"\nactor = "arn:aws:iam::111122223333:user/ci"\n'
        "until = 2026-01-01\n"
    )
    env = {"ALERT_STORE": f"sqlite:///{tmp_path}/alerts.db", "RULES_FILE": str(rules)}
    program = Program(Settings.from_env(env), screen=io.StringIO())
    for _ in range(2):
        program.sweep(lambda: 120_000.0)
    (kept,) = program.archive.search(AlertQuery(), 10).alerts
    assert kept.alert.text.startswith(f"The [[allow]] at {rules.name}:1 has ended")
