"""The failure destination in S3: listed in parts, read, deleted, and its errors named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.stores.failures import PAGE, FailureBucket, GoneError, SourceError

BUCKET = "trailbell-dev-failures-111122223333-eu-central-1"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        made = boto3.client("s3", region_name="eu-central-1")
        location = {"LocationConstraint": "eu-central-1"}
        made.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=location)
        yield made


def test_all_that_wait_are_listed_in_parts_by_name_whatever_is_deleted_meanwhile(s3: Any) -> None:
    keys = [f"aws/lambda/async/{number:04}" for number in range(PAGE + 3)]
    for key in keys:
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"payload")
    s3.put_object(Bucket=BUCKET, Key="other", Body=b"payload")
    bucket = FailureBucket(s3, BUCKET, "aws/")
    found = []
    for each in bucket.every():
        found.append(each.key)
        bucket.delete(each.key)
    assert found == keys
    assert FailureBucket(s3, BUCKET).page().waiting[0].size == len("payload")


def test_a_payload_is_read_as_text_and_what_is_no_text_is_marked(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="one", Body=b"a\xffb")
    assert FailureBucket(s3, BUCKET).text("one") == "a\ufffdb"


def test_what_is_gone_is_told_from_what_cannot_be_read(s3: Any) -> None:
    with pytest.raises(GoneError, match=f"s3://{BUCKET}/one: .*NoSuchKey"):
        FailureBucket(s3, BUCKET).text("one")
    with pytest.raises(SourceError, match=r"s3://missing-bucket: .*NoSuchBucket"):
        FailureBucket(s3, "missing-bucket").page()


def test_deleting_twice_is_no_error(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="one", Body=b"payload")
    for _ in range(2):
        FailureBucket(s3, BUCKET).delete("one")
    assert FailureBucket(s3, BUCKET).page().waiting == ()
