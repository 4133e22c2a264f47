"""The way through a bucket: all of a span's log files, and no listing of what lies outside it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.ingest.trail_keys import Kind, day_of, kind_of
from cli.s3.walk import Walk
from cli.span import Span
from tests.cli.s3.bucket import PAGE, REGION, FakeS3, key_of
from tests.soak import examples

OTHERS = (
    "readme.txt",
    "AWSLogs/111122223333/Config/eu-central-1/2026/1/2/x.json.gz",
    f"{REGION}2026/01/02/x.txt",
)
DIGEST = key_of("2026/01/02").replace("/CloudTrail/", "/CloudTrail-Digest/")
INSIGHT = key_of("2026/01/02").replace("/CloudTrail/", "/CloudTrail-Insight/")
PREFIXES = st.sampled_from(["", "logs/", "o-abcde12345/"])
ORGANIZATIONS = st.sampled_from(["", "o-abcde12345/"])
ACCOUNTS = st.sampled_from(["111122223333", "444455556666"])
WHATS = st.sampled_from(["CloudTrail", "CloudTrail", "CloudTrail", "CloudTrail-Digest", "Config"])
DAYS = st.dates(date(2025, 12, 28), date(2026, 1, 5))
KEYS = st.builds(
    lambda prefix, organization, account, what, region, day, number: (
        f"{prefix}AWSLogs/{organization}{account}/{what}/{region}/{day:%Y/%m/%d}/{number}.json.gz"
    ),
    PREFIXES, ORGANIZATIONS, ACCOUNTS, WHATS, st.sampled_from(["eu-west-1", "us-east-1"]), DAYS,
    st.integers(0, 4),
)  # fmt: skip
TIMES = st.none() | st.integers(-120, 160).map(lambda hours: at(1) + timedelta(hours=hours))


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(4) as executor:
        yield executor


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=UTC)


def found(walk: Walk, pool: Executor, prefix: str = "") -> list[str]:
    return sorted(each.key for some in walk.files(prefix, pool) for each in some)


@settings(max_examples=examples(25, 2000))
@given(st.sets(KEYS, max_size=30), TIMES, TIMES)
def test_exactly_the_log_files_of_the_days_from_the_start_to_a_day_after_the_end_are_found(
    pool: Executor, keys: set[str], start: datetime | None, end: datetime | None
) -> None:
    walk = Walk(FakeS3(*keys, *OTHERS).bucket, Span(start, end))
    first = f"{start:%Y/%m/%d}" if start else ""
    last = f"{end + timedelta(days=1):%Y/%m/%d}" if end else "9999"
    logs = [key for key in keys if kind_of(key) is Kind.TRAIL]
    assert found(walk, pool) == sorted(key for key in logs if first <= day_of(key) <= last)


def test_days_outside_the_span_are_not_listed(pool: Executor) -> None:
    s3 = FakeS3(
        *(key_of(f"2026/{month:02d}/{day:02d}") for month in (1, 2, 3) for day in range(1, 29))
    )
    assert len(found(Walk(s3.bucket, Span(at(10), at(11))), pool)) == 3
    days = [asked for asked in s3.asked if asked["Prefix"].startswith(REGION)]
    assert len(days) == 2
    assert days[0]["StartAfter"] == f"{REGION}2026/01/10/"


def test_calls_are_counted(pool: Executor) -> None:
    s3 = FakeS3(*(key_of("2026/01/02", number) for number in range(2 * PAGE)))
    walk = Walk(s3.bucket, Span())
    assert walk.holds("AWSLogs/")
    assert len(found(walk, pool)) == 2 * PAGE
    assert walk.calls == len(s3.asked)


def test_digests_insights_and_other_objects_are_left_out_and_counted(pool: Executor) -> None:
    s3 = FakeS3(key_of("2026/01/02"), DIGEST, INSIGHT, *OTHERS, REGION)
    walk = Walk(s3.bucket, Span())
    assert found(walk, pool) == [key_of("2026/01/02")]
    assert walk.left_out == {Kind.DIGEST: 1, Kind.INSIGHT: 1, Kind.OTHER: 3}
    assert walk.has_more == set()


def test_of_a_folder_beside_the_trails_one_page_is_counted(pool: Executor) -> None:
    digests = (DIGEST.replace("_0", f"_{number}") for number in range(2 * PAGE))
    walk = Walk(FakeS3(*digests).bucket, Span())
    assert found(walk, pool) == []
    assert walk.left_out == {Kind.DIGEST: PAGE}
    assert walk.has_more == {Kind.DIGEST}


@pytest.mark.parametrize("named", [OTHERS[0], OTHERS[2], DIGEST, key_of("2026/01/02")])
def test_what_is_named_whole_is_read_whatever_it_is(pool: Executor, named: str) -> None:
    walk = Walk(FakeS3(key_of("2026/01/02"), DIGEST, *OTHERS).bucket, Span())
    assert found(walk, pool, named) == [named]


@pytest.mark.parametrize("prefix", ["2026/01/", "2026/01/02/", "2026/01/0", "2026/01/02/1111"])
def test_a_part_of_a_region_can_be_named(pool: Executor, prefix: str) -> None:
    keys = [key_of("2026/01/02"), key_of("2026/01/02", 1)]
    s3 = FakeS3(*keys, key_of("2025/12/31"), key_of("2026/02/01"))
    assert found(Walk(s3.bucket, Span(at(2))), pool, REGION + prefix) == keys


def test_a_span_may_end_with_the_calendar(pool: Executor) -> None:
    walk = Walk(FakeS3(key_of("2026/01/02")).bucket, Span(end=datetime.max.replace(tzinfo=UTC)))
    assert found(walk, pool) == [key_of("2026/01/02")]
