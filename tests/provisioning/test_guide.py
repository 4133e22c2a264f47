"""A guided deployment: what is said and asked, and what Slack is tried with before it is stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.delivery.outcome import destination_refused
from chalicelib.monitoring.channels import SlackError, Token
from provisioning import commands
from provisioning.errors import OperatorError
from provisioning.operator import Operator, Walk
from provisioning.parameters import Values
from tests.provisioning.account import ACCOUNT, CHANNEL, REGION, SLACK_TOKEN, Account

SIGNING = "-".join(("of", "slack"))


def somebody(account: Account, *answers: str, walk: Walk | None = Walk.FIRST) -> Operator:
    """At a terminal, with answers in the order of the questions; then nothing."""
    given = iter(answers)

    def ask(question: str) -> str:
        account.printed.write(f"? {question}\n")
        return next(given, "")

    return replace(account.operator(), ask=ask, ask_secret=ask, terminal=True, walk=walk)


@pytest.fixture
def bare(account: Account) -> Account:
    """Nobody gave values in the environment."""
    account.request = replace(account.request, values=Values())
    return account


def applied(account: Account, operator: Operator) -> str:
    """What apply said."""

    def run() -> None:
        commands.apply(account.aws, account.request, operator)

    return account.output_of(run)


def kept(account: Account) -> dict[str, str]:
    ssm = account.client("ssm")
    found = ssm.get_parameters_by_path(Path="/trailbell-dev", WithDecryption=True)["Parameters"]
    return {one["Name"].rpartition("/")[2]: one["Value"] for one in found}


def test_it_says_where_it_goes_and_how_to_undo_it_before_it_asks_for_a_secret(
    bare: Account,
) -> None:
    bare.answer = False

    said = applied(bare, somebody(bare))

    assert f"It goes to account {ACCOUNT}, region {REGION}, as arn:aws:" in said
    assert "Undo: make destroy STAGE=dev" in said
    assert said.rstrip().endswith("Nothing was changed.")
    assert "?" not in said
    assert bare.recorder.changes == []


@pytest.mark.parametrize(
    ("yes", "why"), [(True, "--yes is given"), (False, "there is no terminal")]
)
def test_where_nobody_is_asked_it_says_so(bare: Account, yes: bool, why: str) -> None:
    said = applied(bare, replace(somebody(bare), yes=yes, terminal=yes))

    assert f"Nobody is asked, since {why}" in said
    assert "installation" in kept(bare)


def test_it_shows_the_manifest_and_keeps_what_slack_takes(bare: Account) -> None:
    said = applied(bare, somebody(bare, SLACK_TOKEN, SIGNING, CHANNEL))

    assert '"slash_commands"' in said
    assert "https://api.slack.com/apps > Create New App > From a manifest" in said
    assert "Slack takes the token (auth.test)." in said
    assert f"Slack has a first message in {CHANNEL}." in said
    assert SLACK_TOKEN not in said
    assert SIGNING not in said
    found = kept(bare)
    assert (found["slack-token"], found["slack-channel"]) == (SLACK_TOKEN, CHANNEL)
    assert found["slack-signing-secret"] == SIGNING
    (message,) = bare.slack.posted
    assert message["channel"] == CHANNEL
    assert f"account {ACCOUNT}" in message["text"]


def test_a_token_that_slack_refuses_is_asked_for_again_and_never_stored(bare: Account) -> None:
    bare.slack.said = Token(refusal="invalid_auth", step="Give SLACK_TOKEN the bot token.")

    said = applied(bare, somebody(bare, SLACK_TOKEN, "no token", SLACK_TOKEN))

    assert said.count("Slack refuses this token: invalid_auth. Give SLACK_TOKEN") == 2
    assert "That is no bot token" in said
    assert "No token after 3 tries" in said
    assert "slack-token" not in kept(bare)


def test_a_token_without_the_scope_to_write_is_no_better(bare: Account) -> None:
    bare.slack.said = Token(scopes=frozenset({"channels:read"}))

    said = applied(bare, somebody(bare, SLACK_TOKEN))

    assert "it lacks the scope chat:write" in said
    assert "slack-token" not in kept(bare)


def test_a_refused_token_of_the_environment_stops_before_anything_is_made(
    account: Account,
) -> None:
    account.slack.said = Token(refusal="token_revoked", step="Give another.")

    with pytest.raises(OperatorError, match="Slack refuses SLACK_TOKEN: token"):
        account.apply()
    assert account.recorder.changes == []


def test_where_slack_cannot_be_asked_the_token_is_kept_untried(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Token:
        raise SlackError("no way there")

    monkeypatch.setattr(account.slack, "token", away)

    said = account.output_of(account.apply)

    assert "Slack could not be asked (no way there)" in said
    assert kept(account)["slack-token"] == SLACK_TOKEN


def test_a_channel_that_does_not_take_the_message_is_tried_again_or_changed(
    bare: Account,
) -> None:
    bare.slack.outcomes = [destination_refused("not_in_channel")] * 2

    said = applied(bare, somebody(bare, SLACK_TOKEN, "", "#first", "", "#second"))

    assert "did not take a message in #first: not_in_channel. Invite the app" in said
    assert [one["channel"] for one in bare.slack.posted] == ["#first", "#first", "#second"]
    assert kept(bare)["slack-channel"] == "#second"


def test_it_can_go_on_with_a_channel_that_does_not_work_yet(bare: Account) -> None:
    bare.slack.outcomes = [destination_refused("channel_not_found")]

    applied(bare, somebody(bare, SLACK_TOKEN, "", "#later", "-"))

    assert kept(bare)["slack-channel"] == "#later"


def test_without_a_terminal_a_channel_that_does_not_work_is_said_and_nothing_asked(
    account: Account,
) -> None:
    account.slack.outcomes = [destination_refused("not_in_channel")]

    said = account.output_of(account.apply)

    assert "Slack did not take a message" in said
    assert len(account.slack.posted) == 1


def test_what_is_stored_already_is_not_tried_again(account: Account) -> None:
    account.apply()
    account.slack.posted.clear()

    account.apply()

    assert account.slack.posted == []


def test_at_the_end_a_terminal_gets_the_pages_link_with_its_token(account: Account) -> None:
    applied(account, somebody(account))
    account.deploy()

    said = applied(account, somebody(account, walk=Walk.LAST))

    url = kept(account)["public-url"]
    assert f"{url}#token={kept(account)['api-token']}" in said
    assert f"slack-manifest --url {url}" in said
    assert "setup_resources.py test-alert --stage dev" in said
    assert "make destroy STAGE=dev" in said


@pytest.mark.parametrize("walk", [*Walk, None])
def test_elsewhere_no_token_is_printed_but_where_it_is(account: Account, walk: Walk | None) -> None:
    account.deploy()
    operator = replace(account.operator(), walk=walk)

    said = applied(account, operator) + applied(account, operator)

    assert "/trailbell-dev/api-token" in said
    assert kept(account)["api-token"] not in said


def test_on_a_terminal_without_a_walk_the_token_is_shown_once(account: Account) -> None:
    said = applied(account, somebody(account, walk=None))

    assert kept(account)["api-token"] in said
    assert kept(account)["api-token"] not in applied(account, somebody(account, walk=None))
