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
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/main"
SELF = "arn:aws:iam::*:user/${aws:username}"


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
    "everything but identities": (
        policy(all_but(["iam:*", "sso*:*", "identitystore:*", "organizations:*",
                        "rolesanywhere:*", "sts:Assume*", "kms:*", "ssm:*", "secretsmanager:*",
                        "cloudtrail:*", "config:*", "guardduty:*", "securityhub:*", "macie2:*",
                        "inspector2:*", "detective:*", "access-analyzer:*", "route53resolver:*",
                        "ec2:*"])), ("everywhere",)),
    "everything but IAM": (
        policy(all_but(["iam:*", "account:*"])),
        ("some-identities", "assume-role", "secrets", "recording", "everywhere")),
    "everything but IAM by a wildcard": (
        policy(all_but(["*am:*"], "arn:aws:iam::*:role/*")), ("assume-role", "everywhere")),
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
    "all of one's own user": (policy(allow("iam:*", SELF)), ("some-identities",)),
    "policies of one's own user": (policy(allow("iam:PutUserPolicy", SELF)), ("some-identities",)),
    "keys of users whose names end like one's own": (
        policy(allow("iam:CreateAccessKey", "arn:aws:iam::*:user/*${aws:username}")),
        ("some-identities",)),
    "one's own second factor, in a path": (
        policy(allow("iam:DeactivateMFADevice", "arn:aws:iam::*:user/team/${aws:UserName}")),
        ("narrow",)),
    "one provider's certificate": (
        policy(allow("iam:UpdateOpenIDConnectProviderThumbprint",
                     f"arn:aws:iam::{ACCOUNT}:oidc-provider/idp.example.com")),
        ("some-identities",)),
    "a member account's root": (
        policy(allow("sts:AssumeRoot", f"arn:aws:iam::{OTHER_ACCOUNT}:root")), ("assume-role",)),
    "looking after oneself": (
        policy(allow(["iam:GetAccountPasswordPolicy", "iam:GetAccountSummary"]),
               allow(["iam:ChangePassword", "iam:EnableMFADevice"], SELF),
               allow("iam:CreateVirtualMFADevice", "arn:aws:iam::*:mfa/*")), ("narrow",)),
    "names in IAM": (policy(allow(["iam:List*"])), ("narrow",)),
    "permission sets": (policy(allow("sso:*")), ("identities",)),
    "policies of the organization": (policy(allow("organizations:DetachPolicy")), ("identities",)),
    "any role passed on": (policy(allow("iam:PassRole")), ("pass-role",)),
    "any role passed on to one service": (
        policy(allow("iam:PassRole", "*", **TO_EC2)), ("pass-role",)),
    "one role passed on": (policy(allow("iam:PassRole", ROLE)), ("narrow",)),
    "any role by its kind's first letter": (
        policy(allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:r*")), ("pass-role",)),
    "any role with a letter in its name": (
        policy(allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/*e*")), ("pass-role",)),
    "any role by its kind's last letters": (
        policy(allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:*le/*")), ("pass-role",)),
    "any role by letters within its kind": (
        policy(allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:?ol**")), ("pass-role",)),
    "roles by letters within their names": (
        policy(allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:*orders*")), ("narrow",)),
    "roles whose names begin alike": (
        policy(allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/orders-*")), ("narrow",)),
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
    "any secret by the letters that AWS appends": (
        policy(allow("secretsmanager:GetSecretValue", f"{SECRETS}:*-??????")), ("secrets",)),
    "any secret by a wildcard for parts of the ARN": (
        policy(allow("secretsmanager:GetSecretValue", "arn:*:eu-west-1:*:secret:*?")),
        ("secrets",)),
    "any secret by a wildcard within the partition": (
        policy(allow("secretsmanager:GetSecretValue", "arn:a*ger:eu-west-1:1*:secret:*-*")),
        ("secrets",)),
    "any parameter by letters within its kind": (
        policy(allow("ssm:GetParameter*", f"arn:aws:ssm:*:{ACCOUNT}:par*me*")), ("secrets",)),
    "any parameter": (
        policy(allow("ssm:GetParameter*", f"arn:aws:ssm:*:{ACCOUNT}:p*")), ("secrets",)),
    "one secret": (
        policy(allow("secretsmanager:GetSecretValue", f"{SECRETS}:orders-*")), ("narrow",)),
    "secrets with a tag": (
        policy(allow("secretsmanager:GetSecretValue", "*",
                     **under("StringEquals", "secretsmanager:ResourceTag/team", "orders"))),
        ("narrow",)),
    "whatever a key encrypts": (policy(allow("kms:Decrypt")), ("secrets",)),
    "what the keys of an alias encrypt": (
        policy(allow("kms:Decrypt", "*",
                     **under("ForAnyValue:StringLike", "kms:ResourceAliases", "alias/orders-*"))),
        ("narrow",)),
    "what the keys of any alias encrypt": (
        policy(allow("kms:Decrypt", "*",
                     **under("ForAnyValue:StringLike", "kms:ResourceAliases", "alias/*"))),
        ("secrets",)),
    "what the keys of any alias encrypt, by its beginning": (
        policy(allow("kms:Decrypt", "*",
                     **under("ForAnyValue:StringLike", "kms:ResourceAliases", "alias*"))),
        ("secrets",)),
    "one machine": (
        policy(allow("ec2:*", f"arn:aws:ec2:*:{ACCOUNT}:instance/i-0a1b")), ("narrow",)),
    "one flow log": (
        policy(allow("ec2:Delete*", f"arn:aws:ec2:*:{ACCOUNT}:vpc-flow-log/fl-0a1b")),
        ("recording",)),
    "one flow log by a wildcard in its kind": (
        policy(allow("ec2:Delete*", f"arn:aws:ec2:*:{ACCOUNT}:vpc-*/fl-0a1b")), ("recording",)),
    "one trail": (
        policy(allow("cloudtrail:*", TRAIL)),
        ("recording",)),
    "all but one of a trail": (policy(all_but("cloudtrail:UpdateTrail", TRAIL)), ("recording",)),
    "what is not CloudTrail's, of a trail": (policy(all_but("cloudtrail:*", TRAIL)), ("narrow",)),
    "a filter over one detector's findings": (
        policy(allow("guardduty:CreateFilter",
                     f"arn:aws:guardduty:eu-west-1:{ACCOUNT}:detector/12abc")), ("recording",)),
    "any detector": (policy(allow("guardduty:Delete*")), ("recording",)),
    "all of a service": (policy(allow("s3:*")), ("everywhere",)),
    "every bucket": (policy(allow("s3:GetObject", "arn:aws:s3:::*/*")), ("everywhere",)),
    "every table": (
        policy(allow("dynamodb:*", f"arn:aws:dynamodb:*:{ACCOUNT}:table/*")), ("everywhere",)),
    "one bucket": (policy(allow("s3:*", ["arn:aws:s3:::orders", OBJECTS])), ("narrow",)),
    "everything of one bucket": (policy(allow("*", OBJECTS)), ("narrow",)),
    "buckets whose names begin alike": (
        policy(allow("s3:*", ["arn:aws:s3:::orders-*"])), ("narrow",)),
    "one repository's, and its pipeline's actions": (
        policy(allow(["codecommit:GitPull"], "arn:aws:codecommit:*:*:orders*"),
               allow(["codepipeline:PutJobSuccessResult"], "arn:aws:codepipeline:*:*:orders/*")),
        ("narrow",)),
    "one API": (
        policy(allow("execute-api:Invoke", f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:a1b2c3/*")),
        ("narrow",)),
    "what has a tag": (
        policy(allow(["ec2:StopInstances"], "*", **under("StringEquals", TAG, "orders"))),
        ("narrow",)),
    "whatever has any tag": (
        policy(allow("ec2:StopInstances", "*", **under("StringLike", TAG, "*"))), ("everywhere",)),
    "whatever has a tag that is not empty": (
        policy(allow("ec2:StopInstances", "*", **under("StringLike", TAG, "?*"))),
        ("everywhere",)),
    "whatever has the tag that it has": (
        policy(allow("ec2:StopInstances", "*",
                     **under("StringEquals", TAG, "${aws:ResourceTag/team}"))), ("everywhere",)),
    "what has the caller's tag": (
        policy(allow("ec2:StopInstances", "*",
                     **under("StringEquals", TAG, "${aws:PrincipalTag/team}"))), ("narrow",)),
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
    f"{AWS}/AdministratorAccess": ("administrator",),
    "arn:aws-us-gov:iam::aws:policy/AdministratorAccess": ("administrator",),
    f"arn:aws:iam::{ACCOUNT}:policy/AdministratorAccess": ("administrator",),
    f"{AWS}/IAMFullAccess": ("identities",),
    f"{AWS}/PowerUserAccess": (
        "some-identities", "assume-role", "secrets", "recording", "everywhere"),
    "arn:aws-cn:iam::aws:policy/SecretsManagerReadWrite": ("secrets", "everywhere"),
    f"arn:aws:iam::{ACCOUNT}:policy/SecretsManagerReadWrite": ("unknown",),
    f"{AWS}/ReadOnlyAccess": ("everywhere",),
    f"{AWS}/job-function/SystemAdministrator": ("everywhere",),
    f"{AWS}/service-role/AWSLambdaBasicExecutionRole": ("narrow",),
    f"{AWS}/AmazonSSMManagedInstanceCore": ("narrow",),
    f"{AWS}/AWSCompromisedKeyQuarantineV3": ("nothing",),
    f"{AWS}/AWSDenyAll": ("nothing",),
    f"arn:aws:iam::{ACCOUNT}:policy/AWSDenyAll": ("unknown",),
    f"arn:aws:iam::{ACCOUNT}:policy/orders": ("unknown",),
    "": ("unknown",),
}  # fmt: skip
CALLS: list[tuple[str, Json, tuple[str, ...]]] = [
    ("iam:PutRolePolicy", {"roleName": "orders", "policyDocument": json.dumps(written)}, ())
    for written, _ in POLICIES.values()
]
