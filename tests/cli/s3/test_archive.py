"""`s3://bucket/prefix` in the commands: what is read, what it costs, and what stands in the way."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from chalicelib.stores.trail_bucket import BucketError
from cli.main import main
from cli.s3 import client
from tests.cli.s3.bucket import FakeS3, key_of
from tests.events import cloudtrail


class Trail:
    """A bucket with files of a trail."""

    def __init__(self) -> None:
        self.s3 = boto3.client("s3", region_name="us-east-1")
        self.s3.create_bucket(Bucket="trail")

    def put(self, key: str, *times: str, **more: Any) -> str:
        """A log file with a call that alerts at each of these times."""
        records = [
            cloudtrail("StopLogging", eventTime=time, eventID=f"{key}-{number}")
            for number, time in enumerate(times)
        ]
        data = gzip.compress(json.dumps({"Records": records}).encode())
        self.s3.put_object(Bucket="trail", Key=key, Body=data, **more)
        return key


@pytest.fixture
def trail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Trail]:
    for variable in ("SLACK_TOKEN", "SLACK_CHANNEL", "ALERT_STORE", "RULES_FILE"):
        monkeypatch.delenv(variable, raising=False)
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.chdir(tmp_path)
    client.made_for.cache_clear()
    with mock_aws():
        yield Trail()
    client.made_for.cache_clear()


def replay(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["replay", "--format", "json", *arguments])


def told(result: Result) -> list[str]:
    """The times of the events that were told."""
    assert result.exit_code == 0, result.stderr
    return [json.loads(line)["event_time"] for line in result.stdout.splitlines()]


def test_the_event_decides_and_not_the_day_of_the_file(trail: Trail) -> None:
    trail.put(key_of("2026/01/01"), "2026-01-01T23:00:00Z")
    trail.put(key_of("2026/01/02"), "2026-01-01T23:59:00Z", "2026-01-02T09:00:00Z")
    trail.put(key_of("2026/01/03"), "2026-01-02T23:59:00Z", "2026-01-03T00:00:00Z")
    trail.put(key_of("2026/01/04"), "2026-01-02T12:00:00Z")
    result = replay("s3://trail", "--since", "2026-01-02", "--until", "2026-01-03")
    assert told(result) == [f"2026-01-02T{time}Z" for time in ("09:00:00", "23:59:00", "12:00:00")]


def test_what_will_be_read_and_its_price_are_said_before(trail: Trail) -> None:
    for number in range(2):
        trail.put(key_of("2026/01/02", number), "2026-01-02T09:00:00Z")
    trail.put(key_of("2026/01/02").replace("/CloudTrail/", "/CloudTrail-Digest/"))
    trail.put(key_of("2026/01/05"), "2026-01-05T09:00:00Z", StorageClass="GLACIER")
    said = replay("s3://trail", "--dry-run")
    assert said.exit_code == 0
    assert said.stdout == ""
    for words in (
        "s3://trail: 3 files, ",
        "written 2026-01-02 to 2026-01-05",
        "left out: 1 digest files",
        "in GLACIER, not readable until they are restored: 1 files",
        "LIST and 3 GET requests: $0.000",
        "nothing within the bucket's region, $",
    ):
        assert words in said.stderr, said.stderr


def test_one_key_without_permission_is_named_and_the_rest_is_read(trail: Trail) -> None:
    trail.put(key_of("2026/01/02"), "2026-01-02T09:00:00Z")
    frozen = trail.put(key_of("2026/01/03"), "2026-01-03T09:00:00Z", StorageClass="GLACIER")
    trail.put(key_of("2026/01/04"), "2026-01-04T09:00:00Z")
    result = replay("s3://trail/AWSLogs/")
    assert [time[:10] for time in told(result)] == ["2026-01-02", "2026-01-04"]
    assert f"s3://trail/{frozen}: cannot be read: it lies in an archive of S3's" in result.stderr


def test_one_that_nobody_may_read_at_all_ends_with_one(trail: Trail) -> None:
    trail.put(key_of("2026/01/03"), "2026-01-03T09:00:00Z", StorageClass="GLACIER")
    assert replay("s3://trail").exit_code == 1


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("s3://nowhere-1234", "no such bucket: is its name right?"),
        ("s3://trail/elsewhere/", "there is nothing"),
        ("s3://trail/elsewhere", "there is nothing"),
        ("s3://", "it is s3://BUCKET/PREFIX"),
        ("s3://No_Name!/x", "it is s3://BUCKET/PREFIX"),
    ],
)
def test_a_wrong_address_is_said_in_one_sentence(trail: Trail, address: str, sentence: str) -> None:
    trail.put(key_of("2026/01/02"), "2026-01-02T09:00:00Z")
    result = replay(address)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"trailbell: {address}")
    assert result.stderr.count("\n") == 1
    assert sentence in result.stderr


def test_a_span_without_a_file_is_nothing_to_read(trail: Trail) -> None:
    trail.put(key_of("2026/01/02"), "2026-01-02T09:00:00Z")
    result = replay("s3://trail", "--since", "2026-02-01")
    assert result.exit_code == 0
    assert "s3://trail: 0 files" in result.stderr


def days(trail: Trail, *days: int) -> list[str]:
    return [trail.put(key_of(f"2026/01/{day:02d}"), f"2026-01-{day:02d}T09:00:00Z") for day in days]


def told_days(*arguments: str) -> list[int]:
    """Which days' events a replay into the store tells."""
    result = replay("s3://trail", "--store", "sqlite:///alerts.db", *arguments)
    return [int(time[8:10]) for time in told(result)]


