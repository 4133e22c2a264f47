"""Slack's words for what went wrong: what outcome each is (pure).

Source of the names: docs.slack.dev, chat.postMessage, chat.update, conversations.history.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.delivery.http_times import retry_after_seconds
from chalicelib.delivery.outcome import (
    Outcome,
    ambiguous,
    destination_refused,
    message_gone,
    not_posted,
    payload_refused,
)

# Redirects that ask for the same request elsewhere: it was not acted on. After the others it may
# have been: 303 is what follows a deed, and 301 and 302 are used like it. Source: RFC 9110, 15.4.
ASKED_ELSEWHERE = (307, 308)

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
# Of these, what another token may mend: this one was rotated, revoked or ran out.
TOKEN_REFUSED = frozenset({"account_inactive", "invalid_auth", "token_expired", "token_revoked"})
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


def classify(status: int, error: str, retry_after: str | None, now: datetime) -> Outcome:
    """The outcome of an answer that is not ok: HTTP status, Slack's error, the header's text.

    `now` is the answer's own time where it told it: a date in the header is read against that.
    """
    if status == 429 or error in RATE_LIMITED:
        return not_posted("ratelimited", retry_after_seconds(retry_after, now))
    if status in ASKED_ELSEWHERE:
        return not_posted(f"HTTP {status}")
    if status >= 500 or 300 <= status < 400:
        return ambiguous(f"HTTP {status}")
    if error in MESSAGE_GONE:
        return message_gone(error)
    if error in PAYLOAD_REFUSED or error.startswith("invalid_blocks"):
        return payload_refused(error)
    if error in DESTINATION_REFUSED or error.startswith("restricted_action"):
        return destination_refused(error)
    word = error if error.isascii() and error.replace("_", "").isalnum() else f"HTTP {status}"
    return ambiguous(word[:80])
