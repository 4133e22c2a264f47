"""What a receiver's answer means, by its status (pure).

Source: Standard Webhooks 1.0.0, "Webhook delivery": 2xx is taken; 410 asks for no more, 429 for a
pause; redirects are not followed. RFC 9110, 15, for the rest.
"""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from chalicelib.delivery.http_times import retry_after_seconds
from chalicelib.delivery.outcome import (
    Outcome,
    ambiguous,
    destination_refused,
    not_posted,
    payload_refused,
    sent,
)
from chalicelib.settings import WEBHOOK

# What another body may mend: the plainer forms are tried.
_PAYLOAD = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
# These say nothing of whether it was taken: who asks again may be answered otherwise.
_OPEN = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY)


def outcome_of(status: int, retry_after: str | None, webhook_id: str, now: datetime) -> Outcome:
    """What became of a request; `now` is what a date in Retry-After is read against."""
    reason = f"HTTP {status}"
    if 200 <= status < 300:
        return sent(webhook_id, WEBHOOK)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return not_posted("ratelimited", retry_after_seconds(retry_after, now))
    if status in _PAYLOAD:
        return payload_refused(reason)
    if 300 <= status < 500 and status not in _OPEN:
        return destination_refused(reason)
    return ambiguous(reason)
