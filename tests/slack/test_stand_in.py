"""What stands in Slack's place: a terminal that draws, or nothing that refuses."""

from __future__ import annotations

from chalicelib.delivery.outcome import OutcomeKind
from chalicelib.slack.stand_in import NoTransport, TerminalTransport
from tests.slack.stub import payload


def test_without_a_token_nothing_is_posted_and_the_reason_names_it() -> None:
    outcome = NoTransport().post(payload())
    assert (outcome.kind, outcome.reason) == (
        OutcomeKind.DESTINATION_REFUSED,
        "not_authed: no SLACK_TOKEN",
    )


def test_a_terminal_draws_the_payload_that_slack_would_get() -> None:
    drawn: list[str] = []
    terminal = TerminalTransport(lambda payload: payload["text"], drawn.append)
    outcome = terminal.post(payload())
    assert drawn == ["hello"]
    assert outcome.ts
    assert outcome == terminal.post(payload())
