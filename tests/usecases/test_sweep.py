"""What the sweep does each minute, and how it alerts of what may be missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.monitoring.coverage import Trail, UpstreamError
from chalicelib.monitoring.health import Health, Status, health
from chalicelib.rules.rule import Severity
from chalicelib.slack.next_steps import next_step
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.usecases.sweep import SweepReport, sweep_store
from tests.delivery.world import CHANNEL, START, World, alert

TRAIL = Trail("arn:aws:cloudtrail:eu-central-1:111122223333:trail/example", "cloudtrail")


class FakeAws:
    """AWS as the test wants it; everything is well to begin with."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.there = [TRAIL]
        self.delivered_ago = timedelta(minutes=4)
        self.error = ""
        self.filter_there = self.may_invoke = True
        self.fails = False
        self.asked = 0

    def trails(self) -> list[Trail]:
        self.asked += 1
        if self.fails:
            raise UpstreamError("describe_trails: AccessDeniedException")
        return self.there

    def delivery(self, trail: Trail) -> tuple[datetime | None, str]:
        return self.world.clock.now() - self.delivered_ago, self.error

    def filtered(self, log_group: str) -> bool:
        return self.filter_there

    def permitted(self) -> bool:
        return self.may_invoke


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(sqlite_store(tmp_path / "alerts.db"))


@pytest.fixture
def aws(world: World) -> FakeAws:
    return FakeAws(world)


def swept(world: World, aws: FakeAws | None, minutes: int = 1) -> SweepReport:
    """So many sweeps, one a minute; the last one's report."""
    for _ in range(minutes):
        began = world.clock.now()
        report = sweep_store(
            world.prepared(55.0),
            world.store,
            channels=(CHANNEL,),
            default_channel=CHANNEL,
            retention=timedelta(days=90),
            upstream=aws,
        )
        world.clock.time = began + timedelta(minutes=1)
    return report


def found(world: World) -> Health:
    """How health stands."""
    return health(world.store.archive, world.store.notes, world.clock.now(), next_step=next_step)


def test_a_sweep_tells_what_is_due(world: World) -> None:
    world.add(alert(1))
    assert swept(world, None).dispatched.delivered == 1


def test_a_sweep_removes_what_was_sent_and_is_past_retention_only(world: World) -> None:
    world.add(alert(1, Severity.LOW))
    swept(world, None)
    world.slack.behaviour = "invalid_auth"
    world.add(alert(2))
    world.clock.advance(91 * 86400)
    swept(world, None)
    assert world.store.archive.get(alert(1).alert_id) is None
    assert world.store.archive.get(alert(2).alert_id) is not None


def test_between_two_checks_a_sweep_with_nothing_due_asks_what_waits_and_its_notes_alone(
    world: World,
) -> None:
    swept(world, None)

    def never(*arguments: object) -> Any:
        raise AssertionError(f"asked for {arguments}")

    asked: list[object] = []
    waiting = world.store.queue.waiting

    def counted(now: datetime) -> Any:
        asked.append(now)
        return waiting(now)

    world.store.queue.waiting = counted  # type: ignore[method-assign]
    world.store.outbox.expire = never  # type: ignore[method-assign, assignment]
    world.store.archive.backlog = never  # type: ignore[method-assign, assignment]
    swept(world, None, minutes=10)
    assert len(asked) == 10


def test_as_long_as_records_reach_us_nothing_is_sent_and_aws_is_asked_every_quarter_hour(
    world: World, aws: FakeAws
) -> None:
    swept(world, aws, minutes=60)
    assert (world.texts, aws.asked) == ([], 4)


@pytest.mark.parametrize(
    ("failing", "word"),
    [
        ({"delivered_ago": timedelta(minutes=31)}, "silence"),
        ({"error": "AccessDenied"}, "delivery"),
        ({"filter_there": False}, "filter"),
        ({"may_invoke": False}, "permission"),
        ({"there": []}, "trail"),
    ],
)
def test_a_reason_is_alerted_of_once_and_so_is_its_end(
    failing: dict[str, object], word: str, world: World, aws: FakeAws
) -> None:
    swept(world, aws)
    well = {name: getattr(aws, name) for name in failing}
    for name, value in failing.items():
        setattr(aws, name, value)
    swept(world, aws, minutes=60)
    assert len(world.texts) == 1
    assert found(world).status is Status.RED
    for name, value in well.items():
        setattr(aws, name, value)
    swept(world, aws, minutes=60)
    assert len(world.texts) == 2
    assert "It has ended" in world.texts[1]
    assert found(world).status is Status.GREEN


def test_a_reason_that_comes_again_is_alerted_of_again(world: World, aws: FakeAws) -> None:
    for error in ("AccessDenied", "", "AccessDenied", ""):
        aws.error = error
        swept(world, aws, minutes=30)
    assert len(world.texts) == 4


def test_a_missing_filter_while_nothing_is_delivered_is_the_silences_fault(
    world: World, aws: FakeAws
) -> None:
    swept(world, aws)
    aws.filter_there, aws.delivered_ago = False, timedelta(hours=1)
    swept(world, aws, minutes=30)
    assert len(world.texts) == 1
    assert "has delivered nothing to cloudtrail since" in world.texts[0]


