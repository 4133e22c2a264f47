"""One request to a receiver → one outcome, by the status of its answer alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.delivery.outcome import Outcome, OutcomeKind, Sought
from chalicelib.webhook.answers import outcome_of
from chalicelib.webhook.client import WebhookTransport
from chalicelib.webhook.next_steps import next_step
from tests.webhook.receiver import SECRET, Receiver, receiving

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PAYLOAD = {"channel": "webhook", "id": "msg_1", "body": {"name": "김 \ud800"}}


def posted(receiver: Receiver, secret: str = SECRET) -> Outcome:
    with receiving(receiver) as url:
        return WebhookTransport(url, secret, call_seconds=2.0).post(PAYLOAD)


def test_what_is_sent_is_signed_and_taken() -> None:
    receiver = Receiver()
    outcome = posted(receiver)
    assert (outcome.kind, outcome.ts, outcome.channel_id) == (OutcomeKind.SENT, "msg_1", "webhook")
    assert receiver.journal[0]["findings"] == [{"name": "김 ?"}]


def test_an_update_is_a_request_like_any_other() -> None:
    receiver = Receiver()
    with receiving(receiver) as url:
        outcome = WebhookTransport(url, SECRET).update("webhook", "msg_0", PAYLOAD)
    assert outcome.kind is OutcomeKind.SENT
    assert [entry["id"] for entry in receiver.journal] == ["msg_1"]


def test_an_address_without_a_path_keeps_its_query() -> None:
    receiver = Receiver()
    with receiving(receiver) as url:
        bare = url.replace("/trailbell", "")
        outcome = WebhookTransport(bare, SECRET, call_seconds=2.0).post(PAYLOAD)
    assert outcome.kind is OutcomeKind.SENT
    assert receiver.paths == ["/?token=example"]


def test_a_secret_of_bytes_that_are_no_text_is_refused_and_known_again() -> None:
    transport = WebhookTransport("https://example.com/", "whsec_\udcff")
    assert transport.post(PAYLOAD).reason.startswith("bad_secret: ")
    assert transport.credential("salt") == transport.credential("salt") != ""


def test_a_redirect_is_not_followed() -> None:
    receiver = Receiver(choose=lambda _: "302")
    assert posted(receiver).kind is OutcomeKind.DESTINATION_REFUSED
    assert len(receiver.journal) == 1


def test_a_rate_limit_says_how_long_to_wait() -> None:
    outcome = posted(Receiver(choose=lambda _: "429"))
    assert (outcome.kind, outcome.retry_after) == (OutcomeKind.NOT_POSTED, 2.0)


def test_without_a_secret_that_signs_nothing_leaves() -> None:
    receiver = Receiver()
    outcome = posted(receiver, "short")
    assert outcome.kind is OutcomeKind.DESTINATION_REFUSED
    assert outcome.reason.startswith("bad_secret: WEBHOOK_SECRET takes whsec_")
    assert receiver.journal == []


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *[(status, OutcomeKind.SENT) for status in (200, 201, 202, 204, 299)],
        *[(status, OutcomeKind.DESTINATION_REFUSED) for status in (300, 301, 302, 303, 307, 308)],
        *[(status, OutcomeKind.PAYLOAD_REFUSED) for status in (400, 413, 415, 422)],
        *[(status, OutcomeKind.DESTINATION_REFUSED) for status in (401, 403, 404, 405, 410, 451)],
        *[(status, OutcomeKind.AMBIGUOUS) for status in (408, 409, 425, 500, 502, 503, 504, 599)],
        *[(status, OutcomeKind.AMBIGUOUS) for status in (100, 199, 600, 999)],
        (429, OutcomeKind.NOT_POSTED),
    ],
)
def test_each_status_has_its_outcome(status: int, kind: OutcomeKind) -> None:
    assert outcome_of(status, None, "msg_1", NOW).kind is kind


def test_retry_after_is_heeded_with_429_alone() -> None:
    assert outcome_of(429, "7", "msg_1", NOW).retry_after == 7
    assert outcome_of(429, "Fri, 02 Jan 2026 03:04:35 GMT", "msg_1", NOW).retry_after == 30
    assert outcome_of(503, "7", "msg_1", NOW).retry_after is None


@pytest.mark.parametrize("reason", ["HTTP 301", "HTTP 401", "HTTP 404", "HTTP 410", "no_url: no"])
def test_a_refusal_that_is_known_says_what_to_do(reason: str) -> None:
    assert "WEBHOOK_" in next_step(reason)


def test_what_nobody_knows_says_nothing_to_do() -> None:
    assert next_step("HTTP 418") == next_step("invalid_auth") == ""


def test_there_is_no_history_and_a_new_secret_is_another_credential() -> None:
    transport = WebhookTransport("https://example.com/", SECRET)
    assert transport.find("webhook", "p", NOW).sought is Sought.UNSUPPORTED
    assert transport.address("webhook") is None
    other = WebhookTransport("https://example.com/", SECRET + "x")
    assert transport.credential("salt") != other.credential("salt")
    assert SECRET not in transport.credential("salt")
