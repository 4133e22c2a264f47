"""Filling a gap from what a log group still holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from chalicelib.ingest.envelopes import Entry
from cli.log_group import read_log_group
from cli.sources import InputError
from cli.span import Span, moment

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
RECORD = {"eventVersion": "1.11", "eventName": "StopLogging"}


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("30m", NOW - timedelta(minutes=30)),
        ("6h", NOW - timedelta(hours=6)),
        ("3d", NOW - timedelta(days=3)),
        ("2026-11-24T03:00", datetime(2026, 11, 24, 3, 0, tzinfo=UTC)),
    ],
)
def test_since_is_a_span_or_a_time(text: str, start: datetime) -> None:
    assert moment("--since", text, NOW) == start


@pytest.mark.parametrize("text", ["", "yesterday", "6", "6w", "-1h"])
def test_another_since_is_refused_with_what_it_may_be(text: str) -> None:
    with pytest.raises(InputError, match="30m, 6h, 3d"):
        moment("--since", text, NOW)


@mock_aws
def test_every_record_from_then_on_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    client = boto3.client("logs", region_name="eu-west-1")
    client.create_log_group(logGroupName="trail")
    client.create_log_stream(logGroupName="trail", logStreamName="s")
    now = datetime.now(UTC)
    times = [now - timedelta(hours=2), *(now - timedelta(seconds=at) for at in range(150, 0, -1))]
    client.put_log_events(
        logGroupName="trail",
        logStreamName="s",
        logEvents=[
            {"timestamp": int(time.timestamp() * 1000), "message": json.dumps(RECORD)}
            for time in times
        ],
    )
    found = list(read_log_group(client, "trail", Span(now - timedelta(hours=1))))
    assert len(found) == 150
    assert all(isinstance(entry, Entry) and entry.where.startswith("trail 20") for entry in found)


@mock_aws
def test_a_group_that_does_not_exist_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    client = boto3.client("logs", region_name="eu-west-1")
    with pytest.raises(InputError, match="log group nowhere"):
        list(read_log_group(client, "nowhere", Span(NOW)))
