"""Dispatch against a real store: only the clock and the channel are stood in for."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

from tests.delivery.world import CHANNEL, PENDING, SENT, START, World, alert, low
from tests.stores.factories import channels


def test_an_alert_is_told_once(world: World) -> None:
    first = alert(1)
    world.add(first)
    report = world.run()
    world.run()
    assert (world.texts, report.delivered) == (["single: alert 1 × 1"], 1)
    assert world.states(first) == [SENT]


def test_with_nothing_due_nothing_is_asked(world: World) -> None:
    assert world.run().next_at is None
    assert world.transport.attempts == []


def test_a_longer_retry_after_is_left_to_a_later_handler(world: World) -> None:
    world.slack.script = ["429_bare"]
    world.add(alert(1))
    report = world.run()
    assert (len(world.transport.attempts), world.clock.slept) == (1, [])
    assert report.next_at == START + timedelta(seconds=30.1)
    world.clock.advance(29)
    world.run(patience=0.5)
    assert len(world.transport.attempts) == 1
    world.clock.advance(1)
    world.run()
    assert world.states(alert(1)) == [SENT]


def test_no_sleep_is_longer_than_two_seconds(world: World) -> None:
    world.slack.script = ["429_bare"]
    world.add(alert(1))
    world.run(patience=40.0)
    assert world.states(alert(1)) == [SENT]
    assert max(world.clock.slept) <= 2.0


def test_no_send_begins_with_less_than_eight_seconds_left(world: World) -> None:
    world.add(alert(1))
    world.run(seconds=7.9)
    assert world.transport.attempts == []
    world.run(seconds=8.1)
    assert len(world.transport.attempts) == 1


def test_while_another_holds_the_channel_nothing_is_sent(world: World) -> None:
    world.add(alert(1))
    world.store.queue.claim(CHANNEL, "another", START + timedelta(seconds=30))
    report = world.run()
    assert world.transport.attempts == []
    assert report.next_at == START + timedelta(seconds=30)


def test_what_was_stored_while_we_held_the_channel_is_told_too(world: World) -> None:
    world.add(alert(1))
    settle = world.store.queue.settle

    def settled(post: Any, deliveries: Any, channel: Any) -> bool:
        if not world.states(alert(2)):
            assert channel.leased_until is None
            world.add(alert(2))
        return settle(post, deliveries, channel)

    world.store.queue.settle = settled  # type: ignore[method-assign, assignment]
    world.run()
    assert world.states(alert(1), alert(2)) == [SENT, SENT]


def test_one_channels_trouble_leaves_another_unharmed(world: World) -> None:
    world.channels = ("#a", "#b")
    world.slack.choose = lambda method, channel, number: (
        "channel_not_found" if channel == "#a" else "ok"
    )
    each = [alert(number, channels=("#a", "#b")) for number in range(3)]
    world.add(*each)
    world.run()
    assert world.states(*each, channel="#a") == [PENDING] * 3
    assert world.states(*each, channel="#b") == [SENT] * 3


def test_channels_take_turns(world: World) -> None:
    world.channels = ("#a", "#b")
    world.add(*[alert(number, channels=("#a", "#b")) for number in range(3)])
    world.run()
    assert [entry["channel"] for entry in world.journal] == ["#a", "#b", *["CA", "CB"] * 2]


def test_something_urgent_overtakes_a_wait_for_an_update(world: World) -> None:
    world.add(*low(1, actor="alice"), *low(2, actor="bob"))
    world.run()
    world.add(*low(3, actor="alice"), *low(4, actor="bob"))
    sleep = world.clock.sleep

    def interrupted(seconds: float) -> None:
        if len(world.clock.slept) == 2:
            world.add(alert(9))
        sleep(seconds)

    world.clock.sleep = interrupted  # type: ignore[method-assign]
    world.run(patience=20)
    assert [entry["method"] for entry in world.journal][-2:] == ["chat.postMessage", "chat.update"]


def test_what_waits_for_a_channel_no_longer_named_goes_to_the_default_one(world: World) -> None:
    world.channels = ("#typo", CHANNEL)
    world.slack.choose = lambda method, channel, number: (
        "channel_not_found" if channel == "#typo" else "ok"
    )
    world.add(alert(1, channels=("#typo",)))
    world.run()
    world.channels = (CHANNEL,)
    world.run()
    assert world.states(alert(1)) == [SENT]
    assert world.states(alert(1), channel="#typo") == []
    assert all(channel.trouble is None for channel in channels(world.store))


def test_a_channel_that_fails_is_tried_less_and_less_often_and_once_a_minute_at_last(
    world: World,
) -> None:
    world.add(*[alert(number) for number in range(5)])
    world.slack.behaviour = "503"
    for _ in range(6000):
        world.run(patience=0.0)
        world.clock.advance(0.1)
    gaps = [b - a - 0.1 for a, b in pairwise(world.transport.attempts)]
    longest = [1, 2, 4, 8, 16, 32, *[60] * (len(gaps) - 6)]
    assert len(gaps) >= 12
    assert all(0.9 * most <= gap <= most + 0.2 for most, gap in zip(longest, gaps, strict=True))


def test_a_healed_outage_is_over_at_the_next_probe(world: World) -> None:
    world.add(*[alert(number) for number in range(5)])
    world.slack.behaviour = "refused"
    world.run()
    assert channels(world.store)[0].trouble == "outage"
    world.slack.behaviour = "ok"
    world.clock.advance(60)
    world.run()
    assert len(world.texts) == 5
    assert channels(world.store)[0].trouble is None


def test_a_destination_error_is_tried_every_five_minutes_and_keeps_all(world: World) -> None:
    world.add(*[alert(number) for number in range(5)])
    world.slack.behaviour = "invalid_auth"
    for _ in range(3600):
        world.run(patience=0.0)
        world.clock.advance(1)
    assert len(world.transport.attempts) <= 13
    assert world.states(*[alert(number) for number in range(5)]) == [PENDING] * 5
    channel = channels(world.store)[0]
    assert (channel.trouble, channel.reason, channel.since) == (
        "destination",
        "invalid_auth",
        START,
    )
