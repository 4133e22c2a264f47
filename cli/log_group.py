"""The records that a log group still holds: what fills a gap after the fact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from chalicelib import aws
from chalicelib.ingest.envelopes import Broken, Entry, unwrap
from cli.sources import InputError
from cli.span import Span


def read_log_group(client: Any, name: str, span: Span) -> Iterator[Entry | Broken]:
    """Every record that a log group took in the span, by its own time; `client` is boto3's for
    CloudWatch Logs.

    Raises InputError where the group cannot be read.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    bounds = {"startTime": span.start, "endTime": span.end}
    millis = {
        key: max(int(time.timestamp() * 1000), 0)
        for key, time in bounds.items()
        if time is not None
    }
    pages = client.get_paginator("filter_log_events").paginate(logGroupName=name, **millis)
    try:
        for page in pages:
            for event in page["events"]:
                time = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
                yield from unwrap(event["message"], f"{name} {time:%Y-%m-%dT%H:%M:%SZ}")
    except (BotoCoreError, ClientError) as error:
        raise InputError(f"log group {name}: {error}") from error


def logs_client() -> Any:
    """boto3's client for CloudWatch Logs. Raises InputError."""
    from botocore.exceptions import BotoCoreError

    try:
        return aws.person_client("logs")
    except BotoCoreError as error:
        raise InputError(f"CloudWatch Logs: {error}") from error
