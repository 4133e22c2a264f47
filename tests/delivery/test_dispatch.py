"""Dispatch against a real store: only the clock and Slack are stood in for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.post import Post
from chalicelib.delivery.outcome import Outcome, destination_refused, not_posted
from chalicelib.rules.rule import Severity
from tests.delivery.world import CHANNEL, START, World, alert, compose

SENT, PENDING = DeliveryState.SENT, DeliveryState.PENDING
UNCERTAIN, PARKED = DeliveryState.UNCERTAIN, DeliveryState.PARKED


def low(*numbers: int, **changes: Any) -> list[Alert]:
    return [alert(number, Severity.LOW, **changes) for number in numbers]


def killed_in(world: World, call: str) -> None:
    """A sender that is killed right after a call reached Slack."""
    made, save = getattr(world.transport, call), world.store.save

    def killed(*arguments: Any) -> Any:
        made(*arguments)
        raise KeyboardInterrupt

    setattr(world.transport, call, killed)
    world.store.save = lambda channel: False  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        world.run()
    setattr(world.transport, call, made)
    world.store.save = save  # type: ignore[method-assign]


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


def test_the_most_severe_goes_first(world: World) -> None:
    world.add(alert(1, Severity.LOW), alert(2, Severity.HIGH), alert(3, Severity.CRITICAL))
    world.run()
    assert [text.split(" ×")[0] for text in world.texts] == [
        "single: alert 3",
        "single: alert 2",
        "single: alert 1",
    ]


def test_the_delay_from_event_to_post_is_reported(world: World) -> None:
    world.add(alert(1, event_time=START - timedelta(minutes=5)))
    assert world.run().delays == pytest.approx([300.1])


# Pace


def test_a_burst_of_ten_goes_at_once_and_then_one_a_second(world: World) -> None:
    world.transport.latency = 0.0
    world.add(*[alert(number) for number in range(14)])
    world.run()
    times = [at - START.timestamp() for at in world.transport.attempts]
    assert times == pytest.approx([0] * 10 + [1, 2, 3, 4])


def test_the_pace_outlasts_the_handler(world: World) -> None:
    world.transport.latency = 0.0
    world.add(*[alert(number) for number in range(10)])
    world.run()
    world.add(alert(11))
    world.run()
    assert world.transport.attempts[-1] - world.transport.attempts[-2] == pytest.approx(1.0)


def test_retry_after_is_kept_to_the_second(world: World) -> None:
    world.slack.script = ["429"]
    world.add(alert(1))
    world.run()
    first, second = world.transport.attempts
    assert second - first == pytest.approx(2.1)  # two seconds from the answer on


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


def test_a_clock_that_is_put_back_stops_no_channel(world: World) -> None:
    world.add(*[alert(number) for number in range(20)])
    world.run(seconds=9)
    world.clock.advance(-3600)
    world.add(alert(100))
    world.run()
    assert world.states(alert(100)) == [SENT]


# One sender a channel


def test_while_another_holds_the_channel_nothing_is_sent(world: World) -> None:
    world.add(alert(1))
    world.store.claim(CHANNEL, "another", START, START + timedelta(seconds=30))
    report = world.run()
    assert world.transport.attempts == []
    assert report.next_at == START + timedelta(seconds=30)


def test_what_was_stored_while_we_held_the_channel_is_told_too(world: World) -> None:
    world.add(alert(1))
    close = world.store.save

    def save(channel: Any) -> bool:
        if channel.leased_until is None and world.runs == 1 and not world.states(alert(2)):
            world.add(alert(2))
        return close(channel)

    world.store.save = save  # type: ignore[method-assign]
    world.run()
    assert world.states(alert(1), alert(2)) == [SENT, SENT]


def test_a_sender_that_lost_its_channel_sends_no_more(world: World) -> None:
    world.add(alert(1), alert(2))
    post = world.transport.post

    def stall(payload: dict[str, Any]) -> Any:
        world.clock.advance(31)
        world.store.claim(CHANNEL, "another", world.clock.now(), START + timedelta(hours=1))
        return post(payload)

    world.transport.post = stall  # type: ignore[method-assign]
    world.run()
    assert len(world.texts) == 1


# Ambiguous outcomes


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


def test_a_sender_keeps_its_channel_for_as_long_as_it_sends(world: World) -> None:
    alerts = [alert(number) for number in range(20)]
    world.transport.latency = 5.0
    taken: list[object] = []

    def seen(*_: object) -> str:
        now = world.clock.now()
        taken.append(world.store.claim(CHANNEL, "another", now, now + timedelta(seconds=30)))
        return "ok"

    world.slack.choose = seen
    world.add(*alerts)
    world.run(seconds=200.0)
    assert world.clock.now() - START > timedelta(seconds=90)  # three leases
    assert taken == [None] * 20
    assert world.states(*alerts) == [SENT] * 20


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
    (post,) = world.store.unsettled(CHANNEL)
    world.store.settle(replace(post, outcome=outcome, ts="1.2", channel_id="C1"), [])
    world.slack.channels.clear()
    world.clock.advance(31)
    world.run()
    assert world.marks == marks
    assert world.states(alert(1)) == [SENT]


# Outages and destination errors


def test_an_outage_is_probed_with_one_request_a_minute(world: World) -> None:
    world.add(*[alert(number) for number in range(5)])
    world.slack.behaviour = "503"
    for _ in range(600):
        world.run(patience=0.0)
        world.clock.advance(1)
    gaps = [b - a for a, b in pairwise(world.transport.attempts)]
    assert len(world.transport.attempts) == 10
    assert min(gaps) >= 60


def test_a_healed_outage_is_over_at_the_next_probe(world: World) -> None:
    world.add(*[alert(number) for number in range(5)])
    world.slack.behaviour = "refused"
    world.run()
    assert world.store.channels()[0].trouble == "outage"
    world.slack.behaviour = "ok"
    world.clock.advance(60)
    world.run()
    assert len(world.texts) == 5
    assert world.store.channels()[0].trouble is None


def test_a_destination_error_is_tried_every_five_minutes_and_keeps_all(world: World) -> None:
    world.add(*[alert(number) for number in range(5)])
    world.slack.behaviour = "invalid_auth"
    for _ in range(3600):
        world.run(patience=0.0)
        world.clock.advance(1)
    assert len(world.transport.attempts) <= 13
    assert world.states(*[alert(number) for number in range(5)]) == [PENDING] * 5
    channel = world.store.channels()[0]
    assert (channel.trouble, channel.reason, channel.since) == (
        "destination",
        "invalid_auth",
        START,
    )


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
    assert [entry["channel"] for entry in world.journal] == ["#a", "#b"] * 3


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
    assert all(channel.trouble is None for channel in world.store.channels())


# Refused payloads


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
    assert world.store.parked(10)[0].reason == "invalid_blocks"


def test_an_alert_that_cannot_be_written_is_parked_and_holds_up_nothing(world: World) -> None:
    def fails(post: Post, alerts: Sequence[Alert], **form: Any) -> dict[str, Any]:
        if alerts[0].alert_id == alert(1).alert_id:
            raise ZeroDivisionError
        return compose(post, alerts, **form)

    world.compose = fails
    world.add(alert(1), alert(2))
    world.run()
    assert world.states(alert(1), alert(2)) == [PARKED, SENT]
    assert world.store.parked(10)[0].reason == "not written: ZeroDivisionError"


# Floods and repeats


def test_a_flood_of_one_actor_goes_alone_ten_times_and_then_as_digests(world: World) -> None:
    flood = [alert(number, actor="mallory") for number in range(500)]
    world.add(*flood)
    world.run()
    kinds = [text.split(":")[0] for text in world.texts]
    assert kinds == ["single"] * 10 + ["digest"] * 2
    assert [len(message["alerts"]) for message in world.slack.channels["CTRAILBELL"]][-2:] == [
        250,
        240,
    ]
    assert world.states(*flood) == [SENT] * 500


def test_a_flood_stays_a_flood_over_many_handlers(world: World) -> None:
    world.add(*[alert(number, actor="mallory") for number in range(100)])
    while world.run(seconds=8.15).next_at:
        world.clock.advance(1)
    assert [text.split(":")[0] for text in world.texts] == ["single"] * 10 + ["digest"]


def test_a_flood_of_many_actors_goes_alone_thirty_times(world: World) -> None:
    world.add(*[alert(number) for number in range(100)])
    world.run()
    assert [text.split(":")[0] for text in world.texts] == ["single"] * 30 + ["digest"]


def test_what_was_not_posted_does_not_count_among_those_that_go_alone(world: World) -> None:
    world.slack.behaviour = "refused"
    world.add(*[alert(number, actor="mallory") for number in range(20)])
    for _ in range(15):
        world.run()
        world.clock.advance(60)
    world.slack.behaviour = "ok"
    world.run()
    assert [text.split(":")[0] for text in world.texts] == ["single"] * 10 + ["digest"]


def test_a_backlog_that_ended_lets_the_next_go_alone(world: World) -> None:
    world.add(*[alert(number, actor="mallory") for number in range(30)])
    world.run()
    world.add(alert(31, actor="mallory"))
    world.run()
    assert world.texts[-1] == "single: alert 31 × 1"


def test_a_few_lower_ones_go_alone_and_many_as_digests(world: World) -> None:
    world.add(*low(*range(10)))
    world.run()
    assert [text.split(":")[0] for text in world.texts] == ["single"] * 10
    world.clock.advance(3600)
    world.add(*low(*range(100, 365)))
    world.run()
    assert [text.split(":")[0] for text in world.texts][10:] == ["digest"] * 2


def test_the_same_thing_at_once_is_one_message_with_its_count(world: World) -> None:
    same = low(1, 2, 3, actor="alice")
    world.add(*same)
    world.run()
    assert world.texts == ["single: alert 1 × 3"]
    assert world.states(*same) == [SENT] * 3


def test_a_repeat_within_a_quarter_of_an_hour_raises_the_count(world: World) -> None:
    world.add(*low(1, actor="alice"))
    world.run()
    world.clock.advance(600)
    world.add(*low(2, 3, actor="alice"))
    world.run()
    assert world.texts == ["update: alert 1 × 3"]
    world.clock.advance(30)
    world.add(*low(4, actor="alice"))
    world.run()
    assert world.texts == ["update: alert 1 × 4"]


def test_a_repeat_after_a_quarter_of_an_hour_is_told_anew(world: World) -> None:
    world.add(*low(1, actor="alice"))
    world.run()
    world.clock.advance(901)
    world.add(*low(2, actor="alice"))
    world.run()
    assert world.texts == ["single: alert 1 × 1", "single: alert 2 × 1"]


def test_a_critical_repeat_is_always_told_anew(world: World) -> None:
    world.add(alert(1, actor="alice"))
    world.run()
    world.add(alert(2, actor="alice"), alert(3, actor="alice"))
    world.run()
    assert len(world.texts) == 3


def test_a_channel_has_one_update_in_fifteen_seconds(world: World) -> None:
    world.add(*low(1, actor="alice"), *low(2, actor="bob"))
    world.run()
    world.add(*low(3, actor="alice"), *low(4, actor="bob"))
    world.run(patience=20)
    updates = [entry["at"] for entry in world.journal if entry["method"] == "chat.update"]
    assert len(updates) == 2
    assert updates[1] - updates[0] >= 15


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


def test_a_repeat_of_a_message_that_was_deleted_is_told_anew(world: World) -> None:
    world.add(*low(1, actor="alice"))
    world.run()
    world.slack.channels["CTRAILBELL"].clear()
    world.add(*low(2, actor="alice"))
    world.run()
    assert world.texts == ["single: alert 2 × 1"]


def test_a_cut_off_update_is_made_again_with_the_same_count(world: World) -> None:
    world.add(*low(1, actor="alice"))
    world.run()
    world.add(*low(2, actor="alice"))
    world.slack.script = ["drop_after"]
    world.run()
    world.clock.advance(60)
    world.run()
    assert world.texts == ["update: alert 1 × 2"]
    assert world.states(alert(2, Severity.LOW)) == [SENT]


@pytest.mark.parametrize(
    "outcome",
    [not_posted("ratelimited", 30.0), not_posted("refused"), destination_refused("is_archived")],
)
def test_while_no_update_succeeds_a_repeat_is_told_by_a_message(
    world: World, outcome: Outcome
) -> None:
    world.transport.update = lambda *_: outcome  # type: ignore[method-assign]
    world.add(*low(1, actor="alice"))
    world.run()
    world.add(*low(2, actor="alice"))
    world.run()
    world.clock.advance(300)
    world.run()
    shown = world.slack.channels["CTRAILBELL"]
    assert [message["text"] for message in shown] == ["single: alert 1 × 1", "single: alert 2 × 1"]
    assert shown[-1]["possible_repeat"] is False


def test_a_repeat_told_by_a_message_after_an_update_that_may_have_been_made_says_so(
    world: World,
) -> None:
    world.slack.choose = lambda method, *_: "drop_after" if method == "chat.update" else "ok"
    world.add(*low(1, actor="alice"))
    world.run()
    world.add(*low(2, actor="alice"))
    for _ in range(16):
        world.run()
        world.clock.advance(60)
    assert world.marks == [False, True]


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


def test_a_repeat_of_a_message_that_was_deleted_is_told_in_full(world: World) -> None:
    world.add(*low(1, actor="alice"))
    world.run()
    world.slack.channels["CTRAILBELL"].clear()
    world.add(*low(2, actor="alice"))
    world.run()
    assert [message["form"] for message in world.slack.channels["CTRAILBELL"]] == [0]


# Corrections


def test_a_correction_updates_the_message_and_posts_none(world: World) -> None:
    world.add(alert(1))
    world.run()
    world.clock.advance(60)
    world.store.amend(alert(1, text="alert 1, corrected", seen_at=world.clock.now()))
    world.run()
    assert world.texts == ["update: alert 1, corrected × 1"]
    assert [entry["method"] for entry in world.journal] == ["chat.postMessage", "chat.update"]
    assert world.states(alert(1)) == [SENT]


def test_a_correction_keeps_the_count_of_repeats(world: World) -> None:
    world.add(*low(1, 2, actor="alice"))
    world.run()
    world.store.amend(replace(low(1, actor="alice")[0], text="corrected"))
    world.run()
    assert world.texts == ["update: corrected × 2"]


def test_a_correction_that_comes_while_its_alert_is_being_told_updates_the_message(
    world: World,
) -> None:
    world.add(alert(1))
    post = world.transport.post

    def corrected(payload: dict[str, Any]) -> Outcome:
        world.store.amend(alert(1, text="corrected"))
        return post(payload)

    world.transport.post = corrected  # type: ignore[method-assign]
    world.run()
    assert world.texts == ["update: corrected × 1"]


@pytest.mark.parametrize("arrived", [True, False])
def test_a_correction_of_what_nobody_knows_to_be_told_is_told(world: World, arrived: bool) -> None:
    world.add(alert(0))
    world.run()
    world.add(alert(1))
    world.slack.script = ["drop_after" if arrived else "drop_before"]
    world.run()
    world.store.amend(alert(1, text="corrected"))
    world.clock.advance(60)
    world.run()
    kind = "update" if arrived else "single"
    assert world.texts[1:] == [f"{kind}: corrected × 1"]


def test_a_second_correction_updates_the_message_too(world: World) -> None:
    steps: list[Callable[[], object]] = [
        lambda: world.add(*low(1, actor="alice")),
        lambda: world.store.amend(low(1, actor="alice", text="corrected")[0]),
        lambda: world.add(*low(2, actor="alice")),
        lambda: world.store.amend(low(1, actor="alice", text="corrected twice")[0]),
    ]
    for step in steps:
        step()
        world.run()
        world.clock.advance(60)
    assert world.texts == ["update: corrected twice × 2"]


@pytest.mark.parametrize("behaviour", ["429", "503", "refused", "invalid_auth"])
def test_a_correction_that_fails_is_made_later(world: World, behaviour: str) -> None:
    world.add(alert(1))
    world.run()
    world.slack.behaviour = behaviour
    world.store.amend(alert(1, text="corrected"))
    world.run(patience=0.0)
    world.slack.behaviour = "ok"
    world.clock.advance(1200)
    world.run()
    assert world.texts == ["update: corrected × 1"]


def test_a_correction_that_always_fails_holds_up_no_alert_for_long(world: World) -> None:
    world.slack.choose = lambda method, *_: "unknown_error" if method == "chat.update" else "ok"
    world.add(alert(1))
    world.run()
    world.store.amend(alert(1, text="corrected"))
    for number in range(60):
        world.add(alert(100 + number))
        world.run()
        world.clock.advance(60)
    methods = [entry["method"] for entry in world.journal]
    assert methods.count("chat.update") == 4


def test_a_correction_of_what_a_digest_told_asks_nothing(world: World) -> None:
    world.add(*low(*range(20)))
    world.run()
    world.store.amend(low(3, text="corrected")[0])
    world.run()
    assert len(world.journal) == 1
    assert world.states(*low(3)) == [SENT]
