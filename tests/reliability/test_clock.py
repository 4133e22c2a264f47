"""The clock matrix: ours jumps six ways while a channel stands in each of four states."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.batch import Judged
from chalicelib.alerts.judging import keep
from chalicelib.rules.rule import Severity
from chalicelib.stores.sqlite.store import sqlite_store
from tests.delivery.world import SENT, Clock, World, alert, low
from tests.reliability.proof import FULL, annotated, figure, repeats, told

BACK, AHEAD = -6 * 3600.0, 30 * 86400.0
JUMPS = {
    "6 h back": (BACK,),
    "6 h back, twice": (BACK, BACK),
    "30 days ahead": (AHEAD,),
    "30 days ahead, twice": (AHEAD, AHEAD),
    "back, then ahead": (BACK, AHEAD),
    "ahead, then back": (AHEAD, BACK),
}
# Between two jumps: in one wait for an update, in one pause, in one lease and after.
APART = (2.0, 8.0, 25.0, 50.0) if FULL else (8.0,)
LONGEST_DELAY = 60.0
GIVEN_UP_AFTER = 600.0
PAUSE = 30.0


class JumpingClock(Clock):
    """A clock whose wall is set, each time so many seconds after the last, once that begins."""

    def __init__(self) -> None:
        super().__init__()
        self._jumps: deque[tuple[float, float]] = deque()

    def jumps(self, by: Iterable[float], apart: float) -> None:
        """Begin: the first jump is in half a second."""
        for number, seconds in enumerate(by):
            self._jumps.append((self.passed + 0.5 + number * apart, seconds))

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        while self._jumps and self.passed >= self._jumps[0][0]:
            self.jump(self._jumps.popleft()[1])


class Scene:
    """A store, a Slack and a clock, and two processes: the `first`, and the `other` that stays."""

    def __init__(self, folder: Path, jumps: tuple[float, ...], apart: float) -> None:
        self.clock = JumpingClock()
        self._jumps, self._apart = jumps, apart
        self.first = World(sqlite_store(folder / "a.db"), clock=self.clock, compose=annotated)
        self.other = World(
            self.first.store, slack=self.first.slack, clock=self.clock, compose=annotated
        )
        self.other.runs = 1000  # under names of its own
        self.first.add(alert(0))
        self.first.run()  # a channel like any other, whose id is known
        self.clock.advance(60)

    def jump(self) -> None:
        self.clock.jumps(self._jumps, self._apart)

    def settled_after(self, alerts: Iterable[Alert]) -> float | None:
        """How many seconds after now all of them are told, looked at every two seconds as a sweep
        does; None where they are not.
        """
        began, alerts = self.clock.passed, list(alerts)
        while self.clock.passed - began < GIVEN_UP_AFTER:
            self.other.run(seconds=60.0, patience=60.0)
            if set(self.other.states(*alerts)) == {SENT}:
                return self.clock.passed - began
            self.clock.advance(2.0)
        return None


State = Callable[[Scene], list[Alert]]


def idle(scene: Scene) -> list[Alert]:
    """Something was just stored."""
    alerts = [alert(1), alert(2, Severity.HIGH), *low(3)]
    scene.first.add(*alerts)
    scene.jump()
    scene.clock.advance(1)
    return alerts


def live(scene: Scene) -> list[Alert]:
    """A sender whose request is in flight while another process looks at its channel."""
    world, post = scene.first, scene.first.transport.post
    world.add(alert(1))

    def in_flight(*arguments: Any) -> Any:
        world.transport.post = post  # type: ignore[method-assign]
        scene.jump()
        for _ in range(5):
            scene.clock.advance(1)
            scene.other.run(seconds=60.0, patience=0.5)
        return post(*arguments)

    world.transport.post = in_flight  # type: ignore[assignment, method-assign]
    world.run(seconds=10.0)
    world.add(alert(2))
    return [alert(1), alert(2)]


def dead(scene: Scene) -> list[Alert]:
    """A sender that died after Slack took its message and before it wrote that down."""
    world, post, save = scene.first, scene.first.transport.post, scene.first.store.queue.save
    world.add(alert(1))

    def killed(*arguments: Any) -> Any:
        post(*arguments)
        raise KeyboardInterrupt

    world.transport.post = killed  # type: ignore[assignment, method-assign]
    world.store.queue.save = lambda channel: False  # type: ignore[method-assign]
    with suppress(KeyboardInterrupt):
        world.run()
    world.store.queue.save = save  # type: ignore[method-assign]
    world.add(alert(2), *low(3))
    scene.jump()
    return [alert(1), alert(2), *low(3)]


def limited(scene: Scene) -> list[Alert]:
    """Slack asked for a pause."""
    for world in (scene.first, scene.other):
        world.transport.retry_after = int(PAUSE)
    scene.first.slack.script = ["429"]
    return _paused(scene)


def backed_off(scene: Scene) -> list[Alert]:
    """Slack was away for a while, and is back."""
    scene.first.slack.script = ["503"] * 4
    return _paused(scene)


def updating(scene: Scene) -> list[Alert]:
    """The same thing again waits for the channel's next update."""
    for number in (1, 2):
        scene.first.add(*low(number, actor="alice"))
        scene.first.run()
    scene.first.add(*low(3, actor="alice"))
    scene.jump()
    scene.clock.advance(1)
    return low(1, 2, 3, actor="alice")


