"""Whether our clock is right: what is noted of it, and what follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.monitoring.clock import Clock, is_trusted, note_gap, note_skew, trouble
from chalicelib.monitoring.notes import Swept, read, write
from tests.delivery.world import START
from tests.monitoring.memory import Memory

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def notes() -> Memory:
    return Memory()


@pytest.mark.parametrize("skew", [-300, -2, 0, 0.4, 300, None])
def test_while_the_clock_is_right_nothing_is_written(notes: Memory, skew: float | None) -> None:
    note_skew(notes, skew, START)
    assert notes.written == []
    assert trouble(read(notes, Clock)) is None


@pytest.mark.parametrize("skew", [301, -320, 6 * 3600, -30 * 86400])
def test_a_clock_that_is_off_is_noted_once_and_once_more_when_it_is_right(
    notes: Memory, skew: float
) -> None:
    for second in range(20):
        note_skew(notes, skew + second, START + timedelta(seconds=second))
    assert (len(notes.written), is_trusted(notes, START)) == (1, False)
    assert trouble(read(notes, Clock))
    for _ in range(2):
        note_skew(notes, 1.0, START)
    assert (len(notes.written), is_trusted(notes, START)) == (2, True)
    assert trouble(read(notes, Clock)) is None


def test_what_is_noted_is_as_it_is_by_a_minute(notes: Memory) -> None:
    note_skew(notes, 3600, START)
    note_skew(notes, 3700, START)
    assert read(notes, Clock) == Clock(at=START, skew=3700)


@pytest.mark.parametrize(
    ("skew", "words"),
    [
        (310, "5 minutes behind"),
        (-310, "5 minutes ahead of"),
        (6 * 3600, "6 hours behind"),
        (-30 * 86400, "30 days ahead of"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(skew: float, words: str) -> None:
    said = trouble(Clock(at=START, skew=skew))
    assert said
    assert said.startswith(f"Our clock was {words} Slack's at 2026-01-02 03:04 UTC by ours. Set it")
    assert "NTP" in said


@pytest.mark.parametrize("gap", [-6 * HOUR, 2 * HOUR, 30 * DAY])
def test_where_sweeps_lie_apart_as_they_should_not_the_clock_may_have_been_set(
    notes: Memory, gap: timedelta
) -> None:
    write(notes, Swept(at=START))
    assert not is_trusted(notes, START + gap)
    note_gap(notes, START, START + gap)
    write(notes, Swept(at=START + gap))
    assert not is_trusted(notes, START + gap)
    assert trouble(read(notes, Clock)) is None
    note_skew(notes, 0.0, START + gap)
    assert is_trusted(notes, START + gap)


def test_where_slack_tells_no_time_a_day_clears_a_doubt(notes: Memory) -> None:
    note_gap(notes, START, START + 30 * DAY)
    note_gap(notes, START, START + 30 * DAY + HOUR)
    assert not is_trusted(notes, START + 30 * DAY + 12 * HOUR)
    assert is_trusted(notes, START + 32 * DAY)


def test_sweeps_that_come_each_minute_cast_no_doubt(notes: Memory) -> None:
    note_gap(notes, None, START)
    note_gap(notes, START, START + timedelta(minutes=1))
    assert notes.written == []


@pytest.mark.parametrize(
    "stored",
    [{}, {"at": "soon", "skew": 1}, {"at": START.isoformat(), "skew": True}, {"at": 1, "skew": 1}],
)
def test_a_note_that_cannot_be_read_counts_as_none(notes: Memory, stored: dict[str, Any]) -> None:
    notes.note(Clock.KEY, stored)
    assert read(notes, Clock) is None
    assert is_trusted(notes, START)
