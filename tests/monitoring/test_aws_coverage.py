"""What is asked of AWS, and how its answers are read: botocore checks the shapes of both."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from chalicelib.monitoring.asking import CALL_MILLIS, Asking
from chalicelib.monitoring.aws_coverage import AwsUpstream
from chalicelib.monitoring.upstream import Delivery, Filter, Trail, UnaskedError, UpstreamError

REGION = "eu-central-1"
FUNCTION = "trailbell-dev-ingest_logs"
ARN = f"arn:aws:cloudtrail:{REGION}:111122223333:trail/example"
GROUP_ARN = f"arn:aws:logs:{REGION}:111122223333:log-group:aws/cloudtrail:*"
FUNCTION_ARN = f"arn:aws:lambda:{REGION}:111122223333:function:{FUNCTION}"
TRAIL = Trail(ARN, "aws/cloudtrail")


def answering(service: str, operation: str, answer: dict[str, Any] | str) -> AwsUpstream:
    """AWS that gives one answer, or the error whose code is given."""
    client = boto3.client(
        service, region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x"
    )
    stubber = Stubber(client)
    if isinstance(answer, str):
        stubber.add_client_error(operation, answer)
    else:
        stubber.add_response(operation, answer)
    stubber.activate()
    return AwsUpstream(FUNCTION, Asking({service: client}.__getitem__, lambda: 60_000.0))


def test_only_trails_that_write_to_cloudwatch_logs_count() -> None:
    trails = [
        {"TrailARN": ARN, "CloudWatchLogsLogGroupArn": GROUP_ARN},
        {"TrailARN": f"{ARN}-2"},
    ]
    assert answering("cloudtrail", "describe_trails", {"trailList": trails}).trails() == [TRAIL]


def test_the_last_delivery_and_its_error_are_read() -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    answer = {
        "IsLogging": True,
        "StartLoggingTime": at,
        "LatestCloudWatchLogsDeliveryTime": at,
        "LatestCloudWatchLogsDeliveryError": "AccessDenied",
    }
    assert answering("cloudtrail", "get_trail_status", answer).delivery(TRAIL) == Delivery(
        at, "AccessDenied", at
    )


def test_a_stopped_trail_is_a_delivery_error() -> None:
    answer = {"IsLogging": False}
    delivery = answering("cloudtrail", "get_trail_status", answer).delivery(TRAIL)
    assert delivery == Delivery(None, "logging is stopped")


def test_a_trail_says_its_key_and_whether_it_records_one_region_alone() -> None:
    trail = {
        "TrailARN": ARN,
        "CloudWatchLogsLogGroupArn": GROUP_ARN,
        "IsMultiRegionTrail": False,
        "KmsKeyId": "alias/trail",
    }
    (seen,) = answering("cloudtrail", "describe_trails", {"trailList": [trail]}).trails()
    assert (seen.every_region, seen.key, seen.name) == (False, "alias/trail", "example")


def test_what_its_selectors_leave_out_is_read() -> None:
    selector = {"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}
    answer = {"EventSelectors": [selector]}
    there = answering("cloudtrail", "get_event_selectors", answer)
    assert there.left_out(TRAIL) == ("reads",)


@pytest.mark.parametrize(
    ("destination", "ours"), [(FUNCTION_ARN, True), (f"{FUNCTION_ARN}-2", False)]
)
def test_a_filter_is_ours_where_it_hands_over_to_our_function(destination: str, ours: bool) -> None:
    one = {"filterName": "one", "destinationArn": destination, "filterPattern": "{ $.x = 1 }"}
    there = answering("logs", "describe_subscription_filters", {"subscriptionFilters": [one]})
    expected = [Filter("one", destination, ours, "{ $.x = 1 }")]
    assert there.filters("group") == expected
    assert there.filters("group") == expected  # asked once


def test_a_log_group_that_is_gone_has_no_filter() -> None:
    gone = answering("logs", "describe_subscription_filters", "ResourceNotFoundException")
    assert gone.filters("group") == []


@pytest.mark.parametrize(
    ("principal", "may"),
    [
        ({"Service": "logs.amazonaws.com"}, True),
        ({"Service": f"logs.{REGION}.amazonaws.com"}, True),
        ({"Service": "logs.cn-north-1.amazonaws.com.cn"}, True),
        ({"Service": "events.amazonaws.com"}, False),
        ("*", False),
    ],
)
def test_the_permission_counts_where_it_lets_cloudwatch_logs_in(
    principal: object, may: bool
) -> None:
    policy = json.dumps({"Statement": [{"Effect": "Allow", "Principal": principal}]})
    assert answering("lambda", "get_policy", {"Policy": policy}).permitted() is may


def test_a_function_without_a_policy_permits_nobody() -> None:
    assert answering("lambda", "get_policy", "ResourceNotFoundException").permitted() is False


def test_what_aws_refuses_to_say_is_an_error_that_names_the_permission() -> None:
    refused = answering("cloudtrail", "describe_trails", "AccessDeniedException")
    with pytest.raises(UpstreamError, match="cloudtrail:DescribeTrails: AccessDeniedException"):
        refused.trails()


def test_without_time_left_nothing_is_asked() -> None:
    hurried = AwsUpstream(FUNCTION, Asking(boto3.client, lambda: CALL_MILLIS - 1))
    with pytest.raises(UnaskedError):
        hurried.trails()
