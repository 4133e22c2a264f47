"""The times in a host's headers: whatever stands there is a pause that can be, or no time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.delivery.http_times import retry_after_seconds, time_of

SIX_HOURS = 6 * 3600
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("3600", 3600),
        ("86400", SIX_HOURS),
        ("9" * 5000, SIX_HOURS),
        ("0", 1),
        ("-0", 1),
        ("-5", 1),
        ("-" + "9" * 5000, 1),
        ("--5", 30),
        ("1.5", 30),
        ("", 30),
        (None, 30),
        ("Fri, 02 Jan 2026 03:04:35 GMT", 30),
        ("Fri, 02 Jan 2026 03:05:05 GMT", 60),
        ("Fri, 02 Jan 2026 03:05:05 -0000", 60),
        ("Fri, 02 Jan 2026 03:05:05", 60),
        ("Fri, 02 Jan 2026 03:00:00 GMT", 1),
        ("Fri, 02 Jan 2099 03:00:00 GMT", SIX_HOURS),
        ("Fri, 02 Jan 2026 99999999999999999999:00:00 GMT", 30),
        ("٣", 30),
    ],
)
def test_retry_after_reads_seconds_and_dates_from_a_second_to_six_hours(
    text: str | None, seconds: float
) -> None:
    assert retry_after_seconds(text, NOW) == seconds


@given(st.text(max_size=40))
def test_whatever_stands_in_a_date_it_is_a_time_or_none(text: str) -> None:
    at = time_of(text)
    assert at is None or at.tzinfo is UTC


@given(st.text(max_size=40))
def test_whatever_stands_in_retry_after_it_is_at_least_a_second(text: str) -> None:
    assert 1 <= retry_after_seconds(text, NOW) <= SIX_HOURS
