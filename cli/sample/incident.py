"""What goes wrong then, and how it is mended."""

from __future__ import annotations

from collections.abc import Iterator

from cli.sample.calls import (
    ACCOUNT,
    CAFE,
    OFFICE,
    SSH_FROM_ALL,
    TERRAFORM,
    Record,
    call,
    cli_call,
    role,
    sign_in,
    user,
)


def terraform_changes_the_network(minute: float) -> Iterator[tuple[float, Record]]:
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


def bob_cleans_up(minute: float) -> Iterator[tuple[float, Record]]:
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


def somebody_misuses_carols_account(minute: float) -> Iterator[tuple[float, Record]]:
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


def root_steps_in(minute: float) -> Iterator[tuple[float, Record]]:
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
