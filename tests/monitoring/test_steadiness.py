"""How often a reason is told that comes and goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from chalicelib.monitoring.notes import Reason, read, write
from chalicelib.monitoring.steadiness import CALM, COMES_AND_GOES, LATELY, MOST_ENDS, Ends, steadied
from tests.monitoring.memory import Memory

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
SILENT = Reason(check="silence", since=NOW, text="It is silent.", step="Look.")


def played(found: Sequence[bool], every: timedelta = QUARTER) -> list[tuple[Reason, ...]]:
    """What stands after each check, which finds the reason or not."""
    ends, history = Ends(), list[tuple[Reason, ...]]()
    standing: tuple[Reason, ...] = ()
    for number, there in enumerate(found):
        now = NOW + number * every
        standing, ends = steadied((SILENT,) if there else (), standing, ends, now)
        history.append(standing)
    return history


def changes(history: Sequence[tuple[Reason, ...]]) -> int:
    stood = [False, *map(bool, history)]
    return sum(before != after for before, after in pairwise(stood))


def test_a_reason_that_came_once_ends_at_once() -> None:
    assert played([True, True, False]) == [(SILENT,), (SILENT,), ()]


def test_one_that_comes_and_goes_for_a_day_is_told_seven_times() -> None:
    assert changes(played([True, False] * 48)) == 2 * MOST_ENDS + 1


def test_it_says_so_and_ends_once_it_stayed_away_for_an_hour() -> None:
    history = played([*[True, False] * MOST_ENDS, True, *[False] * 6])
    *_, fourth, away, _, _, _, still, ended = history
    assert fourth[0].said == f"It is silent. Look. {COMES_AND_GOES}"
    assert away[0].said == still[0].said == f"It is silent. {COMES_AND_GOES}"
    assert ended == ()


def test_ends_that_are_long_ago_count_no_more() -> None:
    assert changes(played([True, False] * 10, every=LATELY / 2)) == 20


def test_a_clock_that_is_put_back_holds_nothing_up() -> None:
    ends = Ends(ended={"silence": (NOW,) * MOST_ENDS}, away={"silence": NOW})
    standing, later = steadied((), (SILENT,), ends, NOW - CALM - QUARTER)
    assert standing == ()
    assert later.away == {}


def test_what_is_remembered_is_read_as_it_was_written() -> None:
    ends = Ends(ended={"silence": (NOW, NOW + QUARTER)}, away={"filter": NOW})
    memory = Memory()
    write(memory, ends)
    assert read(memory, Ends) == ends


@pytest.mark.parametrize(
    "stored", [{}, {"ended": [], "away": {}}, {"ended": {"a": [3]}, "away": {}}]
)
def test_what_cannot_be_read_is_forgotten(stored: dict[str, object]) -> None:
    assert read(Memory(ends=stored), Ends) is None
