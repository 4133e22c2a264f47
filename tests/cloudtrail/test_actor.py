"""Who did it, for every userIdentity type."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.cloudtrail.actor import NAME_HIDDEN, Actor
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.redaction import redact
from chalicelib.cloudtrail.via import via
from tests.events import (
    ACCOUNT,
    BOTO3,
    BROWSER,
    CLI,
    OTHER_ACCOUNT,
    TERRAFORM,
    assumed_role,
    aws_account,
    aws_service,
    cloudtrail,
    console_login,
    federated_user,
    iam_user,
    identity_center_user,
    refused,
    role_with_source_identity,
    root,
    saml_user,
    sso_user,
    unknown_user,
    web_identity_role,
    web_identity_user,
)


def actor(identity: Any, **overrides: Any) -> Actor:
    return Actor.of(Record(cloudtrail(userIdentity=identity, **overrides)))


@pytest.mark.parametrize("kind", ["IAMUser", "Unknown", "SomethingNew"])
def test_the_kind_of_an_actor_is_cloudtrails_own_word(kind: str) -> None:
    assert actor({"type": kind, "userName": "bob"}).kind == kind


@pytest.mark.parametrize(
    ("identity", "name", "detail"),
    [
        (iam_user("bob"), "bob", "IAM user"),
        (iam_user("bob", userName=None), "bob", "IAM user"),
        (assumed_role(), "deploy/build-4711", "role"),
        (assumed_role("ci", "1767322000123456789"), "ci", "role"),
        (assumed_role("ci", "botocore-session-1767322000"), "ci", "role"),
        (assumed_role("web", "i-0123456789abcdef0"), "web/i-0123456789abcdef0", "role"),
        (assumed_role("admin", "erin@example.com"), "erin@example.com", "role admin"),
        (role_with_source_identity("erin"), "erin", "role admin"),
        (sso_user(), "dave@example.com", "SSO role Developer"),
        (web_identity_role("x", "repo:a/b"), "ci/run", "role, for repo:a/b"),
        (root(), "root", f"root of account {ACCOUNT}"),
        (federated_user(), "frank", "federated by alice"),
        (aws_service(), "autoscaling.amazonaws.com", "AWS service"),
        (aws_account(), f"account {OTHER_ACCOUNT}", "another AWS account"),
        (
            identity_center_user(),
            "Identity Center user 544894e8-80c1-707f-60e3-3ba6510dfac1",
            "IAM Identity Center user",
        ),
        (web_identity_user(), "1234567", "web identity"),
        (saml_user(), "grace@example.com", "SAML user"),
        (unknown_user(), f"account {ACCOUNT}", ""),
        (iam_user("HIDDEN_DUE_TO_SECURITY_REASONS"), NAME_HIDDEN, "IAM user"),
        ({}, f"account {ACCOUNT}", ""),
        (None, f"account {ACCOUNT}", ""),
        ("a text", f"account {ACCOUNT}", ""),
        ({"arn": f"arn:aws:iam::{ACCOUNT}:user/path/bob"}, "bob", ""),
        ({"principalId": "AIDAX:bob"}, "bob", ""),
        ({"type": "Unknown", "userName": "bob"}, "bob", ""),
        ({"userName": "\u200b\u3164", "principalId": "AIDAX:bob"}, "bob", ""),
    ],
)
def test_an_actor_is_called_as_a_reader_would(identity: Any, name: str, detail: str) -> None:
    found = actor(identity)
    assert (found.name, found.detail) == (name, detail)


def test_the_claim_of_a_web_identity_outlasts_redaction() -> None:
    identity = web_identity_role("ci", "repo:o/r")
    federation = identity["sessionContext"]["webIdFederationData"]
    federation["attributes"] = {"token.actions.githubusercontent.com:sub": "repo:o/r"}
    safe = redact(cloudtrail(userIdentity=identity))
    assert Actor.of(Record(safe)).person == "repo:o/r"


def test_who_is_not_named_in_the_identity_is_looked_for_elsewhere() -> None:
    refusal = {**refused(cloudtrail(), "iam:DeleteUser"), "userIdentity": None}
    assert Actor.of(Record(refusal)).name == "alice"
    assert actor(None, recipientAccountId=None, sourceIPAddress="ec2.amazonaws.com").name == (
        "ec2.amazonaws.com"
    )
    assert Actor.of(Record({})).name == "somebody not named"


@pytest.mark.parametrize(
    ("record", "mfa"),
    [
        (console_login(mfa="No"), False),
        (console_login(mfa="Yes"), True),
        (console_login(mfa="YES"), True),
        (console_login(mfa=None), None),
        (console_login(sso_user(), mfa="No"), None),  # MFA, if any, happened elsewhere
        (cloudtrail(userIdentity=iam_user(mfa=True)), True),
        (cloudtrail(userIdentity=iam_user(mfa=False)), False),
        (cloudtrail(userIdentity=iam_user()), None),
        (cloudtrail(userIdentity=assumed_role(mfa=False)), None),
        (cloudtrail(userIdentity=assumed_role(mfa=True)), True),
        (cloudtrail(userIdentity=root(mfa=False)), False),
    ],
)
def test_mfa_is_told_only_where_cloudtrail_knows(record: dict[str, Any], mfa: bool | None) -> None:
    assert Actor.of(Record(record)).mfa is mfa


@pytest.mark.parametrize(
    ("overrides", "means"),
    [
        ({"userAgent": CLI, "sessionCredentialFromConsole": "true"}, "console"),
        ({"userAgent": CLI, "sessionCredentialFromConsole": True}, "console"),
        ({"userAgent": CLI, "sessionCredentialFromConsole": "false"}, "AWS CLI"),
        ({"userAgent": CLI, "eventType": "AwsConsoleSignin"}, "console"),
        ({"userAgent": CLI, "eventType": "AwsConsoleAction"}, "console"),
        ({"userAgent": BROWSER}, "console"),
        ({"userAgent": "console.ec2.amazonaws.com"}, "console"),
        ({"userAgent": "[S3Console/0.4, aws-internal/3]"}, "console"),
        ({"userAgent": ["aws-cli/2.31.3", "x"]}, "AWS CLI"),
        ({"userAgent": f"{CLI} exec-env/CloudShell"}, "CLI in CloudShell"),
        ({"userAgent": BOTO3}, "SDK for Python (boto3)"),
        ({"userAgent": "aws-sdk-go-v2/1.32.3 os/linux"}, "SDK for Go"),
        ({"userAgent": TERRAFORM}, "Terraform"),
        ({"userAgent": "aws-sdk-js/3 aws-cdk/2.1"}, "CDK"),
        ({"userAgent": "cloudformation.amazonaws.com"}, "CloudFormation"),
        ({"userAgent": "my-tool_0a1b/1.0"}, "my-tool"),
        ({"userAgent": "AWS Internal"}, "AWS service"),
        ({"userAgent": "autoscaling.amazonaws.com"}, "AWS service autoscaling"),
        ({"userAgent": "-"}, ""),
        ({"userAgent": None}, ""),
        ({"userIdentity": aws_service("cloudformation")}, "CloudFormation"),
        ({"userIdentity": aws_service("config")}, "AWS service config"),
    ],
)
def test_by_what_means_a_call_was_made(overrides: dict[str, Any], means: str) -> None:
    assert via(Record(cloudtrail(**overrides))) == means


@pytest.mark.parametrize(
    "identity",
    [
        {"type": "AWSAccount", "principalId": "", "accountId": "ANONYMOUS_PRINCIPAL"},
        {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"},
        {"type": "AWSAccount", "principalId": "anonymous", "accountId": "111122223333"},
        {"type": "Anonymous"},
        {"type": "Unknown", "principalId": "Anonymous", "userName": "ANONYMOUS_PRINCIPAL"},
    ],
)
def test_a_caller_without_credentials_is_somebody_anonymous(identity: dict[str, Any]) -> None:
    record = Record(cloudtrail(userIdentity=identity, without=["recipientAccountId"]))
    actor = Actor.of(record)
    assert (actor.name, actor.detail) == ("somebody anonymous", "")
    assert actor.principal == "somebody anonymous"
    assert "anonymous" not in record.account_id.lower()


def test_a_user_may_be_called_anonymous() -> None:
    named = iam_user("anonymous")
    assert Actor.of(Record(cloudtrail(userIdentity=named))).name == "anonymous"


def test_a_federated_name_that_is_an_id_gives_way_to_the_users_name() -> None:
    issuer = {"type": "IAMUser", "principalId": "AIDAEXAMPLEEXAMPLE01", "userName": "anna"}
    for tail in ("AIDAEXAMPLEEXAMPLE01", "AKIA" + "EXAMPLEEXAMPLE77"):
        identity = {
            "type": "FederatedUser",
            "principalId": f"111122223333:{tail}",
            "arn": f"arn:aws:sts::111122223333:federated-user/{tail}",
            "accountId": "111122223333",
            "sessionContext": {"sessionIssuer": issuer},
        }
        actor = Actor.of(Record(cloudtrail(userIdentity=identity)))
        assert (actor.name, actor.detail) == ("anna", "federated user")
    bob = {**identity, "arn": "arn:aws:sts::111122223333:federated-user/bob"}
    actor = Actor.of(Record(cloudtrail(userIdentity=bob)))
    assert (actor.name, actor.detail) == ("bob", "federated by anna")


def principal(identity: dict[str, Any]) -> str:
    return Actor.of(Record(cloudtrail(userIdentity=identity))).principal


def test_a_workloads_principal_is_its_role_whatever_the_session_and_the_form() -> None:
    role = "arn:aws:iam::111122223333:role/ci"
    with_issuer = assumed_role("ci", "run-42")
    assert principal(with_issuer) == principal(assumed_role("ci", "run-43")) == role
    bare = {
        "type": "AssumedRole",
        "principalId": "AROAEXAMPLE:run-44",
        "arn": "arn:aws:sts::111122223333:assumed-role/ci/run-44",
        "accountId": "111122223333",
    }
    assert principal(bare) == role


def test_a_persons_principal_is_their_own() -> None:
    bob = assumed_role("AWSReservedSSO_Admin_0123456789abcdef", "bob@example.com")
    eve = assumed_role("AWSReservedSSO_Admin_0123456789abcdef", "eve@example.com")
    assert principal(bob) != principal(eve)
    assert principal(bob).endswith("/bob@example.com")
    assert principal(iam_user("anna")).endswith(":user/anna")


def test_a_principal_is_never_empty() -> None:
    for identity in ({}, {"type": "Unknown"}, {"invokedBy": "ec2.amazonaws.com"}, {"type": 7}):
        assert principal(identity)