def test_with_a_store_it_goes_on_from_where_it_stopped(trail: Trail) -> None:
    days(trail, 2, 3)
    assert told_days() == [2, 3]
    days(trail, 4)
    result = replay("s3://trail", "--store", "sqlite:///alerts.db")
    assert [time[8:10] for time in told(result)] == ["04"]
    assert "read into the store before, left out: 2 files" in result.stderr
    assert "records read                1" in result.stderr


def test_what_could_not_be_read_is_read_the_next_time(trail: Trail) -> None:
    days(trail, 2, 4)
    frozen = trail.put(key_of("2026/01/03"), "2026-01-03T09:00:00Z", StorageClass="GLACIER")
    assert told_days() == [2, 4]
    trail.s3.delete_object(Bucket="trail", Key=frozen)
    days(trail, 3)
    assert told_days() == [3]


def test_other_rules_see_all_files_again_and_again_does_too(trail: Trail, tmp_path: Path) -> None:
    days(trail, 2)
    assert told_days() == [2]
    assert "records read                1" in replay_stored("--again").stderr
    mine = tmp_path / "mine.toml"
    mine.write_text(
        '[[rule]]\nid = "mine"\ntitle = "Mine"\nseverity = "low"\n'
        "pattern = '{ $.eventName = \"StopLogging\" }'\n"
    )
    assert "records read                1" in replay_stored("--rules", str(mine)).stderr
    assert "records read                0" in replay_stored("--rules", str(mine)).stderr


def replay_stored(*arguments: str) -> Result:
    return replay("s3://trail", "--store", "sqlite:///alerts.db", *arguments)


def test_a_dry_run_reads_nothing_and_notes_nothing(trail: Trail) -> None:
    days(trail, 2)
    assert "none was read" in replay_stored("--dry-run").stderr
    assert told_days() == [2]
    assert "left out: 1 files" in replay_stored("--dry-run").stderr


def test_several_processes_come_to_the_same(trail: Trail) -> None:
    days(trail, *range(1, 10))
    alone, together = (replay("s3://trail", "--jobs", jobs) for jobs in ("1", "2"))
    assert told(together) == told(alone)
    assert together.stdout == alone.stdout


def test_learn_reads_the_days_of_its_span(trail: Trail) -> None:
    days(trail, 1, 2, 4)
    arguments = ["learn", "s3://trail", "--since", "2026-01-02", "--store", "sqlite:///a.db"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.stderr
    assert "s3://trail: 2 files" in result.stderr
    assert result.stdout.startswith("records read 2,")


def test_without_credentials_it_is_said_how_to_sign_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for variable in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(variable, str(tmp_path / "none"))
    client.made_for.cache_clear()
    result = replay("s3://trail")
    client.made_for.cache_clear()
    assert result.exit_code == 2
    assert "Unable to locate credentials: sign in" in result.stderr


@pytest.mark.parametrize(
    ("code", "step"),
    [
        ("AccessDenied", "s3:ListBucket"),
        ("PermanentRedirect", "set AWS_DEFAULT_REGION to the bucket's region"),
        ("ExpiredToken", "sign in again"),
    ],
)
def test_a_refused_listing_is_said_with_the_next_step(code: str, step: str) -> None:
    s3 = FakeS3()
    s3.refused = code
    with pytest.raises(BucketError) as raised:
        list(s3.bucket.listed(""))
    assert step in client.why_no_bucket(raised.value)


def test_whoever_asks_pays_where_they_chose_to() -> None:
    s3 = FakeS3("x")
    bucket = s3.bucket._replace(requester_pays=True)
    list(bucket.listed(""))
    list(bucket.chunks("x", 1))
    assert [asked["RequestPayer"] for asked in s3.asked] == ["requester", "requester"]
