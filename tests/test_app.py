"""The entry points, as Lambda invokes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalice.test import Client

import app
from chalicelib import bootstrap
from chalicelib.ingest.log_subscription import Base64Error
from tests.events import cloudtrail
from tests.subscriptions import generate_log_subscription_event


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    for variable in ("SLACK_TOKEN", "SLACK_CHANNEL", "RULES_FILE", "AWS_LAMBDA_FUNCTION_NAME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("ALERT_STORE", f"sqlite:///{tmp_path}/alerts.db")
    with Client(app.app) as client:
        yield client


def ingested(client: Client, messages: list[Any], **fields: Any) -> Any:
    batch = generate_log_subscription_event(messages, **fields)
    return client.lambda_.invoke("ingest_logs", batch).payload


def test_an_unreadable_record_costs_itself_alone_and_a_second_delivery_alerts_nothing(
    client: Client,
) -> None:
    batch = [cloudtrail("StopLogging"), "nonsense"]
    counts = {"records": 2, "unreadable": 1, "alerts": 1, "new": 1}
    assert ingested(client, batch) == counts
    assert ingested(client, batch) == {**counts, "new": 0}


def test_an_unreadable_record_shows_in_health_also_where_nothing_alerts(client: Client) -> None:
    ingested(client, ["nonsense", cloudtrail("DescribeInstances", readOnly=True)])
    (word,) = bootstrap.current().health()["words"]
    assert ", 1 could not be read" in word


def test_a_reachability_probe_is_no_record(client: Client) -> None:
    probe = ingested(client, ["CWL CONTROL MESSAGE"], message_type="CONTROL_MESSAGE")
    assert probe == {"records": 0, "unreadable": 0, "alerts": 0, "new": 0}


def test_a_payload_that_cannot_be_decoded_is_left_to_lambdas_retries(client: Client) -> None:
    with pytest.raises(Base64Error):
        client.lambda_.invoke("ingest_logs", {"awslogs": {"data": "!!!"}})


@pytest.mark.parametrize(
    ("log_level", "logged"),
    [
        ("INFO", ["unreadable record", "ingested"]),
        ("WARNING", ["unreadable record"]),
        ("ERROR", []),
    ],
)
def test_the_log_begins_at_its_level(
    log_level: str,
    logged: list[str],
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LOG_LEVEL", log_level)
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "trailbell-dev-ingest_logs")
    ingested(client, ["nonsense"])
    lines = map(json.loads, capsys.readouterr().out.splitlines())
    assert [line["message"] for line in lines if "message" in line] == logged
