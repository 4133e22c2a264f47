"""A generator of what CloudWatch Logs hands to a Lambda, as chalice.test has for other sources."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable
from typing import Any


def generate_log_subscription_event(
    messages: Iterable[Any],
    *,
    message_type: str = "DATA_MESSAGE",
    log_group: str = "trailbell-dev-cloudtrail",
    filters: tuple[str, ...] = ("trailbell-dev",),
) -> dict[str, Any]:
    """One batch; a message that is no string is written as JSON."""
    texts = [item if isinstance(item, str) else json.dumps(item) for item in messages]
    return packed(
        {
            "messageType": message_type,
            "owner": "111122223333",
            "logGroup": log_group,
            "logStream": "111122223333_CloudTrail_eu-west-1",
            "subscriptionFilters": list(filters),
            "logEvents": [
                {"id": str(at), "timestamp": 1_790_000_000_000 + at, "message": text}
                for at, text in enumerate(texts)
            ],
        }
    )


def packed(batch: Any) -> dict[str, Any]:
    """Any JSON value, wrapped as a subscription filter's payload."""
    return wrapped(gzip.compress(json.dumps(batch).encode()))


def wrapped(data: bytes) -> dict[str, Any]:
    """Any bytes, wrapped as a subscription filter's payload."""
    return {"awslogs": {"data": base64.b64encode(data).decode()}}
