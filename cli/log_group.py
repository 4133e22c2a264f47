"""The records that a log group still holds: what fills a gap after the fact."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib import aws
from chalicelib.cloudtrail.record import parse_time
from chalicelib.ingest.envelopes import Broken, Entry, unwrap
from cli.files import InputError

UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def since(text: str, now: datetime) -> datetime:
    """`30m`, `6h`, `3d` ago, or an ISO 8601 time. Raises InputError."""
    span = re.fullmatch(r"(\d{1,5})([mhd])", text, re.ASCII)
    if span:
        return now - timedelta(**{UNITS[span[2]]: int(span[1])})
    time = parse_time(text)
    if time is None:
        raise InputError(f"--since {text}: say 30m, 6h, 3d or a time like 2026-11-24T03:00")
    return time


def read_log_group(client: Any, name: str, start: datetime) -> Iterator[Entry | Broken]:
    """Every record of a log group from a time on; `client` is boto3's for CloudWatch Logs.

    Raises InputError where the group cannot be read.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    pages = client.get_paginator("filter_log_events").paginate(
        logGroupName=name, startTime=max(int(start.timestamp() * 1000), 0)
    )
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
