"""One channel held by one sender: its lease, what it cannot write, what it reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.channel import Channel, Claim
from chalicelib.alerts.post import Post
from chalicelib.delivery.outcome import Outcome
from chalicelib.delivery.watch import Watch
from chalicelib.rules.rule import Severity
from tests.delivery.world import CHANNEL, PARKED, SENT, START, World, alert, compose, low
from tests.stores.factories import channels


def test_the_delay_from_event_to_post_is_reported(world: World) -> None:
    world.add(alert(1, event_time=START - timedelta(minutes=5)))
    assert world.run().delays == pytest.approx([300.1])


def test_a_sender_that_lost_its_channel_sends_no_more(world: World) -> None:
    world.add(alert(1), alert(2))
    post = world.transport.post

    def stall(payload: dict[str, Any], channel_id: str | None = None) -> Outcome:
        world.clock.advance(31)
        world.store.queue.claim(
            CHANNEL,
            "another",
            START + timedelta(hours=1),
            seen=channels(world.store)[0].lease,
        )
        return post(payload, channel_id)

    world.transport.post = stall  # type: ignore[method-assign]
    world.run()
    assert len(world.texts) == 1


def test_a_sender_keeps_its_channel_for_as_long_as_it_sends(world: World) -> None:
    alerts = [alert(number) for number in range(20)]
    world.transport.latency = 5.0
    taken: list[object] = []
    watch = Watch(world.clock.monotonic)

    def seen(*_: object) -> str:
        until = world.clock.now() + timedelta(seconds=30)
        gone = not watch.left(channels(world.store)[0], 30.0)
        seen = channels(world.store)[0].lease if gone else None
        taken.append(world.store.queue.claim(CHANNEL, "another", until, seen))
        return "ok"

    world.slack.choose = seen
    world.add(*alerts)
    world.run(seconds=200.0)
    assert world.clock.now() - START > timedelta(seconds=90)  # three leases
    assert taken == [None] * 20
    assert world.states(*alerts) == [SENT] * 20


def test_a_channel_has_one_update_in_fifteen_seconds(world: World) -> None:
    world.add(*low(1, actor="alice"), *low(2, actor="bob"))
    world.run()
    world.add(*low(3, actor="alice"), *low(4, actor="bob"))
    world.run(patience=20)
    updates = [entry["at"] for entry in world.journal if entry["method"] == "chat.update"]
    assert len(updates) == 2
    assert updates[1] - updates[0] >= 15


def test_an_alert_that_cannot_be_written_is_parked_and_holds_up_nothing(world: World) -> None:
    def fails(post: Post, alerts: Sequence[Alert], **form: Any) -> dict[str, Any]:
        if alerts[0].alert_id == alert(1).alert_id:
            raise ZeroDivisionError
        return compose(post, alerts, **form)

    world.compose = fails
    world.add(alert(1), alert(2))
    world.run()
    assert world.states(alert(1), alert(2)) == [PARKED, SENT]
    assert world.store.archive.parked(10)[0].reason == "not written: ZeroDivisionError"


def test_a_correction_that_comes_while_its_alert_is_being_told_updates_the_message(
    world: World,
) -> None:
    world.add(alert(1))
    post = world.transport.post

    def corrected(payload: dict[str, Any], channel_id: str | None = None) -> Outcome:
        world.store.outbox.amend(alert(1, text="corrected"))
        return post(payload, channel_id)

    world.transport.post = corrected  # type: ignore[method-assign]
    world.run()
    assert world.texts == ["update: corrected × 1"]


def test_a_correction_of_what_a_digest_told_asks_nothing(world: World) -> None:
    world.add(*low(*range(20)))
    world.run()
    world.store.outbox.amend(low(3, text="corrected")[0])
    world.run()
    assert len(world.journal) == 1
    assert world.states(*low(3)) == [SENT]


def test_a_refused_message_is_sent_in_a_plainer_form(world: World) -> None:
    world.slack.script = ["invalid_blocks"]
    world.add(alert(1))
    world.run()
    assert [message["form"] for message in world.slack.channels["CTRAILBELL"]] == [1]


def test_what_is_refused_in_every_form_is_parked_and_holds_up_nothing(world: World) -> None:
    world.slack.script = ["invalid_blocks"] * 3
    world.add(alert(1), alert(2, Severity.LOW))
    report = world.run()
    assert world.states(alert(1), alert(2)) == [PARKED, SENT]
    assert report.parked == 1
    assert world.store.archive.parked(10)[0].reason == "invalid_blocks"


def test_the_last_post_is_settled_and_its_channel_let_go_in_one_write(world: World) -> None:
    world.add(alert(1))
    saved: list[Channel] = []
    world.store.queue.save = saved.append  # type: ignore[method-assign, assignment]
    world.run()
    (channel,) = channels(world.store)
    assert world.states(alert(1)) == [SENT]
    assert (saved, channel.leased_until, channel.alone) == ([], None, ())


def test_what_comes_while_the_last_post_is_under_way_is_sent_before_the_channel_is_let_go(
    world: World,
) -> None:
    world.add(alert(1))

    def meanwhile(*_: object) -> str:
        if not world.states(alert(2)):
            world.add(alert(2))
        return "ok"

    world.slack.choose = meanwhile
    claim, claims = world.store.queue.claim, []

    def claimed(*arguments: Any) -> Claim | None:
        claims.append(arguments)
        return claim(*arguments)

    world.store.queue.claim = claimed  # type: ignore[method-assign, assignment]
    world.run()
    assert world.states(alert(1), alert(2)) == [SENT, SENT]
    assert len(claims) == 1
