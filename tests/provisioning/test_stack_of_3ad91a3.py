"""A stage as setup_resources.py of 3ad91a3 made it: today's `apply` goes on with it.

The calls that it made lie in made_by_3ad91a3, with the script that wrote them down.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name

from tests.provisioning.account import ACCOUNT, REGION, Account, fresh_account

CALLS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "made_by_3ad91a3" / "calls.json").read_text(encoding="utf-8")
)
DATA = ("CreateTrail", "CreateBucket", "CreateTable", "CreateRole", "CreateTopic")
REMOVES = ("Delete", "Remove", "Stop")


@pytest.fixture
def upgraded() -> Iterator[tuple[Account, list[Any]]]:
    """The stage as it was made, with an alert in its table, after today's apply; and what that
    changed.
    """
    with fresh_account() as account:
        account.deploy()
        for call in CALLS:
            change = getattr(account.client(call["service"]), xform_name(call["operation"]))
            change(**call["parameters"])
        put(account, "ALERT#1")
        changes = account.changes_of(account.apply)
        yield account, changes


def put(account: Account, key: str) -> None:
    account.client("dynamodb").put_item(
        TableName="trailbell-dev", Item={"pk": {"S": key}, "sk": {"S": "ALERT"}}
    )


def test_nothing_is_made_a_second_time_and_no_data_is_removed(
    upgraded: tuple[Account, list[Any]],
) -> None:
    _, changes = upgraded
    assert [one for one in changes if one.operation in DATA] == []
    assert [one.action for one in changes if one.operation.startswith(REMOVES)] == []


def test_a_second_apply_changes_nothing(upgraded: tuple[Account, list[Any]]) -> None:
    account, changes = upgraded
    assert changes
    assert account.changes_of(account.apply) == []


def test_what_was_stored_and_chosen_is_kept(upgraded: tuple[Account, list[Any]]) -> None:
    account, _ = upgraded
    key = {"pk": {"S": "ALERT#1"}, "sk": {"S": "ALERT"}}
    dynamodb, ssm = account.client("dynamodb"), account.client("ssm")
    assert "Item" in dynamodb.get_item(TableName="trailbell-dev", Key=key)
    found = ssm.get_parameter(Name="/trailbell-dev/api-token", WithDecryption=True)
    assert found["Parameter"]["Value"] == "a value of /trailbell-dev/api-token"
    chosen = json.loads(ssm.get_parameter(Name="/trailbell-dev/installation")["Parameter"]["Value"])
    assert (chosen["email"], chosen["log_days"]) == ("ops@example.com", 60)
    (group,) = account.client("logs").describe_log_groups(
        logGroupNamePrefix="trailbell-dev-cloudtrail"
    )["logGroups"]
    assert group["retentionInDays"] == 60


def test_the_trail_was_never_stopped_and_its_filter_stands(
    upgraded: tuple[Account, list[Any]],
) -> None:
    account, _ = upgraded
    assert account.client("cloudtrail").get_trail_status(Name="trailbell-dev")["IsLogging"]
    (filter_,) = account.client("logs").describe_subscription_filters(
        logGroupName="trailbell-dev-cloudtrail"
    )["subscriptionFilters"]
    assert filter_["filterPattern"] == account.request.pattern
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:trailbell-dev-ingest_logs"
    assert filter_["destinationArn"] == function


def test_it_can_be_taken_away_whole(upgraded: tuple[Account, list[Any]]) -> None:
    account, _ = upgraded
    account.undeploy()
    account.destroy(data=True)
    assert account.client("dynamodb").list_tables()["TableNames"] == []
    assert account.client("s3").list_buckets()["Buckets"] == []
    assert account.client("cloudtrail").describe_trails()["trailList"] == []
