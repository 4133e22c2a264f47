"""What Slack says of the token and of a channel: auth.test and conversations.info.

Source: docs.slack.dev, auth.test, conversations.info and "Scopes".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.delivery.outcome import Outcome, OutcomeKind
from chalicelib.slack.calls import SCOPES

Ask = Callable[[str, dict[str, Any]], dict[str, Any] | Outcome]


class StandingError(Exception):
    """Slack did not answer, or not what was asked; its word or what went wrong."""


def token_of(ask: Ask) -> tuple[str, frozenset[str] | None]:
    """Slack's word for why it refuses the token, "" where it takes it, and the token's scopes
    where Slack names them. Raises StandingError.
    """
    answer = ask("auth.test", {})
    if isinstance(answer, Outcome):
        return _refusal(answer), None
    scopes = answer.get(SCOPES)
    if not isinstance(scopes, str):
        return "", None
    return "", frozenset(filter(None, map(str.strip, scopes.split(","))))


def place_of(ask: Ask, channel_id: str) -> dict[str, Any] | str:
    """The channel as Slack knows it, or its word for why it says nothing. Raises StandingError."""
    answer = ask("conversations.info", {"channel": channel_id})
    if isinstance(answer, Outcome):
        return _refusal(answer)
    channel = answer.get("channel")
    if not isinstance(channel, dict):
        raise StandingError("ok without a channel")
    return channel


def _refusal(outcome: Outcome) -> str:
    if outcome.kind is OutcomeKind.DESTINATION_REFUSED and outcome.reason:
        return outcome.reason
    raise StandingError(outcome.reason or outcome.kind.value)
