"""What a channel is sent next, and the pace that it keeps."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import Delivery, deliveries_of
from chalicelib.alerts.post import PostKind
from chalicelib.delivery.planner import (
    DIGEST_ALERTS,
    LOOK_AHEAD,
    Outlook,
    next_plan,
    paced,
    ready_at,
)
from chalicelib.rules.rule import Severity
from tests.delivery.world import CHANNEL, START, alert
from tests.reliability.proof import most_in

EMPTY = Channel(name=CHANNEL)


def due(count: int, severity: Severity, **changes: str) -> list[Delivery]:
    alerts = (alert(number, severity, **changes) for number in range(count))
    return [deliveries_of(each, START)[0] for each in alerts]


def outlook(channel: Channel = EMPTY) -> Outlook:
    return Outlook(channel=channel, now=START, told=lambda delivery: None)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.floats(0, 30), min_size=1, max_size=80))
def test_whatever_the_pauses_no_more_go_than_a_burst_and_one_a_second(pauses: list[float]) -> None:
    channel, now, times = EMPTY, START, list[float]()
    for pause in pauses:
        now = ready_at(channel, now + timedelta(seconds=pause))
        channel = paced(channel, now)
        times.append((now - START).total_seconds())
    assert all(most_in(times, span) <= 10 + span for span in (1, 5, 20, 60))


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
