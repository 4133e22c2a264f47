"""The notice that a file was written, in each form that a queue carries."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ingest.file_notices import FileNotice, FileNoticeError, files_of

KEY = "AWSLogs/111122223333/CloudTrail/eu-central-1/2026/01/02/a+b c.json.gz"
S3 = {
    "eventSource": "aws:s3",
    "eventName": "ObjectCreated:Put",
    "s3": {
        "bucket": {"name": "trail"},
        "object": {"key": KEY.replace("+", "%2B").replace(" ", "+"), "size": 1024},
    },
}
FROM_S3 = {"Records": [S3]}
FROM_CLOUDTRAIL = {"s3Bucket": "trail", "s3ObjectKey": [KEY]}
FROM_EVENTBRIDGE = {
    "detail-type": "Object Created",
    "source": "aws.s3",
    "detail": {"bucket": {"name": "trail"}, "object": {"key": KEY, "size": 1024}},
}


def by_sns(message: Any) -> str:
    text = message if isinstance(message, str) else json.dumps(message)
    topic = "arn:aws:sns:eu-central-1:111122223333:trail"
    return json.dumps({"Type": "Notification", "TopicArn": topic, "Message": text})


@pytest.mark.parametrize("wrapped", [json.dumps, by_sns])
@pytest.mark.parametrize(
    ("notice", "size"), [(FROM_S3, 1024), (FROM_CLOUDTRAIL, None), (FROM_EVENTBRIDGE, 1024)]
)
def test_each_form_tells_bucket_key_and_size_raw_or_in_snss_envelope(
    notice: Any, size: int | None, wrapped: Any
) -> None:
    assert files_of(wrapped(notice)) == [FileNotice("trail", KEY, size)]


def test_one_notice_may_tell_of_several_files() -> None:
    several = {"s3Bucket": "trail", "s3ObjectKey": ["a", "b"]}
    assert [each.key for each in files_of(by_sns(several))] == ["a", "b"]


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "trail"}),
        by_sns({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "trail"}),
        by_sns("CloudTrail validation message."),
        "CloudTrail validation message.",
    ],
)
def test_a_message_that_only_tries_the_way_tells_of_none(body: str) -> None:
    assert files_of(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hello",
        "[]",
        "null",
        "{}",
        json.dumps({"Records": [{"eventSource": "aws:sqs"}]}),
        json.dumps({"Records": [{"s3": {"bucket": {"name": 1}, "object": {"key": "k"}}}]}),
        json.dumps({"s3Bucket": "b", "s3ObjectKey": [None]}),
        json.dumps({"s3Bucket": "b", "s3ObjectKey": "k"}),
        json.dumps({"s3Bucket": "b", "s3ObjectKey": ["\ud800"]}),
        by_sns({"AlarmName": "somebody else's"}),
        by_sns("somebody else's words"),
    ],
)
def test_any_other_message_is_told_apart_without_its_text(body: str) -> None:
    with pytest.raises(FileNoticeError, match="tells of no file") as raised:
        files_of(body)
    assert "somebody" not in str(raised.value)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda v: (
            st.lists(v)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "Records",
                        "s3",
                        "detail",
                        "object",
                        "key",
                        "bucket",
                        "name",
                        "Message",
                        "TopicArn",
                        "s3Bucket",
                        "s3ObjectKey",
                        "Event",
                    ]
                ),
                v,
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_whatsoever_raises_anything_else(value: Any) -> None:
    try:
        found = files_of(json.dumps(value))
    except FileNoticeError:
        return
    assert all(isinstance(each.key, str) and isinstance(each.bucket, str) for each in found)
