"""One attempt, one outcome: against a stub of Slack over real HTTP."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from chalicelib.delivery.outcome import OutcomeKind, Sought
from chalicelib.slack.client import SlackTransport
from tests.slack.stub import BEHAVIOURS, Slack, payload, serving

EXPECTED = {
    "ok": OutcomeKind.SENT,
    "limit": OutcomeKind.SENT,
    "429": OutcomeKind.NOT_POSTED,
    "429_bare": OutcomeKind.NOT_POSTED,
    "429_date": OutcomeKind.NOT_POSTED,
    "429_garbage": OutcomeKind.NOT_POSTED,
    "ratelimited_200": OutcomeKind.NOT_POSTED,
    "invalid_auth": OutcomeKind.DESTINATION_REFUSED,
    "channel_not_found": OutcomeKind.DESTINATION_REFUSED,
    "not_in_channel": OutcomeKind.DESTINATION_REFUSED,
    "missing_scope": OutcomeKind.DESTINATION_REFUSED,
    "unknown_error": OutcomeKind.AMBIGUOUS,
    "internal_error": OutcomeKind.AMBIGUOUS,
    "invalid_blocks": OutcomeKind.PAYLOAD_REFUSED,
    **dict.fromkeys(("500", "502", "503", "html", "empty", "string"), OutcomeKind.AMBIGUOUS),
    **dict.fromkeys(("drop_before", "reset", "drop_after", "reset_after"), OutcomeKind.AMBIGUOUS),
    **dict.fromkeys(("slow", "drip", "partial"), OutcomeKind.AMBIGUOUS),
}


@pytest.fixture
def workspace() -> Iterator[tuple[Slack, str]]:
    slack = Slack(slow_seconds=0.5)
    with serving(slack) as url:
        yield slack, url


@pytest.fixture
def slack(workspace: tuple[Slack, str]) -> Slack:
    return workspace[0]


@pytest.fixture
def transport(
    request: pytest.FixtureRequest, workspace: tuple[Slack, str], slack: Slack
) -> SlackTransport:
    """Patient, except with what drags on for half a second."""
    behaviour = getattr(request.node, "callspec", None)
    drags = behaviour and behaviour.params.get("behaviour") in ("slow", "drip")
    return SlackTransport("xoxb-test", api_url=workspace[1], call_seconds=0.2 if drags else 5.0)


def test_every_behaviour_of_the_stub_has_an_expected_outcome() -> None:
    assert set(EXPECTED) == set(BEHAVIOURS)


@pytest.mark.parametrize("behaviour", sorted(EXPECTED))
def test_what_slack_does_becomes_its_class_of_outcome(
    behaviour: str, slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = behaviour
    assert transport.post(payload()).kind is EXPECTED[behaviour]


@pytest.mark.parametrize("behaviour", sorted(EXPECTED))
def test_an_attempt_is_one_request_whatever_comes_of_it(
    behaviour: str, slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = behaviour
    transport.post(payload())
    assert len(slack.journal) == 1


@pytest.mark.parametrize(
    ("behaviour", "seconds"),
    [("429", 2), ("429_bare", 30), ("429_garbage", 30), ("ratelimited_200", 30)],
)
def test_retry_after_is_read_or_counts_as_thirty_seconds(
    behaviour: str, seconds: float, slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = behaviour
    assert transport.post(payload()).retry_after == seconds


def test_retry_after_may_be_a_date(slack: Slack, transport: SlackTransport) -> None:
    slack.behaviour = "429_date"
    retry_after = transport.post(payload()).retry_after
    assert retry_after is not None
    assert 0 < retry_after <= 2


def test_a_sent_message_has_its_ts_and_the_channels_id(
    slack: Slack, transport: SlackTransport
) -> None:
    outcome = transport.post(payload())
    assert (outcome.ts, outcome.channel_id) == (slack.journal[0]["ts"], "CALARMS")


def test_a_refused_connection_was_surely_not_posted() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    outcome = SlackTransport("xoxb-test", api_url=f"http://127.0.0.1:{port}/").post(payload())
    assert (outcome.kind, outcome.retry_after) == (OutcomeKind.NOT_POSTED, None)


def test_a_host_that_no_dns_knows_was_surely_not_posted() -> None:
    transport = SlackTransport("xoxb-test", api_url="http://slack.invalid/")
    assert transport.post(payload()).kind is OutcomeKind.NOT_POSTED


def test_a_failed_tls_handshake_was_surely_not_posted(workspace: tuple[Slack, str]) -> None:
    transport = SlackTransport("xoxb-test", api_url=workspace[1].replace("http:", "https:"))
    assert transport.post(payload()).kind is OutcomeKind.NOT_POSTED


def test_a_name_that_the_token_may_not_set_is_left_out_and_not_tried_again(
    slack: Slack, transport: SlackTransport
) -> None:
    outcomes = [transport.post(payload(username="Trailbell")) for _ in range(2)]
    assert [outcome.kind for outcome in outcomes] == [OutcomeKind.SENT] * 2
    assert ["username" in entry["payload"] for entry in slack.journal] == [True, False, False]


def test_a_missing_scope_without_a_name_is_the_destinations(
    slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = "missing_scope"
    outcome = transport.post(payload(username="Trailbell"))
    assert (outcome.kind, len(slack.journal)) == (OutcomeKind.DESTINATION_REFUSED, 2)


def test_an_update_changes_the_message(slack: Slack, transport: SlackTransport) -> None:
    first = transport.post(payload())
    assert first.ts
    assert first.channel_id
    transport.update(first.channel_id, first.ts, payload(text="hello × 2"))
    assert [message["text"] for message in slack.channels["CALARMS"]] == ["hello × 2"]


def test_an_update_of_a_message_that_is_gone_is_refused(transport: SlackTransport) -> None:
    outcome = transport.update("CALARMS", "1.000001", payload())
    assert (outcome.kind, outcome.reason) == (OutcomeKind.PAYLOAD_REFUSED, "message_not_found")


def test_a_post_that_ended_badly_is_found_by_its_id(
    slack: Slack, transport: SlackTransport
) -> None:
    slack.script = ["drop_after"]
    transport.post(payload())
    search = transport.find("CALARMS", "p1", datetime.now(UTC))
    assert (search.sought, search.ts) == (Sought.FOUND, slack.journal[0]["ts"])


def test_a_post_that_never_arrived_is_not_found(slack: Slack, transport: SlackTransport) -> None:
    slack.script = ["drop_before"]
    transport.post(payload())
    assert transport.find("CALARMS", "p1", datetime.now(UTC)).sought is Sought.NOT_FOUND


def test_a_post_is_found_behind_many_others(slack: Slack, transport: SlackTransport) -> None:
    for number in range(450):
        slack.answer("chat.postMessage", {"channel": "CALARMS", "text": str(number)})
    slack.channels["CALARMS"].insert(0, {**payload(), "ts": f"{datetime.now(UTC).timestamp()}"})
    assert transport.find("CALARMS", "p1", datetime.now(UTC)).sought is Sought.FOUND


def test_a_history_too_long_to_be_sure_counts_as_unsupported(
    slack: Slack, transport: SlackTransport
) -> None:
    for number in range(601):
        slack.answer("chat.postMessage", {"channel": "CALARMS", "text": str(number)})
    assert transport.find("CALARMS", "p1", datetime.now(UTC)).sought is Sought.UNSUPPORTED


def test_without_the_scope_history_is_asked_for_once(
    slack: Slack, transport: SlackTransport
) -> None:
    slack.scopes.discard("channels:history")
    found = [transport.find("CALARMS", "p1", datetime.now(UTC)).sought for _ in range(2)]
    assert found == [Sought.UNSUPPORTED] * 2
    assert len(slack.journal) == 1


@pytest.mark.parametrize("behaviour", ["channel_not_found", "invalid_blocks"])
def test_a_history_that_slack_refuses_to_show_counts_as_unsupported(
    behaviour: str, slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = behaviour
    assert transport.find("CALARMS", "p1", datetime.now(UTC)).sought is Sought.UNSUPPORTED


def test_a_history_without_a_list_of_messages_proves_nothing(
    slack: Slack, transport: SlackTransport
) -> None:
    slack._history = lambda arguments: {"ok": True}  # type: ignore[method-assign]
    assert transport.find("CTRAILBELL", "post-1", datetime.now(UTC)).sought is Sought.FAILED


def test_a_search_that_slack_cannot_answer_says_why(
    slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = "503"
    search = transport.find("CALARMS", "p1", datetime.now(UTC))
    assert search.outcome is not None
    assert (search.sought, search.outcome.kind) == (Sought.FAILED, OutcomeKind.AMBIGUOUS)


@pytest.mark.parametrize("token", ["", "  ", "xoxb\nHost: evil", "xoxb-ü"])
def test_a_token_that_cannot_be_one_is_refused_before_any_request(
    token: str, workspace: tuple[Slack, str], slack: Slack
) -> None:
    outcome = SlackTransport(token, api_url=workspace[1]).post(payload())
    assert (outcome.kind, slack.journal) == (OutcomeKind.DESTINATION_REFUSED, [])
