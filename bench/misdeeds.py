"""Twelve misdeeds of different kinds, each at a time of its own in a made account's days."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from bench.made_trail import START, Trail
from tests.events import ACCOUNT, BROWSER, OTHER_ACCOUNT, TERRAFORM, assumed_role, root, sso_user

Json = dict[str, Any]
STOLEN = sso_user("person9@example.com", "Developer")
PIPELINE = assumed_role("pipeline-3", "run-4711")
ELSEWHERE = "203.0.113.66"
_EVERYONE = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
_OTHERS = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"},
    "Action": "sts:AssumeRole",
}
# operation, who, what of the request matters, other fields
MISDEEDS: tuple[tuple[str, Json, Json, Json], ...] = (
    ("cloudtrail:StopLogging", STOLEN, {"name": "main"}, {}),
    ("iam:CreateAccessKey", STOLEN, {"userName": "backup"}, {}),
    ("iam:AttachUserPolicy", STOLEN, {
        "userName": "backup", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}, {}),
    ("s3:PutBucketPolicy", PIPELINE, {
        "bucketName": "customers", "bucketPolicy": {"Version": "2012-10-17",
                                                    "Statement": [_EVERYONE]}}, {}),
    ("ec2:ModifySnapshotAttribute", STOLEN, {
        "snapshotId": "snap-0a1b", "attributeType": "CREATE_VOLUME_PERMISSION",
        "createVolumePermission": {"add": {"items": [{"userId": OTHER_ACCOUNT}]}}}, {}),
    ("iam:UpdateAssumeRolePolicy", PIPELINE, {
        "roleName": "orders", "policyDocument": json.dumps(
            {"Version": "2012-10-17", "Statement": [_OTHERS]})}, {}),
    ("ec2:AuthorizeSecurityGroupIngress", STOLEN, {
        "groupId": "sg-0a1b", "ipPermissions": {"items": [
            {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22,
             "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}}, {}),
    ("kms:ScheduleKeyDeletion", PIPELINE, {"keyId": "0a1b", "pendingWindowInDays": 7}, {}),
    ("rds:DeleteDBInstance", STOLEN, {
        "dBInstanceIdentifier": "orders", "skipFinalSnapshot": True}, {}),
    ("signin:ConsoleLogin", root(), {}, {
        "eventType": "AwsConsoleSignIn", "responseElements": {"ConsoleLogin": "Success"},
        "additionalEventData": {"MFAUsed": "No", "LoginTo": "https://console.aws.amazon.com/"}}),
    ("guardduty:UpdateDetector", STOLEN, {"detectorId": "0a1b", "enable": False}, {}),
    ("ec2:RunInstances", PIPELINE, {
        "instanceType": "p4d.24xlarge", "minCount": 10, "maxCount": 10}, {}),
)  # fmt: skip


def misdeeds(trail: Trail, days: int) -> list[Json]:
    """One of each within the days, at any hour; by programs' and pipelines' agents, so forged."""
    found = []
    for operation, who, request, fields in MISDEEDS:
        at = START + timedelta(seconds=trail.chance.randrange(days * 86_400))
        agent = BROWSER if operation == "signin:ConsoleLogin" else TERRAFORM
        record = trail.record(
            operation, who, at, "misdeeds", agent=agent, address=ELSEWHERE, request=request,
            readOnly=False, recipientAccountId=ACCOUNT, **fields,
        )  # fmt: skip
        found.append(record)
    return found
