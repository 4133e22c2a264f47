"""Files of a trail, taken in from a bucket as a queue tells of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from chalicelib.alerts.archive import AlertQuery
from chalicelib.bootstrap import Program
from chalicelib.ingest.trail_files import MOST_BYTES
from chalicelib.settings import Settings
from chalicelib.stores.trail_bucket import BucketError, TrailBucket
from chalicelib.usecases import files
from chalicelib.usecases.files import SourceUnknownError, chosen_bucket, ingest_files
from tests.events import cloudtrail

OWNER = "123456789012"  # moto's own account
FOLDER = f"AWSLogs/{OWNER}/CloudTrail/us-east-1/2026/01/02/"


class House:
    """A bucket, a program with an empty store, and what its log says."""

    def __init__(self, folder: Path) -> None:
        self.s3 = boto3.client("s3", region_name="us-east-1")
        self.s3.create_bucket(Bucket="trail")
        self.bucket = TrailBucket(self.s3, "trail", OWNER)
        env = {"ALERT_STORE": f"sqlite:///{folder}/alerts.db"}
        self.program = Program(Settings.from_env(env))

    def put(self, name: str, records: list[Any], folder: str = FOLDER) -> str:
        return self.put_bytes(
            name, gzip.compress(json.dumps({"Records": records}).encode()), folder
        )

    def put_bytes(self, name: str, data: bytes, folder: str = FOLDER) -> str:
        key = f"{folder}{name}.json.gz"
        self.s3.put_object(Bucket="trail", Key=key, Body=data)
        return key

    def told(self, *keys: str, bucket: str = "trail") -> dict[str, int]:
        bodies = [json.dumps({"s3Bucket": bucket, "s3ObjectKey": list(keys)})]
        return ingest_files(bodies, self.program, lambda: 0.0, self.bucket)

    def alerts(self) -> list[Any]:
        page = self.program.archive.search(AlertQuery(), 100)
        return [stored.alert for stored in page.alerts]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield House(tmp_path)


def test_a_file_alerts_once_however_often_and_by_whatever_way_it_comes(house: House) -> None:
    record = cloudtrail("StopLogging")
    key = house.put("one", [record, cloudtrail("DescribeInstances", readOnly=True)])

    first, again = house.told(key), house.told(key, key)
    by_the_log = house.program.ingest([json.dumps(record)], lambda: 0.0)

    assert (first["files"], first["records"], first["new"]) == (1, 2, 1)
    assert (again["files"], again["records"], again["new"]) == (2, 4, 0)
    assert by_the_log["new"] == 0


def test_digests_insights_other_buckets_and_other_messages_are_left_out_and_counted(
    house: House,
) -> None:
    keys = [
        house.put("d", [], FOLDER.replace("/CloudTrail/", "/CloudTrail-Digest/")),
        house.put(
            "i", [cloudtrail("StopLogging")], FOLDER.replace("CloudTrail/", "CloudTrail-Insight/")
        ),
        house.put("x", [cloudtrail("StopLogging")], "elsewhere/"),
    ]
    assert house.told(*keys)["left_out"] == 3
    assert (
        house.told(house.put("one", [cloudtrail("StopLogging")]), bucket="other")["left_out"] == 1
    )
    assert ingest_files(["no notice"], house.program, lambda: 0.0, house.bucket)["left_out"] == 1
    assert house.alerts() == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (lambda: b"no gzip", "the data is not gzip"),
        (lambda: gzip.compress(b"[]"), "no JSON object with Records"),
        (lambda: gzip.compress(b" " * (MOST_BYTES + 1), 1), "more than"),
    ],
)
def test_a_file_that_is_none_costs_itself_alone_and_is_told_once(
    house: House, data: Callable[[], bytes], reason: str
) -> None:
    broken = house.put_bytes("broken", data())
    good = house.put("good", [cloudtrail("StopLogging")])

    counts = house.told(broken, good)
    house.told(broken)

    assert (counts["broken"], counts["files"], counts["new"]) == (1, 1, 1)
    (about,) = [each for each in house.alerts() if each.rule_id == "trailbell-trail-file"]
    assert f"s3://trail/{broken}" in about.text
    assert reason in about.text


def test_what_stands_before_the_damage_is_told(house: House) -> None:
    many = [cloudtrail("DescribeInstances", readOnly=True, eventID=f"e-{n}") for n in range(2000)]
    text = json.dumps({"Records": [cloudtrail("StopLogging"), *many]}).encode()
    broken = house.put_bytes("broken", gzip.compress(text)[:-100])

    counts = house.told(broken)

    assert (counts["broken"], counts["new"]) == (1, 1)
    assert counts["records"] > 1000


def test_a_file_that_is_gone_is_told_and_asked_for_no_more(house: House) -> None:
    assert house.told(f"{FOLDER}gone.json.gz")["broken"] == 1


def test_a_file_too_large_is_not_begun(house: House) -> None:
    key = house.put("large", [cloudtrail("StopLogging")])
    notice = {
        "Records": [
            {
                "s3": {
                    "bucket": {"name": "trail"},
                    "object": {"key": key, "size": files.LARGEST_BYTES + 1},
                }
            }
        ]
    }
    counts = ingest_files([json.dumps(notice)], house.program, lambda: 0.0, house.bucket)
    assert (counts["broken"], counts["records"]) == (1, 0)


def test_a_file_too_large_of_which_nobody_told_the_size_is_said_to_be_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST_BYTES", 100)
    key = house.put("large", [cloudtrail("StopLogging")] * 9)

    assert house.told(key)["broken"] == 1
    (alert,) = house.alerts()
    assert "it is larger than" in alert.text


class Guarded:
    """S3 as AWS has it: it refuses whoever expects another owner. moto does not."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3

    def get_object(self, **asked: Any) -> Any:
        if asked["ExpectedBucketOwner"] != OWNER:
            error = {"Error": {"Code": "AccessDenied", "Message": "Access Denied"}}
            raise ClientError(error, "GetObject")
        return self._s3.get_object(**asked)


