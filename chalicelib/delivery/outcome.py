"""Outcome: what became of one Slack call, and the words by which Slack says so (pure).

Slack has no idempotency key, so what matters is whether the message can have been posted.
Source of the error names: docs.slack.dev, chat.postMessage, chat.update, conversations.history.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum

# A Retry-After that is missing or unreadable, and the longest that is believed.
RETRY_AFTER_SECONDS = 30.0
LONGEST_RETRY_AFTER_SECONDS = 900.0

RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
PAYLOAD_REFUSED = frozenset(
    {
        "invalid_arguments",
        "invalid_attachments",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "markdown_text_conflict",
        "metadata_must_be_sent_from_app",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
        "too_many_contact_cards",
    }
)
DESTINATION_REFUSED = frozenset(
    {
        "access_denied",
        "account_inactive",
        "channel_not_found",
        "ekm_access_denied",
        "invalid_auth",
        "is_archived",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "not_in_channel",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
# Reasons of an ambiguous outcome after which the request may still be under way: a Lambda that was
# frozen with it thaws minutes later.
NO_ANSWER = frozenset({"no answer in time", "TimeoutError"})
# Answers of chat.update about a message that is there no more, or cannot be changed.
MESSAGE_GONE = frozenset(
    {
        "cant_update_message",
        "edit_window_closed",
        "message_not_found",
        "msg_not_found",
        "update_failed",
    }
)


class OutcomeKind(Enum):
    """The classes of outcome: they differ in what follows."""

    SENT = "sent"
    NOT_POSTED = "not_posted"  # surely: rate limited, refused, no DNS, no TLS
    AMBIGUOUS = "ambiguous"  # posted or not, nobody knows
    PAYLOAD_REFUSED = "payload_refused"
    DESTINATION_REFUSED = "destination_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one call came to; `reason` in Slack's words, `retry_after` in seconds.

    Of the surely-not-posted only a rate limit has a `retry_after`: the others never reached Slack.
    """

    kind: OutcomeKind
    reason: str = ""
    retry_after: float | None = None
    ts: str | None = None
    channel_id: str | None = None


def sent(ts: str, channel_id: str) -> Outcome:
    """Slack took it."""
    return Outcome(kind=OutcomeKind.SENT, reason="ok", ts=ts, channel_id=channel_id)


def not_posted(reason: str, retry_after: float | None = None) -> Outcome:
    """Slack surely has no such message."""
    return Outcome(kind=OutcomeKind.NOT_POSTED, reason=reason, retry_after=retry_after)


def ambiguous(reason: str) -> Outcome:
    """Nobody knows."""
    return Outcome(kind=OutcomeKind.AMBIGUOUS, reason=reason)


def payload_refused(reason: str) -> Outcome:
    """The message is wrong in itself."""
    return Outcome(kind=OutcomeKind.PAYLOAD_REFUSED, reason=reason)


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
    """Where a post is: `ts` when found, `outcome` when the search itself failed."""

    sought: Sought
    ts: str | None = None
    outcome: Outcome | None = None


def classify(status: int, error: str, retry_after: str | None, now: datetime) -> Outcome:
    """The outcome of an answer that is not ok: HTTP status, Slack's error, the header's text."""
    if status == 429 or error in RATE_LIMITED:
        return not_posted("ratelimited", retry_after_seconds(retry_after, now))
    if status >= 500:
        return ambiguous(f"HTTP {status}")
    if error in PAYLOAD_REFUSED or error.startswith("invalid_blocks") or error in MESSAGE_GONE:
        return payload_refused(error)
    if error in DESTINATION_REFUSED or error.startswith("restricted_action"):
        return destination_refused(error)
    word = error if error.isascii() and error.replace("_", "").isalnum() else f"HTTP {status}"
    return ambiguous(word[:80])


def retry_after_seconds(text: str | None, now: datetime) -> float:
    """Read a Retry-After in seconds or as an HTTP date; garbage counts as 30 s, 15 min at most."""
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_RETRY_AFTER_SECONDS)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return RETRY_AFTER_SECONDS
    seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
    return min(max(seconds, 1.0), LONGEST_RETRY_AFTER_SECONDS)
