"""The sample trail: an hour in an account's life, made up by us, as CloudTrail would tell it.

It ends at the given time; its event ids stay the same, so running it twice alerts once.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

ACCOUNT = "111122223333"
REGION = "eu-west-1"
# Where ids are derived from: any fixed UUID serves.
NAMESPACE = uuid.UUID("6f6d9f7e-58a4-4a55-9f0e-6d2b0c4f7a11")

CONSOLE = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CLI = "aws-cli/2.31.3 md/awscrt#0.27.6 ua/2.1 os/linux#6.8 lang/python#3.13.7 md/command#{}"
TERRAFORM = "APN/1.0 HashiCorp/1.0 Terraform/1.13.3 terraform-provider-aws/6.14.0"
BOTO = "Boto3/1.40.40 md/Botocore#1.40.40 ua/2.1 os/linux#6.8 lang/python#3.12.3"
OFFICE, HOME, CAFE, CI = "192.0.2.10", "198.51.100.23", "203.0.113.77", "192.0.2.200"

Record = dict[str, Any]


def sample_trail(end: datetime) -> list[Record]:
    """About a hundred records, oldest first, the last one at `end`."""
    start = end - timedelta(minutes=60)
    records = []
    for position, (minute, record) in enumerate(_story()):
        when = (start + timedelta(minutes=minute)).astimezone(UTC)
        name = f"{position} {record['eventName']}"
        records.append(
            {
                "eventVersion": "1.11",
                "eventTime": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "awsRegion": REGION,
                "recipientAccountId": ACCOUNT,
                "eventID": str(uuid.uuid5(NAMESPACE, name)),
                "requestID": str(uuid.uuid5(NAMESPACE, f"request {name}")),
                "managementEvent": True,
                "eventCategory": "Management",
                **record,
            }
        )
    return records


def _story() -> Iterator[tuple[float, Record]]:
    """(minute, what happened); the minutes ascend."""
    yield from _services_at_work(0)
    yield from _alice_starts_her_day(3)
    yield from _a_pipeline_deploys(11)
    yield from _bob_opens_a_port(16)
    yield from _carol_signs_in(22)
    yield from _dave_uses_single_sign_on(28)
    yield from _terraform_changes_the_network(33)
    yield from _bob_cleans_up(38)
    yield from _somebody_misuses_carols_account(44)
    yield from _root_steps_in(54)


def _services_at_work(minute: float) -> Iterator[tuple[float, Record]]:
    for step, service in enumerate(("ec2", "lambda", "config", "ecs-tasks")):
        yield (
            minute + step * 0.2,
            call(
                service_identity(service),
                "sts:AssumeRole",
                {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/{service}-role"},
                agent=f"{service}.amazonaws.com",
                ip=f"{service}.amazonaws.com",
                reads=True,
            ),
        )
    scaling = role("AWSServiceRoleForAutoScaling", "AutoScaling", service="autoscaling")
    yield (
        minute + 1.2,
        call(
            scaling,
            "ec2:TerminateInstances",
            {"instancesSet": {"items": [{"instanceId": "i-0aa11bb22cc33dd44"}]}},
            agent="autoscaling.amazonaws.com",
            ip="autoscaling.amazonaws.com",
        ),
    )
    probe = role("AWSServiceRoleForConfig", "configLambdaExecution", service="config")
    yield (
        minute + 1.6,
        call(
            probe,
            "s3:GetBucketPolicy",
            {"bucketName": "payroll-archive"},
            agent="config.amazonaws.com",
            ip="config.amazonaws.com",
            reads=True,
            error=("AccessDenied", "Access Denied"),
        ),
    )


def _alice_starts_her_day(minute: float) -> Iterator[tuple[float, Record]]:
    alice = user("alice", mfa=True)
    yield minute, sign_in(alice, ip=OFFICE, mfa="Yes")
    pages = ("ec2:DescribeInstances", "ec2:DescribeVolumes", "ec2:DescribeVpcs", "s3:ListBuckets")
    for step, operation in enumerate(pages * 6):
        yield minute + 0.3 + step * 0.05, call(alice, operation, {}, console=True, reads=True)
    bucket = {"bucketName": "payroll-exports"}
    yield minute + 2, call(alice, "s3:CreateBucket", bucket, console=True)
    yield (
        minute + 2.1,
        call(alice, "s3:PutBucketEncryption", bucket, console=True),
    )
    block = dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
    )
    blocked = {**bucket, "PublicAccessBlockConfiguration": block}
    yield minute + 2.2, call(alice, "s3:PutBucketPublicAccessBlock", blocked, console=True)
    yield (
        minute + 5,
        call(
            alice,
            "rds:CreateDBSnapshot",
            {"dBSnapshotIdentifier": "ledger-before-upgrade", "dBInstanceIdentifier": "ledger"},
            console=True,
        ),
    )


def _a_pipeline_deploys(minute: float) -> Iterator[tuple[float, Record]]:
    pipeline = role("deploy-pipeline", "build-4711")
    for step, function in enumerate(("orders-api", "orders-worker")):
        yield (
            minute + step * 0.4,
            call(
                pipeline,
                "lambda:UpdateFunctionCode20150331v2",
                {"functionName": function, "publish": True},
                agent=BOTO,
                ip=CI,
            ),
        )
    for step in range(4):
        yield (
            minute + 1 + step * 0.2,
            call(
                pipeline, "lambda:GetFunction20150331v2", {"functionName": "orders-api"},
                agent=BOTO, ip=CI, reads=True,
            ),
        )  # fmt: skip


def _bob_opens_a_port(minute: float) -> Iterator[tuple[float, Record]]:
    bob = user("bob")
    group = {"groupId": "sg-0f1e2d3c4b5a69788"}
    yield minute, cli_call(bob, "ec2:DescribeSecurityGroups", {}, reads=True)
    yield (
        minute + 0.5,
        cli_call(
            bob,
            "ec2:CreateSecurityGroup",
            {"groupName": "debug-access", "groupDescription": "debugging", "vpcId": "vpc-0a1b2c3d"},
            answer=group,
        ),
    )
    yield minute + 1, cli_call(bob, "ec2:AuthorizeSecurityGroupIngress", {**group, **SSH_FROM_ALL})
    yield (
        minute + 2,
        cli_call(
            bob,
            "ec2:RunInstances",
            {
                "instancesSet": {"items": [{"imageId": "ami-0abc1234def567890", "minCount": 1}]},
                "instanceType": "t4g.small",
            },
            answer={"instancesSet": {"items": [{"instanceId": "i-0123456789abcdef0"}]}},
        ),
    )
    yield (
        minute + 3,
        cli_call(
            bob,
            "iam:DeleteUser",
            {"userName": "dave"},
            error=(
                "AccessDenied",
                f"User: arn:aws:iam::{ACCOUNT}:user/bob is not authorized to perform: "
                "iam:DeleteUser on resource: user dave because no identity-based policy allows "
                "the iam:DeleteUser action",
            ),
        ),
    )


def _carol_signs_in(minute: float) -> Iterator[tuple[float, Record]]:
    carol = user("carol")
    for step in range(2):
        yield minute + step * 0.3, sign_in(carol, ip=HOME, mfa="No", failed=True)
    yield minute + 1, sign_in(carol, ip=HOME, mfa="No")
    for step in range(5):
        yield (
            minute + 1.2 + step * 0.05,
            call(carol, "iam:ListUsers", {}, console=True, reads=True, ip=HOME),
        )
    yield (
        minute + 3,
        call(carol, "iam:UpdateLoginProfile", {"userName": "carol"}, console=True, ip=HOME),
    )


def _dave_uses_single_sign_on(minute: float) -> Iterator[tuple[float, Record]]:
    dave = role("AWSReservedSSO_Developer_0123456789abcdef", "dave@example.com")
    yield minute, sign_in(dave, ip=HOME, mfa="No")  # single sign-on: MFA happens elsewhere
    for step in range(8):
        yield (
            minute + 0.2 + step * 0.05,
            call(dave, "dynamodb:DescribeTable", {"tableName": "orders"}, console=True, reads=True),
        )
    yield (
        minute + 1.5,
        call(
            dave,
            "kms:ScheduleKeyDeletion",
            {"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab", "pendingWindowInDays": 7},
            console=True,
            ip=HOME,
            error=(
                "AccessDenied",
                "User is not authorized to perform: kms:ScheduleKeyDeletion on this resource",
            ),
        ),
    )


def _terraform_changes_the_network(minute: float) -> Iterator[tuple[float, Record]]:
    terraform = role("terraform", "alice@example.com")
    calls: tuple[tuple[str, Record], ...] = (
        (
            "ec2:CreateRoute",
            {
                "routeTableId": "rtb-0a1b2c3d4e5f60718",
                "destinationCidrBlock": "0.0.0.0/0",
                "gatewayId": "igw-0a1b2c3d4e5f60718",
            },
        ),
        (
            "ec2:CreateNetworkAclEntry",
            {
                "networkAclId": "acl-0a1b2c3d4e5f60718",
                "ruleNumber": 90,
                "egress": False,
                "ruleAction": "allow",
                "cidrBlock": "0.0.0.0/0",
            },
        ),
        (
            "s3:PutBucketPolicy",
            {
                "bucketName": "public-assets",
                "bucketPolicy": {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}],
                },
            },
        ),
        (
            "rds:ModifyDBInstance",
            {"dBInstanceIdentifier": "ledger", "publiclyAccessible": True},
        ),
    )
    for step, (operation, request) in enumerate(calls):
        yield minute + step * 0.4, call(terraform, operation, request, agent=TERRAFORM, ip=OFFICE)


def _bob_cleans_up(minute: float) -> Iterator[tuple[float, Record]]:
    bob = user("bob")
    for step in range(12):  # one thing happening again and again: a burst
        yield (
            minute + step * 0.1,
            cli_call(bob, "ec2:DeleteSnapshot", {"snapshotId": f"snap-0{step:016x}"}),
        )
    yield (
        minute + 2,
        cli_call(
            bob,
            "ec2:StopInstances",
            {"instancesSet": {"items": [{"instanceId": "i-0123456789abcdef0"}]}},
        ),
    )
    yield (
        minute + 3,
        cli_call(
            bob,
            "ec2:TerminateInstances",
            {"instancesSet": {"items": [{"instanceId": "i-0123456789abcdef0"}]}},
        ),
    )


def _somebody_misuses_carols_account(minute: float) -> Iterator[tuple[float, Record]]:
    carol = user("carol")
    attack: tuple[tuple[str, Record], ...] = (
        ("iam:CreateUser", {"userName": "support"}),
        (
            "iam:AttachUserPolicy",
            {
                "userName": "support",
                "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess",
            },
        ),
        ("iam:CreateAccessKey", {"userName": "support"}),
        ("secretsmanager:GetSecretValue", {"secretId": "prod/ledger/password"}),
        ("cloudtrail:StopLogging", {"name": "organization-trail"}),
        ("guardduty:DeleteDetector", {"detectorId": "12abc34d567e8fa901bc2d34e56789f0"}),
        (
            "ec2:ModifySnapshotAttribute",
            {
                "snapshotId": "snap-0fedcba9876543210",
                "attributeType": "CREATE_VOLUME_PERMISSION",
                "createVolumePermission": {"add": {"items": [{"userId": "999988887777"}]}},
            },
        ),
    )
    for step, (operation, request) in enumerate(attack):
        reads = operation.endswith("GetSecretValue")
        yield minute + step * 0.7, cli_call(carol, operation, request, ip=CAFE, reads=reads)
    yield (
        minute + 6,
        cli_call(
            carol,
            "organizations:LeaveOrganization",
            {},
            ip=CAFE,
            error=("AccessDenied", "You don't have permissions to access this resource."),
        ),
    )


def _root_steps_in(minute: float) -> Iterator[tuple[float, Record]]:
    root = {
        "type": "Root",
        "principalId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:root",
        "accountId": ACCOUNT,
    }
    yield minute, sign_in(root, ip=OFFICE, mfa="Yes")
    yield (
        minute + 1.5,
        call(root, "cloudtrail:StartLogging", {"name": "organization-trail"}, console=True),
    )
    alice = user("alice", mfa=True)
    yield minute + 2.5, call(root, "iam:DeleteUser", {"userName": "support"}, console=True)
    yield (
        minute + 4,
        call(
            alice,
            "ec2:RevokeSecurityGroupIngress",
            {"groupId": "sg-0f1e2d3c4b5a69788", **SSH_FROM_ALL},
            console=True,
        ),
    )
    yield (
        minute + 6,
        call(alice, "iam:DeleteLoginProfile", {"userName": "carol"}, console=True),
    )


SSH_FROM_ALL: Record = {
    "ipPermissions": {
        "items": [
            {
                "ipProtocol": "tcp",
                "fromPort": 22,
                "toPort": 22,
                "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]},
            }
        ]
    }
}


def user(name: str, mfa: bool = False) -> Record:
    """An IAM user's identity."""
    return {
        "type": "IAMUser",
        "principalId": f"AIDA{name.upper():X<17.17}",
        "arn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
        "accountId": ACCOUNT,
        "userName": name,
        "sessionContext": {"attributes": {"mfaAuthenticated": "true" if mfa else "false"}},
    }


