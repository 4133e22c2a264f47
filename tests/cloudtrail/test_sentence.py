"""Sentences: who did what, to what, and whether it worked. Most stand in the golden messages."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.cloudtrail.facts import Facts
from chalicelib.cloudtrail.operations import operations
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.sentence import sentence
from tests.cloudtrail.grammar import faults
from tests.events import ACCOUNT, cloudtrail, console_login, refused, root
from tests.slack.records import call


def said(record: dict[str, Any]) -> str:
    return sentence(Facts.of(Record(record)))


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
        ("kms:DescribeKey", None, "looked at a KMS key"),
        ("iam:CreateUser", None, "created an IAM user"),
        ("ec2:StopInstances", None, "stopped some instances"),
        ("sns:CreateTopic", {"name": "t"}, "created the topic t in SNS"),
        ("foo:Frobnicate", {"id": "x1"}, "called foo:Frobnicate on x1"),
        ("rds:AddTagsToResource", {"resourceName": "db"}, "added tags to the resource db in RDS"),
        ("monitoring:DescribeAlarmsForMetric", None, "looked at alarms for a metric in CloudWatch"),
        ("iam:ListGroupsForUser", {"userName": "bob"}, "listed groups for the user bob in IAM"),
        (
            "iam:ListAttachedUserPolicies",
            {"userName": "bob"},
            "listed the attached user policies of bob in IAM",
        ),
        (
            "clouddirectory:DetachFromIndex",
            {"indexId": "x"},
            "detached something from the index x in Cloud Directory",
        ),
        ("cognito-idp:AdminGetUser", {"username": "u"}, "read the user u in Cognito"),
        (
            "healthlake:UpdateProfileWithAgent",
            {"profileId": "p"},
            "changed the profile p with an agent in HealthLake",
        ),
        ("iot:DeleteRoleAlias", None, "deleted a role alias in IoT"),
        ("batch:CreateJob", {"queueName": "q"}, "created a job for q in Batch"),
        ("ec2:DescribeInstanceStatus", None, "looked at instance status in EC2"),
        ("rds:DescribeOrderableOptions", None, "looked at orderable options in RDS"),
        ("macie2:GetMacieSession", None, "read a macie session"),
    ],
)
def test_a_general_sentence_is_made_from_the_operations_name(
    operation: str, request_: dict[str, Any] | None, expected: str
) -> None:
    assert said(call(operation, request_)) == f"alice {expected}"


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        (
            "iam:UpdateAccessKey",
            {"userName": "bob", "status": "Active"},
            "activated an access key of the IAM user bob",
        ),
        (
            "ec2:ModifyInstanceMetadataOptions",
            {
                "ModifyInstanceMetadataOptionsRequest": {
                    "InstanceId": "i-1",
                    "HttpTokens": "optional",
                }
            },
            "allowed IMDSv1 on the instance i-1",
        ),
        (
            "ec2:ModifyInstanceAttribute",
            {"instanceId": "i-1", "disableApiTermination": {"value": False}},
            "switched off the termination protection of i-1",
        ),
        (
            "ec2:ModifyInstanceAttribute",
            {"instanceId": "i-1", "instanceType": {"value": "m5.large"}},
            "changed the instance type of i-1",
        ),
        (
            "s3:PutBucketLogging",
            {"bucketName": "b", "BucketLoggingStatus": {"xmlns": "x"}},
            "switched off the access log of the S3 bucket b",
        ),
        (
            "s3:PutBucketPublicAccessBlock",
            {"bucketName": "b", "PublicAccessBlockConfiguration": {"BlockPublicAcls": True}},
            "blocked public access to the S3 bucket b",
        ),
        (
            "s3:PutBucketPublicAccessBlock",
            {"PublicAccessBlockConfiguration": {"BlockPublicAcls": False}},
            "loosened the block of public access on an S3 bucket",
        ),
        (
            "s3:PutObjectAcl",
            {"bucketName": "b", "x-amz-acl": ["public-read"]},
            "opened an object in the S3 bucket b to everyone by its ACL",
        ),
        (
            "ssm:ModifyDocumentPermission",
            {"name": "d", "accountIdsToAdd": ["all"]},
            "made the document d public",
        ),
        (
            "codebuild:UpdateProjectVisibility",
            {
                "projectArn": f"arn:aws:codebuild:eu-west-1:{ACCOUNT}:project/p",
                "projectVisibility": "PUBLIC_READ",
            },
            "made the builds of the CodeBuild project p public",
        ),
        ("macie2:UpdateMacieSession", {"status": "PAUSED"}, "paused Macie"),
        (
            "eks:UpdateClusterConfig",
            {"name": "c", "resourcesVpcConfig": {"endpointPublicAccess": True}},
            "opened the API of the EKS cluster c to the internet",
        ),
        (
            "dynamodb:UpdateContinuousBackups",
            {
                "tableName": "t",
                "pointInTimeRecoverySpecification": {"pointInTimeRecoveryEnabled": False},
            },
            "switched off the continuous backups of the table t",
        ),
        (
            "ec2:RevokeSecurityGroupIngress",
            {"groupId": "sg-1"},
            "removed an inbound rule from the security group sg-1",
        ),
        (
            "iam:DetachUserPolicy",
            {"userName": "bob", "policyArn": "arn:aws:iam::aws:policy/P"},
            "took the policy P away from the IAM user bob",
        ),
        ("servicequotas:GetServiceQuota", None, "read a quota"),
    ],
)
def test_what_matters_about_a_change_is_said(
    operation: str, request_: dict[str, Any] | None, expected: str
) -> None:
    assert said(call(operation, request_)) == f"alice {expected}"


def test_who_is_admitted_under_a_condition_is_not_everyone() -> None:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}},
    }
    bucket = {"bucketName": "b", "bucketPolicy": {"Statement": [statement]}}
    assert said(call("s3:PutBucketPolicy", bucket)) == (
        "alice set the policy of the S3 bucket b, which admits the organization o-example"
    )
    function = {"functionName": "f", "principal": "*", "principalOrgID": "o-example"}
    assert said(call("lambda:AddPermission", function)) == (
        "alice let the organization o-example invoke the function f"
    )


def test_a_failure_stands_before_what_failed() -> None:
    failed = call("s3:DeleteBucket", {"bucketName": "b"}, errorCode="BucketNotEmpty")
    assert said(failed) == "alice failed to delete the S3 bucket b: BucketNotEmpty"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (None, "started an instance"),
        ({"instanceType": "t3.micro"}, "started a t3.micro instance"),
        ({"instanceType": "i4i.large"}, "started an i4i.large instance"),
        ({"instancesSet": {"items": [{"maxCount": 2}]}}, "started 2 instances"),
    ],
)
def test_instances_that_did_not_start_yet_are_counted(
    request_: dict[str, Any] | None, expected: str
) -> None:
    assert said(call("ec2:RunInstances", request_)) == f"alice {expected}"


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


@pytest.mark.parametrize("operation", sorted(operations()))
def test_every_phrase_reads_well_with_and_without_what_it_names(operation: str) -> None:
    service, name = operation.split(":")
    for record in (cloudtrail(name, source=service, requestParameters=None),):
        text = said(record)
        assert text.startswith("alice ")
        assert "{" not in text
        assert "[" not in text
        assert "  " not in text
        assert not text.endswith((" the", " a", " to", " of", " from", " on"))
        assert list(faults(text, record)) == []
