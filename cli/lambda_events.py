"""What AWS hands to the handlers: batches of records, a minute of the schedule, a context."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson

from cli.sample.calls import ACCOUNT


class Context:
    """What the handlers ask of Lambda's context: here nobody ends them."""

    aws_request_id = "local"

    def get_remaining_time_in_millis(self) -> int:
        """As in Lambda's longest run."""
        return 900_000


def deliveries(records: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The records as CloudTrail delivers them: about every five minutes what came in since."""
    for _, batch in groupby(records, lambda record: _five_minutes(record["eventTime"])):
        yield list(batch)


def _five_minutes(event_time: str) -> int:
    return int(datetime.fromisoformat(event_time).timestamp()) // 300


def subscription_event(records: list[dict[str, Any]]) -> dict[str, Any]:
    """The records as CloudWatch Logs hands them to a Lambda."""
    batch = {
        "messageType": "DATA_MESSAGE",
        "owner": ACCOUNT,
        "logGroup": "trailbell-sample",
        "logStream": f"{ACCOUNT}_CloudTrail_sample",
        "subscriptionFilters": ["trailbell-sample"],
        "logEvents": [
            {"id": f"{position:056d}", "timestamp": 0, "message": orjson.dumps(record).decode()}
            for position, record in enumerate(records)
        ],
    }
    packed = gzip.compress(orjson.dumps(batch))
    return {"awslogs": {"data": base64.b64encode(packed).decode()}}
