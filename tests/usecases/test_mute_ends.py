"""Mutes: the end of one says what it hid; one that hides many or its maker's own doing is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Action
from chalicelib.alerts.delivery import deliveries_of
from chalicelib.alerts.handling import Person
from chalicelib.alerts.mutes import Mute, hidden_by, hiding
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.rules.handling import HandlingChoices
from chalicelib.rules.rule import Severity
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.usecases.due_later import DOES
from chalicelib.usecases.later import do_due
from tests.delivery.world import World, alert
from tests.events import cloudtrail, iam_user
from tests.usecases.later import Killed, around_of, keep, mortal, press, swept

ANNA = Person(id="U0ANNA", name="anna")
ALICE = Person(id="U0ALICE", name="alice")
RECORD = cloudtrail("StopLogging", userIdentity=iam_user("alice"))
NOTHING = HandlingChoices()
HOUR = timedelta(hours=1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(sqlite_store(tmp_path / "alerts.db"))


def one_of(number: int) -> Alert:
    return alert(number, Severity.MEDIUM, actor="alice", principal="alice", record=RECORD)


def happens(world: World, *alerts: Alert) -> None:
    """As ingest keeps them, while mutes are in force."""
    now, mutes = world.clock.now(), world.store.mutes.in_force()
    stored = []
    for each in alerts:
        due = deliveries_of(each, now)
        if mute := hiding(mutes, each, now):
            due = tuple(hidden_by(delivery, mute) for delivery in due)
        stored.append(StoredAlert(alert=each, deliveries=due))
    world.store.outbox.add(stored, now)


def mute(world: World, span: timedelta = HOUR, by: Person = ANNA) -> Mute:
    """What alice did is muted, by the first alert of it."""
    keep(world, one_of(0), choices=NOTHING)
    pass_by(world)
    made = press(world, Action.MUTE, one_of(0), by, span=span).mute
    assert made is not None
    return made


def pass_by(world: World, minutes: int = 1, people: dict[str, str] | None = None) -> None:
    swept(world, minutes, choices=NOTHING, people=people or {})


def said(world: World, words: str) -> list[str]:
    return [text for text in world.texts if words in text]


def test_its_end_says_how_many_it_hid_and_of_what_once(world: World) -> None:
    mute(world)
    happens(world, *(one_of(number) for number in range(1, 8)))
    pass_by(world, 59)
    assert said(world, "It hid") == []
    pass_by(world, 120)
    (text,) = said(world, "It hid")
    assert "anna's mute of rule-medium by alice in 111122223333 (succeeded, up to medium)" in text
    assert "has ended. It hid 7 alerts." in text


def test_one_that_hid_nothing_says_so(world: World) -> None:
    mute(world)
    pass_by(world, 65)
    assert len(said(world, "It hid nothing.")) == 1


def test_one_that_somebody_ended_says_who_at_once(world: World) -> None:
    made = mute(world, timedelta(days=7))
    happens(world, one_of(1))
    pass_by(world)
    world.store.mutes.end(made.mute_id, world.clock.now(), Person(id="U0BOB", name="bob"))
    pass_by(world, 2)
    (text,) = said(world, "It hid 1 alert.")
    assert "bob ended anna's mute of" in text
    swept(world, 3)
    assert len(said(world, "It hid")) == 1


def test_after_its_end_the_same_is_told_again(world: World) -> None:
    mute(world)
    happens(world, one_of(1))
    pass_by(world, 62)
    before = len(world.texts)
    happens(world, one_of(2))
    pass_by(world)
    assert len(world.texts) == before + 1


def test_one_that_is_prolonged_ends_later(world: World) -> None:
    mute(world)
    press(world, Action.MUTE, one_of(0), ANNA, span=timedelta(hours=8))
    pass_by(world, 120)
    assert said(world, "It hid") == []
    pass_by(world, 6 * 60 + 5)
    assert len(said(world, "It hid")) == 1


def test_the_message_that_it_was_made_from_says_so_no_more(world: World) -> None:
    mute(world)
    pass_by(world, 62)
    (kept,) = world.store.archive.alerts([one_of(0).alert_id])
    assert kept.handling.muted is None


@pytest.mark.parametrize(("hides", "times"), [(100, 0), (101, 1)])
def test_one_that_hides_over_a_hundred_a_day_is_told_once_a_day(
    world: World, hides: int, times: int
) -> None:
    mute(world, timedelta(days=7))
    happens(world, *(one_of(number) for number in range(1, hides + 1)))
    pass_by(world, 24 * 60 + 70)
    assert len(said(world, "within a day")) == times
    happens(world, *(one_of(number) for number in range(1000, 1101)))
    pass_by(world, 70)
    assert len(said(world, "within a day")) == times + 1


@pytest.mark.parametrize("span", [HOUR, timedelta(hours=8)])
def test_a_short_one_that_hides_many_is_told_before_it_ends(world: World, span: timedelta) -> None:
    mute(world, span)
    pass_by(world, 10)
    happens(world, *(one_of(number) for number in range(1, 102)))
    pass_by(world, 20)
    assert len(said(world, "hid 101 alerts within a day")) == 1


def test_its_end_is_told_once_also_where_that_is_kept_no_longer(world: World) -> None:
    made = mute(world, timedelta(days=7))
    world.store.mutes.end(made.mute_id, world.clock.now(), ANNA)
    pass_by(world, 2)
    assert len(said(world, "It hid")) == 1
    world.clock.advance(3 * 24 * 3600)
    world.store.outbox.expire(world.clock.now() - timedelta(days=1), 500)
    world.clock.advance(4 * 24 * 3600)
    pass_by(world, 2)
    assert len(said(world, "It hid")) == 1


@pytest.mark.parametrize(("by", "times"), [(ALICE, 1), (ANNA, 0)])
def test_whoever_mutes_what_they_did_themselves_is_told_to_the_channel(
    world: World, by: Person, times: int
) -> None:
    mute(world, by=by)
    pass_by(world, 5, people={"alice": "U0ALICE"})
    assert len(said(world, "alice muted what they did themselves")) == times


def test_whoever_prolongs_the_mute_of_what_they_did_is_told_too(world: World) -> None:
    made = mute(world)
    pass_by(world, 5, people={"alice": "U0ALICE"})
    assert said(world, "themselves") == []
    press(world, Action.MUTE, one_of(0), ALICE, span=timedelta(days=7), why="a drill")
    pass_by(world, 5, people={"alice": "U0ALICE"})
    assert len(said(world, "alice muted what they did themselves")) == 1
    (now,) = world.store.mutes.in_force()
    assert (now.mute_id, now.by, now.why) == (made.mute_id, ALICE, "a drill")


def test_every_message_that_it_was_prolonged_from_says_so_no_more(world: World) -> None:
    keep(world, one_of(1), choices=NOTHING)
    made = mute(world)
    press(world, Action.MUTE, one_of(1), ALICE, span=timedelta(days=1))
    world.store.mutes.end(made.mute_id, world.clock.now(), ANNA)
    pass_by(world, 5)
    kept = world.store.archive.alerts([one_of(number).alert_id for number in range(2)])
    assert [each.handling.muted for each in kept] == [None, None]


def test_who_did_it_may_be_nobody_that_anybody_knows(world: World) -> None:
    mute(world, by=ALICE)
    pass_by(world, 5)
    assert said(world, "themselves") == []


@pytest.mark.parametrize("moment", ["begins", "ends"])
def test_it_is_told_once_wherever_the_process_is_killed(tmp_path: Path, moment: str) -> None:
    people, at = {"alice": "U0ALICE"}, 0
    while True:
        world = World(sqlite_store(tmp_path / f"{at}.db"))
        mute(world, by=ALICE)
        happens(world, one_of(1))
        if moment == "ends":
            pass_by(world, 59, people)
            world.clock.advance(120)
        around = around_of(world, mortal(world.store, at), choices=NOTHING, people=people)
        try:
            do_due(around, DOES, lambda: 60_000.0)
        except Killed:
            pass
        else:
            break
        pass_by(world, 65, people)
        assert len(said(world, "It hid 1 alert.")) == 1
        assert len(said(world, "themselves")) == 1
        at += 1
    assert at >= 10


@pytest.mark.parametrize("hours", [-6, 24 * 30])
def test_a_clock_that_is_set_ends_it_once(world: World, hours: int) -> None:
    mute(world)
    happens(world, one_of(1))
    world.clock.jump(hours * 3600)
    pass_by(world, 8 * 60)
    assert len(said(world, "It hid 1 alert.")) == 1
    world.clock.jump(-hours * 3600)
    pass_by(world, 60)
    assert len(said(world, "It hid")) == 1


def test_a_mute_that_is_gone_is_nothing_to_do(world: World) -> None:
    made = mute(world)
    world.store = replace(world.store, mutes=Nobody())  # type: ignore[arg-type]
    pass_by(world, 70)
    assert said(world, made.rule_id) == []


class Nobody:
    """Mutes of which none is kept any more."""

    def get(self, mute_id: str) -> None:
        """None is."""
