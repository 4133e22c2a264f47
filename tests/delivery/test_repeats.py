"""What the channel showed already: repeats raise its count, corrections change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.delivery.outcome import Outcome, destination_refused, not_posted
from chalicelib.rules.rule import Severity
from tests.delivery.world import SENT, World, alert, low


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


def test_what_goes_on_stays_one_message_while_its_gaps_are_under_a_quarter_of_an_hour(
    world: World,
) -> None:
    for number in range(26):
        world.add(*low(number, actor="alice"))
        world.run()
        world.clock.advance(840)
    assert world.texts == ["update: alert 0 × 26"]
    world.clock.advance(61)
    world.add(*low(27, actor="alice"))
    world.run()
    assert world.texts == ["update: alert 0 × 26", "single: alert 27 × 1"]


def test_what_is_severe_and_goes_on_is_told_anew_each_quarter_of_an_hour(world: World) -> None:
    for number in range(3):
        world.add(alert(number, Severity.HIGH, actor="alice", resources=("a",)))
        world.run()
        world.clock.advance(600)
    assert world.texts == ["update: alert 0 × 2", "single: alert 2 × 1"]


def test_a_repeat_of_a_message_that_was_deleted_is_told_anew(world: World) -> None:
    world.add(*low(1, actor="alice"))
    world.run()
    world.slack.channels["CTRAILBELL"].clear()
    world.add(*low(2, actor="alice"))
    world.run()
    assert world.texts == ["single: alert 2 × 1"]


def test_a_correction_updates_the_message_and_posts_none(world: World) -> None:
    world.add(alert(1))
    world.run()
    world.clock.advance(60)
    world.store.outbox.amend(alert(1, text="alert 1, corrected", seen_at=world.clock.now()))
    world.run()
    assert world.texts == ["update: alert 1, corrected × 1"]
    assert [entry["method"] for entry in world.journal] == ["chat.postMessage", "chat.update"]
    assert world.states(alert(1)) == [SENT]


def test_a_correction_keeps_the_count_of_repeats(world: World) -> None:
    world.add(*low(1, 2, actor="alice"))
    world.run()
    world.store.outbox.amend(replace(low(1, actor="alice")[0], text="corrected"))
    world.run()
    assert world.texts == ["update: corrected × 2"]


def test_a_second_correction_updates_the_message_too(world: World) -> None:
    steps: list[Callable[[], object]] = [
        lambda: world.add(*low(1, actor="alice")),
        lambda: world.store.outbox.amend(low(1, actor="alice", text="corrected")[0]),
        lambda: world.add(*low(2, actor="alice")),
        lambda: world.store.outbox.amend(low(1, actor="alice", text="corrected twice")[0]),
    ]
    for step in steps:
        step()
        world.run()
        world.clock.advance(60)
    assert world.texts == ["update: corrected twice × 2"]


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


def test_a_repeat_of_a_message_that_was_deleted_is_told_in_full(world: World) -> None:
    world.add(*low(1, actor="alice"))
    world.run()
    world.slack.channels["CTRAILBELL"].clear()
    world.add(*low(2, actor="alice"))
    world.run()
    assert [message["form"] for message in world.slack.channels["CTRAILBELL"]] == [0]


@pytest.mark.parametrize("behaviour", ["429", "503", "refused", "invalid_auth"])
def test_a_correction_that_fails_is_made_later(world: World, behaviour: str) -> None:
    world.add(alert(1))
    world.run()
    world.slack.behaviour = behaviour
    world.store.outbox.amend(alert(1, text="corrected"))
    world.run(patience=0.0)
    world.slack.behaviour = "ok"
    world.clock.advance(1200)
    world.run()
    assert world.texts == ["update: corrected × 1"]


def test_a_correction_that_always_fails_holds_up_no_alert_for_long(world: World) -> None:
    world.slack.choose = lambda method, *_: "unknown_error" if method == "chat.update" else "ok"
    world.add(alert(1))
    world.run()
    world.store.outbox.amend(alert(1, text="corrected"))
    for number in range(60):
        world.add(alert(100 + number))
        world.run()
        world.clock.advance(60)
    methods = [entry["method"] for entry in world.journal]
    assert methods.count("chat.update") == 4
