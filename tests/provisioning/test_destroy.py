from __future__ import annotations

import pytest

from provisioning.errors import OperatorError
from provisioning.status import Verdict
from tests.provisioning.account import ACCOUNT, REGION, Account, KilledError, fresh_account


def test_destroying_with_the_data_leaves_nothing(account: Account) -> None:
    account.apply_in_full()
    bucket = "trailbell-dev-trail-123456789012-eu-central-1"
    account.put_object(bucket)
    account.client("s3").delete_bucket_policy(Bucket=bucket)  # moto overlooks its condition on TLS
    account.destroy(data=True)
    account.undeploy()
    account.destroy(data=True)

    assert account.status().verdict is Verdict.UNTOUCHED
    assert account.client("logs").describe_log_groups()["logGroups"] == []
    assert account.client("s3").list_buckets()["Buckets"] == []
    assert account.client("ssm").describe_parameters()["Parameters"] == []


def test_an_object_that_cannot_be_deleted_is_named(account: Account) -> None:
    account.apply_in_full()
    account.put_object("trailbell-dev-trail-123456789012-eu-central-1")  # its policy denies moto

    with pytest.raises(OperatorError, match="keeps aws/lambda/async/one"):
        account.destroy(data=True)


def test_data_stays_unless_told_otherwise(account: Account) -> None:
    account.apply_in_full()
    account.destroy()

    groups = account.client("logs").describe_log_groups()["logGroups"]
    assert "trailbell-dev-cloudtrail" in {one["logGroupName"] for one in groups}
    assert account.client("dynamodb").list_tables()["TableNames"] == ["trailbell-dev"]
    assert len(account.client("s3").list_buckets()["Buckets"]) == 2
    assert account.client("cloudtrail").describe_trails()["trailList"] == []


def test_the_filter_goes_before_the_permission_and_both_before_the_trail(account: Account) -> None:
    account.apply_in_full()

    removed = [one.action for one in account.changes_of(account.destroy)]

    first = removed.index("logs:DeleteSubscriptionFilter")
    assert (
        first < removed.index("lambda:RemovePermission") < removed.index("cloudtrail:DeleteTrail")
    )


def test_a_functions_log_stays_while_the_function_can_write_to_it(account: Account) -> None:
    account.apply_in_full()
    account.client("logs").create_log_group(logGroupName="/aws/lambda/trailbell-dev-sweep")

    account.destroy(data=True)
    assert len(account.client("logs").describe_log_groups()["logGroups"]) == 2

    account.undeploy()
    account.destroy(data=True)
    assert account.client("logs").describe_log_groups()["logGroups"] == []


def test_after_destroying_it_can_be_made_again_around_the_kept_data(account: Account) -> None:
    account.apply_in_full()
    account.destroy()
    account.apply()

    assert account.status().verdict is Verdict.HEALTHY


def test_without_a_yes_nothing_is_destroyed(account: Account) -> None:
    account.apply_in_full()
    account.answer = False

    assert account.changes_of(account.destroy) == []


def test_a_destroy_killed_after_any_of_its_calls_is_finished_by_the_next() -> None:
    with fresh_account() as account:
        account.apply_in_full()
        account.undeploy()
        while True:
            account.recorder.kill_after = len(account.recorder.changes) + 1
            try:
                account.destroy(data=True)
            except KilledError:
                continue
            break

        account.recorder.kill_after = None
        assert account.status().verdict is Verdict.UNTOUCHED
        assert account.client("s3").list_buckets()["Buckets"] == []


@pytest.mark.parametrize("data", [False, True])
def test_destroying_nothing_changes_nothing(account: Account, data: bool) -> None:
    assert account.changes_of(lambda: account.destroy(data=data)) == []


def test_what_is_ours_goes_though_the_trail_that_was_adopted_is_gone(account: Account) -> None:
    account.client("s3").create_bucket(
        Bucket="company", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    account.client("logs").create_log_group(logGroupName="company")
    account.client("cloudtrail").create_trail(
        Name="company",
        S3BucketName="company",
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:company:*",
        CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/company",
    )
    account.choose(trail="company")
    account.apply_in_full()
    account.choose()
    account.client("cloudtrail").delete_trail(Name="company")

    said = account.output_of(account.destroy)

    assert "Not looked at: no trail company" in said
    assert account.client("ssm").describe_parameters()["Parameters"] == []
    assert account.client("sns").list_topics()["Topics"] == []


def test_nothing_is_removed_where_something_may_not_be_read(account: Account) -> None:
    account.apply_in_full()
    account.recorder.failures["GetTrail"] = [("AccessDenied", "no")]

    with pytest.raises(OperatorError, match="may not call GetTrail"):
        account.destroy()
    assert account.client("sns").list_topics()["Topics"] != []
