from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.rules.ruleset import Ruleset
from provisioning.aws import DELAYS
from provisioning.errors import OperatorError
from provisioning.status import Verdict
from provisioning.survey import survey
from provisioning.table import table
from provisioning.trail import records_everything
from tests.provisioning.account import FUNCTIONS, SLACK_TOKEN, Account, KilledError, fresh_account

EVERY_EVENT = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}
MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}
WRITES = {"Field": "readOnly", "Equals": ["false"]}


def test_a_second_apply_changes_nothing(account: Account) -> None:
    account.apply_in_full()

    assert account.changes_of(account.apply) == []


def test_a_plan_changes_nothing_and_names_everything(account: Account) -> None:
    before = account.plan()

    assert account.recorder.changes == []
    for thing in ("S3 bucket", "Trail ", "Log group", "IAM role", "DynamoDB table", "SNS topic"):
        assert f"+ create  {thing}" in before


def test_what_was_planned_is_made_and_then_the_plan_is_empty(account: Account) -> None:
    account.apply_in_full()

    assert "nothing to change" in account.plan()


def test_without_a_yes_nothing_is_changed(account: Account) -> None:
    account.answer = False

    assert account.apply() is False
    assert account.recorder.changes == []


def test_logs_may_invoke_the_function_before_its_filter_exists(account: Account) -> None:
    account.apply_in_full()

    actions = [call.action for call in account.recorder.changes]
    assert actions.index("lambda:AddPermission") < actions.index("logs:PutSubscriptionFilter")


def test_the_permission_is_for_this_log_group_of_this_account(account: Account) -> None:
    account.apply_in_full()

    (added,) = [one for one in account.recorder.changes if one.operation == "AddPermission"]
    group = "arn:aws:logs:eu-central-1:123456789012:log-group:trailbell-dev-cloudtrail:*"
    assert added.parameters["Principal"] == "logs.amazonaws.com"
    assert added.parameters["SourceArn"] == group
    assert added.parameters["SourceAccount"] == "123456789012"


def test_the_bucket_lets_the_trail_write_before_the_trail_is_made(account: Account) -> None:
    account.apply()

    actions = [call.action for call in account.recorder.changes]
    assert actions.index("s3:PutBucketPolicy") < actions.index("cloudtrail:CreateTrail")
    assert actions.index("iam:PutRolePolicy") < actions.index("cloudtrail:CreateTrail")


def test_what_needs_the_function_waits_for_the_deployment(account: Account) -> None:
    made = [one.action for one in account.changes_of(account.apply)]

    assert not any(action.startswith("lambda:") for action in made)
    assert "logs:PutSubscriptionFilter" not in made
    assert "chalice deploy comes first" in account.printed.getvalue()

    account.deploy()
    account.apply()
    assert account.status().verdict is Verdict.HEALTHY


def test_an_apply_killed_after_every_single_call_does_what_an_unbroken_one_does() -> None:
    with fresh_account() as account:
        account.deploy()
        account.apply()
        unbroken = [call.action for call in account.recorder.changes]

    with fresh_account() as account:
        account.deploy()
        for killed_after in range(1, len(unbroken) + 1):
            account.recorder.kill_after = killed_after
            with pytest.raises(KilledError):
                account.apply()
        account.recorder.kill_after = None

        assert [call.action for call in account.recorder.changes] == unbroken
        assert account.changes_of(account.apply) == []
        assert account.status().verdict is Verdict.HEALTHY


NOT_YET = [
    ("CreateTrail", "InvalidCloudWatchLogsRoleArnException", "Access denied."),
    ("CreateTrail", "InvalidCloudWatchLogsLogGroupArnException", "Access denied. Check it."),
    ("CreateTrail", "CloudWatchLogsDeliveryUnavailableException", ""),
    ("CreateTrail", "InsufficientS3BucketPolicyException", ""),
    ("PutRolePolicy", "NoSuchEntity", ""),
    ("CreateBucket", "OperationAborted", "A conflicting conditional operation"),
    ("PutBucketPolicy", "NoSuchBucket", ""),
    ("PutBucketLifecycleConfiguration", "OperationAborted", ""),
    ("CreateTable", "ResourceInUseException", "is being deleted"),
    ("UpdateTimeToLive", "ResourceInUseException", "is being created"),
    ("UpdateContinuousBackups", "ContinuousBackupsUnavailableException", ""),
    (
        "PutFunctionEventInvokeConfig",
        "InvalidParameterValueException",
        "The function execution role does not have permissions to call PutObject on S3",
    ),
    (
        "PutSubscriptionFilter",
        "InvalidParameterException",
        "Could not execute the lambda function. Make sure you have given permission.",
    ),
]


