"""Who sits before setup_resources.py, and whom it asks besides AWS."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any, Protocol

import click
from rich.console import Console

from chalicelib.bootstrap import now
from chalicelib.delivery.outcome import Outcome
from chalicelib.monitoring.channels import Slack, Token
from chalicelib.settings import Settings
from chalicelib.slack.client import SlackTransport
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.usecases.watched import SlackAnswers
from provisioning.aws import Aws
from provisioning.watching import NO_HASTE, Outside


class Walk(Enum):
    """Which of a deployment's two runs of apply it is: that before the functions, or after."""

    FIRST = "first"
    LAST = "last"


class Workspace(Protocol):
    """Slack with a token that nobody has stored yet."""

    def token(self) -> Token:
        """Whether Slack takes it. Raises SlackError."""

    def post(self, payload: dict[str, Any]) -> Outcome:
        """One message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who sits before it: prints go to `console`; each question is a function, so tests answer.

    `ask` and `ask_secret` return "" for none; `confirm` is whether to go on. `terminal` is whether
    anybody can answer, `yes` whether they said that nobody need ask. `slack` is the workspace of a
    token, `walk` which part of a guided deployment it is, where it is one.
    """

    console: Console
    ask: Callable[[str], str]
    ask_secret: Callable[[str], str]
    confirm: Callable[[str], bool]
    slack: Callable[[str], Workspace]
    terminal: bool = False
    yes: bool = False
    walk: Walk | None = None

    def say(self, text: str, style: str | None = None) -> None:
        """Print it as it is."""
        self.console.print(text, style=style, highlight=False, markup=False)


class _Workspace:
    """The real one, or whatever SLACK_API_URL names."""

    def __init__(self, transport: SlackTransport) -> None:
        self.token = _answers(transport).token
        self.post = transport.post


def operator(
    config: Mapping[str, Any] | None = None, *, yes: bool, walk: str | None = None
) -> Operator:
    """Whoever runs the command; `config` is the stage's part of .chalice/config.json."""
    terminal = sys.stdin.isatty()

    def ask(question: str, *, hide: bool = False) -> str:
        if not terminal:
            return ""
        return str(click.prompt(question, hide_input=hide, default="", show_default=False))

    chosen = Walk(walk) if walk else None
    unasked = yes or (chosen is not None and not terminal)
    return Operator(
        console=Console(soft_wrap=True),
        ask=ask,
        ask_secret=partial(ask, hide=True),
        confirm=lambda question: unasked or click.confirm(question),
        slack=lambda token: _Workspace(_transport(token, config or {})),
        terminal=terminal,
        yes=yes,
        walk=chosen,
    )


def outside(aws: Aws, config: Mapping[str, Any]) -> Outside:
    """Slack and the store, for `status`."""

    def slack(token: str) -> Slack:
        return _answers(_transport(token, config))

    return Outside(slack=slack, store=lambda table: dynamodb_store(aws.client("dynamodb"), table))


def _transport(token: str, config: Mapping[str, Any]) -> SlackTransport:
    variables = {**config.get("environment_variables", {}), **os.environ}
    return SlackTransport(token, api_url=Settings.from_env(variables).slack_api_url)


def _answers(transport: SlackTransport) -> SlackAnswers:
    return SlackAnswers(transport.ask, lambda: NO_HASTE, now)
