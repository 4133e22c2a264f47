"""Whether a request is Slack's: HMAC-SHA256 over its raw bytes, within five minutes.

Source: docs.slack.dev, "Verifying requests from Slack". slack_sdk's verifier does the same and
takes 75 ms to import; it is the oracle of tests/web/test_signature.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

TIMESTAMP, SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"
# How far the time of a request may be from ours, either way.
WITHIN_SECONDS = 300
# Slack's own requests are some kilobytes: a message and its buttons.
LONGEST_BODY = 64 * 1024


def wrong_with(
    secret: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> tuple[str, int]:
    """Why the request is not taken for Slack's, in a word, and the status; ("", 200) where it is.

    `headers` are found in any case.
    """
    if len(body) > LONGEST_BODY:
        return "too long", 413
    timestamp, signature = headers.get(TIMESTAMP), headers.get(SIGNATURE)
    if not timestamp or not signature:
        return "unsigned", 401
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return "no time", 401
    if abs(now.timestamp() - int(timestamp)) > WITHIN_SECONDS:
        return "late", 401
    return ("", 200) if _same(signed(secret, timestamp, body), signature) else ("forged", 401)


def signed(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a body that is sent at that time, in seconds since 1970."""
    # Imported here: OpenSSL is a tenth of a cold start, and three of four functions serve no page.
    import hmac

    text = b":".join((b"v0", timestamp.encode(), body))
    return f"v0={hmac.new(secret.encode(), text, 'sha256').hexdigest()}"


def key_of(signature: str) -> str:
    """By what a request is known again: a hash of its signature, 32 hex digits."""
    import hashlib

    return hashlib.sha256(signature.encode(errors="replace")).hexdigest()[:32]


def _same(expected: str, presented: str) -> bool:
    import hmac

    return hmac.compare_digest(expected.encode(), presented.encode(errors="replace"))
