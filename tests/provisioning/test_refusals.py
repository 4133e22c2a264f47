"""What AWS will refuse is found by `plan`, and `apply` makes nothing where that is certain."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from provisioning.errors import OperatorError
from provisioning.permissions import CHALICE
from tests.provisioning.account import ACCOUNT, REGION, Account

ORGANIZATION = {"OrganizationsDecisionDetail": {"AllowedByOrganizations": False}}
BOUNDARY = {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False}}


def _refuses(account: Account, words: str) -> None:
    """Plan says it and apply stops before anything is made."""
    said = account.plan()
    assert "AWS will refuse this:" in said
    assert words in said
    with pytest.raises(OperatorError) as raised:
        account.apply()
    assert words in str(raised.value)
    assert account.recorder.changes == []


def _trails(account: Account, count: int, client: Any = None) -> None:
    where = {"LocationConstraint": REGION}
    account.client("s3").create_bucket(Bucket="theirs", CreateBucketConfiguration=where)
    for number in range(count):
        account.client("cloudtrail").create_trail(Name=f"trail-{number}", S3BucketName="theirs")


def test_a_region_with_five_trails_takes_no_sixth(account: Account) -> None:
    _trails(account, 5)

    _refuses(account, "the region has its five trails already; adopt one of them with --trail")


def test_of_four_trails_nobody_says_anything(account: Account) -> None:
    _trails(account, 4)

    assert "AWS will refuse" not in account.plan()


def test_a_name_that_s3_does_not_take_is_said(account: Account) -> None:
    account.request = replace(account.request, app="a-company-with-a-rather-long-name")

    _refuses(account, "characters and S3 takes 63; deploy under a shorter app_name")


def test_a_bucket_of_another_account_is_said(account: Account) -> None:
    account.recorder.failures["HeadBucket"] = [("403", "Forbidden")] * 4

    _refuses(account, "the bucket's name is taken by another account")


def test_everything_that_may_not_be_read_is_said_at_once(account: Account) -> None:
    account.recorder.failures["GetTrail"] = [("AccessDeniedException", "no")] * 2
    account.recorder.failures["DescribeTable"] = [("AccessDeniedException", "no")] * 2

    _refuses(account, "may not call GetTrail")
    account.recorder.failures["GetTrail"] = [("AccessDeniedException", "no")]
    account.recorder.failures["DescribeTable"] = [("AccessDeniedException", "no")]
    assert "may not call DescribeTable" in account.plan()


def test_an_account_with_all_its_roles_takes_no_more(account: Account) -> None:
    def full(parsed: dict[str, Any], **_: Any) -> None:
        parsed["SummaryMap"] = {"Roles": 999, "RolesQuota": 1000}

    events = account.aws.client("iam").meta.events
    events.register("after-call.iam.GetAccountSummary", full)
    try:
        _refuses(account, "999 of 1000 roles are there and 4 more are needed; ask for more")
    finally:
        events.unregister("after-call.iam.GetAccountSummary", full)


def test_a_new_account_has_no_concurrency_to_reserve(account: Account) -> None:
    config = {"lambda_functions": {"ingest_logs": {"reserved_concurrency": 5}}}
    account.request = replace(account.request, config=config)

    def new(**_: Any) -> tuple[Any, Any]:
        limit = {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}
        return SimpleNamespace(status_code=200), {"AccountLimit": limit}

    events = account.aws.client("lambda").meta.events
    events.register("before-call.lambda.GetAccountSettings", new)
    try:
        _refuses(account, "reserved_concurrency is 5 in all, of 10 that are free")
    finally:
        events.unregister("before-call.lambda.GetAccountSettings", new)


@pytest.mark.parametrize(
    ("details", "why"),
    [
        ({}, "these credentials' policies do not allow it; docs/operating.md has the deployer's"),
        ({"EvalDecision": "explicitDeny"}, "a policy of these credentials forbids it"),
        (ORGANIZATION, "a policy of the organization forbids it; ask who manages"),
        (BOUNDARY, "the permissions boundary of these credentials forbids it; ask who set"),
    ],
)
def test_a_missing_permission_is_found_before_it_is_needed(
    account: Account, details: dict[str, Any], why: str
) -> None:
    account.recorder.simulation.denied = {"cloudtrail:CreateTrail": details}

    said = account.plan()

    trail = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/trailbell-dev"
    assert f"! cloudtrail:CreateTrail on {trail}: {why}" in said
    assert not account.planned()


def test_where_everything_is_allowed_plan_ends_well(account: Account) -> None:
    account.recorder.simulation.denied = {}

    assert account.planned()
    assert "refuse" not in account.printed.getvalue()


def test_where_nobody_may_ask_iam_plan_says_so_and_ends_well(account: Account) -> None:
    assert account.planned()
    assert "Permissions were not tried" in account.printed.getvalue()


def test_what_chalice_will_call_is_tried_too(account: Account) -> None:
    account.recorder.simulation.denied = {}
    account.plan()

    asked = {action for action, _ in account.recorder.simulation.asked}
    assert asked >= CHALICE


def test_a_simulation_stops_no_apply_since_iam_was_not_told_every_condition(
    account: Account,
) -> None:
    account.recorder.simulation.denied = {"cloudtrail:CreateTrail": {}}

    assert account.apply()


def test_a_full_log_group_makes_plan_end_with_1(account: Account) -> None:
    account.apply_in_full()
    client = account.client("logs")
    client.delete_subscription_filter(
        logGroupName="trailbell-dev-cloudtrail", filterName="trailbell-dev"
    )
    for name in ("one", "two"):
        client.put_subscription_filter(
            logGroupName="trailbell-dev-cloudtrail",
            filterName=name,
            filterPattern="",
            destinationArn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:trailbell-dev",
        )

    assert not account.planned()
    assert "both filter slots" in account.printed.getvalue()
