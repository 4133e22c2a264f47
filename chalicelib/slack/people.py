"""People in Slack: who has an e-mail address, and where they are written to in person.

Source: docs.slack.dev, users.lookupByEmail (scope users:read.email) and conversations.open
(im:write).
"""

from __future__ import annotations

import re
from typing import Any

from chalicelib.delivery.outcome import Outcome, OutcomeKind
from chalicelib.rules.destinations import CHANNEL_ID, SLACK_USER
from chalicelib.slack.standing import Ask, StandingError

LOOK_UP, OPEN = "users.lookupByEmail", "conversations.open"
# Slack's words for a person whom nobody can write to.
_NOBODY = frozenset(
    {
        "cannot_dm_bot",
        "invalid_users",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_list_not_supplied",
        "users_not_found",
    }
)


def user_id(channel: str) -> str:
    """The id of the user whose own channel it is, as in "@U0123"; "" of any other channel."""
    return channel[1:] if channel.startswith("@") and SLACK_USER.fullmatch(channel[1:]) else ""


def user_of(ask: Ask, who: str) -> str:
    """The id of the user with that e-mail address, or the id that `who` is already; "" where there
    is none, or where the token may not look. Raises StandingError.
    """
    if SLACK_USER.fullmatch(who):
        return who
    user = _answered(ask(LOOK_UP, {"email": who})).get("user")
    user = user if isinstance(user, dict) else {}
    # One who left, or a program, answers no question.
    gone = user.get("deleted") is True or user.get("is_bot") is True
    return "" if gone else _id(user, SLACK_USER)


def conversation_with(ask: Ask, user_id: str) -> str:
    """The id of the channel in which the app and a person write to each other; "" where they
    cannot, or the token may not. Raises StandingError.
    """
    channel = _answered(ask(OPEN, {"users": user_id})).get("channel")
    return _id(channel if isinstance(channel, dict) else {}, CHANNEL_ID)


def _answered(answer: dict[str, Any] | Outcome) -> dict[str, Any]:
    """What Slack said; nothing where it refuses. Raises StandingError where it did not answer."""
    if not isinstance(answer, Outcome):
        return answer
    if answer.kind is OutcomeKind.DESTINATION_REFUSED or answer.reason in _NOBODY:
        return {}
    raise StandingError(answer.reason or answer.kind.value)


def _id(found: dict[str, Any], form: re.Pattern[str]) -> str:
    value = found.get("id")
    return value if isinstance(value, str) and form.fullmatch(value) else ""
