"""Default rules over sisters of one record: who, what came of it, and in which shape it is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.alerts.judging import alert_from
from chalicelib.cloudtrail.record import Record
from chalicelib.rules.ruleset import Ruleset
from tests.events import (
    ACCOUNT,
    OTHER_ACCOUNT,
    assumed_role,
    cloudtrail,
    console_login,
    iam_user,
    refused,
    root,
    saml_user,
    sso_user,
    web_identity_role,
)
from tests.slack.records import call

RULES = Ruleset.load("/dev/null")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def fired(record: dict[str, Any]) -> list[str]:
    return [rule.id for rule in RULES.match(Record(record))]


def headed(record: dict[str, Any]) -> tuple[str, str, str]:
    """(rule, severity, title) of the alert."""
    read = Record(record)
    alert = alert_from(read, RULES.match(read), accounts={}, default_channel="#c", now=NOW)
    return alert.rule_id, alert.severity.value, alert.title


def by_workload(operation: str, request: Any, **fields: Any) -> dict[str, Any]:
    return call(operation, request, userIdentity=assumed_role("ci", "run-42"), **fields)


@pytest.mark.parametrize("told", ["Maybe", 7, {}, None])
def test_a_sign_in_whose_outcome_is_not_known_keeps_its_severity(told: Any) -> None:
    for who, rule, severity in (
        (root(), "root-sign-in-without-mfa", "critical"),
        (iam_user(), "iam-user-sign-in-without-mfa", "high"),
        (sso_user(), "sso-sign-in", "info"),
    ):
        record = console_login(who) | {"responseElements": {"ConsoleLogin": told}}
        found, rank, title = headed(record)
        assert (found, rank) == (rule, severity)
        assert title.startswith("Outcome not known: ")


@pytest.mark.parametrize("who", [iam_user(), sso_user(), saml_user()])
def test_a_failed_sign_in_is_told_once_as_what_it_is(who: dict[str, Any]) -> None:
    record = console_login(who, failed=True)
    assert headed(record) == ("console-sign-in-failed", "low", "A console sign-in failed")


def test_what_root_does_to_itself_is_root_s_whatever_way_nobody_is_named() -> None:
    for nobody in ({}, {"userName": None}, {"userName": ""}):
        for name, rule in (
            ("CreateLoginProfile", "root-credentials-changed"),
            ("EnableMFADevice", "root-credentials-changed"),
            ("CreateAccessKey", "root-access-key-created"),
        ):
            record = cloudtrail(name, source="iam", userIdentity=root(), requestParameters=nobody)
            assert headed(record)[:2] == (rule, "critical"), (name, nobody)


def test_root_refused_something_about_a_user_is_not_about_root() -> None:
    record = refused(
        cloudtrail("CreateAccessKey", userIdentity=root(), requestParameters=None),
        "iam:CreateAccessKey",
        on="user bob",
    )
    assert "root-access-key-created" not in fired(record)
    named = cloudtrail(
        "CreateAccessKey", userIdentity=root(), requestParameters={"userName": "root"}
    )
    assert "root-access-key-created" not in fired(named)


@pytest.mark.parametrize(
    ("who", "rule"),
    [
        (iam_user(), "person-refused-change"),
        (root(), "person-refused-change"),
        (sso_user(), "sso-user-refused-change"),
        (saml_user(), "person-refused-change"),
        (assumed_role("ops", "anna@example.com"), "person-refused-change"),
        (assumed_role("ci", "run-42"), "workload-refused-change"),
        (web_identity_role("oidc.example.com", "repo:o/r"), "workload-refused-change"),
    ],
)
def test_who_was_refused_is_a_person_where_the_facts_say_so(who: dict[str, Any], rule: str) -> None:
    found = fired(cloudtrail("StopInstances", userIdentity=who, errorCode="AccessDenied"))
    assert [one for one in found if one.endswith("-refused-change")] == [rule]


@pytest.mark.parametrize(
    ("agent", "kali"),
    [
        ("aws-cli/2.9.1 Linux/6.1 md/distrib#kali.2024", True),
        ("Boto3/1.26 Python/3.11 Linux/6.1.0-kali5-amd64", True),
        ("aws-cli/2.31.0 exe/x86_64.kali.2023 prompt/off", True),
        ("aws-cli/1.22 Linux/6.12.33+kali-amd64", True),
        ("aws-cli/2.31.0 exe/x86_64.parrot.6 prompt/off", True),
        ("alkali-batch/1.0", False),
        ("kalimba/2.0 Linux/6.1.0-17-amd64", False),
        ("aws-cli/2.31.0 exe/x86_64.ubuntu.24 app/alkali.io", False),
    ],
)
def test_an_attacker_s_linux_is_known_by_its_own_marks(agent: str, kali: bool) -> None:
    record = cloudtrail("GetCallerIdentity", userAgent=agent)
    assert ("attack-tool-user-agent" in fired(record)) is kali


@pytest.mark.parametrize(
    "code", ["NoSuchTagSet", "ObjectLockConfigurationNotFoundError", "NoSuchEntityException",
             "AWS.SimpleQueueService.NonExistentQueue", "StackSetNotExistException"]
)  # fmt: skip
def test_root_that_finds_nothing_only_looked(code: str) -> None:
    record = cloudtrail("GetBucketTagging", source="s3", userIdentity=root(), errorCode=code)
    assert headed(record)[:2] == ("root-read", "info")


def policy(principal: Any, **condition: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*"}
    return json.dumps({"Statement": [statement | condition]})


OTHER = {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"}
# How each service is told a policy, and the rule for everyone.
OPENED = [
    ("s3tables:PutTableBucketPolicy", "resourcePolicy", "bucket-policy-public"),
    ("s3express:PutBucketPolicy", "bucketPolicy", "bucket-policy-public"),
    ("s3vectors:PutVectorBucketPolicy", "policy", "bucket-policy-public"),
    ("kms:CreateKey", "policy", "resource-created-open"),
    ("kms:ReplicateKey", "policy", "resource-created-open"),
    ("es:CreateDomain", "accessPolicies", "resource-created-open"),
    ("es:CreateElasticsearchDomain", "accessPolicies", "resource-created-open"),
    ("dynamodb:CreateTable", "resourcePolicy", "resource-created-open"),
    ("logs:PutDestinationPolicy", "accessPolicy", "resource-policy-opened"),
    ("ses:PutIdentityPolicy", "policy", "resource-policy-opened"),
    ("kms:PutKeyPolicy", "policy", "resource-policy-opened"),
    ("lambda:PutResourcePolicy", "policy", "function-opened-to-everyone"),
]


@pytest.mark.parametrize(("operation", "key", "rule"), OPENED)
def test_sisters_that_are_opened_by_a_policy_are_judged_alike(
    operation: str, key: str, rule: str
) -> None:
    assert rule in fired(by_workload(operation, {key: policy("*")}))
    assert rule in fired(by_workload(operation, {key: quote(policy({"AWS": ["*"]}))}))
    tls = {"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    assert rule not in fired(by_workload(operation, {key: policy("*", **tls)}))


def test_another_account_is_told_whatever_it_is_let_into() -> None:
    for operation, request, rule in (
        ("s3:PutBucketPolicy", {"bucketPolicy": policy(OTHER)}, "bucket-shared"),
        ("s3:PutAccessPointPolicy", {"policy": policy(OTHER)}, "bucket-shared"),
        ("kms:CreateKey", {"policy": policy(OTHER)}, "resource-created-open"),
        ("lambda:AddPermission20150331v2", {"principal": OTHER_ACCOUNT}, "function-shared"),
        ("lambda:PutResourcePolicy", {"policy": policy(OTHER)}, "function-shared"),
        ("kms:CreateGrant", {"granteePrincipal": OTHER["AWS"]}, "resource-policy-opened"),
    ):
        assert rule in fired(by_workload(operation, request)), operation


def test_what_stays_in_the_account_is_shared_with_no_other() -> None:
    own = f"arn:aws:iam::{ACCOUNT}:role/app"
    for operation, request in (
        ("s3:PutBucketPolicy", {"bucketPolicy": policy({"AWS": own})}),
        ("lambda:AddPermission20150331v2", {"principal": own}),
        ("lambda:AddPermission20150331v2", {"principal": "s3.amazonaws.com"}),
        ("lambda:CreateFunctionUrlConfig", {"functionName": "f", "authType": "AWS_IAM"}),
        ("kms:CreateGrant", {"granteePrincipal": own}),
        ("kms:CreateKey", {"policy": policy({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})}),
    ):
        found = fired(by_workload(operation, request))
        assert {"bucket-shared", "function-shared", "resource-policy-opened",
                "resource-created-open"}.isdisjoint(found), operation  # fmt: skip


@pytest.mark.parametrize(
    ("operation", "request_", "rule"),
    [
        ("rds:ModifyDBCluster", {"deletionProtection": "false"}, "database-protection-removed"),
        ("dsql:UpdateCluster", {"deletionProtectionEnabled": False}, "database-protection-removed"),
        ("docdb-elastic:UpdateCluster", {"backupRetentionPeriod": 0},
         "database-protection-removed"),
        ("memorydb:UpdateCluster", {"snapshotRetentionLimit": 0}, "database-protection-removed"),
        ("elasticache:ModifyServerlessCache", {"snapshotRetentionLimit": 0},
         "database-protection-removed"),
        ("cassandra:UpdateTable", {"pointInTimeRecovery": {"status": "DISABLED"}},
         "database-protection-removed"),
        ("aoss:UpdateCollection", {"deletionProtection": "DISABLED"},
         "deletion-protection-removed"),
        ("verifiedpermissions:UpdatePolicyStore", {"deletionProtection": "DISABLED"},
         "deletion-protection-removed"),
        ("autoscaling:UpdateAutoScalingGroup", {"deletionProtection": "none"},
         "deletion-protection-removed"),
        ("redshift:ModifyCluster", {"encrypted": False}, "bucket-encryption-removed"),
        ("cloudfront:UpdateDistribution", {"distributionConfig": {"logging": {"enabled": False}}},
         "bucket-logging-disabled"),
        ("ec2:ModifyInstanceMetadataOptions", {"instanceId": "i-1", "httpTokens": "optional"},
         "metadata-protection-weakened"),
        ("ec2:ModifyInstanceMetadataOptions",
         {"ModifyInstanceMetadataOptionsRequest": {"HttpTokens": "optional"}},
         "metadata-protection-weakened"),
        ("ec2:ModifyInstanceAttribute", {"attribute": "userData", "value": "x"},
         "user-data-changed"),
        ("redshift-serverless:UpdateWorkgroup", {"publiclyAccessible": True},
         "database-made-public"),
        ("lightsail:UpdateRelationalDatabase", {"publiclyAccessible": "true"},
         "database-made-public"),
        ("neptune-graph:UpdateGraph", {"publicConnectivity": True}, "database-made-public"),
        ("redshift:RevokeClusterSecurityGroupIngress", {"cIDRIP": "192.0.2.0/24"},
         "database-security-group-changed"),
        ("eks:UpdateClusterConfig", {"omitted": True, "originalSize": 120000},
         "request-left-out"),
    ],
)  # fmt: skip
def test_sisters_that_lose_a_protection_are_judged_alike(
    operation: str, request_: Any, rule: str
) -> None:
    assert rule in fired(by_workload(operation, request_))
