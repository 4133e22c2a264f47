"""Reminders: what is urgent and acknowledged by nobody is said once more, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.alerts.clicks import Action
from chalicelib.alerts.delivery import DeliveryState, deliveries_of
from chalicelib.alerts.followups import FollowupKind, followup_of
from chalicelib.alerts.handling import Handling, Person
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.rules.handling import HandlingChoices
from chalicelib.rules.rule import Severity
from chalicelib.stores.sqlite.store import sqlite_store
from tests.delivery.world import World, alert
from tests.usecases.later import keep, press, swept

ANNA = Person(id="U0ANNA", name="anna")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(sqlite_store(tmp_path / "alerts.db"))


def reminders(world: World) -> list[str]:
    return [text for text in world.texts if "nobody has acknowledged" in text]


def test_a_critical_alert_is_said_once_more_after_its_time_and_never_again(world: World) -> None:
    keep(world, alert(1, Severity.CRITICAL, text="alice stopped the trail"))
    swept(world, 15)
    assert reminders(world) == []
    swept(world, 2)
    (said,) = reminders(world)
    assert "For 15 minutes nobody has acknowledged this: alice stopped the trail" in said
    swept(world, 60)
    assert len(reminders(world)) == 1


@pytest.mark.parametrize("severity", [Severity.MEDIUM, Severity.LOW, Severity.INFO])
def test_what_is_not_urgent_is_not(world: World, severity: Severity) -> None:
    keep(world, alert(1, severity))
    assert world.store.followups.due(world.clock.now() + timedelta(days=6), 10) == []


def test_a_high_one_has_a_time_of_its_own(world: World) -> None:
    keep(world, alert(1, Severity.HIGH))
    swept(world, 239)
    assert reminders(world) == []
    swept(world, 3)
    assert len(reminders(world)) == 1


def test_what_somebody_looks_at_is_not(world: World) -> None:
    handling = Handling(owner=ANNA, since=world.clock.now())
    keep(world, replace(alert(1), handling=handling))
    swept(world, 20)
    assert reminders(world) == []
    assert world.store.followups.due(world.clock.now(), 10) == []


def test_it_goes_about_the_alert_with_its_mention(world: World) -> None:
    keep(world, alert(1, mention="@here"))
    swept(world, 18)
    asked = followup_of(FollowupKind.REMIND, alert(1).alert_id, world.clock.now())
    assert world.store.followups.due(asked.due_at, 10) == []
    shown = [entry["payload"]["alerts"] for entry in world.journal]
    (notice,) = world.store.archive.alerts([ids[0] for ids in shown[1:]])
    assert (notice.about, notice.mention, notice.severity) == (
        alert(1).alert_id,
        "@here",
        Severity.CRITICAL,
    )


def test_the_time_runs_from_when_it_was_told(world: World) -> None:
    world.slack.behaviour = "invalid_auth"
    keep(world, alert(1))
    swept(world, 60)
    world.slack.behaviour = "ok"
    swept(world, 16)
    assert [text for text in world.texts if "acknowledged" in text] == []
    swept(world, 20)
    assert len(reminders(world)) == 1


def test_a_digest_of_many_is_said_once_more_once(world: World) -> None:
    keep(world, *(alert(n, actor="alice", principal="alice") for n in range(30)))
    swept(world, 60)
    messages = [text for text in world.texts if "nobody" not in text]
    assert len(reminders(world)) == len(messages) < 30


def test_a_repeat_in_a_message_that_somebody_looks_at_is_not(world: World) -> None:
    same = {"actor": "alice", "principal": "alice", "resources": ("trail",)}
    for number in (1, 2):
        keep(world, alert(number, Severity.HIGH, **same))
        swept(world)
    assert len(world.texts) == 1  # × 2
    press(world, Action.ACKNOWLEDGE, alert(1), ANNA)
    swept(world, 300)
    assert reminders(world) == []


def test_of_a_message_with_repeats_there_is_one(world: World) -> None:
    same = {"actor": "alice", "principal": "alice", "resources": ("trail",)}
    for number in (1, 2, 3):
        keep(world, alert(number, Severity.HIGH, **same))
        swept(world)
    swept(world, 300)
    assert len(reminders(world)) == 1


@pytest.mark.parametrize("state", [DeliveryState.MUTED, DeliveryState.PARKED])
def test_what_is_not_told_there_is_not_said_once_more(world: World, state: DeliveryState) -> None:
    now, one = world.clock.now(), alert(1, channels=("#trailbell",))
    (delivery,) = deliveries_of(one, now)
    due = followup_of(FollowupKind.REMIND, one.alert_id, now)
    hidden = replace(delivery, state=state)
    world.store.outbox.add([StoredAlert(alert=one, deliveries=(hidden,), followups=(due,))], now)
    swept(world, 5)
    assert world.texts == []
    assert world.store.followups.due(world.clock.now(), 10) == []


def test_an_alert_that_is_gone_is_looked_at_no_more(world: World) -> None:
    keep(world, alert(1))
    gone = followup_of(FollowupKind.REMIND, "0" * 32, world.clock.now())
    (kept,) = world.store.followups.due(world.clock.now() + timedelta(minutes=15), 1)
    world.store.followups.end(kept, [gone])
    swept(world)
    assert world.store.followups.due(world.clock.now(), 10) == []


def test_where_reminders_were_switched_off_meanwhile_none_is_made(world: World) -> None:
    keep(world, alert(1))
    swept(world, 20, choices=HandlingChoices())
    assert reminders(world) == []
    assert world.store.followups.due(world.clock.now(), 10) == []


@pytest.mark.parametrize("hours", [-6, 1, 24 * 30])
def test_a_clock_that_is_set_makes_it_once_and_no_earlier_than_it_was_set_ahead(
    world: World, hours: int
) -> None:
    keep(world, alert(1))
    swept(world, 2)
    world.clock.jump(hours * 3600)
    swept(world, 20 if hours > 0 else 60 * 7)
    assert len(reminders(world)) == 1
    world.clock.jump(-hours * 3600)
    swept(world, 60)
    assert len(reminders(world)) == 1
