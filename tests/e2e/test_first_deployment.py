"""A first deployment as docs/operating.md walks through it, and its end."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.e2e.cloud import ROOT, Cloud, until, whole_cloud
from tests.e2e.records import stop_logging
from tests.e2e.walk import STAGE, shown, walked

HEADING = "### A first deployment, step by step"


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """One in which nothing was deployed yet, whatever other tests did in theirs."""
    with whole_cloud(tmp_path_factory.mktemp("first")) as cloud:
        yield cloud


@pytest.fixture(scope="module")
def walk(account: Cloud) -> str:
    """All that stood on the terminal."""
    return walked(account)


def test_the_walk_goes_as_the_document_shows_it(walk: str) -> None:
    document = (ROOT / "docs" / "operating.md").read_text().partition(HEADING)[2]
    transcript = document.partition("```text\n")[2].partition("\n```")[0]

    assert shown(walk).splitlines() == transcript.splitlines()[1:], "python -m tests.e2e.walk"


def test_it_tells_slack_that_it_is_there_and_prints_no_secret_but_the_pages(
    account: Cloud, walk: str
) -> None:
    token = account.parameter("slack-token", STAGE)
    secret = account.parameter("slack-signing-secret", STAGE)

    assert len(account.told(f"Trailbell ({STAGE}) will tell here")) == 1
    assert token not in walk
    assert secret not in walk
    assert walk.count(account.parameter("api-token", STAGE)) == 1


def test_destroying_leaves_nothing(account: Cloud, walk: str) -> None:
    account.put_records(stop_logging(), stage=STAGE)
    until(lambda: len(account.items(STAGE)) > 0, "the alert is stored")

    account.setup("destroy", "--stage", STAGE, "--yes", "--delete-data")
    account.chalice("delete", "--stage", STAGE)
    account.setup("destroy", "--stage", STAGE, "--yes", "--delete-data")

    assert [*everything_named(account, f"trailbell-{STAGE}")] == []
    said = account.setup("status", "--stage", STAGE, check=False).stdout
    assert "is untouched" in said


def everything_named(cloud: Cloud, prefix: str) -> Iterator[str]:
    """Whatever the emulator still has under the name, of any service that was used."""
    listings = [
        ("s3", "list_buckets", "Buckets"),
        ("logs", "describe_log_groups", "logGroups"),
        ("iam", "list_roles", "Roles"),
        ("cloudtrail", "describe_trails", "trailList"),
        ("dynamodb", "list_tables", "TableNames"),
        ("ssm", "describe_parameters", "Parameters"),
        ("sns", "list_topics", "Topics"),
        ("cloudwatch", "describe_alarms", "MetricAlarms"),
        ("lambda", "list_functions", "Functions"),
        ("events", "list_rules", "Rules"),
    ]
    for service, operation, key in listings:
        for one in getattr(cloud.client(service), operation)()[key]:
            if prefix in json.dumps(one, default=str):
                yield f"{service}: {json.dumps(one, default=str)[:200]}"
