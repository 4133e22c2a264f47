"""Records by the trail's files in S3: what is made, adopted, and left when the way is changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from provisioning.choices import Choices
from provisioning.errors import OperatorError
from tests.provisioning.account import ACCOUNT, REGION, Account

OWNER = "111122223333"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:organization-trail"


def organization(account: Account, **more: Any) -> None:
    """Another's bucket and topic, adopted."""
    account.client("sns").create_topic(Name="organization-trail")
    account.choose(
        source="s3", bucket="organization-trail", bucket_owner=OWNER, topic=TOPIC, **more
    )
    account.deploy("trailbell-dev", "trailbell-dev-ingest_logs", "trailbell-dev-sweep", FILES)
    account.client("iam").create_role(RoleName=FILES, AssumeRolePolicyDocument="{}")


FILES = "trailbell-dev-ingest_files"


def hand_over(account: Account) -> None:
    """What chalice deploy makes besides, once the queue is there."""
    account.client("lambda").create_event_source_mapping(
        FunctionName=FILES,
        EventSourceArn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:trailbell-dev-files",
        BatchSize=1,
    )


def test_an_adopted_bucket_needs_no_trail_log_group_role_or_filter_of_ours(
    account: Account,
) -> None:
    organization(account)

    account.apply()

    made = {call.action for call in account.recorder.changes}
    assert not made & {
        "cloudtrail:CreateTrail",
        "logs:PutSubscriptionFilter",
        "iam:CreateRole",
        "lambda:AddPermission",
    }
    assert {"sqs:CreateQueue", "sns:Subscribe", "iam:PutRolePolicy"} <= made
    assert "sns:SetTopicAttributes" not in made  # another's topic stays as it is


def test_the_function_may_read_the_trails_files_of_that_bucket_while_its_owner_owns_it(
    account: Account,
) -> None:
    key = f"arn:aws:kms:{REGION}:{OWNER}:key/1234"
    organization(account, bucket_key=key)

    account.apply()

    iam = account.client("iam")
    policy = iam.get_role_policy(RoleName=FILES, PolicyName="read-trail-files")["PolicyDocument"]
    files, decrypt = policy["Statement"]
    assert files["Resource"] == ["arn:aws:s3:::organization-trail/*AWSLogs/*/CloudTrail/*"]
    assert files["Condition"] == {"StringEquals": {"s3:ResourceAccount": OWNER}}
    assert decrypt["Resource"] == [key]
    ssm = account.client("ssm").get_parameter(Name="/trailbell-dev/trail-bucket")
    assert ssm["Parameter"]["Value"] == f"{OWNER}/organization-trail"


def test_only_the_topic_may_write_to_the_queue_and_five_failures_end_in_the_other(
    account: Account,
) -> None:
    organization(account)

    account.apply()

    sqs = account.client("sqs")
    url = sqs.get_queue_url(QueueName="trailbell-dev-files")["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    (statement,) = json.loads(found["Policy"])["Statement"]
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": TOPIC}}
    assert json.loads(found["RedrivePolicy"])["maxReceiveCount"] == 5
    assert int(found["VisibilityTimeout"]) >= 6 * 300


def test_a_second_run_changes_nothing_and_all_is_well(account: Account) -> None:
    organization(account)
    account.apply()

    assert account.changes_of(account.apply) == []
    hand_over(account)
    assert account.status().troubles == ()


def test_a_queue_that_hands_nothing_over_is_said(account: Account) -> None:
    organization(account)
    account.apply()

    assert "No queue hands over" in str(account.status().troubles)


def test_a_queue_whose_subscription_is_filtered_or_was_left_is_said(account: Account) -> None:
    organization(account)
    account.apply()
    hand_over(account)
    sns = account.client("sns")
    (one,) = sns.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]
    sns.set_subscription_attributes(
        SubscriptionArn=one["SubscriptionArn"],
        AttributeName="FilterPolicy",
        AttributeValue='{"of": ["nothing"]}',
    )

    assert "only what fits" in str(account.status().troubles)
    sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
    assert "SNS subscription of trailbell-dev-files" in str(account.status().troubles)


