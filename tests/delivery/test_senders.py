"""Several channels of one run, and several runs of one channel: who goes first, and who waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.alerts.outbox import StoreError
from chalicelib.delivery import senders
from chalicelib.delivery.dispatch import dispatch
from chalicelib.rules.rule import Severity
from tests.delivery.world import CHANNEL, PENDING, SENT, START, World, alert
from tests.stores.factories import channels

LATER = START + timedelta(hours=1)


def another(world: World) -> World:
    """Another process of the same program."""
    return World(world.store, slack=world.slack, clock=world.clock, runs=1000)


def test_the_most_severe_goes_first_then_the_oldest(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(senders, "PLACES", 1)
    world.channels = ("#a", "#b", "#c", "#d")
    world.add(alert(4, Severity.LOW, channels=("#d",)))
    world.clock.advance(1)
    world.add(
        alert(1, Severity.LOW, channels=("#a",)),
        alert(2, Severity.HIGH, channels=("#b",)),
        alert(3, channels=("#c",)),
    )
    world.handle()
    assert [entry["channel"] for entry in world.journal] == ["#c", "#b", "#d", "#a"]


def test_requests_run_beside_each_other_and_one_a_channel(world: World) -> None:
    world.channels = ("#a", "#b", "#c")
    world.transport.latency = 2.0
    world.add(*[alert(number, channels=world.channels) for number in range(3)])
    world.handle()
    assert world.calls.most == 3
    assert world.clock.passed == pytest.approx(6.0)


def test_channels_that_drag_take_half_of_the_places_at_most(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(senders, "PLACES", 4)
    world.channels = tuple(f"#c{number}" for number in range(8))
    drags = {name for number in range(5) for name in (f"#c{number}", f"CC{number}")}

    def chosen(method: str, channel: str, number: int) -> str:
        world.transport.latency = 5.0 if channel in drags else 0.1
        return "ok"

    world.slack.choose = chosen
    world.add(*[alert(number, channels=world.channels) for number in range(9)])
    world.handle()
    quick = [entry["at"] for entry in world.journal if entry["channel"] not in drags]
    assert max(quick) - START.timestamp() < 15
    assert len(world.journal) == 72


def test_a_store_that_fails_for_one_channel_leaves_no_other_in_doubt(world: World) -> None:
    world.channels = ("#a", "#b")
    world.add(alert(1, channels=world.channels))
    settle = world.store.queue.settle

    def fails(post: Any, *arguments: Any) -> bool:
        if post.channel == "#a":
            raise StoreError("throttled")
        return settle(post, *arguments)

    world.store.queue.settle = fails  # type: ignore[method-assign, assignment]
    with pytest.raises(StoreError):
        world.handle()
    assert world.states(alert(1), channel="#b") == [SENT]
    assert {each.name: each.leased_until for each in channels(world.store)}["#b"] is None


@pytest.mark.parametrize("names", [("#a",), ("#a", "#b")])
@pytest.mark.parametrize("call", ["due", "begin", "settle"])
def test_a_channel_for_which_the_store_failed_is_let_go(
    world: World, names: tuple[str, ...], call: str
) -> None:
    world.channels = names
    world.add(alert(1, channels=names))
    made = getattr(world.store.queue, call)

    def fails(*arguments: Any) -> Any:
        setattr(world.store.queue, call, made)
        raise StoreError("throttled")

    setattr(world.store.queue, call, fails)
    with pytest.raises(StoreError):
        world.handle()
    assert [each.leased_until for each in channels(world.store)] == [None] * len(names)
    other = another(world)
    other.channels = names
    other.sweep()  # which waits for no lease
    assert world.clock.passed < 5
    assert [world.states(alert(1), channel=name) for name in names] == [[SENT]] * len(names)


@pytest.mark.parametrize(
    ("severity", "seconds", "state"),
    [
        (Severity.CRITICAL, 18, SENT),
        (Severity.HIGH, 18, SENT),
        (Severity.HIGH, 21, PENDING),
        (Severity.MEDIUM, 4, SENT),
        (Severity.MEDIUM, 6, PENDING),
    ],
)
def test_a_handler_waits_for_its_channel_as_long_as_what_is_due_is_worth(
    world: World, severity: Severity, seconds: float, state: object
) -> None:
    world.transport.retry_after = seconds
    world.slack.script = ["429"]
    world.add(alert(1, severity))
    world.handle()
    assert world.states(alert(1)) == [state]


def test_a_handler_waits_for_so_long_in_all_and_not_each_time_anew(world: World) -> None:
    world.transport.retry_after = 8
    world.slack.behaviour = "429"
    world.add(alert(1))
    world.handle()
    assert len(world.transport.attempts) == 3
    assert world.clock.passed < 21


def test_a_handler_waits_for_no_lease_and_writes_nothing(world: World) -> None:
    world.add(alert(1))
    world.store.queue.claim(CHANNEL, "another", LATER)
    before = channels(world.store)
    world.handle()
    assert (world.clock.passed, world.transport.attempts) == (0, [])
    assert channels(world.store) == before


@pytest.mark.parametrize(("owner", "waits"), [("a", False), ("z", True)])
def test_of_two_that_would_wait_for_channels_that_fail_one_goes_on(
    world: World, owner: str, waits: bool
) -> None:
    world.channels = ("#a", "#b")
    world.slack.behaviour = "503"
    world.add(alert(1, channels=("#a",)))
    world.run(patience=0)
    claim = world.store.queue.claim("#a", owner, LATER)
    assert claim
    world.clock.advance(60)
    world.slack.behaviour = "refused"
    world.add(alert(2, channels=("#b",)))
    began = world.clock.passed
    world.handle()
    assert (world.clock.passed - began > 10) is waits


def test_a_sweep_waits_for_another_sender_to_let_go(world: World) -> None:
    world.add(alert(1))
    claim = world.store.queue.claim(CHANNEL, "another", LATER)
    assert claim
    sleep = world.clock.sleep

    def lets_go(seconds: float) -> None:
        if len(world.clock.slept) == 3:
            world.store.queue.save(replace(claim.channel, leased_until=None))
        sleep(seconds)

    world.clock.sleep = lets_go  # type: ignore[method-assign]
    world.sweep()
    assert world.states(alert(1)) == [SENT]
    assert world.clock.passed < 12


def test_a_sweep_takes_over_from_the_dead_within_a_lease_and_two_seconds(world: World) -> None:
    world.add(alert(1))
    world.store.queue.claim(CHANNEL, "dead", LATER)
    world.sweep()
    assert world.states(alert(1)) == [SENT]
    assert 30 <= world.clock.passed <= 32.5


def test_whoever_waits_renews_its_lease_before_it_is_ten_seconds_old(world: World) -> None:
    world.transport.retry_after = 70
    world.slack.script = ["429"]
    world.add(alert(1))
    renewals: list[float] = []
    save = world.store.queue.save

    def saved(channel: Any) -> bool:
        renewals.append(world.clock.passed)
        return save(channel)

    world.store.queue.save = saved  # type: ignore[method-assign]
    world.sweep()
    assert world.states(alert(1)) == [SENT]
    assert all(b - a < 10 for a, b in pairwise(renewals))


def test_two_sweeps_never_send_one_thing_twice(world: World) -> None:
    world.add(*[alert(number) for number in range(5)])
    other = another(world)
    sleep = world.clock.sleep

    def meanwhile(seconds: float) -> None:
        sleep(seconds)
        other.sweep(seconds=9.0)

    world.clock.sleep = meanwhile  # type: ignore[method-assign]
    world.slack.script = ["503"]
    world.sweep()
    assert len(set(world.texts)) == 5
    assert world.states(*[alert(number) for number in range(5)]) == [SENT] * 5


def test_a_sweep_with_nothing_due_looks_once_and_ends(world: World) -> None:
    looks: list[object] = []
    waiting = world.store.queue.waiting

    def counted(now: Any) -> Any:
        looks.append(now)
        return waiting(now)

    world.add(alert(1))
    world.sweep()
    world.store.queue.waiting = counted  # type: ignore[method-assign]
    world.sweep()
    assert (len(looks), world.clock.slept) == (1, [])


def test_a_sweep_does_not_wait_for_what_it_cannot_reach(world: World) -> None:
    world.slack.behaviour = "invalid_auth"
    world.add(alert(1))
    report = world.sweep()
    assert world.clock.passed < 1
    assert report.next_at == START + timedelta(seconds=300.1)
    assert report.oldest_due == START


def test_where_nobody_knows_the_channels_none_is_moved(world: World) -> None:
    world.add(alert(1, channels=("#old",)))
    dispatch(world.prepared(60.0), channels=None, default_channel=CHANNEL)
    assert world.states(alert(1), channel="#old") == [SENT]


def test_a_time_that_lies_too_far_ahead_is_pulled_back_kept_and_reported(world: World) -> None:
    world.slack.script = ["429"]
    world.add(alert(1))
    world.run(patience=0)
    world.clock.jump(-6 * 3600)
    report = world.run(patience=0)
    (channel,) = channels(world.store)
    assert report.pulled == (CHANNEL,)
    assert channel.next_send_at
    assert (channel.next_send_at - world.clock.now()).total_seconds() <= 2
    assert world.run(patience=0).pulled == ()


def test_how_far_the_channels_clock_is_ahead_is_reported(world: World) -> None:
    assert world.handle().skew is None
    world.clock.jump(-3600)
    world.add(alert(1))
    assert world.handle().skew == pytest.approx(3600, abs=1)
