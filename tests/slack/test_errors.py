"""Slack's words for what went wrong, and how long it wants to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.delivery.outcome import Outcome, ambiguous, destination_refused, not_posted
from chalicelib.slack.errors import (
    DESTINATION_REFUSED,
    TOKEN_REFUSED,
    classify,
    retry_after_seconds,
    time_of,
)
from tests.delivery.world import meaning_of
from tests.slack.stub import REFUSED

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


@pytest.mark.parametrize(
    ("status", "error", "outcome"),
    [
        (429, "", not_posted("ratelimited", 30.0)),
        (200, "rate_limited", not_posted("ratelimited", 30.0)),
        (503, "invalid_auth", ambiguous("HTTP 503")),
        (
            403,
            "restricted_action_read_only_channel",
            destination_refused("restricted_action_read_only_channel"),
        ),
        (307, "", not_posted("HTTP 307")),
        (308, "invalid_auth", not_posted("HTTP 308")),
        (302, "invalid_auth", ambiguous("HTTP 302")),
        (303, "", ambiguous("HTTP 303")),
        (200, "<b>new</b>", ambiguous("HTTP 200")),
        (200, "x" * 100, ambiguous("x" * 80)),
    ],
)
def test_an_answer_that_is_not_ok_has_its_outcome_by_status_and_word(
    status: int, error: str, outcome: Outcome
) -> None:
    assert classify(status, error, None, NOW) == outcome


@pytest.mark.parametrize("refusal", sorted({*REFUSED.values(), "message_not_found"}))
def test_delivery_is_tested_with_what_a_refusal_of_slack_means(refusal: str) -> None:
    assert meaning_of(refusal) == classify(200, refusal, None, NOW)


def test_delivery_tries_again_what_another_token_may_mend() -> None:
    assert TOKEN_REFUSED < DESTINATION_REFUSED


@given(st.text(max_size=40))
def test_whatever_stands_in_a_date_it_is_a_time_or_none(text: str) -> None:
    at = time_of(text)
    assert at is None or at.tzinfo is UTC


@given(st.text(max_size=40))
def test_whatever_stands_in_retry_after_it_is_at_least_a_second(text: str) -> None:
    assert 1 <= retry_after_seconds(text, NOW) <= SIX_HOURS
