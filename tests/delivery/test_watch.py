"""A live sender keeps its channel whatever the clocks of others say; a dead one does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from chalicelib.alerts.channel import Channel
from chalicelib.alerts.post import Post
from chalicelib.delivery import watch as watching
from chalicelib.delivery.run import LEASE, Run
from chalicelib.delivery.watch import Watch
from tests.delivery.world import CHANNEL, START, Clock, World, alert
from tests.stores.factories import channels, post

LENGTH = LEASE.total_seconds()
OTHER_CLOCKS = [-6 * 3600.0, 0.0, 30 * 86400.0]


def leased(renewal: int = 0) -> Channel:
    until = START + timedelta(seconds=renewal)
    return Channel(name=CHANNEL, owner="one", leased_until=until)


def reader(world: World, ahead: float) -> Run:
    """Another process, whose clock is so far ahead."""
    elsewhere = World(world.store, clock=world.clock).prepared(600.0)
    return replace(
        elsewhere,
        owner=f"{uuid4()}",
        now=lambda: world.clock.now() + timedelta(seconds=ahead),
    )


def seen_by(run: Run) -> Channel:
    """The channel as it is read there."""
    (waiting,) = run.queue.waiting(run.now())
    return waiting.channel


@pytest.mark.parametrize("ahead", OTHER_CLOCKS)
def test_a_live_sender_is_not_cut_off_by_a_reader_whose_clock_is_off(
    world: World, ahead: float
) -> None:
    world.add(alert(1))
    live, other = world.prepared(600.0), reader(world, ahead)
    claim = live.claim(seen_by(live))
    assert claim
    for second in range(100):
        world.clock.advance(1)
        if second % 10 == 0:  # it renews its lease as it goes on
            until = world.clock.now() + LEASE
            assert live.queue.save(replace(claim.channel, leased_until=until))
        assert other.claim(seen_by(other)) is None


@pytest.mark.parametrize("ahead", OTHER_CLOCKS)
def test_a_dead_senders_channel_is_taken_over_within_a_lease_of_being_seen(
    world: World, ahead: float
) -> None:
    world.add(alert(1))
    dead, other = world.prepared(600.0), reader(world, ahead)
    assert dead.claim(seen_by(dead))
    began = world.clock.passed
    while other.claim(seen_by(other)) is None:
        world.clock.advance(2)  # as often as a sweep looks
    assert LENGTH <= world.clock.passed - began <= LENGTH + 2


def test_a_warm_process_remembers_what_it_saw_in_the_invocation_before(world: World) -> None:
    world.add(alert(1))
    dead = reader(world, 0)
    assert dead.claim(seen_by(dead))
    first, later = world.prepared(60.0), world.prepared(60.0)
    assert first.claim(seen_by(first)) is None
    world.clock.advance(LENGTH)
    assert later.claim(seen_by(later))


def test_a_cold_process_waits_for_a_whole_lease(world: World) -> None:
    world.add(alert(1))
    dead = reader(world, 0)
    assert dead.claim(seen_by(dead))
    world.clock.advance(3600)
    cold = reader(world, 0)
    assert cold.claim(seen_by(cold)) is None


def test_what_is_watched_begins_anew_with_every_renewal() -> None:
    clock = Clock()
    watch = Watch(clock.monotonic)
    assert watch.left(leased(), LENGTH) == LENGTH
    clock.advance(20)
    assert watch.left(leased(), LENGTH) == LENGTH - 20
    assert watch.left(leased(1), LENGTH) == LENGTH


def test_a_channel_that_was_let_go_is_free_at_once() -> None:
    watch = Watch(Clock().monotonic)
    watch.left(leased(), LENGTH)
    assert watch.left(Channel(name=CHANNEL, owner="one"), LENGTH) == 0
    assert watch.left(leased(), LENGTH) == LENGTH


def test_a_post_is_as_old_as_it_was_watched_whatever_the_wall_says() -> None:
    clock = Clock()
    watch = Watch(clock.monotonic)
    watch.meet([post(alert(1))])
    clock.jump(-6 * 3600)
    clock.advance(14)
    clock.jump(30 * 86400)
    assert watch.age(post(alert(1))) == 14


def test_a_post_of_a_sender_that_is_gone_is_a_lease_old_and_no_younger_once_met_again() -> None:
    clock = Clock()
    watch = Watch(clock.monotonic)
    watch.meet([post(alert(1))], age=LENGTH)
    clock.advance(5)
    watch.meet([post(alert(1))])
    assert watch.age(post(alert(1))) == LENGTH + 5
    watch.forget(post(alert(1)))
    assert watch.age(post(alert(1))) == 0


def test_what_rests_does_so_until_its_time_or_until_it_is_settled() -> None:
    clock = Clock()
    watch, doubtful = Watch(clock.monotonic), post(alert(1))
    assert watch.rests(doubtful) == 0
    watch.rest(doubtful, 15)
    clock.advance(10)
    clock.jump(-3600)
    assert watch.rests(doubtful) == 5
    watch.forget(doubtful)
    assert watch.rests(doubtful) == 0
    watch.rest(doubtful, 15)
    clock.advance(20)
    assert watch.rests(doubtful) == 0


def test_the_channels_time_goes_on_while_ours_jumps() -> None:
    clock = Clock()
    watch = Watch(clock.monotonic)
    assert watch.channels_time() is None
    watch.hear(START)
    watch.hear(None)
    clock.jump(30 * 86400)
    clock.advance(7)
    assert watch.channels_time() == START + timedelta(seconds=7)


def test_what_is_watched_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_MOST", 3)
    clock = Clock()
    watch = Watch(clock.monotonic)
    posts: list[Post] = [post(alert(number), post_id=f"{number}") for number in range(4)]
    watch.meet(posts)
    clock.advance(1)
    assert [watch.age(each) for each in reversed(posts)] == [1, 1, 1, 0]


def test_a_live_sender_begins_and_ends_with_its_channel_free(world: World) -> None:
    world.add(alert(1))
    world.run()
    assert channels(world.store)[0].leased_until is None
