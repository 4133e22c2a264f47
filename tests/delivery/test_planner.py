"""What a channel is sent next: alone, in a digest, or as an update."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import Delivery, deliveries_of
from chalicelib.alerts.post import PostKind
from chalicelib.delivery.planner import DIGEST_ALERTS, LOOK_AHEAD, Outlook, next_plan
from chalicelib.rules.rule import Severity
from tests.delivery.world import CHANNEL, SENT, START, World, alert, low

EMPTY = Channel(name=CHANNEL)


def due(count: int, severity: Severity, **changes: str) -> list[Delivery]:
    alerts = (alert(number, severity, **changes) for number in range(count))
    return [deliveries_of(each, START)[0] for each in alerts]


def outlook(channel: Channel = EMPTY) -> Outlook:
    return Outlook(channel=channel, now=START, post_of=lambda delivery: None)


def test_with_nothing_due_there_is_no_plan() -> None:
    assert next_plan([], outlook()) is None


def test_a_digest_is_of_one_severity_where_that_is_high_or_critical() -> None:
    flood = due(20, Severity.CRITICAL, actor="eve") + due(20, Severity.HIGH, actor="bob")
    gone = tuple(["rule-critical\x1feve\x1f111122223333"] * 10)
    plan = next_plan(flood, outlook(Channel(name=CHANNEL, alone=gone)))
    assert plan is not None
    assert plan.kind is PostKind.DIGEST
    assert {delivery.severity for delivery in plan.deliveries} == {Severity.CRITICAL}


def test_a_digest_takes_250_alerts_at_most() -> None:
    plan = next_plan(due(LOOK_AHEAD, Severity.LOW), outlook())
    assert plan is not None
    assert len(plan.deliveries) == DIGEST_ALERTS


def test_a_digest_of_one_goes_as_it_is() -> None:
    gone = tuple(f"rule-critical\x1fa{number}\x1f1" for number in range(30))
    plan = next_plan(due(1, Severity.CRITICAL), outlook(Channel(name=CHANNEL, alone=gone)))
    assert plan is not None
    assert plan.kind is PostKind.SINGLE


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(list(Severity)), st.integers(0, 3), st.integers(0, 3)),
        max_size=60,
    )
)
def test_every_delivery_is_planned_exactly_once(kinds: list[tuple[Severity, int, int]]) -> None:
    alerts = [
        alert(number, severity, actor=f"actor-{actor}", event_name=f"Event{name}")
        for number, (severity, actor, name) in enumerate(kinds)
    ]
    left = [deliveries_of(each, START)[0] for each in alerts]
    left.sort(key=lambda delivery: -delivery.severity.rank)
    channel, told = EMPTY, list[str]()
    while plan := next_plan(left, outlook(channel)):
        channel = Channel(name=CHANNEL, alone=plan.alone)
        planned = {delivery.alert_id for delivery in plan.deliveries}
        told += planned
        left = [delivery for delivery in left if delivery.alert_id not in planned]
    assert sorted(told) == sorted(each.alert_id for each in alerts)


# Played through, over many requests


def test_the_most_severe_goes_first(world: World) -> None:
    world.add(alert(1, Severity.LOW), alert(2, Severity.HIGH), alert(3, Severity.CRITICAL))
    world.run()
    assert [text.split(" ×")[0] for text in world.texts] == [
        "single: alert 3",
        "single: alert 2",
        "single: alert 1",
    ]


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


def test_a_critical_repeat_is_always_told_anew(world: World) -> None:
    world.add(alert(1, actor="alice"))
    world.run()
    world.add(alert(2, actor="alice"), alert(3, actor="alice"))
    world.run()
    assert len(world.texts) == 3
