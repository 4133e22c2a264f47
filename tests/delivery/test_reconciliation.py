"""Posts that were cut off or ended in doubt: found, or sent again with a mark."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.delivery.world import CHANNEL, SENT, UNCERTAIN, World, alert, killed_in, low
from tests.stores.factories import unsettled


@pytest.mark.parametrize("behaviour", ["drop_after", "slow", "partial", "reset_after"])
def test_a_post_that_ended_badly_is_found_and_not_repeated(world: World, behaviour: str) -> None:
    world.add(alert(0))
    world.run()  # the channel's id is known from the first reply
    world.slack.script = [behaviour]
    world.add(alert(1))
    world.run()
    assert world.states(alert(1)) == [UNCERTAIN]
    world.clock.advance(60)
    world.run()
    assert world.states(alert(1)) == [SENT]
    assert len(world.texts) == 2


def test_a_post_that_never_arrived_is_sent_again_unmarked(world: World) -> None:
    world.add(alert(0))
    world.run()
    world.slack.script = ["drop_before"]
    world.add(alert(1))
    world.run()
    world.clock.advance(60)
    world.run()
    assert world.marks == [False, False]


def test_a_request_that_may_still_be_under_way_is_repeated_with_a_mark(world: World) -> None:
    world.add(alert(0))
    world.run()
    world.slack.script = ["slow"]
    world.add(alert(1))
    world.run()
    world.slack.channels["CTRAILBELL"].pop()  # what comes late has not come yet
    world.clock.advance(60)
    world.run()
    assert world.slack.channels["CTRAILBELL"][-1]["possible_repeat"] is True


def test_the_very_first_post_is_found_where_the_channel_is_named_by_its_id(world: World) -> None:
    world.channels = ("C0123456789",)
    world.slack.script = ["drop_after"]
    world.add(alert(1, channels=world.channels))
    world.run()
    world.clock.advance(60)
    world.run()
    assert len(world.texts) == 1
    assert world.states(alert(1), channel="C0123456789") == [SENT]


def test_where_the_history_may_not_be_read_it_is_sent_again_and_says_so(world: World) -> None:
    world.slack.scopes = {"chat:write"}
    world.slack.script = ["drop_after"]
    world.add(alert(1))
    world.run()
    world.clock.advance(60)
    world.run()
    assert world.marks == [False, True]
    assert world.states(alert(1)) == [SENT]


def test_a_sender_killed_in_the_middle_of_a_post_leaves_it_to_be_settled(world: World) -> None:
    world.add(alert(0))
    world.run()
    world.add(alert(1))
    killed_in(world, "post")
    world.clock.advance(31)
    world.run()
    assert world.states(alert(1)) == [SENT]
    assert len(world.texts) == 2


@pytest.mark.parametrize(
    ("outcome", "marks"),
    [
        ("sent", []),
        ("not_posted: ratelimited", [False]),
        ("not posted", [False]),
        ("not known", [True]),
    ],
)
def test_a_sender_killed_while_it_wrote_down_what_became_of_a_post_is_taken_at_its_word(
    world: World, outcome: str, marks: list[bool]
) -> None:
    world.slack.scopes = {"chat:write"}
    world.add(alert(1))
    killed_in(world, "post")
    (post,) = unsettled(world.store, CHANNEL)
    world.store.queue.settle(replace(post, outcome=outcome, ts="1.2", channel_id="C1"), [])
    world.slack.channels.clear()
    world.clock.advance(31)
    world.run()
    assert world.marks == marks
    assert world.states(alert(1)) == [SENT]


def test_a_sender_killed_in_the_middle_of_an_update_leaves_it_to_be_made_again(
    world: World,
) -> None:
    world.add(*low(1, actor="alice"))
    world.run()
    world.add(*low(2, actor="alice"))
    killed_in(world, "update")
    world.clock.advance(31)
    world.run()
    assert world.texts == ["update: alert 1 × 2"]
    assert world.states(*low(2)) == [SENT]
    assert world.slack.channels["CTRAILBELL"][0]["possible_repeat"] is False


@pytest.mark.parametrize("arrived", [True, False])
def test_a_correction_of_what_nobody_knows_to_be_told_is_told(world: World, arrived: bool) -> None:
    world.add(alert(0))
    world.run()
    world.add(alert(1))
    world.slack.script = ["drop_after" if arrived else "drop_before"]
    world.run()
    world.store.outbox.amend(alert(1, text="corrected"))
    world.clock.advance(60)
    world.run()
    kind = "update" if arrived else "single"
    assert world.texts[1:] == [f"{kind}: corrected × 1"]