@pytest.mark.parametrize(("operation", "code", "message"), NOT_YET)
def test_what_fails_twice_because_aws_has_not_caught_up_is_waited_for(
    account: Account, operation: str, code: str, message: str
) -> None:
    account.recorder.failures[operation] = [(code, message)] * 2

    account.apply_in_full()

    assert account.slept == list(DELAYS[:2])
    assert account.status().verdict is Verdict.HEALTHY


def test_waiting_ends_after_a_minute_with_the_next_step(account: Account) -> None:
    refusal = ("InvalidCloudWatchLogsRoleArnException", "Access denied.")
    account.recorder.failures["CreateTrail"] = [refusal] * 100

    with pytest.raises(OperatorError, match="the same command continues"):
        account.apply()

    assert account.slept == list(DELAYS)
    assert 45 <= sum(DELAYS) <= 90


def test_the_same_code_for_another_reason_is_not_waited_for(account: Account) -> None:
    account.apply()
    account.deploy()
    refusal = ("InvalidParameterValueException", "Unsupported destination")
    account.recorder.failures["PutFunctionEventInvokeConfig"] = [refusal]

    with pytest.raises(OperatorError, match="Unsupported destination"):
        account.apply()

    assert account.slept == []


def test_a_table_that_is_being_deleted_is_not_there(account: Account) -> None:
    part = table(survey(account.aws, account.request).at)[0]

    assert part.see({"Table": {"TableStatus": "DELETING"}}) is None
    assert part.see({"Table": {"TableStatus": "ACTIVE"}}) is not None


def test_secrets_are_encrypted_and_the_slack_token_is_never_printed(account: Account) -> None:
    account.apply_in_full()

    for name in ("slack-token", "api-token"):
        found = account.client("ssm").get_parameter(Name=f"/trailbell-dev/{name}")["Parameter"]
        assert found["Type"] == "SecureString"
    assert SLACK_TOKEN not in account.printed.getvalue()


def test_no_secret_shows_in_the_plans_own_values(account: Account) -> None:
    seen = survey(account.aws, account.request)

    assert SLACK_TOKEN not in repr(seen.parts)


def test_the_address_of_the_page_is_kept_where_somebody_set_another(account: Account) -> None:
    account.apply_in_full()
    ssm = account.client("ssm")
    name = "/trailbell-dev/public-url"
    assert (
        ".execute-api.eu-central-1.amazonaws.com/api/"
        in (ssm.get_parameter(Name=name)["Parameter"]["Value"])
    )

    ssm.put_parameter(Name=name, Value="https://bell.example.com/", Overwrite=True)

    assert account.changes_of(account.apply) == []


def test_what_somebody_changed_is_changed_back(account: Account) -> None:
    account.apply_in_full()
    account.client("cloudtrail").stop_logging(Name="trailbell-dev")
    account.client("logs").put_retention_policy(
        logGroupName="trailbell-dev-cloudtrail", retentionInDays=1
    )

    made = [one.action for one in account.changes_of(account.apply)]

    assert made == ["logs:PutRetentionPolicy", "cloudtrail:StartLogging"]


@pytest.mark.parametrize(
    ("selectors", "everything"),
    [
        ({"EventSelectors": []}, True),
        ({"EventSelectors": [EVERY_EVENT, {**EVERY_EVENT, "ReadWriteType": "WriteOnly"}]}, True),
        ({"EventSelectors": [{**EVERY_EVENT, "ReadWriteType": "ReadOnly"}]}, False),
        ({"EventSelectors": [{**EVERY_EVENT, "IncludeManagementEvents": False}]}, False),
        (
            {
                "EventSelectors": [
                    {**EVERY_EVENT, "ExcludeManagementEventSources": ["kms.amazonaws.com"]}
                ]
            },
            False,
        ),
        ({"AdvancedEventSelectors": [{"FieldSelectors": [MANAGEMENT]}]}, True),
        ({"AdvancedEventSelectors": [{"FieldSelectors": [MANAGEMENT, WRITES]}]}, False),
    ],
)
def test_a_trail_that_leaves_management_events_out_is_told_from_others(
    selectors: dict[str, Any], everything: bool
) -> None:
    assert records_everything(selectors) is everything


