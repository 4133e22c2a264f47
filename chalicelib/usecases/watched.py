"""Whom the self-watch asks: AWS where we are deployed, Slack where there is a token."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.delivery.outcome import Outcome
from chalicelib.delivery.run import Run
from chalicelib.monitoring.asking import asking
from chalicelib.monitoring.aws_coverage import AwsUpstream
from chalicelib.monitoring.aws_functions import AwsFunctions
from chalicelib.monitoring.channels import Place, Slack, SlackError, Token
from chalicelib.monitoring.functions import Functions
from chalicelib.monitoring.metrics import Metric
from chalicelib.monitoring.pattern_check import Wanted
from chalicelib.monitoring.upstream import Upstream, UpstreamError
from chalicelib.parameters import PREFIX, SecretError, secret, secret_anew
from chalicelib.rules.place import RulesError
from chalicelib.settings import Settings
from chalicelib.slack.calls import AT
from chalicelib.slack.client import SlackTransport
from chalicelib.slack.next_steps import next_step
from chalicelib.slack.standing import Ask, StandingError, place_of, token_of
from chalicelib.usecases.parts import Parts

# What `setup_resources.py apply` keeps there of what the operator chose.
INSTALLATION, PINNED = "installation", "filter_pattern"
# One call takes up to 5.5 s; what was found must be kept.
SLACK_MILLIS = 10_000.0


def _nothing_measured(metrics: Iterable[Metric]) -> None:
    """Where nobody reads metrics."""


def _by_log() -> bool:
    return False


def _no_rules() -> Wanted:
    raise UpstreamError("no rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Whom there is to ask; None where there is no such thing here.

    `parameters` are the SSM parameters that the settings name, `token` Slack's among them. `named`
    is whether messages carry a name of our choice, `by_files` whether records come by S3.
    """

    deployment: str = ""
    upstream: Upstream | None = None
    by_files: Callable[[], bool] = _by_log
    functions: Functions | None = None
    slack: Slack | None = None
    wanted: Callable[[], Wanted] = _no_rules
    parameters: Collection[str] = ()
    token: str | None = None
    named: bool = False
    measure: Callable[[Iterable[Metric]], None] = _nothing_measured


def watched(parts: Parts, run: Run) -> Watched:
    """AWS where we are deployed, Slack where there is a token."""
    settings, transport = parts.settings, run.transport
    slack = None
    if isinstance(transport, SlackTransport):
        slack = SlackAnswers(transport.ask, run.millis_left, run.now)
    token = settings.slack_token or ""
    deployment = settings.deployment
    if deployment is None:
        return Watched(slack=slack, named=bool(settings.slack_username))
    aws = asking(run.millis_left)
    return Watched(
        deployment=deployment,
        upstream=AwsUpstream(f"{deployment}-ingest_logs", aws),
        by_files=lambda: _is_set(settings.trail_bucket, parts),
        functions=AwsFunctions(deployment, aws),
        slack=slack,
        wanted=lambda: _wanted(parts, deployment),
        parameters=_parameters(settings),
        token=token.removeprefix(PREFIX) if token.startswith(PREFIX) else None,
        named=_is_set(settings.slack_username, parts),
        measure=parts.log.measure,
    )


def _wanted(parts: Parts, deployment: str) -> Wanted:
    """The rules and the pin: the rules' own setting, else the operator's choice."""
    try:
        ruleset = parts.ruleset
        pinned = ruleset.settings.subscription_filter or _chosen(deployment, parts.now())
    except (RulesError, SecretError) as error:
        raise UpstreamError(str(error)) from error
    return Wanted(ruleset.rules, pinned)


def _chosen(deployment: str, now: datetime) -> str:
    # Anew, since `apply` has changed the filter as well.
    kept = secret_anew(f"{PREFIX}/{deployment}/{INSTALLATION}", now)
    try:
        choices = json.loads(kept or "{}")
    except ValueError:
        return ""
    return str(choices.get(PINNED) or "") if isinstance(choices, dict) else ""


def _parameters(settings: Settings) -> tuple[str, ...]:
    """The names of the SSM parameters that the settings hold."""
    chosen = (
        settings.slack_token,
        settings.slack_channel,
        settings.slack_username,
        settings.slack_signing_secret,
        settings.api_token,
        settings.public_url,
        settings.trail_bucket,
        settings.webhook_url,
        settings.webhook_secret,
    )
    return tuple(
        value.removeprefix(PREFIX) for value in chosen if value and value.startswith(PREFIX)
    )


def _is_set(setting: str | None, parts: Parts) -> bool:
    """Whether there is a value; no, where that cannot be known."""
    try:
        return bool(secret(setting, parts.now()))
    except SecretError:
        return False


class SlackAnswers:
    """Slack as the checks ask it, while there is time."""

    def __init__(
        self, ask: Ask, millis_left: Callable[[], float], now: Callable[[], datetime]
    ) -> None:
        self.skew: float | None = None
        self._slack = ask
        self._millis_left = millis_left
        self._now = now

    def token(self) -> Token:
        try:
            refusal, scopes = token_of(self._ask)
        except StandingError as error:
            raise SlackError(str(error)) from error
        return Token(refusal, scopes, next_step(refusal))

    def place(self, channel_id: str) -> Place | None:
        try:
            found = place_of(self._ask, channel_id)
        except StandingError as error:
            raise SlackError(str(error)) from error
        if isinstance(found, str):
            return None if found == "missing_scope" else Place(refusal=found, step=next_step(found))
        is_member, is_archived = (
            found.get("is_member") is not False,
            found.get("is_archived") is True,
        )
        word = "is_archived" if is_archived else "" if is_member else "not_in_channel"
        return Place(str(found.get("name") or ""), is_member, is_archived, step=next_step(word))

    def _ask(self, method: str, arguments: dict[str, Any]) -> dict[str, Any] | Outcome:
        if self._millis_left() < SLACK_MILLIS:
            raise SlackError("there was no time left")
        answer = self._slack(method, arguments)
        at = answer.at if isinstance(answer, Outcome) else answer.get(AT)
        if isinstance(at, datetime):
            self.skew = (at - self._now()).total_seconds()
        return answer
