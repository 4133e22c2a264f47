"""A token is tried before it is stored, and a channel with a message."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.delivery.outcome import Outcome, OutcomeKind
from chalicelib.monitoring.channels import NEEDED, SlackError, Token
from chalicelib.settings import DEFAULT_CHANNEL
from chalicelib.slack.next_steps import next_step
from provisioning.checks import BOT_TOKEN
from provisioning.errors import OperatorError
from provisioning.installation import Installation
from provisioning.operator import Operator, Walk
from provisioning.parameters import Values, title
from provisioning.slack_app import address, manifest, words
from provisioning.survey import Survey

ASKED_AT_MOST = 3
FIRST_QUESTION = "Slack bot token (xoxb-..., empty to set it later)"
SECOND_QUESTION = "Signing secret (empty for no buttons in Slack)"
SKIP = "-"


def with_slack(values: Values, seen: Survey, operator: Operator) -> Values:
    """The values with what Slack needs: asked for where it is missing and somebody can answer, and
    tried where it is new. Raises OperatorError where Slack refuses a token that nobody can correct.
    """
    guided = operator.terminal and operator.walk is Walk.FIRST
    if values.slack_token is None and _kept(seen, "slack-token") is None:
        if guided:
            _explain(seen, operator)
        values = replace(values, slack_token=_asked_token(operator))
        if guided and values.slack_token:
            values = _with_the_rest(values, seen, operator)
    elif _is_new(values.slack_token, seen, "slack-token"):
        _require(values.slack_token or "", operator)
    return _with_channel(values, seen, operator)


def _explain(seen: Survey, operator: Operator) -> None:
    where = address(seen.public_url)
    operator.say("\nSlack: Trailbell is an app of your workspace. Its manifest:\n", style="bold")
    operator.say(manifest(where))
    operator.say(words(where) + "\n")


def _asked_token(operator: Operator) -> str | None:
    """A token that Slack takes, or that nobody could try; None for none."""
    for _ in range(ASKED_AT_MOST):
        given = operator.ask_secret(FIRST_QUESTION).strip()
        if not given:
            return None
        if not BOT_TOKEN.fullmatch(given):
            operator.say("That is no bot token: it begins with xoxb-, and has no spaces.", "red")
        elif not (refusal := _refusal(given, operator)):
            return given
        else:
            operator.say(f"Slack refuses this token: {refusal}", style="red")
    operator.say(f"No token after {ASKED_AT_MOST} tries: it is left open, and apply asks again.")
    return None


def _require(token: str, operator: Operator) -> None:
    if refusal := _refusal(token, operator):
        raise OperatorError(f"Slack refuses SLACK_TOKEN: {refusal} Nothing was made or stored")


def _refusal(token: str, operator: Operator) -> str:
    """Slack's word and what to do; "" where it takes the token, or could not be asked."""
    try:
        said: Token = operator.slack(token).token()
    except SlackError as error:
        operator.say(
            f"Slack could not be asked ({error}): the token is kept untried, and status tries it.",
            style="yellow",
        )
        return ""
    if said.refusal:
        return f"{said.refusal}. {said.step}".rstrip()
    if said.scopes is not None and NEEDED not in said.scopes:
        return f"it lacks the scope {NEEDED}. {next_step('missing_scope')}"
    operator.say("Slack takes the token (auth.test).")
    return ""


def _with_the_rest(values: Values, seen: Survey, operator: Operator) -> Values:
    """What clicks are signed with, and where to tell."""
    if values.slack_signing_secret is None and _kept(seen, "slack-signing-secret") is None:
        secret = operator.ask_secret(SECOND_QUESTION).strip()
        values = replace(values, slack_signing_secret=secret or None)
    if values.slack_channel is None and _kept(seen, "slack-channel") is None:
        channel = operator.ask(f"Channel, by name or id (empty for {DEFAULT_CHANNEL})").strip()
        values = replace(values, slack_channel=channel or None)
    return values


def _with_channel(values: Values, seen: Survey, operator: Operator) -> Values:
    """A message where token or channel is new; whoever can answer may name another channel."""
    token = values.slack_token or _kept(seen, "slack-token")
    channel = values.slack_channel or _kept(seen, "slack-channel") or DEFAULT_CHANNEL
    news = [
        _is_new(values.slack_token, seen, "slack-token"),
        _is_new(values.slack_channel, seen, "slack-channel"),
    ]
    if not token or not any(news):
        return values
    for _ in range(ASKED_AT_MOST):
        outcome = operator.slack(token).post(_message(seen.at, channel))
        if outcome.kind is OutcomeKind.SENT:
            operator.say(f"Slack has a first message in {channel}.")
            return values
        operator.say(_not_told(channel, outcome), style="yellow")
        if not operator.terminal or operator.yes:
            return values
        again = operator.ask(f"Enter tries {channel} again, {SKIP} goes on, or another channel")
        if again.strip() == SKIP:
            return values
        channel = again.strip() or channel
        values = replace(values, slack_channel=channel if again.strip() else values.slack_channel)
    return values


def _message(at: Installation, channel: str) -> dict[str, str]:
    return {
        "channel": channel,
        "text": f"Trailbell ({at.stage}) will tell here what people do in account {at.account}. "
        "This message only tries the channel.",
    }


def _not_told(channel: str, outcome: Outcome) -> str:
    step = next_step(outcome.reason) or "setup_resources.py test-alert tries it again later."
    return f"Slack did not take a message in {channel}: {outcome.reason}. {step}"


def _is_new(value: str | None, seen: Survey, name: str) -> bool:
    return value is not None and value != seen.found[title(seen.at, name)]


def _kept(seen: Survey, name: str) -> str | None:
    """What is stored, where it may be read; "" where it may not."""
    found = seen.found[title(seen.at, name)]
    return found if found is None or isinstance(found, str) else ""
