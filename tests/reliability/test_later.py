"""What is due later, killed anywhere and with clocks that are set: each is told once, or marked."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Action
from chalicelib.alerts.delivery import deliveries_of
from chalicelib.alerts.handling import Person
from chalicelib.alerts.mutes import hidden_by, hiding
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.rules.handling import HandlingChoices, SummaryChoices
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.dynamodb.table import table_definition
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from chalicelib.usecases.due_later import DOES
from chalicelib.usecases.later import Around, do_due
from chalicelib.usecases.summary import sum_up
from tests.delivery.world import CHANNEL, Clock, World, alert
from tests.events import cloudtrail, iam_user
from tests.reliability.proof import FULL, figure
from tests.usecases.later import Killed, keep, mortal, press
from tests.usecases.sweeping import sweep

START = datetime(2026, 11, 24, 7, 50, tzinfo=UTC)
CHOICES = HandlingChoices(remind={Severity.CRITICAL: timedelta(minutes=5)}, ask_rules=("stopped",))
SUMMARY = SummaryChoices(at=time(8))
PEOPLE = {"alice": "U0ALICE"}
ALICE = Person(id="U0ALICE", name="alice")
RECORD = cloudtrail("StopLogging", userIdentity=iam_user("alice"))
MINUTES = 45
# Each is told once: words of its message, by what it is.
SAID = {
    "reminder": "For 5 minutes nobody has acknowledged this: alice stopped",
    "question": "Was it you? alice stopped",
    "no answer": "has not answered for 30 minutes",
    "own doing": "alice muted what they did themselves",
    "mute's end": "It hid 3 alerts.",
    "summary": "The day until Tue 24 Nov, 07:45 UTC: ",
}
JUMPS = {"6 h back": -6 * 3600, "1 h ahead": 3600, "30 days ahead": 30 * 86400}


def ask(method: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Slack, of which everybody can be asked."""
    assert method == "conversations.open", arguments
    return {"channel": {"id": "D0123456789"}}


def at(number: int, severity: Severity, time: datetime, **changes: Any) -> Alert:
    """An alert of that time."""
    return alert(number, severity, event_time=time, seen_at=time, **changes)


def begin(world: World) -> None:
    """Alice stops a trail, which she is asked about; and what else she did is muted, by herself."""
    of_alice = {"actor": "alice", "principal": "alice", "record": RECORD}
    rule = {"rule_id": "stopped", "rule_ids": ("stopped",), "text": "alice stopped it"}
    stopped = at(1, Severity.CRITICAL, START, **of_alice, **rule)
    muted = at(2, Severity.MEDIUM, START, **of_alice)
    early = at(3, Severity.LOW, START - timedelta(hours=2))
    keep(world, stopped, muted, early, choices=CHOICES, people=PEOPLE)
    press(world, Action.MUTE, muted, ALICE, span=timedelta(minutes=20))
    now, mutes = world.clock.now(), world.store.mutes.in_force()
    hidden = []
    for number in (10, 11, 12):
        each = replace(muted, alert_id=f"{number:032}", text="hidden")
        mute = hiding(mutes, each, now)
        assert mute
        due = tuple(hidden_by(delivery, mute) for delivery in deliveries_of(each, now))
        hidden.append(StoredAlert(alert=each, deliveries=due))
    world.store.outbox.add(hidden, now)


def swept(world: World) -> None:
    """One sweep, as usecases.sweep does it; a minute passes."""
    began, store, now = world.clock.passed, world.store, world.clock.now()
    around = Around(store=store, now=now, choices=CHOICES, people=PEOPLE, ask=ask)
    do_due(around, DOES, lambda: 60_000.0)
    sum_up(store, SUMMARY, CHANNEL, now, lambda: 60_000.0)
    sweep(world)
    world.clock.advance(max(60 - (world.clock.passed - began), 0.0))


def scene(folder: Path, name: str, dynamodb: Any = None) -> World:
    """In a file, or in a table where there is a client."""
    clock = Clock(START)
    world = World(_store(folder, name, clock, dynamodb), clock=clock)
    begin(world)
    return world


