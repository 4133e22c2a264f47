"""Slack's words for what went wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.delivery.outcome import Outcome, ambiguous, destination_refused, not_posted
from chalicelib.slack.errors import (
    DESTINATION_REFUSED,
    TOKEN_REFUSED,
    classify,
)
from tests.delivery.world import meaning_of
from tests.slack.stub import REFUSED

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


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