def test_a_queue_that_hands_over_less_is_said(account: Account) -> None:
    organization(account)
    account.apply()
    hand_over(account)
    client = account.client("lambda")
    (one,) = client.list_event_source_mappings(FunctionName=FILES)["EventSourceMappings"]
    client.update_event_source_mapping(
        UUID=one["UUID"],
        FunctionName=FILES,
        FilterCriteria={"Filters": [{"Pattern": '{"body": ["nothing"]}'}]},
    )

    assert "it is filtered" in str(account.status().troubles)


def test_a_trail_of_our_own_tells_of_its_files_by_a_topic_of_our_own(account: Account) -> None:
    account.choose(source="s3")

    account.apply_in_full()

    trail = account.client("cloudtrail").get_trail(Name="trailbell-dev")["Trail"]
    assert trail["SnsTopicName"] == "trailbell-dev-files"
    assert "CloudWatchLogsLogGroupArn" not in trail
    assert account.changes_of(account.apply) == []


def test_apply_says_what_to_set_while_the_function_is_not_deployed(account: Account) -> None:
    account.choose(source="s3")

    said = account.output_of(account.apply)

    assert '"TRAILBELL_FILES": "trailbell-dev-files"' in said
    steps = {one.next_step for one in account.status().troubles if FILES in one.part}
    assert any("chalice deploy" in step for step in steps)


def test_the_alarms_are_those_of_the_queue(account: Account) -> None:
    organization(account)

    account.apply()

    alarms = account.client("cloudwatch").describe_alarms()["MetricAlarms"]
    names = {one["AlarmName"].removeprefix("trailbell-dev-") for one in alarms}
    assert {"deaf-files", "files-late", "files-gave-up"} <= names
    assert not names & {"deaf-trail", "deaf-filter"}


def test_the_way_by_the_log_group_goes_an_hour_after_the_queue_was_made(account: Account) -> None:
    account.apply_in_full()
    organization(account)

    early = account.plan()
    account.apply()
    account.aws.now = lambda: datetime.now(UTC) + timedelta(hours=2)
    late = account.plan()
    account.apply()
    trails = account.client("cloudtrail").describe_trails()["trailList"]
    filters = account.client("logs").describe_subscription_filters(
        logGroupName="trailbell-dev-cloudtrail"
    )

    assert "remove  Subscription filter" not in early
    assert "remove  Subscription filter" in late
    assert filters["subscriptionFilters"] == []
    assert trails == []
    hand_over(account)
    assert account.status().troubles == ()


def test_the_way_by_files_goes_an_hour_after_the_filter_was_made(account: Account) -> None:
    organization(account)
    account.apply()
    account.choose(source="logs", bucket="", bucket_owner="", topic="")
    account.apply()
    there = account.client("sqs").list_queues().get("QueueUrls", [])
    account.aws.now = lambda: datetime.now(UTC) + timedelta(hours=2)
    account.apply()

    assert len(there) == 2
    assert account.client("sqs").list_queues().get("QueueUrls", []) == []


def test_destroy_removes_queues_rights_and_subscription_but_not_what_was_adopted(
    account: Account,
) -> None:
    organization(account)
    account.apply()

    account.destroy()

    assert account.client("sqs").list_queues().get("QueueUrls", []) == []
    topics = [one["TopicArn"] for one in account.client("sns").list_topics()["Topics"]]
    assert topics == [TOPIC]
    assert account.client("sns").list_subscriptions()["Subscriptions"] == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"source": "s3", "trail": "company"}, "--trail and --log-group are for --source logs"),
        ({"source": "s3", "bucket": "b"}, "needs --topic ARN"),
        ({"topic": TOPIC, "bucket_owner": OWNER}, "--topic, --bucket-owner: say --source s3"),
    ],
)
def test_choices_that_do_not_go_together_are_refused_before_anything_is_made(
    account: Account, given: dict[str, Any], words: str
) -> None:
    account.choose(**given)
    with pytest.raises(OperatorError, match=words):
        account.apply()
    assert account.recorder.changes == []


def test_an_empty_option_takes_a_choice_back_that_has_no_default() -> None:
    chosen = Choices(bucket="b", topic=TOPIC, email="a@example.com", source="s3")
    assert chosen.updated(
        {"bucket": "", "topic": "", "email": "", "source": "", "trail": None}
    ) == (Choices())
