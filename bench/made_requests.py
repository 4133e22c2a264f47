"""What requests of a made account hold: botocore's models, and what its makers would fill in."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from bench.everyday import CHANGES, NAMES, OF_PROGRAMS
from tests.cloudtrail.botocore_records import models, record_of
from tests.events import ACCOUNT

Json = dict[str, Any]
READING = ("Get", "List", "Describe", "Search", "Lookup", "BatchGet", "Head")
# Whose operations only programs call, or whose events are data events that a trail leaves out.
# Source: the CloudTrail user guide, "Logging data events".
NOT_LOGGED = frozenset({"s3:PutObject", "s3:GetObject", "s3:DeleteObject"})
# A request as its maker would fill it in, where botocore's required members say nothing of that.
POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::orders/*"}
]}  # fmt: skip
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole",
     "Principal": {"Service": "ecs-tasks.amazonaws.com"}}]}  # fmt: skip
BUCKET = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*",
     "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/orders"}}]}  # fmt: skip
FILLED: dict[str, Json] = {
    "iam:PutRolePolicy": {"policyDocument": json.dumps(POLICY)},
    "iam:CreatePolicy": {"policyDocument": json.dumps(POLICY)},
    "iam:CreatePolicyVersion": {"policyDocument": json.dumps(POLICY)},
    "iam:CreateRole": {"assumeRolePolicyDocument": json.dumps(TRUST)},
    "iam:AttachRolePolicy": {"policyArn": f"arn:aws:iam::{ACCOUNT}:policy/my-orders"},
    "s3:PutBucketPolicy": {"bucketPolicy": BUCKET},
    "ec2:AuthorizeSecurityGroupIngress": {"groupId": "sg-my-0a1b", "ipPermissions": {"items": [
        {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443,
         "ipRanges": {"items": [{"cidrIp": "10.0.0.0/16"}]}}]}},
    "ec2:RunInstances": {"instanceType": "t3.medium", "minCount": 1, "maxCount": 1},
    "lambda:AddPermission": {"principal": "events.amazonaws.com", "functionName": "my-orders"},
    "logs:PutRetentionPolicy": {"logGroupName": "my-logs", "retentionInDays": 30},
}  # fmt: skip


@cache
def _models() -> dict[str, Json]:
    """The service models by the name that botocore has for them, and by endpoint."""
    found: dict[str, Json] = {}
    for model in models():
        for name in (model["metadata"]["endpointPrefix"], model["metadata"].get("signingName")):
            found.setdefault(name or "", model)
    return found


# Where botocore's folder is called otherwise than the service's endpoint.
ENDPOINTS = {"cloudwatch": "monitoring", "elbv2": "elasticloadbalancing", "stepfunctions": "states",
             "ecr": "api.ecr", "sagemaker": "api.sagemaker", "opensearch": "es", "ses": "email",
             "apigatewayv2": "apigateway", "wafv2": "wafv2", "tagging": "tagging"}  # fmt: skip


@cache
def template(operation: str) -> Json:
    """The record of an operation by its model; of one that is in none, an empty request."""
    service, name = operation.split(":")
    logged = NAMES.get(operation, name)
    model = _models().get(ENDPOINTS.get(service, service))
    if model and name in model["operations"]:
        record = record_of(model, name)
    else:
        record = record_of(_models()["sts"], "GetCallerIdentity")
        record["eventSource"] = f"{service}.amazonaws.com"
    return record | {"eventName": logged, "readOnly": name.startswith(READING)}


@cache
def operations() -> dict[bool, list[str]]:
    """Every read and every change that the models of the account's services know."""
    found: dict[bool, list[str]] = {True: [], False: []}
    for service in CHANGES:
        for name in _models()[ENDPOINTS.get(service, service)]["operations"]:
            operation = f"{service}:{name}"
            if operation not in NOT_LOGGED and operation not in OF_PROGRAMS:
                found[name.startswith(READING)].append(operation)
    return found
