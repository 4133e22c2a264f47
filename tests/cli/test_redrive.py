"""The `redrive` command: what Lambda gave up on is not lost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner
from moto import mock_aws

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.batch import Judged, Kept
from chalicelib.alerts.outbox import StoreError
from chalicelib.cloudtrail.record import Record, RecordError
from chalicelib.rules.matching import Unreadable
from chalicelib.stores.failures import SourceError
from cli.redrive import Letter, Tally, letters, redrive, redrive_all
from tests.delivery.world import alert
from tests.subscriptions import generate_log_subscription_event

BUCKET = "trailbell-dev-failures-111122223333-eu-central-1"


class FakeProgram:
    """Takes every record for an alert; keeps their ids."""

    def __init__(self) -> None:
        self.kept: set[str] = set()
        self.fails = False

    def judge(self, bodies: Iterable[str | dict[str, Any]]) -> Judged:
        alerts: list[Alert] = []
        unreadable: list[Unreadable] = []
        for position, body in enumerate(bodies):
            try:
                record = Record.of(body)
            except RecordError as error:
                lost = Unreadable(position=position, size=1, sha256="", reason=str(error))
                unreadable.append(lost)
            else:
                alerts.append(replace(alert(1), alert_id=record.alert_id))
        return Judged(
            records=len(alerts) + len(unreadable),
            alerts=tuple(alerts),
            unreadable=tuple(unreadable),
        )

    def keep(self, judged: Judged) -> Kept:
        if self.fails:
            raise StoreError("no such table")
        ids = {each.alert_id for each in judged.alerts}
        new = ids - self.kept
        self.kept |= ids
        return Kept(new=frozenset(new))


def record(number: int) -> dict[str, Any]:
    return {
        "eventVersion": "1.11",
        "eventID": f"event-{number}",
        "eventName": "StopLogging",
        "recipientAccountId": "111122223333",
    }


def raw(*numbers: int) -> str:
    """A payload as Lambda was invoked with it."""
    return json.dumps(generate_log_subscription_event(map(record, numbers)))


def wrapped(*numbers: int) -> str:
    """The same in the envelope of an on-failure destination."""
    return json.dumps(
        {
            "version": "1.0",
            "requestContext": {"condition": "RetriesExhausted", "approximateInvokeCount": 3},
            "requestPayload": json.loads(raw(*numbers)),
            "responsePayload": {"errorType": "StoreError"},
        }
    )


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setattr("cli.redrive.WAIT_SECONDS", 0)
    with mock_aws():
        yield


def test_payloads_in_s3_are_taken_in_and_deleted_raw_and_wrapped(aws: None) -> None:
    s3 = boto3.client("s3")
    location = {"LocationConstraint": "eu-central-1"}
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=location)
    s3.put_object(Bucket=BUCKET, Key="aws/lambda/raw", Body=raw(1, 2))
    s3.put_object(Bucket=BUCKET, Key="aws/lambda/wrapped", Body=wrapped(2, 3))
    program, tally = FakeProgram(), Tally()
    redrive_all(letters(f"s3://{BUCKET}", boto3.client), program.judge, program.keep, tally)
    assert (tally.payloads, tally.records, tally.new) == (2, 4, 3)
    assert s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


def test_messages_in_sqs_are_taken_in_and_deleted_raw_and_wrapped(aws: None) -> None:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="failures")["QueueUrl"]
    for number in range(12):
        body = raw(number) if number % 2 else wrapped(number)
        sqs.send_message(QueueUrl=url, MessageBody=body)
    program, tally = FakeProgram(), Tally()
    redrive_all(letters(url, boto3.client), program.judge, program.keep, tally)
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (tally.payloads, tally.new) == (12, 12)
    assert attributes["ApproximateNumberOfMessages"] == "0"
    assert attributes["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_what_is_left_in_a_queue_is_there_for_the_next_run_at_once(aws: None) -> None:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="failures")["QueueUrl"]
    for body in (raw(1), "not JSON", raw(2)):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    program = FakeProgram()
    redrive_all(letters(url, boto3.client), program.judge, program.keep, Tally())
    program.fails = True
    sqs.send_message(QueueUrl=url, MessageBody=raw(3))
    with pytest.raises(StoreError), closing(letters(url, boto3.client)) as found:
        redrive_all(found, program.judge, program.keep, Tally())
    program.fails, tally = False, Tally()
    redrive_all(letters(url, boto3.client), program.judge, program.keep, tally)
    assert (tally.payloads, tally.left, tally.new) == (2, 1, 1)


def test_a_payload_that_cannot_be_deleted_is_named(aws: None) -> None:
    def refused() -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DeleteObject")

    program = FakeProgram()
    with pytest.raises(SourceError, match="one is kept but cannot be deleted"):
        redrive_all([Letter("one", raw(1), refused)], program.judge, program.keep, Tally())
    assert len(program.kept) == 1


def test_a_second_time_is_harmless() -> None:
    program, deleted = FakeProgram(), list[str]()
    again = [Letter("one", wrapped(1), lambda: deleted.append("one"))] * 2
    tally = Tally()
    redrive_all(again, program.judge, program.keep, tally)
    assert (tally.alerts, tally.new, deleted) == (2, 1, ["one", "one"])


def test_what_the_store_did_not_take_is_not_deleted() -> None:
    program, deleted = FakeProgram(), list[str]()
    program.fails = True
    with pytest.raises(StoreError):
        redrive_all(
            [Letter("one", raw(1), lambda: deleted.append("one"))],
            program.judge,
            program.keep,
            Tally(),
        )
    assert deleted == []


@pytest.mark.parametrize(
    "text",
    [
        "not JSON",
        json.dumps({"awslogs": {"data": "not base64"}}),
        json.dumps({"requestPayload": {"awslogs": {"data": ""}}}),
    ],
)
def test_what_cannot_be_read_stays_where_it_is_and_is_named(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    deleted: list[str] = []
    tally = Tally()
    program = FakeProgram()
    letter = Letter("one", text, lambda: deleted.append("one"))
    redrive_all([letter], program.judge, program.keep, tally)
    assert (tally.left, deleted) == (1, [])
    assert capsys.readouterr().err.startswith("one")


def test_a_source_that_is_none_is_refused() -> None:
    with pytest.raises(SourceError, match="neither s3://bucket nor"):
        list(letters("failures", boto3.client))


def test_a_bucket_that_is_not_there_is_named(aws: None) -> None:
    result = CliRunner().invoke(redrive, ["s3://missing-bucket", "--store", "sqlite:///x.db"])
    assert result.exit_code == 2
    assert "s3://missing-bucket" in result.output