def test_a_filter_that_was_never_there_is_not_missing(world: World, aws: FakeAws) -> None:
    aws.filter_there = False
    swept(world, aws, minutes=30)
    assert world.texts == []


def test_when_aws_cannot_be_asked_nothing_is_claimed_and_health_says_so(
    world: World, aws: FakeAws
) -> None:
    aws.fails = True
    swept(world, aws, minutes=3)
    shown = found(world)
    assert (shown.status, world.texts) == (Status.AMBER, [])
    assert shown.words == (
        "Whether CloudTrail still reaches us cannot be asked: "
        "describe_trails: AccessDeniedException.",
    )


def test_when_aws_cannot_be_asked_alerts_that_wait_too_long_are_alerted_of_all_the_same(
    world: World, aws: FakeAws
) -> None:
    aws.fails = True
    world.slack.behaviour = "refused"
    world.add(alert(1, Severity.LOW))
    swept(world, aws, minutes=31)
    world.slack.behaviour = "ok"
    swept(world, aws)
    assert sum("has been waiting for Slack since" in text for text in world.texts) == 1


def test_while_aws_cannot_be_asked_a_reason_is_neither_over_nor_alerted_of_again(
    world: World, aws: FakeAws
) -> None:
    aws.error = "AccessDenied"
    swept(world, aws, minutes=20)
    aws.fails = True
    swept(world, aws, minutes=40)
    aws.fails = False
    swept(world, aws, minutes=40)
    assert len(world.texts) == 1


def test_a_channel_that_is_never_idle_keeps_aws_from_being_asked_no_longer_than_others(
    world: World, aws: FakeAws
) -> None:
    sleep = world.clock.sleep

    def busy(seconds: float) -> None:
        world.add(alert(len(world.clock.slept)))
        sleep(seconds)

    world.clock.sleep = busy  # type: ignore[method-assign]
    world.add(*[alert(number) for number in range(10_000, 10_020)])
    swept(world, aws, minutes=31)
    assert aws.asked == 3


def test_while_aws_hangs_what_is_due_is_sent_all_the_same(world: World, aws: FakeAws) -> None:
    def hangs() -> list[Trail]:
        raise KeyboardInterrupt  # Lambda ends what overruns

    aws.trails = hangs  # type: ignore[method-assign]
    world.add(alert(1))
    with pytest.raises(KeyboardInterrupt):
        swept(world, aws)
    assert len(world.texts) == 1
    swept(world, aws)  # and it is not asked again at once


def test_a_check_cut_off_before_it_alerted_is_made_up_for(world: World, aws: FakeAws) -> None:
    aws.error = "AccessDenied"
    add = world.store.outbox.add

    def cut_off(*arguments: object) -> set[str]:
        raise KeyboardInterrupt

    world.store.outbox.add = cut_off  # type: ignore[method-assign, assignment]
    with pytest.raises(KeyboardInterrupt):
        swept(world, aws)
    world.clock.advance(60)
    world.store.outbox.add = add  # type: ignore[method-assign]
    swept(world, aws, minutes=30)
    assert len(world.texts) == 1


def test_alerts_that_wait_too_long_are_alerted_of_when_slack_is_back(world: World) -> None:
    world.slack.behaviour = "refused"
    world.add(alert(1, Severity.LOW))
    swept(world, None, minutes=31)
    world.slack.behaviour = "ok"
    swept(world, None, minutes=31)
    assert sum("has been waiting for Slack since" in text for text in world.texts) == 2
    assert world.clock.now() > START


@pytest.mark.parametrize("jump", [-6 * 3600, 30 * 86400])
def test_a_clock_that_is_off_is_red_once_slack_told_its_time_and_green_once_it_is_right(
    world: World, jump: float
) -> None:
    world.add(alert(1))
    swept(world, None)
    assert found(world).status is Status.GREEN
    world.clock.jump(jump)
    world.add(alert(2))
    swept(world, None, minutes=2)
    assert found(world).status is Status.RED
    (word,) = found(world).words
    assert "Set it, and let NTP keep it" in word
    world.clock.jump(-jump)
    world.add(alert(3))
    swept(world, None, minutes=2)
    assert found(world).status is Status.GREEN


def test_a_clock_that_jumps_ahead_removes_nothing(world: World) -> None:
    world.add(alert(1))
    swept(world, None)
    world.clock.jump(91 * 86400)
    for _ in range(3):
        world.add(alert(2, event_time=world.clock.now()))
        swept(world, None, minutes=10)
    assert world.store.archive.get(alert(1).alert_id) is not None


@pytest.mark.parametrize("jump", [-6 * 3600, 30 * 86400])
def test_a_clock_that_is_set_holds_no_check_up(world: World, aws: FakeAws, jump: float) -> None:
    swept(world, aws)
    world.clock.jump(jump)
    swept(world, aws)
    assert aws.asked == 2
