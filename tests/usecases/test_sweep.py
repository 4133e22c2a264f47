"""What the sweep does each minute, and how it tells that we may have gone deaf."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.monitoring.coverage import EarsError, Trail
from chalicelib.monitoring.health import Status, health
from chalicelib.rules.rule import Severity
from chalicelib.stores.sqlite.store import SqliteAlertStore
from chalicelib.usecases.sweep import SweepReport, sweep
from tests.delivery.world import CHANNEL, START, World, alert

TRAIL = Trail("arn:aws:cloudtrail:eu-central-1:111122223333:trail/example", "cloudtrail")


class FakeEars:
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
            raise EarsError("describe_trails: AccessDeniedException")
        return self.there

    def delivery(self, trail: Trail) -> tuple[datetime | None, str]:
        return self.world.clock.now() - self.delivered_ago, self.error

    def filtered(self, log_group: str) -> bool:
        return self.filter_there

    def permitted(self) -> bool:
        return self.may_invoke


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(SqliteAlertStore(tmp_path / "alerts.db"))


@pytest.fixture
def ears(world: World) -> FakeEars:
    return FakeEars(world)


def swept(world: World, ears: FakeEars | None, minutes: int = 1) -> SweepReport:
    """So many sweeps, one a minute; the last one's report."""
    for _ in range(minutes):
        began = world.clock.now()
        report = sweep(
            world.work(55.0),
            channels=(CHANNEL,),
            default_channel=CHANNEL,
            retention=timedelta(days=90),
            ears=ears,
        )
        world.clock.time = began + timedelta(minutes=1)
    return report


def test_a_sweep_tells_what_is_due(world: World) -> None:
    world.add(alert(1))
    assert swept(world, None).dispatched.delivered == 1


def test_a_sweep_removes_what_was_told_and_is_past_retention_only(world: World) -> None:
    world.add(alert(1, Severity.LOW))
    swept(world, None)
    world.slack.behaviour = "invalid_auth"
    world.add(alert(2))
    world.clock.advance(91 * 86400)
    swept(world, None)
    assert world.store.get(alert(1).alert_id) is None
    assert world.store.get(alert(2).alert_id) is not None


def test_as_long_as_we_hear_nothing_is_told_and_aws_is_asked_every_quarter_hour(
    world: World, ears: FakeEars
) -> None:
    swept(world, ears, minutes=60)
    assert (world.texts, ears.asked) == ([], 4)


@pytest.mark.parametrize(
    ("deafen", "word"),
    [
        ({"delivered_ago": timedelta(minutes=31)}, "silence"),
        ({"error": "AccessDenied"}, "delivery"),
        ({"filter_there": False}, "filter"),
        ({"may_invoke": False}, "permission"),
        ({"there": []}, "trail"),
    ],
)
def test_going_deaf_is_told_once_and_so_is_its_end(
    deafen: dict[str, object], word: str, world: World, ears: FakeEars
) -> None:
    swept(world, ears)
    well = {name: getattr(ears, name) for name in deafen}
    for name, value in deafen.items():
        setattr(ears, name, value)
    swept(world, ears, minutes=60)
    assert len(world.texts) == 1
    assert health(world.store, world.clock.now()).status is Status.RED
    for name, value in well.items():
        setattr(ears, name, value)
    swept(world, ears, minutes=60)
    assert len(world.texts) == 2
    assert "It has ended" in world.texts[1]
    assert health(world.store, world.clock.now()).status is Status.GREEN


def test_deafness_that_comes_again_is_told_again(world: World, ears: FakeEars) -> None:
    for error in ("AccessDenied", "", "AccessDenied", ""):
        ears.error = error
        swept(world, ears, minutes=30)
    assert len(world.texts) == 4


def test_a_missing_filter_while_nothing_is_delivered_is_the_silences_fault(
    world: World, ears: FakeEars
) -> None:
    swept(world, ears)
    ears.filter_there, ears.delivered_ago = False, timedelta(hours=1)
    swept(world, ears, minutes=30)
    assert len(world.texts) == 1
    assert "has delivered nothing to cloudtrail since" in world.texts[0]


def test_a_filter_that_was_never_there_is_not_missing(world: World, ears: FakeEars) -> None:
    ears.filter_there = False
    swept(world, ears, minutes=30)
    assert world.texts == []


def test_when_aws_cannot_be_asked_nothing_is_claimed_and_health_says_so(
    world: World, ears: FakeEars
) -> None:
    ears.fails = True
    swept(world, ears, minutes=3)
    told = health(world.store, world.clock.now())
    assert (told.status, world.texts) == (Status.AMBER, [])
    assert told.words == (
        "Whether CloudTrail still reaches us cannot be asked: "
        "describe_trails: AccessDeniedException.",
    )


def test_when_aws_cannot_be_asked_alerts_that_wait_too_long_are_told_of_all_the_same(
    world: World, ears: FakeEars
) -> None:
    ears.fails = True
    world.slack.behaviour = "refused"
    world.add(alert(1, Severity.LOW))
    swept(world, ears, minutes=31)
    world.slack.behaviour = "ok"
    swept(world, ears)
    assert sum("has been waiting for Slack since" in text for text in world.texts) == 1


def test_while_aws_cannot_be_asked_deafness_is_neither_over_nor_told_again(
    world: World, ears: FakeEars
) -> None:
    ears.error = "AccessDenied"
    swept(world, ears, minutes=20)
    ears.fails = True
    swept(world, ears, minutes=40)
    ears.fails = False
    swept(world, ears, minutes=40)
    assert len(world.texts) == 1


def test_a_channel_that_is_never_idle_keeps_aws_from_being_asked_no_longer_than_others(
    world: World, ears: FakeEars
) -> None:
    sleep = world.clock.sleep

    def busy(seconds: float) -> None:
        world.add(alert(len(world.clock.slept)))
        sleep(seconds)

    world.clock.sleep = busy  # type: ignore[method-assign]
    world.add(*[alert(number) for number in range(10_000, 10_020)])
    swept(world, ears, minutes=31)
    assert ears.asked == 3


def test_while_aws_hangs_what_is_due_is_told_all_the_same(world: World, ears: FakeEars) -> None:
    def hangs() -> list[Trail]:
        raise KeyboardInterrupt  # Lambda ends what overruns

    ears.trails = hangs  # type: ignore[method-assign]
    world.add(alert(1))
    with pytest.raises(KeyboardInterrupt):
        swept(world, ears)
    assert len(world.texts) == 1
    swept(world, ears)  # and it is not asked again at once


def test_a_check_cut_off_before_it_told_is_made_up_for(world: World, ears: FakeEars) -> None:
    ears.error = "AccessDenied"
    add = world.store.add

    def cut_off(*arguments: object) -> set[str]:
        raise KeyboardInterrupt

    world.store.add = cut_off  # type: ignore[method-assign, assignment]
    with pytest.raises(KeyboardInterrupt):
        swept(world, ears)
    world.clock.advance(60)
    world.store.add = add  # type: ignore[method-assign]
    swept(world, ears, minutes=30)
    assert len(world.texts) == 1


def test_alerts_that_wait_too_long_are_told_of_when_slack_is_back(world: World) -> None:
    world.slack.behaviour = "refused"
    world.add(alert(1, Severity.LOW))
    swept(world, None, minutes=31)
    world.slack.behaviour = "ok"
    swept(world, None, minutes=31)
    assert sum("has been waiting for Slack since" in text for text in world.texts) == 2
    assert world.clock.now() > START