def _store(folder: Path, name: str, clock: Clock, dynamodb: Any) -> Store:
    if dynamodb is None:
        return sqlite_store(folder / f"{name}.db")
    dynamodb.create_table(**table_definition(name))
    return dynamodb_store(
        dynamodb, name, clock=clock.now, monotonic=clock.monotonic, sleep=clock.sleep
    )


def process(world: World, store: Store, runs: int) -> World:
    """Another process over the same store, Slack and clock."""
    other = World(store, slack=world.slack, clock=world.clock)
    other.runs = runs
    return other


def told(world: World) -> tuple[Counter[str], Counter[str]]:
    """How often each was told, and how often with a mark."""
    times, marked = Counter[str](), Counter[str]()
    for text, mark in zip(world.texts, world.marks, strict=True):
        for name, words in SAID.items():
            if words in text:
                times[name] += 1
                marked[name] += mark
    return times, marked


def killed_at(folder: Path, moment: int, dynamodb: Any) -> tuple[World, bool]:
    """A process that is killed at its moment number so and so, and one that goes on."""
    world = scene(folder, f"at-{moment}", dynamodb)
    first = process(world, mortal(world.store, moment, queue=True), 100)
    was_killed = False
    try:
        for _ in range(MINUTES):
            swept(first)
    except Killed:
        was_killed = True
    heir = process(world, world.store, 200)
    for _ in range(MINUTES + 5):
        swept(heir)
    return world, was_killed


@pytest.mark.parametrize(("kind", "quick", "full"), [("sqlite", 97, 13), ("dynamodb", 500, 97)])
def test_a_process_that_is_killed_anywhere_loses_none_and_repeats_none_unmarked(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, quick: int, full: int
) -> None:
    client = request.getfixturevalue(kind) if kind == "dynamodb" else None
    every = full if FULL else quick
    kills, marks, moment = 0, 0, 0
    lost, repeated = Counter[str](), Counter[str]()
    while True:
        world, was_killed = killed_at(tmp_path, moment, client)
        times, marked = told(world)
        if client is not None:
            client.delete_table(TableName=f"at-{moment}")
        lost.update(name for name in SAID if not times[name])
        repeated.update(name for name in SAID if times[name] - marked[name] > 1)
        marks += sum(marked.values())
        if not was_killed:
            break
        kills, moment = kills + 1, moment + every
    figure(
        "what is due later, killed anywhere",
        store=kind,
        kills=kills,
        kinds=len(SAID),
        lost=sum(lost.values()),
        repeated_unmarked=sum(repeated.values()),
        marked=marks,
    )
    assert (lost, repeated) == (Counter(), Counter())
    assert kills >= 2


@pytest.mark.parametrize("jump", sorted(JUMPS))
@pytest.mark.parametrize("after", [1, 3, 12, 25] if FULL else [3])
def test_a_clock_that_is_set_and_set_right_makes_each_once(
    tmp_path: Path, jump: str, after: int
) -> None:
    world = scene(tmp_path, "jumps")
    for minute in range(MINUTES):
        if minute == after:
            world.clock.jump(JUMPS[jump])
        if minute == after + 10:
            world.clock.jump(-JUMPS[jump])
        # So that Slack tells its time.
        world.add(at(100 + minute, Severity.LOW, world.clock.now()))
        swept(world)
    for _ in range(90):
        swept(world)
    times, _ = told(world)
    figure("what is due later, with a clock that is set", jump=jump, after=after, **times)
    assert times == dict.fromkeys(SAID, 1)


@pytest.mark.parametrize("behaviour", ["drop_after", "slow", "500", "drop_before", "429"])
def test_a_second_post_follows_an_ambiguous_outcome_alone_and_is_marked(
    tmp_path: Path, behaviour: str
) -> None:
    world = scene(tmp_path, "slack")
    world.slack.scopes = {"chat:write"}  # nobody can look whether it was posted

    def choose(method: str, channel: str, number: int) -> str:
        return behaviour if number % 3 == 0 else "ok"

    world.slack.choose = choose
    for _ in range(MINUTES + 30):
        swept(world)
    times, marked = told(world)
    figure("what is due later, of doubtful posts", behaviour=behaviour, **times)
    assert {name: times[name] - marked[name] > 1 for name in SAID} == dict.fromkeys(SAID, False)
    assert all(times[name] for name in SAID)
    if behaviour == "429":
        assert set(times.values()) == {1}