def role(name: str, session: str, service: str | None = None) -> Record:
    """A role's session; of a service-linked role where a service is named."""
    identity = {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{session}",
        "accountId": ACCOUNT,
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": "AROAEXAMPLE",
                "arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
                "accountId": ACCOUNT,
                "userName": name,
            },
            "attributes": {"mfaAuthenticated": "false"},
        },
    }
    return {**identity, "invokedBy": f"{service}.amazonaws.com"} if service else identity


def service_identity(service: str) -> Record:
    """An AWS service acting by itself."""
    return {"type": "AWSService", "invokedBy": f"{service}.amazonaws.com"}


def call(
    who: Record,
    operation: str,
    request: Record,
    *,
    agent: str = CONSOLE,
    ip: str = OFFICE,
    console: bool = False,
    reads: bool = False,
    answer: Record | None = None,
    error: tuple[str, str] | None = None,
) -> Record:
    """One API call; `operation` as IAM writes it, `service:Name`."""
    service, name = operation.split(":")
    record: Record = {
        "eventType": "AwsApiCall",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "userIdentity": who,
        "sourceIPAddress": ip,
        "userAgent": agent,
        "readOnly": reads,
        "requestParameters": request or None,
        "responseElements": answer,
    }
    if console:
        record["sessionCredentialFromConsole"] = "true"
    if error:
        record["errorCode"], record["errorMessage"] = error
    return record


def cli_call(who: Record, operation: str, request: Record, ip: str = HOME, **more: Any) -> Record:
    """The same from a terminal."""
    command = operation.replace(":", ".").lower()
    return call(who, operation, request, agent=CLI.format(command), ip=ip, **more)


def sign_in(who: Record, *, ip: str, mfa: str, failed: bool = False) -> Record:
    """A console sign-in."""
    record = call(who, "signin:ConsoleLogin", {}, ip=ip)
    record["eventType"] = "AwsConsoleSignIn"
    record["responseElements"] = {"ConsoleLogin": "Failure" if failed else "Success"}
    record["additionalEventData"] = {
        "LoginTo": "https://console.aws.amazon.com/console/home",
        "MobileVersion": "No",
        "MFAUsed": mfa,
    }
    if failed:
        record["errorMessage"] = "Failed authentication"
    return record
