"""Policies, and what they give."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from tests.events import ACCOUNT, OTHER_ACCOUNT

Json = dict[str, Any]
OBJECTS = "arn:aws:s3:::orders/*"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/orders"
SECRETS = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret"


def policy(*statements: Any) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: Any, resource: Any = "*", **more: Any) -> Json:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def all_but(action: Any, resource: Any = "*") -> Json:
    return {"Effect": "Allow", "NotAction": action, "Resource": resource}


def under(operator: str, key: str, value: str) -> Json:
    return {"Condition": {operator: {key: value}}}


DENY = {"Effect": "Deny", "Action": "*", "Resource": "*"}
TO_EC2 = under("StringEquals", "iam:PassedToService", "ec2.amazonaws.com")
TAG = "aws:ResourceTag/team"
# What the policy is: the policy, and the words that its rights come to.
POLICIES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "everything": (policy(allow("*")), ("administrator",)),
    "everything in two parts": (policy(allow("*:*", ["*"])), ("administrator",)),
    "one statement that is no list": ({"Statement": allow("*")}, ("administrator",)),
    "keys in small letters": (
        {"statement": [{"effect": "allow", "action": "*", "resource": "*"}]}, ("administrator",)),
    "everything but one service": (policy(all_but("s3:*")), ("administrator",)),
    "everything but identities": (policy(all_but(["iam:*", "account:*"])), ("everywhere",)),
    "all but one of a bucket": (policy(all_but("s3:DeleteObject", OBJECTS)), ("narrow",)),
    "all but one of every bucket": (
        policy(all_but("s3:DeleteObject", "arn:aws:s3:::*")), ("everywhere",)),
    "all but one of a role": (policy(all_but("iam:CreateUser", ROLE)), ("some-identities",)),
    "what it is not about": (
        policy({"Effect": "Allow", "Action": "*", "NotResource": OBJECTS}), ("administrator",)),
    "IAM": (policy(allow("iam:*")), ("identities", "pass-role")),
    "IAM by a wildcard in its name": (policy(allow("ia?:Put*")), ("identities",)),
    "IAM of one role": (policy(allow("iam:Put*", ROLE)), ("some-identities",)),
    "IAM of every role": (
        policy(allow("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/*")), ("identities",)),
    "one's own access keys": (
        policy(allow("iam:*AccessKey*", "arn:aws:iam::*:user/${aws:username}")), ("narrow",)),
    "names in IAM": (policy(allow(["iam:List*"])), ("narrow",)),
    "permission sets": (policy(allow("sso:*")), ("identities",)),
    "policies of the organization": (policy(allow("organizations:DetachPolicy")), ("identities",)),
    "any role passed on": (policy(allow("iam:PassRole")), ("pass-role",)),
    "any role passed on to one service": (
        policy(allow("iam:PassRole", "*", **TO_EC2)), ("pass-role",)),
    "one role passed on": (policy(allow("iam:PassRole", ROLE)), ("narrow",)),
    "any role taken": (policy(allow("sts:AssumeRole")), ("assume-role",)),
    "a role of any account": (
        policy(allow("sts:AssumeRole", "arn:aws:iam::*:role/deploy")), ("assume-role",)),
    "another account's role": (
        policy(allow("sts:AssumeRole", f"arn:aws:iam::{OTHER_ACCOUNT}:role/deploy")),
        ("assume-role",)),
    "a role of its own account": (policy(allow("sts:AssumeRole", ROLE)), ("narrow",)),
    "any secret": (policy(allow("secretsmanager:Get*")), ("secrets",)),
    "any secret of the account": (
        policy(allow("secretsmanager:GetSecretValue", f"{SECRETS}:*")), ("secrets",)),
    "one secret": (
        policy(allow("secretsmanager:GetSecretValue", f"{SECRETS}:orders-*")), ("narrow",)),
    "secrets with a tag": (
        policy(allow("secretsmanager:GetSecretValue", "*",
                     **under("StringEquals", "secretsmanager:ResourceTag/team", "orders"))),
        ("narrow",)),
    "whatever a key encrypts": (policy(allow("kms:Decrypt")), ("secrets",)),
    "one trail": (
        policy(allow("cloudtrail:*", f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/main")),
        ("recording",)),
    "any detector": (policy(allow("guardduty:Delete*")), ("recording",)),
    "all of a service": (policy(allow("s3:*")), ("everywhere",)),
    "every bucket": (policy(allow("s3:GetObject", "arn:aws:s3:::*/*")), ("everywhere",)),
    "every table": (
        policy(allow("dynamodb:*", f"arn:aws:dynamodb:*:{ACCOUNT}:table/*")), ("everywhere",)),
    "one bucket": (policy(allow("s3:*", ["arn:aws:s3:::orders", OBJECTS])), ("narrow",)),
    "everything of one bucket": (policy(allow("*", OBJECTS)), ("narrow",)),
    "one API": (
        policy(allow("execute-api:Invoke", f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:a1b2c3/*")),
        ("narrow",)),
    "what has a tag": (
        policy(allow(["ec2:StopInstances"], "*", **under("StringEquals", TAG, "orders"))),
        ("narrow",)),
    "whatever has any tag": (
        policy(allow("ec2:StopInstances", "*", **under("StringLike", TAG, "*"))), ("everywhere",)),
    "what has not a tag": (
        policy(allow("ec2:StopInstances", "*", **under("StringNotEquals", TAG, "orders"))),
        ("everywhere",)),
    "lists and descriptions": (
        policy(allow(["ec2:Describe*", "s3:ListAllMyBuckets"])), ("narrow",)),
    "a function's own log, and a bucket": (
        policy(allow(["logs:CreateLogGroup", "logs:PutLogEvents", "s3:GetObject"],
                     ["arn:aws:logs:*:*:*", OBJECTS])), ("narrow",)),
    "what can name no resource": (
        policy(allow(["ecr:GetAuthorizationToken", "cloudwatch:PutMetricData"])), ("narrow",)),
    "several": (
        policy(allow("s3:GetObject", OBJECTS), allow("iam:PassRole"), allow("kms:Decrypt")),
        ("pass-role", "secrets")),
    "an Allow beside a Deny": (policy(DENY, allow("s3:GetObject", OBJECTS)), ("narrow",)),
    "a Deny alone": (policy(DENY), ("nothing",)),
    "a bracket, which is no wildcard": (policy(allow("iam:[P]utRolePolicy")), ("everywhere",)),
    "an Allow of nothing": (policy({"Effect": "Allow", "Resource": "*"}), ("unknown",)),
    "more actions than a policy holds": (policy(allow(["s3:Get*"] * 1_501)), ("unknown",)),
    "no statement": (policy(), ("unknown",)),
    "no policy": (None, ("unknown",)),
    "words": ("everything", ("unknown",)),
    "what AWS left out": ("HIDDEN_DUE_TO_SECURITY_REASONS", ("unknown",)),
}  # fmt: skip
FORMS = {
    "object": lambda found: found,
    "text": json.dumps,
    "URL-encoded text": lambda found: quote(json.dumps(found)),
    "text in a text": lambda found: json.dumps(json.dumps(found)),
}
AWS = "arn:aws:iam::aws:policy"
ATTACHED = {
    f"{AWS}/AdministratorAccess": "administrator",
    "arn:aws-us-gov:iam::aws:policy/AdministratorAccess": "administrator",
    f"arn:aws:iam::{ACCOUNT}:policy/AdministratorAccess": "administrator",
    f"{AWS}/IAMFullAccess": "identities",
    f"{AWS}/PowerUserAccess": "everywhere",
    f"{AWS}/ReadOnlyAccess": "everywhere",
    f"{AWS}/job-function/SystemAdministrator": "everywhere",
    f"{AWS}/service-role/AWSLambdaBasicExecutionRole": "narrow",
    f"{AWS}/AmazonSSMManagedInstanceCore": "narrow",
    f"{AWS}/AWSCompromisedKeyQuarantineV3": "nothing",
    f"{AWS}/AWSDenyAll": "nothing",
    f"arn:aws:iam::{ACCOUNT}:policy/AWSDenyAll": "unknown",
    f"arn:aws:iam::{ACCOUNT}:policy/orders": "unknown",
    "": "unknown",
}
CALLS: list[tuple[str, Json, tuple[str, ...]]] = [
    ("iam:PutRolePolicy", {"roleName": "orders", "policyDocument": json.dumps(written)}, ())
    for written, _ in POLICIES.values()
]
