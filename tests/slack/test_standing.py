"""What Slack says of the token and of a channel, over real HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.delivery.outcome import Outcome, ambiguous, destination_refused, not_posted
from chalicelib.slack.calls import SCOPES
from chalicelib.slack.client import SlackTransport
from chalicelib.slack.standing import StandingError, place_of, token_of
from tests.slack.stub import Slack, serving

TOKEN = "-".join(("xoxb", "1", "2", "example"))
CHANNEL = "C0123456789"


def saying(answer: dict[str, Any] | Outcome) -> Any:
    return lambda _method, _arguments: answer


def test_the_token_is_taken_and_its_scopes_are_read_from_the_answers_header() -> None:
    with serving(Slack(scopes={"chat:write", "channels:read"})) as url:
        found = token_of(SlackTransport(TOKEN, api_url=url).ask)
    assert found == ("", frozenset({"chat:write", "channels:read"}))


def test_a_token_that_is_refused_has_slacks_word() -> None:
    with serving(Slack(behaviour="invalid_auth")) as url:
        assert token_of(SlackTransport(TOKEN, api_url=url).ask) == ("invalid_auth", None)


def test_a_channel_is_read_where_the_token_may() -> None:
    slack = Slack(scopes={"chat:write", "channels:read"}, left={CHANNEL})
    with serving(slack) as url:
        found = place_of(SlackTransport(TOKEN, api_url=url).ask, CHANNEL)
    assert isinstance(found, dict)
    assert (found["is_member"], found["is_archived"]) == (False, False)


def test_without_the_scope_slack_says_so() -> None:
    with serving(Slack(scopes={"chat:write"})) as url:
        ask = SlackTransport(TOKEN, api_url=url).ask
        assert place_of(ask, CHANNEL) == "missing_scope"


def test_an_answer_without_the_header_says_nothing_of_scopes() -> None:
    assert token_of(saying({"ok": True})) == ("", None)
    assert token_of(saying({"ok": True, SCOPES: ""})) == ("", frozenset())


@pytest.mark.parametrize("outcome", [ambiguous("HTTP 503"), not_posted("ratelimited", 30.0)])
def test_an_answer_that_says_nothing_is_none(outcome: Outcome) -> None:
    with pytest.raises(StandingError, match=outcome.reason):
        token_of(saying(outcome))
    with pytest.raises(StandingError, match=outcome.reason):
        place_of(saying(outcome), CHANNEL)


def test_an_answer_without_a_channel_is_none() -> None:
    with pytest.raises(StandingError, match="ok without a channel"):
        place_of(saying({"ok": True}), CHANNEL)


def test_a_refusal_to_show_the_channel_is_slacks_word() -> None:
    assert place_of(saying(destination_refused("channel_not_found")), CHANNEL) == (
        "channel_not_found"
    )