def test_a_bucket_that_is_anothers_now_is_not_read_and_is_left_to_the_queue(house: House) -> None:
    notice = json.dumps(
        {"s3Bucket": "trail", "s3ObjectKey": [house.put("good", [cloudtrail("StopLogging")])]}
    )
    foreign = TrailBucket(Guarded(house.s3), "trail", "999999999999")
    with pytest.raises(BucketError, match="AccessDenied"):
        ingest_files([notice], house.program, lambda: 0.0, foreign)
    assert house.alerts() == []


class Flaky:
    """S3 that refuses the first file it is asked for."""

    def __init__(self, s3: Any) -> None:
        self._s3, self._asked = s3, 0

    def get_object(self, **asked: Any) -> Any:
        self._asked += 1
        if self._asked == 1:
            raise ConnectionError("reset")
        return self._s3.get_object(**asked)


def test_one_file_that_cannot_be_had_keeps_the_others_of_its_message_from_nothing(
    house: House,
) -> None:
    keys = [house.put(name, [cloudtrail("StopLogging", eventID=name)]) for name in ("e-1", "e-2")]
    notice = json.dumps({"s3Bucket": "trail", "s3ObjectKey": keys})
    flaky = TrailBucket(Flaky(house.s3), "trail", OWNER)
    with pytest.raises(BucketError, match="reset"):
        ingest_files([notice], house.program, lambda: 0.0, flaky)
    assert len(house.alerts()) == 1


@pytest.mark.parametrize("chosen", ["", "trail", "12/trail", "123456789012/", "123456789012/A"])
def test_without_a_bucket_that_can_be_nothing_is_read_and_the_next_step_is_said(
    chosen: str,
) -> None:
    program = Program(Settings.from_env({"TRAIL_BUCKET": chosen}))
    with pytest.raises(SourceUnknownError, match="apply --source s3"):
        chosen_bucket(program)


def test_the_chosen_bucket_is_read_only_while_its_owner_owns_it(house: House) -> None:
    program = Program(Settings.from_env({"TRAIL_BUCKET": f"{OWNER}/trail"}))
    assert chosen_bucket(program)[1:3] == ("trail", OWNER)
