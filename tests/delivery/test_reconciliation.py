"""Posts that were cut off or ended in doubt: found, or sent again with a mark."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.alerts.channel import OUTAGE, Channel
from chalicelib.delivery.outcome import Search
from chalicelib.delivery.reconciliation import Reconciliation
from chalicelib.delivery.run import Tally
from chalicelib.delivery.watch import Watch
from chalicelib.rules.rule import Severity
from tests.delivery.world import CHANNEL, SENT, UNCERTAIN, World, alert, killed_in, low
from tests.stores.factories import unsettled


def cut_short(world: World) -> None:
    """A sender whose time is over after one request."""
    world.run(seconds=8.05)


def taken_over(world: World) -> None:
    """Who died is known by a lease that stood unchanged for its whole length."""
    world.run()
    world.clock.advance(31)
    world.run()


@pytest.mark.parametrize("behaviour", ["drop_after", "slow", "partial", "reset_after"])
def test_a_post_that_ended_badly_is_found_and_not_repeated(world: World, behaviour: str) -> None:
    world.add(alert(0))
    world.run()  # the channel's id is known from the first reply
    world.slack.script = [behaviour]
    world.add(alert(1))
    cut_short(world)
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
    cut_short(world)
    world.clock.advance(60)
    world.run()
    assert world.marks == [False, False]


def test_a_request_that_may_still_be_under_way_is_repeated_with_a_mark(world: World) -> None:
    world.add(alert(0))
    world.run()
    world.slack.script = ["slow"]
    world.add(alert(1))
    cut_short(world)
    world.slack.channels["CTRAILBELL"].pop()  # what comes late has not come yet
    world.clock.advance(60)
    world.run()
    assert world.slack.channels["CTRAILBELL"][-1]["possible_repeat"] is True


def test_the_very_first_post_is_found_where_the_channel_is_named_by_its_id(world: World) -> None:
    world.channels = ("C0123456789",)
    world.slack.script = ["drop_after"]
    world.add(alert(1, channels=world.channels))
    cut_short(world)
    world.clock.advance(60)
    world.run()
    assert len(world.texts) == 1
    assert world.states(alert(1), channel="C0123456789") == [SENT]


def searches(world: World) -> int:
    return sum(entry["method"] == "conversations.history" for entry in world.journal)


def test_what_rests_is_not_searched_for_anew_by_who_holds_the_channel_next(world: World) -> None:
    world.add(alert(0))
    world.run()
    world.slack.script = ["drop_before"]
    world.add(*low(1))
    world.sweep(seconds=20)  # it ends before absence proves anything
    assert searches(world) == 1
    world.sweep(seconds=20)
    assert world.clock.passed < 30
    assert (searches(world), world.marks) == (2, [False, False])


def test_where_the_history_may_not_be_read_it_is_sent_again_and_says_so(world: World) -> None:
    world.slack.scopes = {"chat:write"}
    world.slack.script = ["drop_after"]
    world.add(alert(1))
    cut_short(world)
    world.clock.advance(60)
    world.run()
    assert world.marks == [False, True]
    assert world.states(alert(1)) == [SENT]


def test_a_sender_killed_in_the_middle_of_a_post_leaves_it_to_be_settled(world: World) -> None:
    world.add(alert(0))
    world.run()
    world.add(alert(1))
    killed_in(world, "post")
    taken_over(world)
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
    taken_over(world)
    assert world.marks == marks
    assert world.states(alert(1)) == [SENT]


def test_a_sender_killed_in_the_middle_of_an_update_leaves_it_to_be_made_again(
    world: World,
) -> None:
    world.add(*low(1, actor="alice"))
    world.run()
    world.add(*low(2, actor="alice"))
    killed_in(world, "update")
    taken_over(world)
    assert world.texts == ["update: alert 1 × 2"]
    assert world.states(*low(2)) == [SENT]
    assert world.slack.channels["CTRAILBELL"][0]["possible_repeat"] is False


@pytest.mark.parametrize("arrived", [True, False])
def test_a_correction_of_what_nobody_knows_to_be_told_is_told(world: World, arrived: bool) -> None:
    world.add(alert(0))
    world.run()
    world.add(alert(1))
    world.slack.script = ["drop_after" if arrived else "drop_before"]
    cut_short(world)
    world.store.outbox.amend(alert(1, text="corrected"))
    world.clock.advance(60)
    world.run()
    kind = "update" if arrived else "single"
    assert world.texts[1:] == [f"{kind}: corrected × 1"]


def in_doubt(world: World, severity: Severity, *behaviours: str) -> None:
    """One alert that is told, and another whose post ends in doubt, by a sender that then has no
    time left.
    """
    world.add(alert(0))
    world.run()
    world.slack.script = list(behaviours)
    world.add(alert(1, severity))
    cut_short(world)
    assert world.states(alert(1, severity)) == [UNCERTAIN]


def asked(world: World) -> tuple[Reconciliation, Channel]:
    """The next holder of the channel, in the same process."""
    run = world.prepared(600.0)
    (waiting,) = run.queue.waiting(run.now())
    claim = run.claim(waiting.channel)
    assert claim
    return Reconciliation(run, claim.unsettled, Tally()), claim.channel


def settle(cut_off: Reconciliation, channel: Channel) -> Channel:
    """The channel after one more step."""
    channel, held, look = cut_off.begin(channel)
    if look:
        channel, held = look.settle(look.find())
    assert held
    return channel


@pytest.mark.parametrize("severity", [Severity.CRITICAL, Severity.HIGH])
def test_within_15_seconds_who_is_urgent_goes_again_at_once_with_a_mark(
    world: World, severity: Severity
) -> None:
    in_doubt(world, severity, "drop_before")
    cut_off, channel = asked(world)
    channel = settle(cut_off, channel)
    assert not cut_off
    (delivery,) = world.store.queue.due(CHANNEL, world.clock.now(), 9)
    assert delivery.possible_repeat


@pytest.mark.parametrize("jump", [0, -6 * 3600, 30 * 86400])
def test_within_15_seconds_the_rest_waits_and_then_goes_again(world: World, jump: float) -> None:
    in_doubt(world, Severity.LOW, "drop_before")
    cut_off, channel = asked(world)
    channel = settle(cut_off, channel)
    assert not cut_off.may_be_asked()
    at = cut_off.ready_at()
    assert at
    waits = (at - world.clock.now()).total_seconds()
    assert 14 < waits <= 15
    world.clock.jump(jump)  # no wall clock says when
    world.clock.advance(waits - 0.1)
    assert not cut_off.may_be_asked()
    world.clock.advance(0.2)
    channel = settle(cut_off, channel)
    (delivery,) = world.store.queue.due(CHANNEL, world.clock.now(), 9)
    assert not cut_off
    assert delivery.possible_repeat is bool(jump)  # when it was made is only guessed then


def test_a_post_that_is_found_early_is_not_repeated(world: World) -> None:
    in_doubt(world, Severity.LOW, "drop_after")
    cut_off, channel = asked(world)
    channel = settle(cut_off, channel)
    assert not cut_off
    assert world.states(*low(1)) == [SENT]


def test_without_the_scope_the_rest_waits_for_nothing_either(world: World) -> None:
    world.slack.scopes = {"chat:write"}
    in_doubt(world, Severity.LOW, "drop_before")
    cut_off, channel = asked(world)
    channel = settle(cut_off, channel)
    (delivery,) = world.store.queue.due(CHANNEL, world.clock.now(), 9)
    assert delivery.possible_repeat


@pytest.mark.parametrize(
    ("severity", "longest"), [(Severity.CRITICAL, 60), (Severity.HIGH, 60), (Severity.LOW, 600)]
)
def test_a_history_that_fails_is_not_waited_for_for_ever(
    world: World, severity: Severity, longest: float
) -> None:
    in_doubt(world, severity, "drop_before")
    began = world.clock.passed
    cut_off, channel = asked(world)
    world.slack.behaviour = "503"
    world.clock.jump(30 * 86400)
    while cut_off:
        if cut_off.may_be_asked():
            channel = settle(cut_off, channel)
        world.clock.advance(10)
    (delivery,) = world.store.queue.due(CHANNEL, world.clock.now(), 9)
    assert delivery.possible_repeat
    assert longest <= world.clock.passed - began <= longest + 70


def test_a_history_that_fails_leaves_room_for_others_between(world: World) -> None:
    in_doubt(world, Severity.LOW, "drop_before")
    cut_off, channel = asked(world)
    world.slack.behaviour = "503"
    searches = 0
    while cut_off.may_be_asked():
        channel = settle(cut_off, channel)
        searches += 1
    assert searches == 4
    assert channel.trouble == OUTAGE


def history_asked_from(world: World) -> list[datetime]:
    """From when on the history is asked for, from now on, by Slack's time."""
    asked_from: list[datetime] = []
    find = world.transport.find

    def watched(channel_id: str, post_id: str, since: datetime) -> Search:
        asked_from.append(since)
        return find(channel_id, post_id, since)

    world.transport.find = watched  # type: ignore[method-assign]
    return asked_from


