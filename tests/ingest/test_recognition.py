"""The one rule that says what a CloudTrail record is."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.ingest.recognition import is_record, kind_of, kind_of_text
from tests.events import cloudtrail

INSIGHT = {
    "eventVersion": "1.09",
    "eventTime": "2026-01-02T03:04:00Z",
    "awsRegion": "eu-west-1",
    "eventID": "e-1",
    "eventType": "AwsCloudTrailInsight",
    "recipientAccountId": "111122223333",
    "insightDetails": {"state": "Start"},
    "eventCategory": "Insight",
}


@pytest.mark.parametrize(
    "value",
    [
        cloudtrail(),
        INSIGHT,
        {**INSIGHT, "insightDetails": {"eventName": "RunInstances"}},
        {"eventName": "StopLogging"},
        {"eventSource": "iam.amazonaws.com"},
        {"userIdentity": {"type": "Root"}},
        {"eventVersion": "1.11"},
        {"eventVersion": "1.11", "eventName": None, "eventSource": 7, "userIdentity": []},
        {**cloudtrail(), "@timestamp": "t", "p_log_type": "AWS.CloudTrail"},
    ],
)
def test_what_cloudtrail_writes_and_what_is_cut_of_it_is_a_record(value: dict[str, Any]) -> None:
    assert is_record(value)


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"message": "An Error"},
        {"eventVersion": "1.0", "eventSource": "aws:kinesis", "eventName": "aws:kinesis:record"},
        {"eventVersion": "2.1", "eventSource": "aws:s3", "userIdentity": {"principalId": "x"}},
        {"eventName": "ObjectCreated:Put", "userIdentity": {"principalId": "x"}},
        {"eventSource": "aws:codecommit", "eventName": "push", "eventVersion": "1.0"},
        {"@timestamp": "t", "eventName": "StopLogging"},
        {"@ptr": "x", "userIdentity": {"type": "Root"}},
        {"eventVersion": "1.11", "eventName": "X", "userIdentity.arn": "arn"},
        {"eventName": "X", "userIdentity.type": "Root", "count(*)": "7"},
        {"eventversion": "1.11", "useridentity": "{type=Root}", "eventname": "X"},
        {"eventName": {"value": "Delete virtual machine"}, "operationName": {}},
        {"userIdentity": None},
        {"eventSource": "SelfManagedKafka", "records": {}},
        {"eventName": "click", "eventSource": "web"},
        {"eventType": "AwsApiCall", "eventCategory": "Management"},
    ],
)
def test_what_has_other_services_fields_or_none_is_no_record(value: dict[str, Any]) -> None:
    assert not is_record(value)
    assert kind_of(value).endswith(("not a record", "not records", "@message to its fields"))


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("2 111122223333 eni-0a1b 192.0.2.1 192.0.2.2 443 49152 6 1 1 1 1 ACCEPT OK", "VPC flow"),
        ("version account-id interface-id srcaddr", "VPC flow"),
        (
            "https 2026-01-02T03:04:05.123456Z app/shop/0a1b 192.0.2.1:2817 10.0.0.1:80 0.0",
            "load balancer",
        ),
        ("2026-01-02T03:04:05.123456Z shop 192.0.2.1:2817 10.0.0.1:80 0.0 0.0", "load balancer"),
        ("tls 2.0 2026-01-02T03:04:05 net/shop/0a1b 0a1b 192.0.2.1:5 10.0.0.1:443", "load bal"),
        (f"{'0a' * 32} shop [02/Jan/2026:03:04:05 +0000] 192.0.2.1 - REST.GET", "S3's access log"),
        ("2026-01-02\t03:04:05\tFRA2\t182", "CloudFront"),
        ('"1.09","{type=Root}","2026-01-02"', "CSV"),
        ('"1.09","{""type"": ""Root""}"', "CSV"),
        ("eventversion,useridentity,eventtime,eventname", "CSV"),
    ],
)
def test_lines_of_other_logs_are_named(line: str, kind: str) -> None:
    assert kind in kind_of_text(line)


@pytest.mark.parametrize("line", ["", "nonsense", "START RequestId: 1", "a" * 100_000, "," * 9999])
def test_other_lines_have_no_name(line: str) -> None:
    assert kind_of_text(line) == ""


def test_a_notice_shows_no_more_than_fits_a_line_of_the_log() -> None:
    for key in ("a\nb", "x" * 2000, "\u202e"):
        value = {"s3Bucket": "logs", "s3ObjectKey": [key]}
        assert kind_of(value) == "a notice of a file in S3, not a record"
    assert "s3://" not in kind_of({"s3Bucket": "logs", "s3ObjectKey": []})


def test_a_wrapping_that_arrives_as_a_record_is_known_by_what_is_in_it() -> None:
    item = {"eventSource": "aws:kinesis", "eventVersion": "1.0", "kinesis": {"data": ""}}
    assert kind_of({"Records": [item]}) == "an item of kinesis for Lambda, not a record"
    assert "not a record" in kind_of({"Records": [cloudtrail()]})
