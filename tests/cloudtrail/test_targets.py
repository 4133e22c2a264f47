"""Targets: what a call was about, from wherever its record names it."""

from __future__ import annotations

import pytest

from chalicelib.cloudtrail.naming import short
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.targets import targets
from tests.events import ACCOUNT, refused
from tests.slack.records import call


def test_a_target_is_what_was_acted_on_and_no_zone_state_or_part_of_it() -> None:
    started = call(
        "ec2:RunInstances",
        {"keyName": "k"},
        responseElements={
            "instancesSet": {"items": [{"instanceId": "i-1", "instanceState": {"name": "pending"}}]}
        },
    )
    assert targets(Record(started)) == ("i-1",)
    changed = call(
        "rds:ModifyDBInstance",
        {"dBInstanceIdentifier": "db"},
        responseElements={
            "dBSubnetGroup": {"subnets": [{"subnetAvailabilityZone": {"name": "eu-west-1a"}}]}
        },
    )
    assert targets(Record(changed)) == ("db",)
    nested = {"id": "E1", "config": {"origins": {"items": [{"id": "origin"}]}}}
    assert targets(Record(call("x:UpdateThing", nested))) == ("E1",)
    encoded = {"name": "c", "principalArn": "arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fr"}
    assert targets(Record(call("eks:CreateAccessEntry", encoded)))[0] == (
        "arn:aws:iam::111122223333:role/r"
    )


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        (f"arn:aws:iam::{ACCOUNT}:role/service-role/x", "x"),
        (f"arn:aws:iam::{ACCOUNT}:root", f"account {ACCOUNT}"),
        ("arn:aws:s3:::bucket/key", "bucket/key"),
        (f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/x:*", "/aws/x"),
        (f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:g:log-stream:s", "g/s"),
        (f"arn:aws:kms:eu-west-1:{ACCOUNT}:alias/shop", "alias/shop"),
        (f"arn:aws-cn:kms:cn-north-1:{ACCOUNT}:key/1234", "1234"),
        (f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:prod/db-Ab", "prod/db-Ab"),
        (f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/q", "q"),
        ("arn:aws", "arn:aws"),
        ("plain", "plain"),
    ],
)
def test_an_arn_is_shortened_to_the_name_that_people_use(arn: str, name: str) -> None:
    assert short(arn) == name


def test_targets_come_from_request_response_resources_and_reason_in_this_order() -> None:
    listed_ = [{"ARN": f"arn:aws:s3:::{name}"} for name in ("b1", "b2")]
    assert targets(Record(call("x:DoIt", {"name": "n"}, resources=listed_))) == ("n",)
    answered = call("x:DoIt", None, responseElements={"thingId": "t"}, resources=listed_)
    assert targets(Record(answered)) == ("t",)
    assert targets(Record(call("x:DoIt", None, resources=listed_))) == (
        "arn:aws:s3:::b1",
        "arn:aws:s3:::b2",
    )
    assert targets(Record(refused(call("iam:GetUser"), "iam:GetUser", "user dave"))) == ("dave",)
    assert targets(Record(refused(call("iam:GetUser"), "iam:GetUser", "*"))) == ()


def test_tokens_passwords_and_filters_are_no_targets() -> None:
    request = {"clientToken": "t", "maxResults": 5, "filterSet": {"items": [{"name": "vpc-id"}]}}
    assert targets(Record(call("ec2:DescribeThings", request))) == ()
