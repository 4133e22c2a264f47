"""Who somebody is in Slack, and writing to them: against the stub over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.delivery.outcome import Outcome, OutcomeKind, ambiguous, destination_refused
from chalicelib.slack.client import SlackTransport
from chalicelib.slack.people import conversation_with, user_id, user_of
from chalicelib.slack.standing import StandingError
from tests.slack.stub import Slack, payload, serving

SCOPES = {"chat:write", "users:read.email", "im:write"}


@pytest.fixture
def slack() -> Slack:
    return Slack(scopes=set(SCOPES), people={"anna@example.com": "U0ANNA"})


@pytest.fixture
def transport(slack: Slack) -> Iterator[SlackTransport]:
    with serving(slack) as url:
        yield SlackTransport("xoxb-test", api_url=url)


def test_a_person_is_found_by_their_address(transport: SlackTransport) -> None:
    assert user_of(transport.ask, "anna@example.com") == "U0ANNA"


def test_whose_id_is_known_is_not_looked_up(slack: Slack, transport: SlackTransport) -> None:
    assert user_of(transport.ask, "U0BOB") == "U0BOB"
    assert slack.journal == []


def test_nobody_has_that_address(transport: SlackTransport) -> None:
    assert user_of(transport.ask, "nobody@example.com") == ""


@pytest.mark.parametrize(
    "user", [{"deleted": True}, {"is_bot": True}, {"id": ""}, {"id": 7}, {"id": "<@U1>"}]
)
def test_who_left_is_a_program_or_no_user_is_nobody(user: dict[str, Any]) -> None:
    answer = {"user": {"id": "U0ANNA", **user}}
    assert user_of(lambda *_: answer, "anna@example.com") == ""


def test_without_the_scopes_nobody_is_found_and_none_written_to(
    slack: Slack, transport: SlackTransport
) -> None:
    slack.scopes = {"chat:write"}
    assert user_of(transport.ask, "anna@example.com") == ""
    assert conversation_with(transport.ask, "U0ANNA") == ""


@pytest.mark.parametrize("behaviour", ["429", "500", "html", "drop_before", "partial"])
def test_where_slack_does_not_answer_that_is_said(
    behaviour: str, slack: Slack, transport: SlackTransport
) -> None:
    slack.behaviour = behaviour
    for ask in (user_of, conversation_with):
        with pytest.raises(StandingError):
            ask(transport.ask, "anna@example.com")


def test_a_message_to_a_person_goes_where_they_and_the_app_write(
    slack: Slack, transport: SlackTransport
) -> None:
    outcome = transport.post(payload(channel="@U0ANNA"))
    assert (outcome.kind, outcome.channel_id) == (OutcomeKind.SENT, "D0ANNA000")
    assert [message["text"] for message in slack.channels["D0ANNA000"]] == ["hello"]
    transport.post(payload(channel="@U0ANNA"), "D0ANNA000")
    assert [entry["method"] for entry in slack.journal] == [
        "conversations.open",
        "chat.postMessage",
        "chat.postMessage",
    ]


def test_whom_the_token_may_not_write_to_gets_nothing(
    slack: Slack, transport: SlackTransport
) -> None:
    slack.scopes = {"chat:write"}
    assert transport.post(payload(channel="@U0ANNA")) == destination_refused(
        "missing_scope: im:write"
    )
    assert slack.channels == {}


@pytest.mark.parametrize("behaviour", ["500", "drop_after", "internal_error", "429"])
def test_while_nothing_can_be_opened_nothing_was_posted(
    behaviour: str, slack: Slack, transport: SlackTransport
) -> None:
    slack.script = [behaviour]
    assert transport.post(payload(channel="@U0ANNA")).kind is OutcomeKind.NOT_POSTED
    assert slack.channels == {}


@given(st.text(max_size=30))
def test_only_a_users_own_channel_is_a_persons(name: str) -> None:
    found = user_id(name)
    assert found == "" or name == f"@{found}"
    assert user_id("#general") == user_id("@here") == user_id("C0123456789") == ""


@given(
    st.dictionaries(
        st.sampled_from(["user", "channel"]),
        st.none() | st.text() | st.dictionaries(st.just("id"), st.none() | st.text() | st.just(1)),
    )
)
def test_whatever_slack_answers_is_an_id_or_nobody(answer: dict[str, Any]) -> None:
    for ask in (user_of, conversation_with):
        assert isinstance(ask(lambda *_: answer, "anna@example.com"), str)


def test_an_unknown_word_is_no_answer() -> None:
    answer: Outcome = ambiguous("a_new_error")
    with pytest.raises(StandingError):
        user_of(lambda *_: answer, "anna@example.com")
