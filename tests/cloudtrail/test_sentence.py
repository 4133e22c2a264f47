"""Sentences: who did what, to what, and whether it worked. Most stand in the golden messages."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.cloudtrail.actor import Actor
from chalicelib.cloudtrail.operations import PREDICATES
from chalicelib.cloudtrail.particulars import PARTICULARS
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.resources import PLACEHOLDER, short, targets
from chalicelib.cloudtrail.sentence import sentence
from chalicelib.cloudtrail.words import an, listed, past, taken_apart
from tests.events import ACCOUNT, cloudtrail, console_login, refused, root
from tests.slack.records import call


def said(record: dict[str, Any]) -> str:
    return sentence(Record(record), Actor.of(Record(record)))


def test_the_examples_by_which_this_was_ordered() -> None:
    bucket = call("s3:CreateBucket", {"bucketName": "payroll-exports"})
    assert said(bucket) == "alice created the S3 bucket payroll-exports"
    port = {"groupId": "sg-0123", "ipProtocol": "tcp", "fromPort": 22, "toPort": 22}
    opened = call("ec2:AuthorizeSecurityGroupIngress", {**port, "cidrIp": "0.0.0.0/0"})
    assert said(opened) == "alice opened port 22 to 0.0.0.0/0 on sg-0123"
    assert said(console_login(root())) == "root signed in without MFA"
    denied = refused(call("iam:DeleteUser"), "iam:DeleteUser", "user dave")
    assert said(denied) == "alice was refused iam:DeleteUser on dave"


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        ("appmesh:CreateMesh", {"meshName": "m1"}, "created the mesh m1 in App Mesh"),
        ("s3:GetBucketAcl", {"bucketName": "b"}, "read the ACL of the bucket b in S3"),
        ("rds:DescribeDBInstances", None, "looked at DB instances in RDS"),
        ("kms:DescribeKey", None, "looked at a key in KMS"),
        ("iam:CreateUser", None, "created an IAM user"),
        ("ec2:StopInstances", None, "stopped some instances"),
        ("sns:CreateTopic", {"name": "t"}, "created the topic t in SNS"),
        ("foo:Frobnicate", {"id": "x1"}, "called Frobnicate of foo on x1"),
    ],
)
def test_a_general_sentence_is_made_from_the_operations_name(
    operation: str, request_: dict[str, Any] | None, expected: str
) -> None:
    assert said(call(operation, request_)) == f"alice {expected}"


def test_an_address_with_a_mask_of_zero_is_told_as_the_whole_internet() -> None:
    rule = {"groupId": "sg-1", "ipProtocol": "tcp", "fromPort": 22, "toPort": 22}
    opened = call("ec2:AuthorizeSecurityGroupIngress", {**rule, "cidrIp": "192.0.2.7/0"})
    assert said(opened) == "alice opened port 22 to the whole internet (192.0.2.7/0) on sg-1"


def test_outgoing_traffic_does_not_read_like_incoming() -> None:
    rule = {"groupId": "sg-1", "ipProtocol": "-1", "cidrIp": "0.0.0.0/0"}
    opened = call("ec2:AuthorizeSecurityGroupEgress", rule)
    assert said(opened) == ("alice opened every port to 0.0.0.0/0 for outgoing traffic on sg-1")


def test_a_trail_that_records_no_management_events_any_more_says_so() -> None:
    request = {"trailName": "main", "eventSelectors": [{"includeManagementEvents": False}]}
    assert said(call("cloudtrail:PutEventSelectors", request)) == (
        "alice stopped the trail main from recording management events"
    )


def test_an_operation_without_its_target_or_service_still_reads() -> None:
    assert said(cloudtrail("DeleteTrail", requestParameters=None)) == "alice deleted a trail"
    assert said(cloudtrail(without=["eventName"])) == (
        "alice did something that the record does not name"
    )
    assert said(call("ec2:CreateTags", {})) == "alice added tags"
    assert said(call("config:StopConfigurationRecorder")) == "alice stopped AWS Config's recorder"


@pytest.mark.parametrize("operation", sorted(PREDICATES))
def test_every_predicate_reads_well_with_and_without_what_it_names(operation: str) -> None:
    service, name = operation.split(":")
    for record in (cloudtrail(name, source=service, requestParameters=None),):
        text = said(record)
        assert text.startswith("alice ")
        assert "{" not in text
        assert "[" not in text
        assert "  " not in text
        assert not text.endswith((" the", " a", " to", " of", " from", " on"))
        assert text.split()[1].endswith(("ed", "d", "t", "e", "n", "k", "g"))


def test_two_hundred_operations_have_sentences_of_their_own() -> None:
    assert len(PREDICATES.keys() | PARTICULARS.keys()) >= 200
    assert all(path for text in PREDICATES.values() for path in PLACEHOLDER.findall(text))


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        (f"arn:aws:iam::{ACCOUNT}:role/service-role/x", "x"),
        (f"arn:aws:iam::{ACCOUNT}:root", f"account {ACCOUNT}"),
        ("arn:aws:s3:::bucket/key", "bucket/key"),
        (f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/x:*", "/aws/x"),
        (f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:g:log-stream:s", "g/s"),
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


def test_words() -> None:
    assert past("stop it") == "stopped it"
    assert past("copy") == "copied"
    assert past("look at x") == "looked at x"
    assert [an("API"), an("user"), an("SSO role"), an("IAM user"), an("tags")] == [
        "an API", "a user", "an SSO role", "an IAM user", "tags",
    ]  # fmt: skip
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(list("abcd"))] == [
        "", "a", "a and b", "a, b and 2 more",
    ]  # fmt: skip
    assert taken_apart("CreateVirtualGateway") == ("create", "virtual gateway")
    assert taken_apart("BatchGetImage") == ("read", "image")
    assert taken_apart("DescribeDBInstances") == ("look at", "DB instances")
    assert taken_apart("ConsoleLogin") == ("", "console login")