def _paused(scene: Scene) -> list[Alert]:
    scene.first.add(alert(1))
    scene.first.run(seconds=8.3)
    scene.first.add(alert(2), *low(3))
    scene.jump()
    return [alert(1), alert(2), *low(3)]


STATES: dict[str, tuple[State, ...]] = {
    "idle": (idle,),
    "a live sender's request in flight": (live,),
    "a dead sender's open post": (dead,),
    "paused": (limited, backed_off, updating),
}


@pytest.mark.parametrize("state", STATES)
def test_a_clock_that_jumps_delays_little_loses_nothing_and_repeats_nothing_clear(
    tmp_path: Path, state: str
) -> None:
    without = {each: _without(tmp_path / each.__name__, each) for each in STATES[state]}
    for jump, by in JUMPS.items():
        cell = [
            _played(
                tmp_path / jump / f"{each.__name__} {apart:.0f}", each, without[each], by, apart
            )
            for each in STATES[state]
            for apart in (APART if len(by) > 1 else APART[:1])
        ]
        delay = max(each[0] for each in cell)
        lost, repeated, unmarked = (sum(each[place] for each in cell) for place in (1, 2, 3))
        figure(
            "the clock matrix",
            state=state,
            jump=jump,
            delay=round(delay, 1),
            lost=lost,
            repeats=repeated,
            unmarked=unmarked,
        )
        assert delay <= LONGEST_DELAY
        assert (lost, unmarked) == (0, 0)
        assert repeated == 0 or state == "paused"  # an ambiguous 503 may be


def test_an_event_that_is_dated_in_the_future_is_told_at_once_and_one_of_1970_only_listed(
    world: World,
) -> None:
    future = alert(1, event_time=datetime(2099, 1, 1, tzinfo=UTC))
    past = alert(2, event_time=datetime(1970, 1, 1, tzinfo=UTC))
    retention = timedelta(days=90)
    batch = Judged(records=3, alerts=(past, future, alert(3)))
    keep(batch, world.store.outbox, world.clock.now(), retention)
    report = world.run()
    assert told(world.journal) == {future.alert_id, alert(3).alert_id}
    listed = world.store.archive.search(AlertQuery(), 9).alerts
    assert [each.alert.alert_id for each in listed] == [
        each.alert_id for each in (future, alert(3), past)
    ]
    assert min(report.delays) == 0


def _without(folder: Path, state: State) -> float:
    """After how many seconds all is told where no clock jumps."""
    scene = Scene(folder, (), 0.0)
    after = scene.settled_after(state(scene))
    assert after is not None
    return after


def _played(
    folder: Path, state: State, without: float, jumps: tuple[float, ...], apart: float
) -> tuple[float, int, int, int]:
    """By how many seconds later than without a jump all was told; how many never were, how many
    messages told something again, and how many of those did not say so.
    """
    scene = Scene(folder, jumps, apart)
    alerts = state(scene)
    after = scene.settled_after(alerts)
    lost = sum(each is not SENT for each in scene.other.states(*alerts))
    delay = GIVEN_UP_AFTER if after is None else max(after - without, 0.0)
    return delay, lost, *repeats(scene.first.journal)