def test_a_trail_that_somebody_made_deaf_is_broken_and_mended(account: Account) -> None:
    account.apply_in_full()
    deaf = {**EVERY_EVENT, "IncludeManagementEvents": False}
    account.client("cloudtrail").put_event_selectors(
        TrailName="trailbell-dev", EventSelectors=[deaf]
    )

    assert account.status().verdict is Verdict.BROKEN
    made = [one.action for one in account.changes_of(account.apply)]
    assert made == ["cloudtrail:PutEventSelectors"]
    assert account.changes_of(account.apply) == []


def test_a_lifecycle_that_somebody_narrowed_is_widened_again(account: Account) -> None:
    account.apply_in_full()
    bucket = "trailbell-dev-trail-123456789012-eu-central-1"
    rule = {"Status": "Enabled", "Filter": {"Prefix": "other/"}, "Expiration": {"Days": 365}}
    account.client("s3").put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": [rule]}
    )

    made = [one.action for one in account.changes_of(account.apply)]

    assert made == ["s3:PutBucketLifecycleConfiguration"]


def test_functions_that_another_clone_deployed_are_warned_of(account: Account) -> None:
    account.deploy()
    assert "deployed elsewhere" not in account.plan()

    account.request = replace(account.request, deployed_here=False)

    assert "deployed elsewhere: .chalice/deployed/dev.json is not here" in account.plan()


def test_alarms_that_somebody_silenced_are_heard_again(account: Account) -> None:
    account.apply_in_full()
    account.client("cloudwatch").disable_alarm_actions(AlarmNames=["trailbell-dev-deaf-filter"])

    assert account.status().verdict is Verdict.BROKEN
    assert [one.action for one in account.changes_of(account.apply)] == [
        "cloudwatch:PutMetricAlarm"
    ]


def test_eventbridge_has_alarms_while_it_is_on(account: Account) -> None:
    account.deploy(*FUNCTIONS, "trailbell-dev-ingest_events")
    account.apply()
    names = ["trailbell-dev-events-errors", "trailbell-dev-events-destination-failures"]
    made = account.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
    assert len(made) == 2
    assert account.changes_of(account.apply) == []

    account.client("lambda").delete_function(FunctionName="trailbell-dev-ingest_events")
    account.aws.now = lambda: datetime.now(UTC) + timedelta(hours=2)
    account.apply()

    assert account.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"] == []
    assert not [row for row in account.status().troubles if row.part.startswith("Alarm")]


def test_choices_are_remembered_and_taken_back(account: Account) -> None:
    account.choose(email="ops@example.com", log_days=7)
    account.apply_in_full()
    account.choose()
    assert account.changes_of(account.apply) == []

    account.choose(log_days=14)
    account.apply()

    groups = account.client("logs").describe_log_groups(
        logGroupNamePrefix="trailbell-dev-cloudtrail"
    )["logGroups"]
    assert groups[0]["retentionInDays"] == 14
    assert "ops@example.com" in account.plan()


def test_tags_are_on_what_is_made(account: Account) -> None:
    account.choose(tags={"team": "security"})
    account.apply()

    bucket = "trailbell-dev-trail-123456789012-eu-central-1"
    tags = account.client("s3").get_bucket_tagging(Bucket=bucket)["TagSet"]
    assert {"Key": "team", "Value": "security"} in tags
    assert {"Key": "stage", "Value": "dev"} in tags


def test_the_rules_that_a_pinned_pattern_makes_deaf_are_named(account: Account) -> None:
    rules = Ruleset.load(None).rules
    account.request = replace(account.request, rules=rules)
    account.choose(filter_pattern='{ $.eventName = "StopLogging" }')

    said = account.plan()

    assert "--filter-pattern keeps records from rules. Deaf: " in said
    account.choose(filter_pattern="")
    assert "keeps records" not in account.plan()
