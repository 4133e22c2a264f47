"""Slack's words for what went wrong, and how long it wants to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.delivery.outcome import Outcome, ambiguous, destination_refused, not_posted
from chalicelib.slack.errors import classify, retry_after_seconds
from tests.delivery.world import meaning_of
from tests.slack.stub import REFUSED

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("86400", 900),
        ("9" * 5000, 900),
        ("-5", 30),
        ("1.5", 30),
        ("", 30),
        (None, 30),
        ("Fri, 02 Jan 2026 03:04:35 GMT", 30),
        ("Fri, 02 Jan 2026 03:05:05 GMT", 60),
        ("Fri, 02 Jan 2026 03:05:05 -0000", 60),
        ("Fri, 02 Jan 2026 03:05:05", 60),
        ("Fri, 02 Jan 2026 03:00:00 GMT", 1),
        ("Fri, 02 Jan 2099 03:00:00 GMT", 900),
        ("Fri, 02 Jan 2026 99999999999999999999:00:00 GMT", 30),
        ("٣", 30),
    ],
)
def test_retry_after_reads_seconds_and_dates_within_a_quarter_of_an_hour(
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
