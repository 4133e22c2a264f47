"""Outcome: what became of one call to a channel (pure).

No channel that we know has an idempotency key, so what matters is whether the message can have
been posted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

# The longest pause that a channel's Retry-After is believed for.
LONGEST_RETRY_AFTER_SECONDS = 6 * 3600.0
# Reasons of an ambiguous outcome after which the request may still be under way: a Lambda that was
# frozen with it thaws minutes later.
NO_ANSWER_IN_TIME = "no answer in time"
NO_ANSWER = frozenset({NO_ANSWER_IN_TIME, "TimeoutError"})


class OutcomeKind(Enum):
    """The classes of outcome: they differ in what follows."""

    SENT = "sent"
    NOT_POSTED = "not_posted"  # surely: rate limited, refused, no DNS, no TLS
    AMBIGUOUS = "ambiguous"  # posted or not, nobody knows
    PAYLOAD_REFUSED = "payload_refused"
    DESTINATION_REFUSED = "destination_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one call came to; `reason` in the channel's words, `retry_after` in seconds.

    Of the surely-not-posted only a rate limit has a `retry_after`: the others never arrived.
    `gone` says that the message that an update was for is there no more, or cannot be changed.
    `at` is the channel's own time when it answered; None where no answer told it.
    """

    kind: OutcomeKind
    reason: str = ""
    retry_after: float | None = None
    ts: str | None = None
    channel_id: str | None = None
    gone: bool = False
    at: datetime | None = None


def sent(ts: str, channel_id: str) -> Outcome:
    """The channel took it."""
    return Outcome(kind=OutcomeKind.SENT, reason="ok", ts=ts, channel_id=channel_id)


def not_posted(reason: str, retry_after: float | None = None) -> Outcome:
    """The channel surely has no such message."""
    return Outcome(kind=OutcomeKind.NOT_POSTED, reason=reason, retry_after=retry_after)


def ambiguous(reason: str) -> Outcome:
    """Nobody knows."""
    return Outcome(kind=OutcomeKind.AMBIGUOUS, reason=reason)


def payload_refused(reason: str) -> Outcome:
    """The message is wrong in itself."""
    return Outcome(kind=OutcomeKind.PAYLOAD_REFUSED, reason=reason)


def message_gone(reason: str) -> Outcome:
    """What was to be updated is there no more."""
    return Outcome(kind=OutcomeKind.PAYLOAD_REFUSED, reason=reason, gone=True)


def destination_refused(reason: str) -> Outcome:
    """The token or channel is wrong: a person must act."""
    return Outcome(kind=OutcomeKind.DESTINATION_REFUSED, reason=reason)


class Sought(Enum):
    """What looking for a post in the channel's history came to."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    UNSUPPORTED = "unsupported"  # no scope for it, or the history is too long to be sure
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Where a post is: `ts` when found, `outcome` when the search itself failed, `at` the
    channel's own time when it answered.
    """

    sought: Sought
    ts: str | None = None
    outcome: Outcome | None = None
    at: datetime | None = None
