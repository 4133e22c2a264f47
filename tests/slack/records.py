"""Records of our own whose messages are kept as golden files: name → (severity, record)."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.rules.rule import Severity
from tests.events import (
    ACCOUNT,
    BOTO3,
    BROWSER,
    CAFE,
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

Json = dict[str, Any]
Case = tuple[Severity, Json]
C, H, M, L, N = (
    Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO,
)  # fmt: skip


def _items(key: str, *values: str) -> Json:
    return {"items": [{key: value} for value in values]}


def _ingress(cidr: str, low: int, high: int, protocol: str = "tcp") -> Json:
    rule = {
        "ipProtocol": protocol,
        "fromPort": low,
        "toPort": high,
        "ipRanges": _items("cidrIp", cidr),
        "groups": {},
        "ipv6Ranges": {},
        "prefixListIds": {},
    }
    return {"groupId": "sg-0123456789abcdef0", "ipPermissions": {"items": [rule]}}


def _policy(principal: Any, action: str = "s3:GetObject") -> Json:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return {"Version": "2012-10-17", "Statement": [statement]}


def call(operation: str, request: Json | None = None, **overrides: Any) -> Json:
    """One call; `operation` as IAM writes it."""
    service, name = operation.split(":")
    return cloudtrail(name, source=service, requestParameters=request, **overrides)


BUCKET = {"bucketName": "payroll-exports", "Host": "payroll-exports.s3.amazonaws.com"}
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
INSTANCE, OTHER_INSTANCE = "i-0123456789abcdef0", "i-0fedcba9876543210"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"

IDENTITIES: dict[str, Case] = {
    "an IAM user": (M, call("s3:CreateBucket", BUCKET)),
    "an IAM user with MFA": (M, call("s3:CreateBucket", BUCKET, userIdentity=iam_user(mfa=True))),
    "a role's session": (M, call("s3:CreateBucket", BUCKET, userIdentity=assumed_role())),
    "a role's session that software named": (
        M,
        call("s3:CreateBucket", BUCKET, userIdentity=assumed_role("ci", "1767322000123456789")),
    ),
    "a person through single sign-on": (
        H,
        call(
            "s3:DeleteBucket", BUCKET, userIdentity=sso_user(), sessionCredentialFromConsole="true"
        ),
    ),
    "a role with a source identity": (
        M,
        call("s3:CreateBucket", BUCKET, userIdentity=role_with_source_identity()),
    ),
    "a role whose session is an e-mail address": (
        M,
        call("s3:CreateBucket", BUCKET, userIdentity=assumed_role("admin", "erin@example.com")),
    ),
    "a role taken with a web identity": (
        M,
        call(
            "s3:CreateBucket",
            BUCKET,
            userIdentity=web_identity_role(
                "token.actions.githubusercontent.com", "repo:example/app:ref:refs/heads/main"
            ),
        ),
    ),
    "root": (C, call("s3:DeleteBucket", BUCKET, userIdentity=root())),
    "a federated user": (M, call("s3:CreateBucket", BUCKET, userIdentity=federated_user())),
    "an AWS service": (
        L,
        call(
            "ec2:TerminateInstances",
            {"instancesSet": _items("instanceId", INSTANCE)},
            userIdentity=aws_service(),
            sourceIPAddress="autoscaling.amazonaws.com",
            userAgent="autoscaling.amazonaws.com",
        ),
    ),
    "a service-linked role": (
        L,
        call(
            "ec2:DeleteNetworkInterface",
            {"networkInterfaceId": "eni-0a1b2c3d4e5f60718"},
            userIdentity=assumed_role(
                "AWSServiceRoleForElasticLoadBalancing",
                "ElasticLoadBalancing",
                invokedBy="elasticloadbalancing.amazonaws.com",
            ),
        ),
    ),
    "another account": (
        H,
        call("s3:GetObject", {**BUCKET, "key": "2026.csv"}, userIdentity=aws_account()),
    ),
    "a user of Identity Center": (
        M,
        cloudtrail("CreateToken", source="sso-oauth", userIdentity=identity_center_user()),
    ),
    "a web identity": (
        L,
        call(
            "sts:AssumeRoleWithWebIdentity",
            {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/ci"},
            userIdentity=web_identity_user(),
        ),
    ),
    "a SAML user": (
        M,
        call(
            "sts:AssumeRoleWithSAML",
            {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/admin"},
            userIdentity=saml_user(),
        ),
    ),
    "an identity of unknown type": (
        M,
        call("s3:CreateBucket", BUCKET, userIdentity=unknown_user()),
    ),
    "an identity with a hidden name": (
        M,
        console_login(
            iam_user("HIDDEN_DUE_TO_SECURITY_REASONS", arn="", principalId=""), failed=True
        ),
    ),
    "no identity at all": (M, call("s3:CreateBucket", BUCKET, userIdentity=None)),
}

SIGN_INS: dict[str, Case] = {
    "a sign-in without MFA": (H, console_login(sourceIPAddress=CAFE)),
    "a sign-in with MFA": (N, console_login(mfa="Yes")),
    "a sign-in that does not tell": (N, console_login(mfa=None)),
    "a sign-in that failed": (M, console_login(failed=True)),
    "root without MFA": (C, console_login(root())),
    "root that failed": (H, console_login(root(), failed=True)),
    "single sign-on": (N, console_login(sso_user())),
    "a sign-in token": (
        M,
        call("signin:GetSigninToken", None, responseElements={"GetSigninToken": "Success"}),
    ),
}

CHANGES: dict[str, Case] = {
    "a bucket open under a condition": (
        H,
        call(
            "s3:PutBucketPolicy",
            {
                **BUCKET,
                "bucketPolicy": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": "*",
                            "Action": "s3:GetObject",
                            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}},
                        }
                    ]
                },
            },
        ),
    ),
    "an access log switched off": (
        M,
        call("s3:PutBucketLogging", {**BUCKET, "BucketLoggingStatus": {"xmlns": "x"}}),
    ),
    "a paused Macie": (H, call("macie2:UpdateMacieSession", {"status": "PAUSED"})),
    "IMDSv1 allowed": (
        M,
        call(
            "ec2:ModifyInstanceMetadataOptions",
            {
                "ModifyInstanceMetadataOptionsRequest": {
                    "InstanceId": INSTANCE,
                    "HttpTokens": "optional",
                }
            },
        ),
    ),
    "a public document": (
        H,
        call("ssm:ModifyDocumentPermission", {"name": "install", "accountIdsToAdd": ["all"]}),
    ),
    "an instance in its first state": (
        L,
        call(
            "ec2:RunInstances",
            {"instanceType": "t4g.small"},
            responseElements={
                "instancesSet": {
                    "items": [{"instanceId": INSTANCE, "instanceState": {"name": "pending"}}]
                }
            },
        ),
    ),
    "a changed database password": (
        M,
        call(
            "rds:ModifyDBInstance",
            {"dBInstanceIdentifier": "ledger", "masterUserPassword": "****"},
        ),
    ),
    "a stopped trail": (C, cloudtrail("StopLogging")),
    "a deleted detector": (C, call("guardduty:DeleteDetector", {"detectorId": "12abc34d567e8fa9"})),
    "a suspended detector": (
        H,
        call("guardduty:UpdateDetector", {"detectorId": "12abc34d567e8fa9", "enable": False}),
    ),
    "a stopped recorder": (
        H,
        call("config:StopConfigurationRecorder", {"configurationRecorderName": "default"}),
    ),
    "deleted flow logs": (
        H,
        call(
            "ec2:DeleteFlowLogs",
            {"DeleteFlowLogsRequest": {"FlowLogId": {"content": "fl-0a1b2c3d", "tag": 1}}},
        ),
    ),
    "a created user": (M, call("iam:CreateUser", {"userName": "support"})),
    "administrator rights": (
        H,
        call("iam:AttachUserPolicy", {"userName": "support", "policyArn": ADMIN}),
    ),
    "an access key": (
        M,
        call(
            "iam:CreateAccessKey",
            {"userName": "support"},
            responseElements={
                "accessKey": {
                    "accessKeyId": "AKIA" + "IOSFODNN7" + "EXAMPLE",
                    "status": "Active",
                    "userName": "support",
                }
            },
        ),
    ),
    "a role that another account may take": (
        H,
        call(
            "iam:CreateRole",
            {
                "roleName": "backup",
                "assumeRolePolicyDocument": json.dumps(
                    _policy({"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"}, "sts:AssumeRole")
                ),
            },
        ),
    ),
    "a removed MFA device": (
        H,
        call(
            "iam:DeactivateMFADevice",
            {"userName": "bob", "serialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/bob"},
        ),
    ),
    "SSH to the internet": (
        H,
        call("ec2:AuthorizeSecurityGroupIngress", _ingress("0.0.0.0/0", 22, 22)),
    ),
    "a range of ports closed": (
        L,
        call("ec2:RevokeSecurityGroupIngress", _ingress("198.51.100.0/24", 8000, 8010)),
    ),
    "everything opened": (
        H,
        call("ec2:AuthorizeSecurityGroupIngress", _ingress("::/0", -1, -1, "-1")),
    ),
    "a route to the internet": (
        M,
        call(
            "ec2:CreateRoute",
            {
                "routeTableId": "rtb-0a1b2c3d",
                "destinationCidrBlock": "0.0.0.0/0",
                "gatewayId": "igw-0a1b2c3d",
            },
            userAgent=TERRAFORM,
        ),
    ),
    "a network ACL": (
        M,
        call(
            "ec2:CreateNetworkAclEntry",
            {
                "networkAclId": "acl-0a1b2c3d",
                "ruleAction": "allow",
                "egress": False,
                "cidrBlock": "0.0.0.0/0",
            },
        ),
    ),
    "a public bucket": (H, call("s3:PutBucketPolicy", {**BUCKET, "bucketPolicy": _policy("*")})),
    "a bucket's policy for another account": (
        M,
        call("s3:PutBucketPolicy", {**BUCKET, "bucketPolicy": _policy({"AWS": OTHER_ACCOUNT})}),
    ),
    "a loosened block of public access": (
        H,
        call(
            "s3:PutBucketPublicAccessBlock",
            {**BUCKET, "PublicAccessBlockConfiguration": {"BlockPublicAcls": False}},
        ),
    ),
    "a shared snapshot": (
        H,
        call(
            "ec2:ModifySnapshotAttribute",
            {
                "snapshotId": "snap-0a1b2c3d",
                "createVolumePermission": {"add": _items("userId", OTHER_ACCOUNT)},
            },
        ),
    ),
    "a public image": (
        C,
        call(
            "ec2:ModifyImageAttribute",
            {"imageId": "ami-0a1b2c3d", "launchPermission": {"add": _items("group", "all")}},
        ),
    ),
    "a public database": (
        H,
        call(
            "rds:ModifyDBInstance",
            {"dBInstanceIdentifier": "ledger", "publiclyAccessible": True},
        ),
    ),
    "a deleted database": (
        H,
        call("rds:DeleteDBInstance", {"dBInstanceIdentifier": "ledger", "skipFinalSnapshot": True}),
    ),
    "a key to be deleted": (
        H,
        call("kms:ScheduleKeyDeletion", {"keyId": KEY, "pendingWindowInDays": 7}),
    ),
    "a secret read": (
        M,
        call("secretsmanager:GetSecretValue", {"secretId": "prod/ledger/password"}, readOnly=True),
    ),
    "started instances": (
        L,
        call(
            "ec2:RunInstances",
            {"instancesSet": {"items": [{"imageId": "ami-0a1b2c3d", "maxCount": 2}]},
             "instanceType": "p4d.24xlarge"},
            responseElements={"instancesSet": _items("instanceId", INSTANCE, OTHER_INSTANCE)},
            userAgent=BOTO3,
        ),
    ),
    "stopped instances": (
        L,
        call(
            "ec2:StopInstances",
            {"instancesSet": _items("instanceId", *(f"i-{n:017x}" for n in range(12)))},
        ),
    ),
    "a shell on an instance": (M, call("ssm:StartSession", {"target": INSTANCE})),
    "commands on instances": (
        M,
        call(
            "ssm:SendCommand",
            {"documentName": "AWS-RunShellScript", "instanceIds": [INSTANCE],
             "parameters": "HIDDEN_DUE_TO_SECURITY_REASONS"},
        ),
    ),
    "a function open to everyone": (
        H,
        call(
            "lambda:AddPermission20150331v2",
            {"functionName": "orders-api", "principal": "*", "action": "lambda:InvokeFunction"},
        ),
    ),
    "a function's new code": (
        L,
        call("lambda:UpdateFunctionCode20150331v2", {"functionName": "orders-api"}),
    ),
    "a left organization": (C, call("organizations:LeaveOrganization")),
    "a deleted log group": (H, call("logs:DeleteLogGroup", {"logGroupName": "/aws/lambda/orders"})),
    "a new mesh": (
        N,
        call("appmesh:CreateVirtualGateway", {"meshName": "m1", "virtualGatewayName": "front"}),
    ),
    "a service nobody knows yet": (
        N,
        call("quantumledger:ReticulateSpline", {"splineId": "spline-7"}),
    ),
}  # fmt: skip

FAILURES: dict[str, Case] = {
    "a refusal by another name": (
        H,
        call("s3:GetObject", BUCKET, errorCode="NotAuthorizedException"),
    ),
    "a refusal that names its target": (
        M,
        refused(call("iam:DeleteUser", {"userName": "dave"}), "iam:DeleteUser", "user dave"),
    ),
    "a refusal without a request": (
        H,
        refused(
            call("kms:ScheduleKeyDeletion"), "kms:ScheduleKeyDeletion", KEY, "AccessDeniedException"
        ),
    ),
    "a refusal on EC2": (
        M,
        refused(
            call("ec2:RunInstances", {"instanceType": "t3.micro"}),
            "ec2:RunInstances",
            "*",
            "Client.UnauthorizedOperation",
        ),
    ),
    "a refusal without a reason": (L, call("s3:GetObject", BUCKET, errorCode="AccessDenied")),
    "a failure": (
        M,
        call(
            "s3:DeleteBucket",
            BUCKET,
            errorCode="BucketNotEmpty",
            errorMessage="The bucket you tried to delete is not empty",
        ),
    ),
    "a critical failure": (
        C,
        call(
            "cloudtrail:DeleteTrail",
            {"name": "main"},
            errorCode="TrailNotFoundException",
            errorMessage="Unknown trail: main for the user",
        ),
    ),
}

ODD: dict[str, Case] = {
    "an insight": (
        M,
        {
            "eventVersion": "1.09",
            "eventTime": "2026-01-02T03:04:00Z",
            "awsRegion": "eu-west-1",
            "eventID": "0a1b2c3d-0000-4000-8000-000000000001",
            "eventType": "AwsCloudTrailInsight",
            "recipientAccountId": ACCOUNT,
            "insightDetails": {
                "state": "Start",
                "eventSource": "ec2.amazonaws.com",
                "eventName": "RunInstances",
                "insightType": "ApiCallRateInsight",
            },
        },
    ),
    "a service event": (
        L,
        cloudtrail(
            "SharedSnapshotCopyInitiated",
            eventType="AwsServiceEvent",
            userIdentity={"accountId": ACCOUNT, "invokedBy": "ec2.amazonaws.com"},
        ),
    ),
    "nothing but an id": (N, {"eventID": "0a1b2c3d-0000-4000-8000-000000000002"}),
    "nothing at all": (N, {}),
    "a request that is the text null": (
        M,
        cloudtrail("DeleteTrail", requestParameters="null", responseElements="null"),
    ),
    "a user agent that is a list": (M, cloudtrail(userAgent=["aws-cli/2.31.3", "Python/3.13"])),
    "Korean, an emoji and a narrow blank": (
        M,
        cloudtrail("CreateUser", requestParameters={"userName": "김 철수\u202f🙂"}),
    ),
    "control characters and markup": (
        H,
        cloudtrail(
            "CreateUser",
            requestParameters={"userName": "<!channel> *x* `y` &amp; \u202e\x00\ud800"},
            userAgent="<https://evil.example.com|click>",
        ),
    ),
    "China": (
        H,
        call(
            "s3:DeleteBucket",
            BUCKET,
            awsRegion="cn-north-1",
            userIdentity=iam_user(arn=f"arn:aws-cn:iam::{ACCOUNT}:user/alice"),
        ),
    ),
    "GovCloud": (H, call("s3:DeleteBucket", BUCKET, awsRegion="us-gov-west-1")),
    "a console action of old": (
        M,
        cloudtrail("CreateUser", eventType="AwsConsoleAction", userAgent=BROWSER),
    ),
    "a policy of 67 kB": (
        H,
        call("s3:PutBucketPolicy", {**BUCKET, "bucketPolicy": {"Sid": "x" * 67_000}}),
    ),
    "a version of long ago": (L, cloudtrail("CreateUser", eventVersion="1.0", eventID="1")),
}

THEMES: dict[str, dict[str, Case]] = {
    "identities": IDENTITIES,
    "sign-ins": SIGN_INS,
    "changes": CHANGES,
    "failures": FAILURES,
    "odd": ODD,
}
