"""The wrappings of streams, notices, queries and other programs' documents."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import Any

import pytest

from chalicelib.ingest.envelopes import Broken, Entry, unwrap, unwrap_records
from chalicelib.ingest.json_text import loads
from tests.events import cloudtrail
from tests.subscriptions import generate_log_subscription_event

RECORDS = [cloudtrail(name) for name in ("StopLogging", "DeleteTrail", "CreateUser")]
RECORD, OTHER, _ = RECORDS
TEXT = json.dumps(RECORD)
LINES = "\n".join(map(json.dumps, RECORDS))
JOINED = "".join(map(json.dumps, RECORDS))
PACKED_BATCH = generate_log_subscription_event(RECORDS)["awslogs"]["data"]
CONTROL = generate_log_subscription_event(["check"], message_type="CONTROL_MESSAGE")


def b64(data: str | bytes) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def zipped(text: str) -> str:
    return b64(gzip.compress(text.encode()))


def kinesis(*data: str) -> dict[str, Any]:
    """What Lambda hands over of a Kinesis stream (Lambda developer guide)."""
    return {
        "Records": [
            {
                "kinesis": {"kinesisSchemaVersion": "1.0", "partitionKey": "p", "data": each},
                "eventSource": "aws:kinesis",
                "eventVersion": "1.0",
                "eventID": f"shardId-000000000000:{at}",
                "eventName": "aws:kinesis:record",
                "awsRegion": "eu-west-1",
            }
            for at, each in enumerate(data)
        ]
    }


def firehose(*data: str) -> dict[str, Any]:
    """What Firehose hands to a transformation."""
    return {
        "invocationId": "i",
        "deliveryStreamArn": "arn:aws:firehose:eu-west-1:111122223333:deliverystream/d",
        "region": "eu-west-1",
        "records": [{"recordId": str(at), "data": each} for at, each in enumerate(data)],
    }


def sqs(body: Any) -> dict[str, Any]:
    text = body if isinstance(body, str) else json.dumps(body)
    return {"Records": [{"messageId": "m", "eventSource": "aws:sqs", "body": text}]}


def sns(message: Any) -> dict[str, Any]:
    text = message if isinstance(message, str) else json.dumps(message)
    arn = "arn:aws:sns:eu-west-1:111122223333:t"
    return {"Type": "Notification", "TopicArn": arn, "Message": text, "Signature": "x"}


def read(value: Any) -> list[Any]:
    text = value if isinstance(value, str) else json.dumps(value)
    return list(unwrap(text, "file:1"))


def records_in(value: Any) -> list[Any]:
    found = [each for each in read(value) if isinstance(each, Entry)]
    return [loads(each.body) if isinstance(each.body, str) else each.body for each in found]


def reasons(value: Any) -> list[str]:
    found = read(value)
    assert all(isinstance(each, Broken) for each in found)
    return [each.reason for each in found]


def insights(**fields: Any) -> list[dict[str, Any]]:
    return [{"field": key.replace("at_", "@"), "value": value} for key, value in fields.items()]


ELASTIC = {"_index": "logs-aws.cloudtrail", "_id": "1"}
OCSF = {"class_uid": 6003, "category_uid": 6, "metadata": {"product": {"name": "CloudTrail"}}}


@pytest.mark.parametrize(
    ("wrapping", "expected"),
    [
        pytest.param(kinesis(PACKED_BATCH), RECORDS, id="Kinesis, a batch of CloudWatch Logs"),
        pytest.param(kinesis(b64(TEXT)), [RECORD], id="Kinesis, a record"),
        pytest.param(kinesis(zipped(TEXT)), [RECORD], id="Kinesis, a record in gzip"),
        pytest.param(kinesis(b64(LINES)), RECORDS, id="Kinesis, lines"),
        pytest.param(kinesis(b64(JOINED)), RECORDS, id="Kinesis, records without a newline"),
        pytest.param(kinesis(zipped(JOINED), b64(TEXT)), [*RECORDS, RECORD], id="Kinesis, two"),
        pytest.param({"Records": [{"Data": PACKED_BATCH}]}, RECORDS, id="get-records"),
        pytest.param(firehose(PACKED_BATCH, b64(TEXT)), [*RECORDS, RECORD], id="Firehose"),
        pytest.param(firehose(CONTROL["awslogs"]["data"]), [], id="Firehose, a probe"),
        pytest.param({"requestPayload": kinesis(PACKED_BATCH)}, RECORDS, id="failed Kinesis"),
        pytest.param(sqs(sns({"detail": RECORD})), [RECORD], id="EventBridge in SNS in SQS"),
        pytest.param(sqs(TEXT), [RECORD], id="SNS in SQS, raw delivery"),
        pytest.param(sqs(zipped(TEXT)), [RECORD], id="gzip in SQS"),
        pytest.param(sns({"Records": RECORDS}), RECORDS, id="a log file in SNS"),
        pytest.param([{"@timestamp": "t", "@message": RECORD}], [RECORD], id="Insights, export"),
        pytest.param([{"@timestamp": "t", "@message": TEXT}], [RECORD], id="Insights, text"),
        pytest.param(
            {"results": [insights(at_message=TEXT, at_ptr="x")], "status": "Complete"},
            [RECORD],
            id="get-query-results",
        ),
        pytest.param(
            {"QueryResultRows": [[{"eventName": "StopLogging"}, {"eventJson": TEXT}]]},
            [RECORD],
            id="CloudTrail Lake",
        ),
        pytest.param({**ELASTIC, "_source": {"event": {"original": TEXT}}}, [RECORD], id="Elastic"),
        pytest.param({**ELASTIC, "_source": RECORD}, [RECORD], id="Elastic, the record itself"),
        pytest.param({**ELASTIC, "fields": {"event.original": [TEXT]}}, [RECORD], id="its fields"),
        pytest.param(
            {"hits": {"total": 2, "hits": [{"_source": {"event": {"original": TEXT}}}] * 2}},
            [RECORD, RECORD],
            id="an answer of Elastic",
        ),
        pytest.param(
            {"@timestamp": "t", "ecs": {"version": "8"}, "message": TEXT}, [RECORD], id="filebeat"
        ),
        pytest.param({"event": {"original": TEXT, "action": "x"}}, [RECORD], id="ECS"),
        pytest.param({**OCSF, "raw_data": TEXT}, [RECORD], id="OCSF"),
        pytest.param({**OCSF, "unmapped": {"original": TEXT}}, [RECORD], id="OCSF, unmapped"),
        pytest.param({"preview": False, "result": {"_raw": TEXT}}, [RECORD], id="Splunk"),
        pytest.param({"sourcetype": "aws:cloudtrail", "event": RECORD}, [RECORD], id="Splunk HEC"),
        pytest.param(
            {"data": [{"type": "log", "attributes": {"attributes": RECORD, "message": "m"}}]},
            [RECORD],
            id="Datadog",
        ),
        pytest.param(
            {"logs": [{"id": "1", "content": {"attributes": RECORD}}]}, [RECORD], id="Datadog, old"
        ),
        pytest.param(
            {"responses": [{"hits": {"hits": [{"_source": RECORD}]}}]}, [RECORD], id="msearch"
        ),
        pytest.param({"stream": "stdout", "log": TEXT + "\n"}, [RECORD], id="Fluentd"),
        pytest.param(
            [{"eventSource": "aws:kinesis", "eventName": "aws:kinesis:record", "data": b64(TEXT)}],
            [RECORD],
            id="Kinesis through a pipe",
        ),
        pytest.param(f"{TEXT}\t{json.dumps(OTHER)}", [RECORD, OTHER], id="--output text"),
        pytest.param({"messages": [{"map": {"_raw": TEXT}}]}, [RECORD], id="Sumo Logic"),
        pytest.param(json.dumps(TEXT), [RECORD], id="a text of JSON"),
        pytest.param(json.dumps(json.dumps(TEXT)), [RECORD], id="encoded twice"),
        pytest.param([TEXT, json.dumps(OTHER)], [RECORD, OTHER], id="an array of texts"),
        pytest.param(zipped(LINES), RECORDS, id="a line of base64"),
        pytest.param({"Records": []}, [], id="a log file without records"),
        pytest.param([], [], id="an empty array"),
    ],
)
def test_every_record_is_found_in(wrapping: Any, expected: list[Any]) -> None:
    assert records_in(wrapping) == expected
    assert len(read(wrapping)) == len(expected)


def test_a_record_in_a_text_keeps_its_text() -> None:
    text = '{"eventVersion": "1.11", "n": 1.10}'
    for wrapping in (kinesis(zipped(text)), {"event": {"original": text}}, json.dumps(text)):
        (entry,) = read(wrapping)
        assert entry.body == text


S3 = {"s3": {"bucket": {"name": "logs"}, "object": {"key": "AWSLogs/a.json.gz"}}}
S3_ITEM = {"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
           "userIdentity": {"principalId": "AWS:x"}, **S3}  # fmt: skip
S3_DETAIL = {"version": "0", "bucket": {"name": "logs"}, "object": {"key": "AWSLogs/a.json.gz"}}
FILE = r"^a notice of a file in S3 \(s3://logs/AWSLogs/a\.json\.gz\), not a record$"
TRAIL_NOTICE = {"s3Bucket": "logs", "s3ObjectKey": ["AWSLogs/a.json.gz"]}
KPL = b64(b"\xf3\x89\x9a\xc2\x0a\x01p" + b"0" * 16)


def eventbridge(source: str, kind: str, **detail: Any) -> dict[str, Any]:
    return {"version": "0", "detail-type": kind, "source": source, "detail": detail}


@pytest.mark.parametrize(
    ("wrapping", "reason"),
    [
        ({"Records": [S3_ITEM]}, FILE),
        (sqs({"Records": [S3_ITEM]}), FILE),
        (sqs(sns({"Records": [S3_ITEM]})), FILE),
        (eventbridge("aws.s3", "Object Created", **S3_DETAIL), FILE),
        (sqs(eventbridge("aws.s3", "Object Created", **S3_DETAIL)), FILE),
        (TRAIL_NOTICE, FILE),
        (sns(TRAIL_NOTICE), FILE),
        (sqs(sns(TRAIL_NOTICE)), FILE),
        ({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"}, "test notice of S3"),
        (sns("The week is over"), "SNS notification with a text of its own"),
        (sqs("hello"), "an item of sqs"),
        (sqs({"order": 7}), "an item of sqs"),
        ({"Type": "SubscriptionConfirmation", "TopicArn": "t", "SubscribeURL": "u"}, "SNS"),
        (kinesis(KPL), "Kinesis Producer Library"),
        (kinesis("no base64!"), "not base64"),
        (kinesis(b64(b"\x1f\x8bbroken")), "not gzip"),
        (kinesis(b64(gzip.compress(TEXT.encode())[:-9])), "ends early"),
        (kinesis(b64(b"\x00\xff\xfe")), "neither gzip nor text"),
        (kinesis(b64('{"temperature": 7}')), "an item of kinesis"),
        (firehose(b64("just a line")), "an item of Firehose"),
        ([{"@timestamp": "t", "eventName": "StopLogging"}], "without @message"),
        ({"results": [insights(eventName="StopLogging", at_ptr="x")]}, "without @message"),
        ({"results": [insights(eventName="StopLogging", count="7")]}, "without @message"),
        ({"QueryResultRows": [[{"eventName": "X"}, {"_col1": "7"}]]}, "select eventJson"),
        ({"QueryResultRows": [["x"]]}, "none of CloudTrail Lake"),
        ({**ELASTIC, "_source": {"event": {"action": "StopLogging"}}}, "Elastic document without"),
        ({"hits": {"hits": [{**ELASTIC, "fields": {"a": [1]}}]}}, "Elastic document without"),
        ({"ecs": {"version": "8"}, "event": {"action": "x"}}, "Elastic document without"),
        ({**OCSF, "api": {"operation": "StopLogging"}}, "OCSF document without"),
        ({**OCSF, "raw_data": "", "unmapped": {"eventType": "AwsApiCall"}}, "OCSF document"),
        ({"digestStartTime": "t", "digestEndTime": "t", "logFiles": []}, "digest file"),
        ({"configurationItems": [{"resourceType": "x"}], "fileVersion": "1"}, "AWS Config"),
        ({"messageType": "x", "configurationItem": {"resourceType": "x"}}, "AWS Config"),
        ({"configurationItemVersion": "1.3", "resourceType": "x"}, "AWS Config"),
        ({"schemaVersion": "2.0", "resource": {}, "service": {}, "type": "x"}, "GuardDuty"),
        (eventbridge("aws.guardduty", "GuardDuty Finding", id="x"), r"EventBridge event of aws\.g"),
        (eventbridge("aws.ec2", "EC2 Instance State-change Notification", state="x"), "State-ch"),
        (eventbridge("my.shop", "Order\nplaced", id=1), "EventBridge event of another kind"),
        (eventbridge("aws.health", "AWS Health Event"), "aws.health"),
        ({"SchemaVersion": "2018-10-08", "ProductArn": "arn", "Id": "x"}, "Security Hub"),
        (sns({"AlarmName": "a", "NewStateValue": "ALARM"}), "CloudWatch alarm"),
        ({"Records": [{"eventSource": "aws:dynamodb", "eventName": "INSERT", "eventID": "1",
                       "eventVersion": "1.1", "userIdentity": None, "dynamodb": {}}]}, "dynamodb"),
        ({"Records": [{"eventSource": "aws:ses", "eventVersion": "1.0", "ses": {}}]}, "of ses"),
        ({"eventSource": "aws:kafka", "records": {"t-0": [{"value": "e30="}]}}, "item of kafka"),
        ({"EventId": "1", "EventName": "StopLogging", "Username": "a"}, "lookup-events"),
        ({"logEvents": [{"message": "2 111122223333 eni-0a 192.0.2.1 192.0.2.2"}]}, "VPC flow"),
        ({"level": "info", "message": "An Error"}, "without CloudTrail's fields"),
        ({"temperature": 7}, "without CloudTrail's fields"),
        ({}, "without CloudTrail's fields"),
        ({"level": "info", "fields": []}, "without CloudTrail's fields"),
        ({"detail": {}}, "without CloudTrail's fields"),
        ("7", "expected a JSON object"),
        ('"text"', "not JSON"),
    ],
)  # fmt: skip
def test_what_is_no_record_is_named(wrapping: Any, reason: str) -> None:
    (said,) = reasons(wrapping)
    assert re.search(reason, said)


def test_one_bad_item_costs_itself_alone() -> None:
    found = read(kinesis(b64(TEXT), KPL, b64("hello"), b64(json.dumps(OTHER))))
    assert [isinstance(each, Entry) for each in found] == [True, False, False, True]
    assert [each.where for each in found] == [f"file:1[{at}]" for at in range(4)]


def test_what_is_no_record_stays_as_it_stands_beside_one_that_is() -> None:
    note = {"message": "An Error"}
    text = json.dumps([RECORD, note, "START"])
    found = list(unwrap_records(json.loads(text), text, "file:1"))
    assert [each.body for each in found if isinstance(each, Entry)] == [RECORD, note, "START"]


ROW = {
    "eventVersion": "1.09",
    "userIdentity": "{type=AssumedRole, principalid=AROA:run, arn=arn:aws:sts::111122223333:"
    "assumed-role/ci/run, accountid=111122223333, accesskeyid=null, username=null, "
    "sessioncontext={attributes={creationdate=2026-01-02 03:04:05.000, mfaauthenticated=false}, "
    "sessionissuer={type=Role, principalid=AROA, username=ci}, sourceidentity=null}}",
    "eventTime": "2026-01-02 03:04:05.000",
    "eventSource": "cloudtrail.amazonaws.com",
    "eventName": "StopLogging",
    "errorCode": "",
    "additionalEventData": "",
    "requestParameters": "{name=main, tags=[{\"key\": \"a=b, c=d\"}], note=one, two}",
    "responseElements": "null",
    "readOnly": "false",
    "recipientAccountId": "111122223333",
}  # fmt: skip


def lake(**changed: Any) -> dict[str, Any]:
    return {"QueryResultRows": [[{key: value} for key, value in {**ROW, **changed}.items()]]}


def test_a_row_of_lake_without_its_json_is_read_where_its_columns_can_be() -> None:
    (record,) = records_in(lake())
    assert record["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"] == "ci"
    assert "userName" not in record["userIdentity"]
    assert record["requestParameters"] == {
        "name": "main", "tags": [{"key": "a=b, c=d"}], "note": "one, two",
    }  # fmt: skip
    assert record["readOnly"] is False
    assert "errorCode" not in record
    assert "responseElements" not in record


@pytest.mark.parametrize(
    "odd",
    [
        "[{a=b}]",
        "x",
        "{a=b} c",
        "{a=b",
        "{a={b}",
        "{a=[x}",
        "{" * 500,
        "{a=" * 500,
        "{a=x}}",
        "{=}",
    ],
)
def test_a_row_of_lake_whose_columns_are_ambiguous_is_told(odd: str) -> None:
    (said,) = reasons(lake(requestParameters=odd))
    assert "select eventJson" in said


@pytest.mark.parametrize("column", ["userIdentity", "errorCode", "responseElements"])
def test_a_row_of_lake_that_does_not_say_who_or_whether_it_worked_is_none(column: str) -> None:
    (row,) = lake()["QueryResultRows"]
    (said,) = reasons({"QueryResultRows": [[cell for cell in row if column not in cell]]})
    assert "select eventJson" in said
