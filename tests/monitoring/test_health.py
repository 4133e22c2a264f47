"""How Trailbell itself is doing, told from what the store keeps."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.alerts.outbox import StoreError
from chalicelib.monitoring.health import Status, health, seen
from chalicelib.stores.sqlite.store import SqliteAlertStore
from tests.delivery.world import World, alert


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(SqliteAlertStore(tmp_path / "alerts.db"))


def test_with_nothing_wrong_health_is_green_and_says_nothing(world: World) -> None:
    told = health(world.store, world.clock.now())
    assert (told.status, told.words) == (Status.GREEN, ())


def test_a_refused_destination_is_red_and_names_channel_and_reason(world: World) -> None:
    world.slack.behaviour = "invalid_auth"
    world.add(alert(1))
    world.run()
    told = health(world.store, world.clock.now())
    assert told.status is Status.RED
    (word,) = told.words
    assert word.startswith("Slack refuses #trailbell since 2026-01-02 03:04 UTC: invalid_auth.")


def test_an_outage_is_amber_and_turns_red_when_it_lasts(world: World) -> None:
    world.slack.behaviour = "refused"
    world.add(alert(1))
    world.run()
    told = health(world.store, world.clock.now())
    assert told.status is Status.AMBER
    assert "Nothing is lost; it is tried again every minute." in told.words[0]
    lasting = health(world.store, world.clock.now() + timedelta(minutes=16))
    assert lasting.status is Status.RED
    assert lasting.words[0] == told.words[0]  # before that an alert waits, which is red by itself


def test_parked_alerts_are_amber(world: World) -> None:
    world.slack.script = ["invalid_blocks"] * 3
    world.add(alert(1))
    world.run()
    told = health(world.store, world.clock.now())
    (word,) = told.words
    assert told.status is Status.AMBER
    assert word.startswith("1 alert parked")
    assert "`trailbell.py parked`" in word


def test_an_alert_that_waits_for_long_is_red(world: World) -> None:
    world.add(alert(1))
    told = health(world.store, world.clock.now() + timedelta(minutes=16))
    assert (told.status, told.details["oldest_due_seconds"]) == (Status.RED, 960)


def test_an_alert_that_waits_because_nothing_ever_sweeps_says_what_sweeps(world: World) -> None:
    world.add(alert(1))
    later = world.clock.now() + timedelta(minutes=16)
    (word,) = health(world.store, later).words
    assert word.startswith("An alert has been waiting since 2026-01-02 03:04 UTC. No sweep has run")
    assert "`make run`" in word
    world.store.note("swept", {"at": later.isoformat(), "delay": None})
    (word,) = health(world.store, later).words
    assert word == "An alert has been waiting since 2026-01-02 03:04 UTC."


def test_rules_that_cannot_be_loaded_are_red(world: World) -> None:
    told = health(world.store, world.clock.now(), rules_error="mine.toml: no pattern")
    assert told.words == ("The rules cannot be loaded: mine.toml: no pattern",)


def test_a_sweep_that_stopped_coming_is_red(world: World) -> None:
    world.store.note("swept", {"at": world.clock.now().isoformat(), "delay": 3.5})
    later = world.clock.now() + timedelta(minutes=6)
    assert health(world.store, world.clock.now()).status is Status.GREEN
    (word,) = health(world.store, later).words
    assert word.startswith("The sweep has not run since 2026-01-02 03:04 UTC. It comes")


def test_a_store_that_does_not_answer_is_red(world: World) -> None:
    def fails(now: object) -> None:
        raise StoreError("database is locked")

    world.store.backlog = fails  # type: ignore[method-assign, assignment]
    told = health(world.store, world.clock.now())
    assert told.words == ("The store does not answer: database is locked",)


def test_the_details_say_when_records_last_came_in(world: World) -> None:
    seen(world.store, world.clock.now(), records=7)
    details = health(world.store, world.clock.now()).details
    assert details["last_records_at"] == "2026-01-02T03:04:05+00:00"


def test_records_that_could_not_be_read_are_told_for_a_day(world: World) -> None:
    seen(world.store, world.clock.now(), records=1000, unreadable=2)
    told = health(world.store, world.clock.now())
    assert told.status is Status.AMBER
    assert told.words[0].startswith(
        "Of the records that came at 2026-01-02 03:04 UTC, 2 could not be read"
    )
    seen(world.store, world.clock.now() + timedelta(minutes=1), records=5)
    assert health(world.store, world.clock.now() + timedelta(hours=23)).status is Status.AMBER
    later = health(world.store, world.clock.now() + timedelta(hours=25))
    assert (later.status, later.words) == (Status.GREEN, ())
    assert later.details["last_unreadable_at"] == "2026-01-02T03:04:05+00:00"


@pytest.mark.parametrize(
    ("refusal", "step"),
    [
        ("invalid_auth", "SLACK_TOKEN"),
        ("not_in_channel", "/invite"),
        ("channel_not_found", "SLACK_CHANNEL"),
        ("missing_scope", "chat:write"),
    ],
)
def test_what_slack_refuses_says_what_to_do_about_it(world: World, refusal: str, step: str) -> None:
    world.slack.behaviour = refusal
    world.add(alert(1))
    world.run()
    (word,) = health(world.store, world.clock.now()).words
    assert refusal in word
    assert step in word