JUMPS = [-6 * 3600.0, 30 * 86400.0]


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("cold", [True, False])
def test_a_post_is_searched_by_slacks_time_and_told_once_whatever_our_clock_did(
    world: World, jump: float, when: str, arrived: bool, cold: bool
) -> None:
    if when == "before":
        world.clock.jump(jump)
    made = world.clock.elsewhere()
    in_doubt(world, Severity.CRITICAL, "drop_after" if arrived else "drop_before")
    asked_from = history_asked_from(world)
    if when == "after":
        world.clock.jump(jump)
    if cold:
        world.watch = Watch(world.clock.monotonic)
    for _ in range(3):
        world.clock.advance(60)
        world.run(seconds=90, patience=60)
    assert world.states(alert(1)) == [SENT]
    assert len(world.texts) == 2
    assert made - timedelta(hours=31) <= asked_from[-1]
    assert asked_from[-1] <= made + timedelta(minutes=1)


def test_a_post_that_was_made_long_ago_is_found_where_no_clock_is_off(world: World) -> None:
    in_doubt(world, Severity.CRITICAL, "drop_after")
    world.watch = Watch(world.clock.monotonic)
    world.clock.advance(3 * 86400)
    world.run()
    world.run(patience=60)
    assert len(world.texts) == 2
    assert world.states(alert(1)) == [SENT]
