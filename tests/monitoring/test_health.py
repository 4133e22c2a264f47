"""How Trailbell itself is doing, by what the store keeps."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.alerts.outbox import StoreError
from chalicelib.monitoring.answers import Coverage, ok, unknown
from chalicelib.monitoring.health import Health, Status, as_json, health
from chalicelib.monitoring.notes import Reason, Reasons, Swept, note_seen, write
from chalicelib.slack.next_steps import next_step
from chalicelib.stores.sqlite.store import sqlite_store
from tests.delivery.world import World, alert


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(sqlite_store(tmp_path / "alerts.db"))


def found(world: World, rules_error: str | None = None, **later: float) -> Health:
    """Health, so much later than the world's clock says."""
    now = world.clock.now() + timedelta(**later)
    return health(
        world.store.archive, world.store.notes, now, next_step=next_step, rules_error=rules_error
    )


def test_with_nothing_wrong_health_is_green_and_says_nothing(world: World) -> None:
    shown = found(world)
    assert (shown.status, shown.words) == (Status.GREEN, ())


def test_a_refused_destination_is_red_and_names_channel_and_reason(world: World) -> None:
    world.slack.behaviour = "invalid_auth"
    world.add(alert(1))
    world.run()
    shown = found(world)
    assert shown.status is Status.RED
    (word,) = shown.words
    assert word.startswith("Slack refuses #trailbell since 2026-01-02 03:04 UTC: invalid_auth.")


def test_an_outage_is_amber_and_turns_red_when_it_lasts(world: World) -> None:
    world.slack.behaviour = "refused"
    world.add(alert(1))
    world.run()
    shown = found(world)
    assert shown.status is Status.AMBER
    assert "Nothing is lost; it is tried again every minute." in shown.words[0]
    lasting = found(world, minutes=16)
    assert lasting.status is Status.RED
    assert lasting.words[0] == shown.words[0]  # before that an alert waits, which is red by itself


def test_parked_alerts_are_amber(world: World) -> None:
    world.slack.script = ["invalid_blocks"] * 3
    world.add(alert(1))
    world.run()
    shown = found(world)
    (word,) = shown.words
    assert shown.status is Status.AMBER
    assert word.startswith("1 alert parked")
    assert "`trailbell.py parked`" in word


def test_an_alert_that_waits_for_long_is_red(world: World) -> None:
    world.add(alert(1))
    shown = found(world, minutes=16)
    assert (shown.status, as_json(shown)["oldest_due_seconds"]) == (Status.RED, 960)


def test_an_alert_that_waits_because_nothing_ever_sweeps_says_what_sweeps(world: World) -> None:
    world.add(alert(1))
    (word,) = found(world, minutes=16).words
    assert word.startswith("An alert has been waiting since 2026-01-02 03:04 UTC. No sweep has run")
    assert "`make run`" in word
    write(world.store.notes, Swept(at=world.clock.now() + timedelta(minutes=16)))
    (word,) = found(world, minutes=16).words
    assert word == "An alert has been waiting since 2026-01-02 03:04 UTC."


def test_rules_that_cannot_be_loaded_are_red(world: World) -> None:
    shown = found(world, rules_error="mine.toml: no pattern")
    assert shown.words == ("The rules cannot be loaded: mine.toml: no pattern",)


def test_a_sweep_that_stopped_coming_is_red(world: World) -> None:
    write(world.store.notes, Swept(at=world.clock.now(), delay=3.5))
    assert found(world).status is Status.GREEN
    (word,) = found(world, minutes=6).words
    assert word.startswith("The sweep has not run since 2026-01-02 03:04 UTC. It comes")


def test_a_store_that_does_not_answer_is_red(world: World) -> None:
    def fails(now: object) -> None:
        raise StoreError("database is locked")

    world.store.archive.backlog = fails  # type: ignore[method-assign, assignment]
    shown = found(world)
    assert shown.words == ("The store does not answer: database is locked",)


def test_the_details_say_when_records_last_came_in(world: World) -> None:
    note_seen(world.store.notes, world.clock.now(), records=7)
    details = as_json(found(world))
    assert details["last_records_at"] == "2026-01-02T03:04:05+00:00"


def test_records_that_could_not_be_read_are_shown_for_a_day(world: World) -> None:
    note_seen(world.store.notes, world.clock.now(), records=1000, unreadable=2)
    shown = found(world)
    assert shown.status is Status.AMBER
    assert shown.words[0].startswith(
        "Of the records that came at 2026-01-02 03:04 UTC, 2 could not be read"
    )
    note_seen(world.store.notes, world.clock.now() + timedelta(minutes=1), records=5)
    assert found(world, hours=23).status is Status.AMBER
    later = found(world, hours=25)
    assert (later.status, later.words) == (Status.GREEN, ())
    assert as_json(later)["last_unreadable_at"] == "2026-01-02T03:04:05+00:00"


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
    (word,) = found(world).words
    assert refusal in word
    assert step in word


