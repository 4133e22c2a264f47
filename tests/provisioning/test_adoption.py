"""What an organization has already is used, never changed and never deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from provisioning.adoption import with_trail
from provisioning.buckets import trail_policy
from provisioning.errors import OperatorError
from provisioning.status import Verdict
from provisioning.survey import survey
from provisioning.trail import trail
from provisioning.trails import existing
from tests.provisioning.account import ACCOUNT, REGION, Account

GROUP = "audit/cloudtrail"


def _company_trail(account: Account, *, group: str | None = GROUP, name: str = "company") -> None:
    s3, cloudtrail = account.client("s3"), account.client("cloudtrail")
    where = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket="company-trail", CreateBucketConfiguration=where)
    settings = {}
    if group:
        account.client("logs").create_log_group(logGroupName=group)
        settings = {
            "CloudWatchLogsLogGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*",
            "CloudWatchLogsRoleArn": f"arn:aws:iam::{ACCOUNT}:role/company",
        }
    cloudtrail.create_trail(Name=name, S3BucketName="company-trail", **settings)
    cloudtrail.start_logging(Name=name)


def _touched(account: Account, *names: str) -> set[str]:
    return {
        call.action
        for call in account.recorder.changes
        if any(name in str(call.parameters.values()) for name in names)
    }


def test_an_adopted_trail_gets_one_filter_and_nothing_else(account: Account) -> None:
    _company_trail(account)
    account.choose(trail="company")

    account.apply_in_full()

    assert _touched(account, "company-trail", "'company'") == set()
    assert {
        call.action
        for call in account.recorder.changes
        if call.parameters.get("logGroupName") == GROUP
    } == {"logs:PutSubscriptionFilter"}
    made = {call.action for call in account.recorder.changes}
    assert not made & {"cloudtrail:CreateTrail", "iam:CreateRole"}
    assert account.status().troubles == ()


def test_destroying_leaves_what_was_adopted(account: Account) -> None:
    _company_trail(account)
    account.choose(trail="company")
    account.apply_in_full()
    account.choose()

    account.undeploy()
    removed = account.changes_of(lambda: account.destroy(data=True))

    on_group = {call.action for call in removed if call.parameters.get("logGroupName") == GROUP}
    assert on_group == {"logs:DeleteSubscriptionFilter"}
    assert not [one for one in removed if "company" in str(one.parameters)]
    assert account.client("cloudtrail").get_trail_status(Name="company")["IsLogging"]


def test_an_adopted_log_group_brings_the_trail_that_feeds_it(account: Account) -> None:
    _company_trail(account)
    account.choose(log_group=GROUP)

    account.apply()

    assert "cloudtrail:CreateTrail" not in {call.action for call in account.recorder.changes}


def test_an_adopted_log_group_that_nothing_feeds_gets_a_trail(account: Account) -> None:
    account.client("logs").create_log_group(logGroupName=GROUP)
    account.choose(log_group=GROUP)

    account.apply()

    (made,) = [one for one in account.recorder.changes if one.operation == "CreateTrail"]
    assert made.parameters["CloudWatchLogsLogGroupArn"].endswith(f":log-group:{GROUP}:*")
    groups = {one.parameters.get("logGroupName") for one in account.recorder.changes}
    assert GROUP not in groups


def test_an_adopted_bucket_is_not_touched(account: Account) -> None:
    where = {"LocationConstraint": REGION}
    account.client("s3").create_bucket(Bucket="archive", CreateBucketConfiguration=where)
    account.choose(bucket="archive")

    account.apply_in_full()
    account.undeploy()
    account.destroy(data=True)

    assert not [
        one for one in account.recorder.changes if one.parameters.get("Bucket") == "archive"
    ]
    account.client("s3").head_bucket(Bucket="archive")


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"trail": "nowhere"}, "no trail nowhere is seen from eu-central-1; those that are: none"),
        ({"log_group": "nowhere"}, "no log group nowhere in eu-central-1"),
        ({"bucket": "nowhere"}, "no bucket nowhere: check --bucket"),
    ],
)
def test_what_does_not_exist_cannot_be_adopted(
    account: Account, choice: dict[str, str], words: str
) -> None:
    account.choose(**choice)

    with pytest.raises(OperatorError, match=words):
        account.apply()

    assert account.recorder.changes == []


def test_a_trail_without_a_log_group_cannot_be_adopted(account: Account) -> None:
    _company_trail(account, group=None)
    account.choose(trail="company")

    with pytest.raises(OperatorError, match="writes to no log group"):
        account.apply()


def test_a_second_trail_is_priced_and_the_first_recommended(account: Account) -> None:
    _company_trail(account)

    printed = account.plan()

    assert "There is a trail already: company (eu-central-1)" in printed
    assert "1,000,000 events a month: 20.00 USD a month" in printed
    assert f"Recommended: --trail company, which writes to {GROUP}." in printed


def test_the_price_follows_the_last_month_where_it_is_known(account: Account) -> None:
    _company_trail(account)
    account.client("cloudwatch").put_metric_data(
        Namespace="AWS/Logs",
        MetricData=[
            {
                "MetricName": "IncomingLogEvents",
                "Dimensions": [{"Name": "LogGroupName", "Value": GROUP}],
                "Timestamp": datetime.now(UTC) - timedelta(days=3),
                "Value": 250_000,
            }
        ],
    )

    assert "250,000 events a month (as many as the last 30 days had): 5.00 USD" in account.plan()


def test_with_no_other_trail_there_is_nothing_to_price(account: Account) -> None:
    assert "A second copy" not in account.plan()
    account.apply()
    assert "A second copy" not in account.plan()


def _two_filters(account: Account) -> None:
    account.deploy()
    for name in ("siem", "archive"):
        account.client("logs").put_subscription_filter(
            logGroupName=GROUP,
            filterName=name,
            filterPattern="",
            destinationArn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:trailbell-dev",
        )


def test_both_filter_slots_taken_is_said_with_advice_and_neither_is_touched(
    account: Account,
) -> None:
    _company_trail(account)
    _two_filters(account)
    account.choose(trail="company")

    done = account.apply()

    assert done is False
    assert "taken, by" in account.printed.getvalue()
    assert "EventBridge" in account.printed.getvalue()
    assert "logs:PutSubscriptionFilter" not in {one.action for one in account.recorder.changes}
    filters = account.client("logs").describe_subscription_filters(logGroupName=GROUP)
    assert {one["filterName"] for one in filters["subscriptionFilters"]} == {"siem", "archive"}


def test_a_pinned_filter_pattern_is_honoured_and_remembered(account: Account) -> None:
    pinned = '{ $.userIdentity.type = "Root" }'
    account.choose(filter_pattern=pinned)
    account.apply_in_full()
    account.choose()
    account.apply()

    filters = account.client("logs").describe_subscription_filters(
        logGroupName="trailbell-dev-cloudtrail"
    )["subscriptionFilters"]
    assert [one["filterPattern"] for one in filters] == [pinned]


def test_an_organization_trail_may_write_for_every_account(account: Account) -> None:
    organization = account.client("organizations").create_organization(FeatureSet="ALL")
    org_id = organization["Organization"]["Id"]
    account.choose(organization=True)

    account.apply()

    (made,) = [one for one in account.recorder.changes if one.operation == "CreateTrail"]
    assert made.parameters["IsOrganizationTrail"] is True
    policy = account.client("s3").get_bucket_policy(
        Bucket=f"trailbell-dev-trail-{ACCOUNT}-{REGION}"
    )["Policy"]
    assert f"/AWSLogs/{org_id}/*" in policy
    role = account.client("iam").get_role_policy(
        RoleName="trailbell-dev-cloudtrail", PolicyName="write-log"
    )
    assert f"log-stream:{org_id}_*" in str(role["PolicyDocument"])


def _adopted_later(account: Account) -> None:
    account.apply_in_full()
    _company_trail(account)
    account.choose(trail="company")
    account.apply()
    account.choose()


def test_adopting_a_trail_later_lets_both_overlap_for_an_hour(account: Account) -> None:
    _adopted_later(account)

    assert account.changes_of(account.apply) == []
    assert "still costing: apply removes it an hour after" in account.plan()
    assert account.status().verdict is Verdict.HEALTHY
    assert "Trail trailbell-dev: of an earlier choice" in str(account.status().remarks)


def test_then_the_own_trail_goes_which_would_go_on_costing(account: Account) -> None:
    _adopted_later(account)
    account.aws.now = lambda: datetime.now(UTC) + timedelta(hours=2)

    assert "- remove  Trail trailbell-dev" in account.plan()
    assert account.status().troubles[0].next_step == "setup_resources.py apply --stage dev"
    made = [one.action for one in account.changes_of(account.apply)]

    assert made == [
        "logs:DeleteSubscriptionFilter",
        "lambda:RemovePermission",
        "cloudtrail:DeleteTrail",
        "iam:DeleteRolePolicy",
        "iam:DeleteRole",
    ]
    assert account.changes_of(account.apply) == []
    # Moto's trails deliver nothing, which two hours later is a fault of its own.
    assert [row.part for row in account.status().troubles] == ["Trail company: last delivery"]


def test_what_the_own_trail_wrote_stays_until_the_data_is_destroyed(account: Account) -> None:
    _adopted_later(account)
    account.aws.now = lambda: datetime.now(UTC) + timedelta(hours=2)
    account.apply()
    account.client("s3").head_bucket(Bucket=f"trailbell-dev-trail-{ACCOUNT}-{REGION}")

    account.undeploy()
    account.destroy(data=True)

    left = {one["Name"] for one in account.client("s3").list_buckets()["Buckets"]}
    assert left == {"company-trail"}
    groups = account.client("logs").describe_log_groups()["logGroups"]
    assert [one["logGroupName"] for one in groups] == [GROUP]


def test_what_is_named_like_ours_and_adopted_is_not_removed(account: Account) -> None:
    bucket, group = f"trailbell-dev-trail-{ACCOUNT}-{REGION}", "trailbell-dev-cloudtrail"
    where = {"LocationConstraint": REGION}
    account.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    account.client("logs").create_log_group(logGroupName=group)
    account.choose(bucket=bucket, log_group=group)
    account.apply_in_full()

    account.undeploy()
    account.destroy(data=True)

    assert not [one for one in account.recorder.changes if one.parameters.get("Bucket") == bucket]
    groups = account.client("logs").describe_log_groups()["logGroups"]
    assert [one["logGroupName"] for one in groups] == [group]


def test_an_adopted_trail_of_another_region_is_asked_where_it_is_at_home(account: Account) -> None:
    _company_trail(account)
    at = survey(account.aws, replace(account.request, given={"trail": "company"})).at
    far = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/company"
    company = replace(existing(account.aws)[0], arn=far, home="us-east-1")

    assert with_trail(at, [company]).trail_arn == far


def test_a_bucket_of_another_account_can_be_adopted(account: Account) -> None:
    account.recorder.failures["HeadBucket"] = [("403", "Forbidden")]
    account.choose(bucket="log-archive")

    assert "+ create  Trail trailbell-dev" in account.plan()


def test_a_delegated_administrators_trail_belongs_to_the_management_account(
    account: Account,
) -> None:
    account.client("organizations").create_organization(FeatureSet="ALL")
    account.choose(organization=True)
    at = survey(account.aws, account.request).at
    at = replace(at, management_account="111122223333")

    arn = f"arn:aws:cloudtrail:{REGION}:111122223333:trail/trailbell-dev"
    check, write, *_ = trail_policy(at)["Statement"]
    assert check["Condition"]["StringEquals"]["aws:SourceArn"] == arn
    assert write["Resource"].endswith("/AWSLogs/111122223333/*")
    made, logging = trail(at)
    assert made.create[0].parameters["Name"] == "trailbell-dev"
    calls = (made.read, *(made.change or ()), *made.remove, logging.read, *logging.create)
    assert {call.parameters["Name"] for call in calls} == {arn}


def _records(account: Account, **selector: Any) -> None:
    account.client("cloudtrail").put_event_selectors(
        TrailName="company", EventSelectors=[{"IncludeManagementEvents": True, **selector}]
    )


def _silence_is_watched(account: Account) -> bool:
    found = account.client("cloudwatch").describe_alarms(AlarmNames=["trailbell-dev-deaf-trail"])
    return bool(found["MetricAlarms"])


def test_a_write_only_trail_has_no_alarm_of_silence_and_plan_says_so(account: Account) -> None:
    _company_trail(account)
    _records(account, ReadWriteType="WriteOnly")
    account.choose(trail="company")

    said = account.plan()
    account.apply_in_full()

    assert "company leaves out reads" in said
    assert "cloudtrail:GetTrailStatus alone" in said
    assert not _silence_is_watched(account)
    assert account.changes_of(account.apply) == []


def test_the_alarm_of_silence_goes_with_the_reads_and_comes_back_with_them(
    account: Account,
) -> None:
    _company_trail(account)
    account.choose(trail="company")
    account.apply_in_full()
    account.aws.now = lambda: datetime.now(UTC) + timedelta(hours=2)
    assert _silence_is_watched(account)

    _records(account, ReadWriteType="WriteOnly")
    account.apply()
    assert not _silence_is_watched(account)

    _records(account, ReadWriteType="All")
    account.apply()
    assert _silence_is_watched(account)


def test_a_trail_without_kms_events_is_told_and_has_its_alarm_of_silence(account: Account) -> None:
    _company_trail(account)
    excluded = ["kms.amazonaws.com"]
    _records(account, ReadWriteType="All", ExcludeManagementEventSources=excluded)
    account.choose(trail="company")

    said = account.plan()
    account.apply_in_full()

    assert "company leaves out kms.amazonaws.com: rules about them hear nothing." in said
    assert _silence_is_watched(account)


def test_what_a_trail_records_need_not_be_ours_to_read(account: Account) -> None:
    _company_trail(account)
    account.choose(trail="company")
    account.recorder.failures["GetEventSelectors"] = [("AccessDeniedException", "no")]

    account.apply_in_full()

    assert _silence_is_watched(account)


def test_a_trail_of_another_account_is_adopted_with_a_word_on_who_can_say_what_it_records(
    account: Account,
) -> None:
    _company_trail(account)
    owner = "444455556666"

    def theirs(parsed: dict[str, Any], **_: Any) -> None:
        for one in parsed["trailList"]:
            one["TrailARN"] = one["TrailARN"].replace(ACCOUNT, owner)

    account.choose(trail="company")
    unsaid = ("TrailNotFoundException", "Unknown trail")
    account.recorder.failures["GetEventSelectors"] = [unsaid]
    events = account.aws.client("cloudtrail").meta.events
    events.register("after-call.cloudtrail.DescribeTrails", theirs)
    try:
        said = account.plan()
    finally:
        events.unregister("after-call.cloudtrail.DescribeTrails", theirs)

    assert f"company is account {owner}'s, who alone can say and change what it records" in said
