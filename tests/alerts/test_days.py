"""Days of the summary: every moment is in one of them, whatever the clocks of the zone do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.days import LATE, day_of, zone_of
from chalicelib.rules.handling import SummaryChoices

BERLIN = SummaryChoices(at=time(9), zone="Europe/Berlin")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia",
         "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca")  # fmt: skip


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_day_is_over_at_its_hour_and_not_before() -> None:
    assert day_of(BERLIN, utc("2026-11-24T07:59:59")).date == date(2026, 11, 23)
    assert day_of(BERLIN, utc("2026-11-24T08:00")).date == date(2026, 11, 24)
    assert day_of(BERLIN, utc("2026-11-24T23:30")).date == date(2026, 11, 24)


def test_it_ends_a_little_before_its_hour_since_records_come_late() -> None:
    day = day_of(BERLIN, utc("2026-11-24T08:00"))
    assert day.until == utc("2026-11-24T08:00") - LATE
    assert day.in_words == "Tue 24 Nov, 08:45 CET"


@pytest.mark.parametrize(
    ("now", "hours"),
    [("2026-03-29T12:00", 23), ("2026-10-25T12:00", 25), ("2026-06-01T12:00", 24)],
)
def test_it_has_as_many_hours_as_the_zones_clocks_say(now: str, hours: int) -> None:
    day = day_of(BERLIN, utc(now))
    assert day.until - day.since == timedelta(hours=hours)


def test_an_hour_that_clocks_leave_out_or_strike_twice_is_one_moment() -> None:
    odd = SummaryChoices(at=time(2, 30), zone="Europe/Berlin")
    spring = day_of(odd, utc("2026-03-29T12:00"))
    assert spring.until + LATE == utc("2026-03-29T01:30")
    autumn = day_of(odd, utc("2026-10-25T12:00"))
    assert autumn.until + LATE == utc("2026-10-25T00:30")


def test_a_zone_that_this_machine_does_not_know_is_utc() -> None:
    assert zone_of("Atlantis/Poseidonis") is UTC
    day = day_of(SummaryChoices(at=time(9), zone="Atlantis/Poseidonis"), utc("2026-11-24T09:00"))
    assert day.until == utc("2026-11-24T08:45")


@given(
    st.integers(0, 2 * 366 * 86_400).map(lambda seconds: timedelta(seconds=seconds)),
    st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60)),
    st.sampled_from(ZONES),
)
def test_each_day_begins_where_the_one_before_ended(later: timedelta, at: time, zone: str) -> None:
    choices, now = SummaryChoices(at=at, zone=zone), utc("2026-01-01T00:00") + later
    day = day_of(choices, now)
    assert day.until + LATE <= now
    before = day_of(choices, day.until + LATE - timedelta(microseconds=1))
    assert before.until == day.since
    assert before.date == day.date - timedelta(days=1)
    assert day_of(choices, day.until + LATE) == day
