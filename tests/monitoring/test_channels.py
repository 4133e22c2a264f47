"""How Slack's answers about the token and the channels are judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.alerts.channel import Channel
from chalicelib.monitoring.answers import Answered, Finding
from chalicelib.monitoring.channels import (
    MOST_CHANNELS,
    Place,
    SlackError,
    Token,
    check_slack,
)

HERE = Place(name="security")
EVERY = frozenset({"chat:write", "channels:history", "chat:write.customize", "channels:read"})
TAKEN = Token(scopes=EVERY)
SECURITY = Channel(name="#security", channel_id="C0123456789")


@dataclass
class Answers:
    """Slack's; all is well to begin with."""

    said: Token | None = TAKEN
    known: Place | None = HERE
    fails: bool = False
    skew: float | None = None
    asked: list[str] = field(default_factory=list)

    def token(self) -> Token:
        if self.said is None:
            raise SlackError("TimeoutError")
        return self.said

    def place(self, channel_id: str) -> Place | None:
        self.asked.append(channel_id)
        if self.fails:
            raise SlackError("HTTP 503")
        return self.known


def findings(answers: Answers, *channels: Channel, named: bool = True) -> dict[str, Finding]:
    found = check_slack(answers, channels or (SECURITY,), named=named)
    return {finding.check: finding for finding in found}


def answers_of(found: dict[str, Finding]) -> dict[str, str]:
    return {check: finding.answered.value for check, finding in found.items()}


def test_where_slack_takes_us_every_check_is_ok() -> None:
    found = findings(Answers())
    assert set(found) == {"token", "scopes", "channel", "channel-name"}
    assert {finding.answered for finding in found.values()} == {Answered.OK}


@pytest.mark.parametrize(
    ("changes", "check", "answered", "text"),
    [
        (
            {"said": Token("token_revoked")},
            "token",
            Answered.FAILING,
            "Slack refuses the token: token_revoked.",
        ),
        ({"said": None}, "token", Answered.UNKNOWN, "auth.test: TimeoutError"),
        (
            {"said": Token(scopes=frozenset({"channels:history"}))},
            "scopes",
            Answered.FAILING,
            "The token lacks the scope chat:write: nothing can be posted. Give the app that scope"
            " and install it again.",
        ),
        (
            {"said": Token(scopes=EVERY - {"channels:history"})},
            "scopes",
            Answered.LACKING,
            "The token lacks the scope channels:history or groups:history: what may have been"
            " posted is posted again, marked as a possible repeat. Give the"
            " app that scope and install it again.",
        ),
        (
            {"said": Token(scopes=EVERY - {"chat:write.customize"})},
            "scopes",
            Answered.LACKING,
            "The token lacks the scope chat:write.customize: messages go without SLACK_USERNAME."
            " Give the app that scope and install it again.",
        ),
        (
            {"said": Token()},
            "scopes",
            Answered.UNASKED,
            "Slack did not say which scopes the token has.",
        ),
        (
            {"known": Place(name="security", is_member=False)},
            "channel",
            Answered.FAILING,
            "The app is not in #security.",
        ),
        (
            {"known": Place(name="security", is_archived=True)},
            "channel",
            Answered.FAILING,
            "#security is archived.",
        ),
        (
            {"known": Place(refusal="channel_not_found")},
            "channel",
            Answered.FAILING,
            "Slack says of #security: channel_not_found.",
        ),
        (
            {"known": Place(name="general")},
            "channel-name",
            Answered.LACKING,
            "What was #security is #general now: alerts follow it there.",
        ),
        (
            {"known": None},
            "channel",
            Answered.UNASKED,
            "Slack does not say of #security without the scope channels:read (groups:read for a"
            " private one).",
        ),
        ({"fails": True}, "channel", Answered.UNKNOWN, "conversations.info of #security: HTTP 503"),
    ],
)  # fmt: skip
def test_what_slack_says_is_judged(
    changes: dict[str, Any], check: str, answered: Answered, text: str
) -> None:
    found = findings(Answers(**changes))
    assert found[check] == Finding(check, answered, text)


def test_a_name_of_our_choice_is_not_asked_for_where_none_is_set() -> None:
    plain = Answers(said=Token(scopes=frozenset({"chat:write", "groups:history"})))
    assert answers_of(findings(plain, named=False))["scopes"] == "ok"


def test_while_the_token_is_refused_the_channels_keep_their_last_answers() -> None:
    assert answers_of(findings(Answers(said=Token("invalid_auth")))) == {"token": "failing"}


def test_a_channel_that_never_had_a_message_has_no_id_to_ask_by() -> None:
    slack = Answers()
    findings(slack, Channel(name="#new"))
    assert slack.asked == []


def test_a_channel_that_is_named_by_its_id_has_no_name_to_lose() -> None:
    by_id = Channel(name="C0123456789", channel_id="C0123456789")
    assert answers_of(findings(Answers(), by_id))["channel-name"] == "ok"


def test_many_channels_are_asked_within_slacks_rate() -> None:
    slack = Answers()
    findings(slack, *(Channel(name=f"#c{n}", channel_id=f"C{n}") for n in range(50)))
    assert len(slack.asked) == MOST_CHANNELS


@pytest.mark.parametrize("other", [None, "fails"])
def test_a_channel_that_slack_says_nothing_of_hides_no_other_that_we_are_not_in(
    other: str | None,
) -> None:
    class Slack(Answers):
        def place(self, channel_id: str) -> Place | None:
            if channel_id != "C0000000000":
                return Place(name="security", is_member=False, step="Invite it.")
            if other:
                raise SlackError("HTTP 503")
            return None

    hidden = Channel(name="#private", channel_id="C0000000000")
    for order in ((SECURITY, hidden), (hidden, SECURITY)):
        text = "The app is not in #security. Invite it."
        assert findings(Slack(), *order)["channel"] == Finding("channel", Answered.FAILING, text)


def test_what_is_wrong_with_the_token_names_what_to_do() -> None:
    refused = findings(Answers(said=Token("token_revoked", step="Give it another.")))
    assert refused["token"].text == "Slack refuses the token: token_revoked. Give it another."
