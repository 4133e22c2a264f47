"""What people and services do on any day."""

from __future__ import annotations

from collections.abc import Iterator

from cli.sample.calls import (
    ACCOUNT,
    BOTO,
    CI,
    HOME,
    OFFICE,
    SSH_FROM_ALL,
    Record,
    call,
    cli_call,
    role,
    service_identity,
    sign_in,
    user,
)


def services_at_work(minute: float) -> Iterator[tuple[float, Record]]:
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


def alice_starts_her_day(minute: float) -> Iterator[tuple[float, Record]]:
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


def a_pipeline_deploys(minute: float) -> Iterator[tuple[float, Record]]:
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


def bob_opens_a_port(minute: float) -> Iterator[tuple[float, Record]]:
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


def carol_signs_in(minute: float) -> Iterator[tuple[float, Record]]:
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


def dave_uses_single_sign_on(minute: float) -> Iterator[tuple[float, Record]]:
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
