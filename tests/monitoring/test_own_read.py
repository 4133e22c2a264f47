from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from chalicelib.monitoring.own_read import is_read_due, leave_a_record
from chalicelib.monitoring.upstream import Trail, UpstreamError

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Upstream:
    """Counts what it is asked; refuses where told to."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.asked = 0
        self.refuses = refuses

    def trails(self) -> list[Trail]:
        self.asked += 1
        if self.refuses:
            raise UpstreamError("cloudtrail:DescribeTrails: AccessDeniedException")
        return []


def test_of_the_sweeps_of_an_hour_twelve_leave_a_record() -> None:
    sweeps = [NOON + timedelta(minutes=minute, seconds=20) for minute in range(61)]
    pairs = pairwise(sweeps)
    assert sum(is_read_due(last, now) for last, now in pairs) == 12


@pytest.mark.parametrize("jitter", [0, 1, 37, 59])
def test_no_two_reads_are_further_apart_than_six_minutes_where_sweeps_come_each_minute(
    jitter: int,
) -> None:
    sweeps = [
        NOON + timedelta(minutes=minute, seconds=jitter * (minute % 2)) for minute in range(600)
    ]
    reads = [now for last, now in pairwise(sweeps) if is_read_due(last, now)]
    apart = max(later - sooner for sooner, later in pairwise(reads))
    assert apart <= timedelta(minutes=6)


def test_the_first_sweep_and_one_whose_clock_was_put_back_leave_a_record() -> None:
    assert is_read_due(None, NOON)
    assert is_read_due(NOON, NOON - timedelta(hours=1))


@pytest.mark.parametrize("refuses", [False, True])
def test_a_record_is_left_whatever_aws_answers(refuses: bool) -> None:
    upstream = Upstream(refuses=refuses)
    leave_a_record(upstream)  # type: ignore[arg-type]
    assert upstream.asked == 1