def test_a_reason_that_nobody_can_ask_about_any_more_stays_red_and_amber_says_why(
    world: World,
) -> None:
    now = world.clock.now()
    silent = Reason(check="silence", since=now, text="CloudTrail has delivered nothing.")
    late = Reason(check="late", since=now, text="An alert has been waiting.")
    write(world.store.notes, Reasons(standing=(silent, late)))
    refused = [unknown("silence", "cloudtrail:GetTrailStatus: AccessDeniedException")]
    write(world.store.notes, Coverage(at=now).with_findings(refused, now))
    shown = found(world)
    assert shown.status is Status.RED
    assert shown.words == (
        "CloudTrail has delivered nothing.",
        "What cannot be checked: silence (cloudtrail:GetTrailStatus: AccessDeniedException)."
        " What was found last stands.",
    )


def test_what_is_lacking_is_amber(world: World) -> None:
    lacking = Reason(check="scopes", since=world.clock.now(), text="It lacks one.", lesser=True)
    write(world.store.notes, Reasons(standing=(lacking,)))
    shown = found(world)
    assert (shown.status, shown.words) == (Status.AMBER, ("It lacks one.",))


def test_green_is_what_was_checked_lately(world: World) -> None:
    now = world.clock.now()
    write(world.store.notes, Coverage(at=now).with_findings([ok("trail", "It is.")], now))
    assert found(world, minutes=40).status is Status.GREEN
    later = found(world, minutes=41)
    assert later.status is Status.AMBER
    assert later.words == ("Nothing was checked since 2026-01-02 03:04 UTC.",)


def test_a_check_that_the_last_rounds_did_not_come_to_is_not_green(world: World) -> None:
    now = world.clock.now()
    first = Coverage(at=now).with_findings([ok("trail", "It is."), ok("alarms", "All.")], now)
    later = now + timedelta(minutes=41)
    write(world.store.notes, first.with_findings([ok("trail", "It is.")], later))
    shown = found(world, minutes=41)
    assert shown.status is Status.AMBER
    assert shown.words == ("What was not come to for long: alarms. It was well then.",)


def test_the_details_list_each_check_with_its_last_answer(world: World) -> None:
    now = world.clock.now()
    write(world.store.notes, Coverage(at=now).with_findings([ok("trail", "It is.")], now))
    assert as_json(found(world))["coverage"] == {
        "trail": {"answered": "ok", "at": now.isoformat(), "text": "It is."}
    }


def test_what_the_api_shows_is_what_it_always_showed(world: World) -> None:
    world.slack.behaviour = "not_in_channel"
    world.add(alert(1))
    world.run()
    at = "2026-01-02T03:04:05+00:00"
    reason = {"since": at, "text": "No trail writes to cloudtrail any more."}
    world.store.notes.note("deaf", {"reasons": {"trail": reason}, "ended": {"late": reason}})
    world.store.notes.note("seen", {"at": at, "records": 7})
    world.store.notes.note("unreadable", {"at": at, "records": 2})
    world.store.notes.note("swept", {"at": at, "delay": 3.5})
    assert json.dumps(as_json(found(world, minutes=1))) == json.dumps(
        {
            "status": "red",
            "words": [
                "Slack refuses #trailbell since 2026-01-02 03:04 UTC: not_in_channel."
                " Invite the app: type /invite and its name in the channel."
                " Nothing is lost; it is tried again every five minutes.",
                "No trail writes to cloudtrail any more.",
                "Of the records that came at 2026-01-02 03:04 UTC, 2 could not be read:"
                ' the log\'s lines "unreadable record" say why. The others were told.',
            ],
            "pending": 1,
            "uncertain": 0,
            "parked": 0,
            "oldest_due": at,
            "oldest_due_seconds": 60,
            "channels": [
                {
                    "name": "#trailbell",
                    "trouble": "destination",
                    "reason": "not_in_channel",
                    "since": at,
                    "next_send_at": "2026-01-02T03:09:05.100000+00:00",
                }
            ],
            "deaf": {"trail": reason},
            "coverage": {},
            "last_records_at": at,
            "last_unreadable_at": at,
            "last_sweep_at": at,
            "delay_seconds": 3.5,
        }
    )


def test_before_anything_happened_the_api_shows_nothing_of_it(world: World) -> None:
    assert as_json(found(world)) == {
        "status": "green",
        "words": (),
        "pending": 0,
        "uncertain": 0,
        "parked": 0,
        "oldest_due": None,
        "oldest_due_seconds": None,
        "channels": [],
        "deaf": {},
        "coverage": {},
        "last_records_at": None,
        "last_unreadable_at": None,
        "last_sweep_at": None,
        "delay_seconds": None,
    }
