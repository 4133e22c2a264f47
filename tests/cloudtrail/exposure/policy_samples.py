"""Policies and their conditions: (operation, request, flat texts)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from tests.cloudtrail.exposure.shapes import (
    ARN,
    ENCODED,
    OWN,
    PUBLIC,
    TEXT,
    WORLD,
    Json,
    Sample,
    policy,
    statement,
    under,
)
from tests.events import ACCOUNT, OTHER_ACCOUNT

GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
EKS = f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0A1B"
COGNITO, GOOGLE = "cognito-identity.amazonaws.com", "accounts.google.com"
AUDIENCE = {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}


def of_github(subject: str, operator: str = "StringLike") -> Json:
    return {**AUDIENCE, operator: {"token.actions.githubusercontent.com:sub": subject}}


# (provider, the condition of the trust, whom it lets in)
FEDERATED: tuple[tuple[str, Json | None, str], ...] = (
    (GITHUB, None, "everyone"),
    (GITHUB, AUDIENCE, "everyone"),
    (GITHUB, of_github("*"), "everyone"),
    (GITHUB, of_github("repo:*"), "everyone"),
    (GITHUB, of_github("repo:*/*:*"), "everyone"),
    (GITHUB, of_github("repo:example/orders:*", "StringNotLike"), "everyone"),
    (GITHUB, of_github("repo:example/orders:*", "StringLikeIfExists"), "everyone"),
    (GITHUB, of_github("repo:example/*"), "provider"),
    (GITHUB, of_github("repo:example/orders:ref:refs/heads/main"), "provider"),
    (COGNITO, None, "everyone"),
    (COGNITO, {"ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"}}, "everyone"),
    (COGNITO, {"StringEquals": {f"{COGNITO}:aud": "eu-west-1:0a1b"}}, "provider"),
    (GOOGLE, {}, "everyone"),
    (GOOGLE, {"StringEquals": {"accounts.google.com:aud": "66677788899"}}, "provider"),
    (EKS, None, "provider"),
    (f"arn:aws:iam::{ACCOUNT}:saml-provider/corp", None, "provider"),
)

BUCKETS: tuple[Sample, ...] = (
    (
        "s3:PutBucketPolicy",
        {"bucketName": "b", "bucketPolicy": [TEXT]},
        ("everyone bucket-policy",),
    ),
    (
        "s3:PutBucketPolicy",
        {"bucketName": "b", "policy": "", "bucketPolicy": PUBLIC},
        ("everyone bucket-policy",),
    ),
    (
        "s3:PutBucketPolicy",
        {"bucketName": "b", "bucketPolicy": PUBLIC},
        ("everyone bucket-policy",),
    ),
    ("s3:PutBucketPolicy", {"bucketName": "b", "bucketPolicy": TEXT}, ("everyone bucket-policy",)),
    (
        "s3:PutBucketPolicy",
        {"bucketName": "b", "bucketPolicy": ENCODED},
        ("everyone bucket-policy",),
    ),
    (
        "s3:PutBucketPolicy",
        {"bucketName": "b", "bucketPolicy": quote(ENCODED)},
        ("everyone bucket-policy",),
    ),
    (
        "s3:PutBucketPolicy",
        {"bucketName": "b", "bucketPolicy": json.dumps(TEXT)},
        ("everyone bucket-policy",),
    ),
    (
        "s3:PutBucketPolicy",
        {"bucketName": "b", "policy": {"statement": statement({"AWS": ["*"]}, "ALLOW")}},
        ("everyone bucket-policy",),
    ),
    (
        "s3:PutBucketPolicy",
        {
            "bucketName": "b",
            "bucketPolicy": policy(statement("*", "Deny"), statement({"AWS": OWN}), statement("*")),
        },
        ("own-account bucket-policy", "everyone bucket-policy"),
    ),
    ("s3:PutBucketPolicy", {"bucketName": "b", "bucketPolicy": policy(statement("*", "Deny"))}, ()),
    (
        "s3:PutBucketPolicy",
        {
            "bucketName": "b",
            "bucketPolicy": policy(
                {"Effect": "Allow", "NotPrincipal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/x"}}
            ),
        },
        ("everyone bucket-policy",),
    ),
    (
        "s3:PutBucketPolicy",
        {
            "bucketName": "b",
            "bucketPolicy": policy({"Effect": "Deny", "NotPrincipal": {"AWS": OWN}}),
        },
        (),
    ),
    (
        "s3:PutBucketPolicy",
        {"bucketName": "b", "bucketPolicy": policy(statement({"AWS": [ARN, OWN]}))},
        ("account bucket-policy", "own-account bucket-policy"),
    ),
    (
        "s3:PutBucketPolicy",
        {"bucketName": "b", "bucketPolicy": policy(statement({"AWS": OTHER_ACCOUNT}))},
        ("account bucket-policy",),
    ),
    (
        "s3:PutBucketPolicy",
        {"bucketName": "b", "bucketPolicy": policy(statement({"AWS": "arn:aws:iam::*:root"}))},
        ("everyone bucket-policy",),
    ),
    (
        "s3:PutBucketPolicy",
        {
            "bucketName": "b",
            "bucketPolicy": policy(statement({"CanonicalUser": "79a59df900b949e5"})),
        },
        ("account bucket-policy",),
    ),
    (
        "s3:PutBucketPolicy",
        {
            "bucketName": "b",
            "bucketPolicy": policy(statement({"Service": "logging.s3.amazonaws.com"})),
        },
        ("service bucket-policy",),
    ),
    ("s3:PutBucketPolicy", {"bucketName": "b", "bucketPolicy": "{no JSON"}, ()),
    ("s3:PutBucketPolicy", {"bucketName": "b", "bucketPolicy": 7}, ()),
    ("s3:PutBucketPolicy", {"bucketName": "b", "bucketPolicy": {"Statement": [7, "x", None]}}, ()),
    (
        "s3:PutAccessPointPolicy",
        {"name": "ap", "PutAccessPointPolicyRequest": {"Policy": TEXT}},
        ("everyone bucket-policy",),
    ),
    (
        "s3:PutMultiRegionAccessPointPolicy",
        {"PutMultiRegionAccessPointPolicyRequest": {"Details": {"Name": "m", "Policy": TEXT}}},
        ("everyone bucket-policy",),
    ),
    ("s3:GetBucketPolicy", {"bucketName": "b", "bucketPolicy": PUBLIC}, ()),
)


def _is(operator: str, key: str, value: Any) -> Json:
    return under({operator: {key: value}})


PUT = "s3:PutBucketPolicy"
OPEN, SOME = ("everyone bucket-policy",), ("condition bucket-policy",)
CONDITIONS: tuple[Sample, ...] = (
    (PUT, _is("StringEquals", "aws:PrincipalOrgID", "o-example"), ("organization bucket-policy",)),
    (PUT, _is("StringLike", "aws:PrincipalOrgID", "o-*"), OPEN),
    (PUT, _is("StringNotEquals", "aws:PrincipalOrgID", "o-example"), OPEN),
    (PUT, _is("StringEqualsIfExists", "aws:PrincipalOrgID", "o-example"), OPEN),
    (PUT, _is("ForAllValues:StringEquals", "aws:PrincipalOrgID", "o-example"), OPEN),
    (
        PUT,
        _is("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-example/*"),
        ("organization bucket-policy",),
    ),
    (PUT, _is("Null", "aws:PrincipalOrgID", "false"), OPEN),
    (PUT, _is("Bool", "aws:SecureTransport", "true"), OPEN),
    (
        PUT,
        under(
            {"Bool": {"aws:SecureTransport": True}, "StringEquals": {"aws:SourceVpce": "vpce-1"}}
        ),
        ("network bucket-policy",),
    ),
    (PUT, _is("IpAddress", "aws:SourceIp", "198.51.100.0/24"), ("network bucket-policy",)),
    (PUT, _is("IpAddress", "AWS:SourceIP", ["198.51.100.0/24", WORLD]), OPEN),
    (PUT, _is("IpAddress", "aws:SourceIp", "0.0.0.0/1"), OPEN),
    (PUT, _is("NotIpAddress", "aws:SourceIp", "198.51.100.0/24"), OPEN),
    (PUT, _is("StringEquals", "aws:SourceVpc", "vpc-1"), ("network bucket-policy",)),
    (PUT, _is("StringLike", "aws:SourceVpc", "vpc-*"), OPEN),
    (PUT, _is("StringEquals", "aws:SourceAccount", OTHER_ACCOUNT), ("account bucket-policy",)),
    (PUT, _is("StringEquals", "AWS:SourceOwner", ACCOUNT), ("own-account bucket-policy",)),
    (
        PUT,
        _is("StringEquals", "aws:PrincipalAccount", [ACCOUNT, OTHER_ACCOUNT]),
        ("own-account bucket-policy", "account bucket-policy"),
    ),
    (
        PUT,
        _is("ArnLike", "aws:SourceArn", f"arn:aws:sns:eu-west-1:{OTHER_ACCOUNT}:*"),
        ("account bucket-policy",),
    ),
    (PUT, _is("ArnEquals", "aws:SourceArn", "arn:aws:s3:::uploads"), ("resource bucket-policy",)),
    (PUT, _is("ArnLike", "aws:SourceArn", "arn:aws:s3:::*"), OPEN),
    (PUT, _is("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/x"), OPEN),
    (PUT, _is("StringEquals", "aws:Referer", "https://example.com"), OPEN),
    (PUT, _is("StringEquals", "s3:prefix", "home/"), OPEN),
    (PUT, _is("StringEquals", "aws:userid", "AIDAEXAMPLE"), SOME),
    (PUT, _is("StringEquals", "s3:x-amz-server-side-encryption-aws-kms-key-id", "k"), SOME),
    (PUT, _is("StringEquals", "aws:PrincipalTag/team", "data"), SOME),
    (PUT, _is("DateLessThan", "aws:CurrentTime", "2027-01-01T00:00:00Z"), OPEN),
    (PUT, under({"StringEquals": 7}), SOME),
    (PUT, under({}), OPEN),
    (PUT, _is("StringEquals", "aws:SourceVpc", [{"x": 1}]), SOME),
    (PUT, {"bucketPolicy": policy(statement("*", Condition="x"))}, SOME),
    (PUT, {"bucketPolicy": policy(statement("*", Condition=None))}, OPEN),
    (PUT, {"bucketPolicy": policy(statement(7))}, ()),
    (PUT, {"bucketPolicy": policy(statement({"AWS": 444455556666}))}, ("account bucket-policy",)),
    (
        "kms:PutKeyPolicy",
        {
            "keyId": "k",
            "policy": policy(
                statement(
                    "*",
                    Condition={
                        "StringEquals": {
                            "kms:CallerAccount": ACCOUNT,
                            "kms:ViaService": "s3.eu-west-1.amazonaws.com",
                        }
                    },
                )
            ),
        },
        ("own-account key",),
    ),
)


QUEUE = "https://sqs.eu-west-1.amazonaws.com/111122223333/orders"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:orders"
POLICIES: tuple[Sample, ...] = (
    (
        "sqs:SetQueueAttributes",
        {"queueUrl": QUEUE, "attributes": {"Policy": TEXT}},
        ("everyone queue",),
    ),
    (
        "sqs:SetQueueAttributes",
        {
            "queueUrl": QUEUE,
            "attribute": [
                {"name": "DelaySeconds", "value": "5"},
                {"name": "Policy", "value": TEXT},
            ],
        },
        ("everyone queue",),
    ),
    (
        "sqs:SetQueueAttributes",
        {"QueueUrl": QUEUE, "Attribute.1.Name": "Policy", "Attribute.1.Value": TEXT},
        ("everyone queue",),
    ),
    ("sqs:SetQueueAttributes", {"queueUrl": QUEUE, "attributes": {"Policy": ""}}, ()),
    (
        "sqs:CreateQueue",
        {"queueName": "orders", "attributes": {"Policy": TEXT}},
        ("everyone queue",),
    ),
    (
        "sqs:AddPermission",
        {"queueUrl": QUEUE, "label": "l", "aWSAccountIds": [OTHER_ACCOUNT], "actions": ["*"]},
        ("account queue",),
    ),
    (
        "sqs:AddPermission",
        {"queueUrl": QUEUE, "label": "l", "aWSAccountIds": ["*"], "actions": ["*"]},
        ("everyone queue",),
    ),
    (
        "sns:SetTopicAttributes",
        {"topicArn": TOPIC, "attributeName": "Policy", "attributeValue": TEXT},
        ("everyone topic",),
    ),
    (
        "sns:SetTopicAttributes",
        {"topicArn": TOPIC, "attributeName": "DisplayName", "attributeValue": TEXT},
        (),
    ),
    ("sns:CreateTopic", {"name": "orders", "attributes": {"Policy": TEXT}}, ("everyone topic",)),
    (
        "sns:AddPermission",
        {"topicArn": TOPIC, "label": "l", "aWSAccountId": OTHER_ACCOUNT, "actionName": ["Publish"]},
        ("account topic",),
    ),
    (
        "kms:PutKeyPolicy",
        {"keyId": "k", "policyName": "default", "policy": TEXT},
        ("everyone key",),
    ),
    ("kms:CreateKey", {"policy": TEXT}, ("everyone key",)),
    (
        "kms:CreateGrant",
        {"keyId": "k", "granteePrincipal": f"arn:aws:iam::{OTHER_ACCOUNT}:role/x"},
        ("account key",),
    ),
    (
        "secretsmanager:PutResourcePolicy",
        {"secretId": "s", "resourcePolicy": TEXT},
        ("everyone secret",),
    ),
    (
        "ecr:SetRepositoryPolicy",
        {"repositoryName": "r", "policyText": TEXT},
        ("everyone repository",),
    ),
    (
        "ecr-public:SetRepositoryPolicy",
        {"repositoryName": "r", "policyText": TEXT},
        ("everyone repository",),
    ),
    (
        "ecr:PutRegistryPolicy",
        {"policyText": json.dumps(policy(statement({"AWS": ARN})))},
        ("account repository",),
    ),
    (
        "lambda:AddPermission20150331v2",
        {"functionName": "f", "principal": "*"},
        ("everyone function",),
    ),
    (
        "lambda:AddPermission20150331v2",
        {"functionName": "f", "principal": "*", "principalOrgID": "o-example"},
        ("organization function",),
    ),
    (
        "lambda:AddPermission20150331v2",
        {"functionName": "f", "principal": "s3.amazonaws.com", "sourceArn": "arn:aws:s3:::b"},
        ("service function",),
    ),
    (
        "lambda:AddPermission20150331v2",
        {"functionName": "f", "principal": "*", "sourceAccount": OTHER_ACCOUNT},
        ("account function",),
    ),
    (
        "lambda:AddPermission20150331v2",
        {"functionName": "f", "principal": OTHER_ACCOUNT},
        ("account function",),
    ),
    (
        "lambda:AddLayerVersionPermission20181031",
        {"layerName": "l", "principal": "*"},
        ("everyone layer",),
    ),
    (
        "lambda:AddLayerVersionPermission20181031",
        {"layerName": "l", "principal": "*", "organizationId": "o-example"},
        ("organization layer",),
    ),
    (
        "lambda:CreateFunctionUrlConfig",
        {"functionName": "f", "authType": "NONE"},
        ("everyone function-url",),
    ),
    (
        "lambda:UpdateFunctionUrlConfig",
        {"functionName": "f", "authType": "none"},
        ("everyone function-url",),
    ),
    ("lambda:CreateFunctionUrlConfig", {"functionName": "f", "authType": "AWS_IAM"}, ()),
    (
        "glacier:SetVaultAccessPolicy",
        {"vaultName": "v", "policy": {"policy": TEXT}},
        ("everyone vault",),
    ),
    (
        "backup:PutBackupVaultAccessPolicy",
        {"backupVaultName": "v", "policy": TEXT},
        ("everyone vault",),
    ),
    (
        "elasticfilesystem:PutFileSystemPolicy",
        {"fileSystemId": "fs-1", "policy": TEXT},
        ("everyone file-system",),
    ),
    ("es:UpdateDomainConfig", {"domainName": "d", "accessPolicies": TEXT}, ("everyone domain",)),
    (
        "es:UpdateElasticsearchDomainConfig",
        {"domainName": "d", "accessPolicies": {"options": TEXT}},
        ("everyone domain",),
    ),
    ("es:CreateDomain", {"domainName": "d", "accessPolicies": TEXT}, ("everyone domain",)),
    (
        "aoss:UpdateSecurityPolicy",
        {
            "name": "p",
            "type": "network",
            "policy": json.dumps([{"Rules": [], "AllowFromPublic": True}]),
        },
        ("everyone domain",),
    ),
    (
        "apigateway:UpdateRestApi",
        {
            "restApiId": "a",
            "patchOperations": [
                {"op": "replace", "path": "/name", "value": "x"},
                {"op": "replace", "path": "/policy", "value": TEXT},
            ],
        },
        ("everyone api",),
    ),
    ("apigateway:CreateRestApi", {"name": "a", "policy": TEXT}, ("everyone api",)),
    (
        "events:PutPermission",
        {"eventBusName": "default", "principal": "*", "action": "events:PutEvents"},
        ("everyone event-bus",),
    ),
    (
        "events:PutPermission",
        {
            "principal": "*",
            "condition": {
                "type": "StringEquals",
                "key": "aws:PrincipalOrgID",
                "value": "o-example",
            },
        },
        ("organization event-bus",),
    ),
    ("events:PutPermission", {"eventBusName": "default", "policy": TEXT}, ("everyone event-bus",)),
    (
        "logs:PutResourcePolicy",
        {"policyName": "p", "policyDocument": TEXT},
        ("everyone log-group",),
    ),
    (
        "logs:PutDestinationPolicy",
        {"destinationName": "d", "accessPolicy": TEXT},
        ("everyone log-group",),
    ),
    ("glue:PutResourcePolicy", {"policyInJson": TEXT}, ("everyone catalog",)),
    (
        "codeartifact:PutRepositoryPermissionsPolicy",
        {"domain": "d", "repository": "r", "policyDocument": TEXT},
        ("everyone repository",),
    ),
    (
        "ses:PutIdentityPolicy",
        {"identity": "example.com", "policy": TEXT},
        ("everyone mail-identity",),
    ),
    (
        "mediastore:PutContainerPolicy",
        {"containerName": "c", "policy": TEXT},
        ("everyone container",),
    ),
    (
        "acm-pca:PutPolicy",
        {"resourceArn": "arn", "policy": TEXT},
        ("everyone certificate-authority",),
    ),
    ("dynamodb:PutResourcePolicy", {"resourceArn": "t", "policy": TEXT}, ("everyone table",)),
    ("dynamodb:CreateTable", {"tableName": "t", "resourcePolicy": TEXT}, ("everyone table",)),
    ("redshift:PutResourcePolicy", {"resourceArn": "w", "policy": TEXT}, ("everyone database",)),
    ("kinesis:PutResourcePolicy", {"resourceARN": "s", "policy": TEXT}, ("everyone stream",)),
    (
        "imagebuilder:PutImagePolicy",
        {"imageArn": "i", "policy": TEXT},
        ("everyone resource-policy",),
    ),
    (
        "iam:CreateRole",
        {"roleName": "r", "assumeRolePolicyDocument": TEXT},
        ("everyone role-trust",),
    ),
    (
        "iam:CreateRole",
        {
            "roleName": "r",
            "assumeRolePolicyDocument": quote(json.dumps(policy(statement({"AWS": ARN})))),
        },
        ("account role-trust",),
    ),
    (
        "iam:UpdateAssumeRolePolicy",
        {
            "roleName": "r",
            "policyDocument": json.dumps(
                policy(statement({"Federated": "arn:aws:iam::111122223333:saml-provider/corp"}))
            ),
        },
        ("provider role-trust",),
    ),
    *(
        (
            "iam:CreateRole",
            {
                "roleName": "r",
                "assumeRolePolicyDocument": policy(
                    statement({"Federated": provider}, Condition=condition)
                ),
            },
            (f"{whom} role-trust",),
        )
        for provider, condition, whom in FEDERATED
    ),
    (
        "iam:PutUserPolicy",
        {
            "userName": "u",
            "policyDocument": json.dumps(
                {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
            ),
        },
        (),
    ),
    ("ec2:ModifyVpcEndpoint", {"vpcEndpointId": "vpce-1", "policyDocument": TEXT}, ()),
    ("organizations:CreatePolicy", {"content": TEXT, "policyDocument": TEXT}, ()),
    ("ram:CreateResourceShare", {"name": "s", "principals": [OTHER_ACCOUNT]}, ("account share",)),
    (
        "ram:AssociateResourceShare",
        {"principals": [f"arn:aws:organizations::{ACCOUNT}:organization/o-example"]},
        ("organization share",),
    ),
)
