"""A channel that refused us: tried at once with another token, and by name where its id went."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.alerts.channel import DESTINATION, OUTAGE, Channel
from chalicelib.delivery.destination import is_moved, refused, tried_at_once
from chalicelib.delivery.outcome import destination_refused, sent
from tests.delivery.world import CHANNEL, PENDING, SENT, START, World, alert, low
from tests.stores.factories import channels

CLOSED = Channel(name=CHANNEL, trouble=DESTINATION, next_send_at=START)


def token(name: str) -> str:
    """What stands for a token's keyed hash."""
    return f"hash of {name}"


def test_a_refused_token_is_known_again_and_another_is_tried_at_once() -> None:
    channel = refused(CLOSED, "salt", lambda salt: token(salt + "one"))
    assert tried_at_once(channel, lambda salt: token(salt + "one")) is channel
    free = tried_at_once(channel, lambda salt: token(salt + "two"))
    assert (free.next_send_at, free.credential) == (None, None)


def test_where_no_token_was_and_now_is_one_it_is_tried_at_once() -> None:
    channel = refused(CLOSED, "salt", lambda salt: "")
    assert tried_at_once(channel, token).next_send_at is None
    assert tried_at_once(channel, lambda salt: "") is channel


def test_an_outage_keeps_no_hash_and_is_freed_by_no_token() -> None:
    away = replace(CLOSED, trouble=OUTAGE)
    assert refused(away, "salt", token) is away
    assert tried_at_once(replace(away, credential="salt$other"), token).next_send_at == START


@pytest.mark.parametrize(
    ("channel_id", "address", "moved"),
    [("C1", None, True), ("C1", "C1", False), (None, None, False)],
)
def test_only_an_id_that_was_learned_can_have_moved(
    channel_id: str | None, address: str | None, moved: bool
) -> None:
    channel = Channel(name=CHANNEL, channel_id=channel_id)
    assert is_moved(channel, destination_refused("channel_not_found"), address) is moved
    assert not is_moved(channel, destination_refused("not_in_channel"), address)
    assert not is_moved(channel, sent("1.2", "C1"), address)


def test_the_store_keeps_the_hash_and_never_the_token(world: World) -> None:
    world.slack.behaviour = "invalid_auth"
    world.add(alert(1))
    world.handle()
    salt, _, kept = (channels(world.store)[0].credential or "").partition("$")
    assert kept == world.transport.credential(salt)


def test_a_new_token_is_tried_at_once_and_the_old_one_every_five_minutes(world: World) -> None:
    world.slack.behaviour = "invalid_auth"
    world.add(alert(1))
    world.handle()
    world.clock.advance(10)
    world.handle()
    assert len(world.transport.attempts) == 1
    world.transport.token, world.slack.behaviour = "two", "ok"
    world.handle()
    assert world.states(alert(1)) == [SENT]
    assert channels(world.store)[0].credential is None


def test_a_known_channel_is_posted_to_by_its_id(world: World) -> None:
    world.add(alert(1))
    world.handle()
    world.add(alert(2))
    world.handle()
    assert [entry["channel"] for entry in world.journal] == [CHANNEL, "CTRAILBELL"]


def gone(world: World) -> None:
    """The channel is not there any more by the id that is known."""
    world.slack.choose = lambda method, channel, number: (
        "channel_not_found" if channel == "CTRAILBELL" else "ok"
    )


def test_a_channel_that_is_not_there_under_its_id_is_asked_for_by_its_name(world: World) -> None:
    world.add(alert(1))
    world.handle()
    gone(world)
    world.add(alert(2))
    world.handle()
    assert world.states(alert(2)) == [SENT]
    assert [entry["channel"] for entry in world.journal][1:] == ["CTRAILBELL", CHANNEL]


def test_a_repeat_whose_message_went_with_its_channel_gets_one_of_its_own(world: World) -> None:
    world.add(*low(1, actor="alice"))
    world.handle()
    gone(world)
    world.add(*low(2, actor="alice"))
    world.sweep()
    assert world.states(*low(2)) == [SENT]
    assert len(world.texts) == 2


def test_a_channel_that_is_named_by_its_id_and_gone_waits_for_a_person(world: World) -> None:
    world.channels = ("C0123456789",)
    world.slack.behaviour = "channel_not_found"
    world.add(alert(1, channels=world.channels))
    world.handle()
    assert world.states(alert(1), channel="C0123456789") == [PENDING]
    assert len(world.transport.attempts) == 1
