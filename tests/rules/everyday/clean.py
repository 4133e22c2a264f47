"""Ordinary days: what people, programs, pipelines and AWS do that is worth no message at medium.

Each line is who does it, the operation as IAM writes it, the request, and other fields.
"""

from __future__ import annotations

import json
from typing import Any

from tests.events import (
    ACCOUNT,
    BROWSER,
    OTHER_ACCOUNT,
    REGION,
    assumed_role,
    aws_service,
    iam_user,
    root,
    sso_user,
)

Json = dict[str, Any]
Case = tuple[str, str, Json | None, Json]
CI_ADDRESS = "198.51.100.7"
LOCAL = f"""
[settings]
automation = [{{ arn = "arn:aws:iam::{ACCOUNT}:role/ci", networks = ["198.51.100.0/24"] }}]
"""


def by(identity: Json, **fields: Any) -> Json:
    return {"userIdentity": identity, **fields}


def for_somebody(service: str) -> Json:
    """A service that acts with the rights of who asked it."""
    host = f"{service}.amazonaws.com"
    who = sso_user() | {"invokedBy": host}
    return by(who, sourceIPAddress=host, userAgent=host)


def of_aws(service: str) -> Json:
    host = f"{service}.amazonaws.com"
    return by(aws_service(service), sourceIPAddress=host, userAgent=host)


WHO: dict[str, Json] = {
    "anna": by(iam_user("anna", accessKeyId="AKIA" + "IOSFODNN7EXAMPLE")),
    "sso": by(sso_user()),
    "console": by(sso_user(), userAgent=BROWSER, sessionCredentialFromConsole="true"),
    "app": by(assumed_role("orders-api", "i-0a1b2c3d4e5f60718")),
    "ci": by(assumed_role("ci", "run-42"), sourceIPAddress=CI_ADDRESS),
    "cloudformation": for_somebody("cloudformation"),
    "root": by(root(mfa=True), userAgent=BROWSER),
    "autoscaling": of_aws("autoscaling"),
    "backup": of_aws("backup"),
    "config": of_aws("config"),
    "ecs": of_aws("ecs"),
    "eks": of_aws("eks"),
    "lambda": of_aws("lambda"),
    "rds": of_aws("rds"),
    "secretsmanager": of_aws("secretsmanager"),
}


def document(*statements: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: Any, resource: Any, **more: Any) -> Json:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def text(*statements: Json) -> str:
    return json.dumps(document(*statements))


def trust(principal: Json, **more: Any) -> str:
    return text({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **more})


def ingress(port: int, cidr: str) -> Json:
    ranges = {"items": [{"cidrIp": cidr}]}
    rule = {"ipProtocol": "tcp", "fromPort": port, "toPort": port, "ipRanges": ranges}
    return {"groupId": "sg-0a1b", "ipPermissions": {"items": [rule]}}


OWN = f"arn:aws:iam::{ACCOUNT}:role/orders-api"
OBJECTS = "arn:aws:s3:::orders/*"
NARROW = text(
    allow(["s3:GetObject", "s3:PutObject"], OBJECTS),
    allow("logs:PutLogEvents", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/orders:*"),
)
FROM_CLOUDFRONT = document({
    "Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"},
    "Action": "s3:GetObject", "Resource": OBJECTS,
    "Condition": {"StringEquals": {
        "aws:SourceArn": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"}},
})  # fmt: skip
TLS_ONLY = document({
    "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": OBJECTS,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
})  # fmt: skip
KEY_POLICY = text(allow("kms:*", "*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:orders"
FROM_TOPIC = text(
    allow(
        *("sqs:SendMessage", "*"),
        Principal={"Service": "sns.amazonaws.com"},
        Condition={"ArnEquals": {"aws:SourceArn": TOPIC}},
    )
)
GITHUB = "token.actions.githubusercontent.com"
BLOCK = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)

CLEAN: tuple[Case, ...] = (
    # Looking
    ("sso", "ec2:DescribeInstances", {}, {}),
    ("console", "iam:ListUsers", None, {}),
    ("console", "s3:GetBucketPolicyStatus", {"bucketName": "orders"},
     {"errorCode": "NoSuchBucketPolicy"}),
    ("console", "organizations:ListAccounts", None, {"errorCode": "AccessDeniedException"}),
    ("console", "ce:GetCostAndUsage", None, {"errorCode": "AccessDeniedException"}),
    ("anna", "sts:GetCallerIdentity", None, {}),
    ("anna", "s3:GetObject", {"bucketName": "orders", "key": "a"}, {"errorCode": "NoSuchKey"}),
    ("anna", "ec2:DescribeVpcs", {}, {"errorCode": "Client.UnauthorizedOperation"}),
    ("root", "ec2:DescribeRegions", {}, {}),
    ("root", "s3:GetBucketEncryption", {"bucketName": "orders"}, {}),
    ("app", "dynamodb:DescribeTable", {"tableName": "orders"}, {}),
    ("app", "s3:GetObject", {"bucketName": "orders", "key": "a"}, {"errorCode": "AccessDenied"}),
    ("sso", "cloudtrail:LookupEvents", {}, {}),
    ("sso", "guardduty:GetFindings", {"detectorId": "d"}, {}),
    ("sso", "support:DescribeCases", {}, {}),
    ("ci", "iam:GetRole", {"roleName": "orders-api"}, {}),
    ("ci", "sts:GetCallerIdentity", None, {}),
    # Programs
    ("app", "secretsmanager:GetSecretValue", {"secretId": "orders/db"}, {}),
    ("app", "kms:Decrypt", {"encryptionContext": {}}, {"readOnly": True}),
    ("app", "ssm:GetParameters", {"names": ["/orders/db"], "withDecryption": True}, {}),
    ("app", "sts:AssumeRole", {"roleArn": OWN, "roleSessionName": "a"}, {"readOnly": True}),
    ("app", "logs:CreateLogStream", {"logGroupName": "/orders", "logStreamName": "a"}, {}),
    ("app", "states:StartExecution", {"stateMachineArn": "orders"}, {}),
    ("app", "route53:ChangeResourceRecordSets", {
        "hostedZoneId": "Z1", "changeBatch": {"changes": [{
            "action": "UPSERT", "resourceRecordSet": {
                "name": "orders.example.com", "type": "A", "tTL": 60}}]}}, {}),
    ("app", "ec2:CreateTags", {"resourcesSet": {"items": [{"resourceId": "i-0a1b"}]}}, {}),
    ("app", "sqs:CreateQueue", {"queueName": "orders"}, {"errorCode": "ThrottlingException"}),
    # AWS itself
    ("lambda", "sts:AssumeRole", {"roleArn": OWN, "roleSessionName": "orders"},
     {"readOnly": True}),
    ("lambda", "ec2:DeleteNetworkInterface", {"networkInterfaceId": "eni-0a1b"}, {}),
    ("autoscaling", "ec2:TerminateInstances", {
        "instancesSet": {"items": [{"instanceId": "i-0a1b"}]}}, {}),
    ("autoscaling", "ec2:RunInstances", {"instanceType": "m7i.large"}, {}),
    ("autoscaling", "monitoring:DeleteAlarms", {"alarmNames": ["TargetTracking-orders"]}, {}),
    ("ecs", "elasticloadbalancing:RegisterTargets", {"targetGroupArn": "orders"}, {}),
    ("rds", "rds:CreateDBSnapshot", {"dBInstanceIdentifier": "orders"}, {}),
    ("backup", "backup:DeleteRecoveryPoint", {"backupVaultName": "daily"}, {}),
    ("config", "config:PutEvaluations", {"resultToken": "a"}, {}),
    ("eks", "eks:CreateAccessEntry", {"name": "orders", "principalArn": OWN}, {}),
    ("secretsmanager", "secretsmanager:RotateSecret", {"secretId": "orders/db"}, {}),
    ("cloudformation", "iam:CreateRole", {
        "roleName": "orders-api", "assumeRolePolicyDocument": trust(
            {"Service": "lambda.amazonaws.com"})}, {}),
    ("cloudformation", "iam:PutRolePolicy", {
        "roleName": "orders-api", "policyName": "a", "policyDocument": NARROW}, {}),
    ("cloudformation", "iam:DeleteRolePolicy", {"roleName": "orders-api", "policyName": "a"}, {}),
    ("cloudformation", "lambda:UpdateFunctionCode20150331v2", {"functionName": "orders"}, {}),
    ("cloudformation", "logs:DeleteLogGroup", {"logGroupName": "/aws/lambda/orders"}, {}),
    # Pipelines
    ("ci", "iam:PutRolePolicy", {
        "roleName": "orders-api", "policyName": "a", "policyDocument": NARROW}, {}),
    ("ci", "iam:CreatePolicyVersion", {
        "policyArn": f"arn:aws:iam::{ACCOUNT}:policy/orders", "policyDocument": NARROW,
        "setAsDefault": True}, {}),
    ("ci", "iam:AttachRolePolicy", {
        "roleName": "orders-api", "policyArn":
            "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}, {}),
    ("ci", "iam:DetachRolePolicy", {
        "roleName": "orders-api", "policyArn": f"arn:aws:iam::{ACCOUNT}:policy/old"}, {}),
    ("ci", "lambda:CreateFunction20150331", {"functionName": "orders"}, {}),
    ("ci", "lambda:UpdateFunctionCode20150331v2", {"functionName": "orders"}, {}),
    ("ci", "lambda:AddPermission20150331v2", {
        "functionName": "orders", "principal": "events.amazonaws.com",
        "action": "lambda:InvokeFunction",
        "sourceArn": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/hourly"}, {}),
    ("ci", "lambda:CreateFunctionUrlConfig", {"functionName": "orders", "authType": "AWS_IAM"},
     {}),
    ("ci", "ecs:RegisterTaskDefinition", {
        "family": "orders", "containerDefinitions": [
            {"name": "orders", "image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/orders:7"}]},
     {}),
    ("ci", "ecr:PutImage", {"repositoryName": "orders", "imageTag": "7"}, {}),
    ("ci", "s3:CreateBucket", {"bucketName": "orders"}, {}),
    ("ci", "s3:PutBucketPolicy", {"bucketName": "orders", "bucketPolicy": FROM_CLOUDFRONT}, {}),
    ("ci", "s3:PutBucketPolicy", {"bucketName": "orders", "bucketPolicy": TLS_ONLY}, {}),
    ("ci", "s3:PutBucketPublicAccessBlock", {
        "bucketName": "orders", "PublicAccessBlockConfiguration": BLOCK}, {}),
    ("ci", "s3:PutBucketVersioning", {
        "bucketName": "orders", "VersioningConfiguration": {"Status": "Enabled"}}, {}),
    ("ci", "s3:PutBucketLifecycle", {
        "bucketName": "orders", "LifecycleConfiguration": {
            "Rule": {"Status": "Enabled", "ID": "a", "Expiration": {"Days": 365}}}}, {}),
    ("ci", "sqs:SetQueueAttributes", {
        "queueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/orders",
        "attributes": {"Policy": FROM_TOPIC}}, {}),
    ("ci", "kms:CreateKey", {"policy": KEY_POLICY}, {}),
    ("ci", "kms:EnableKeyRotation", {"keyId": "0a1b"}, {}),
    ("ci", "ssm:PutParameter", {"name": "/orders/db", "type": "SecureString"}, {}),
    ("ci", "ssm:SendCommand", {"documentName": "AWS-RunShellScript"}, {}),
    ("ci", "cloudformation:DeleteStack", {"stackName": "orders-pr-7"}, {}),
    ("ci", "monitoring:PutMetricAlarm", {"alarmName": "orders"}, {}),
    ("ci", "logs:PutRetentionPolicy", {"logGroupName": "/orders", "retentionInDays": 90}, {}),
    ("ci", "ec2:RunInstances", {"instanceType": "t3.medium"},
     {"errorCode": "Client.UnauthorizedOperation"}),
    ("ci", "ec2:AuthorizeSecurityGroupIngress", ingress(5432, "10.0.0.0/16"), {}),
    ("ci", "iam:CreateRole", {
        "roleName": "orders-deploy", "assumeRolePolicyDocument": trust({"AWS": OWN})}, {}),
    ("ci", "iam:CreateRole", {
        "roleName": "orders-release", "assumeRolePolicyDocument": trust(
            {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"},
            Condition={"StringLike": {f"{GITHUB}:sub": "repo:example/orders:*"}})}, {}),
    ("ci", "ecr:SetRepositoryPolicy", {
        "repositoryName": "orders", "policyText": text(
            allow("ecr:BatchGetImage", "*", Principal={"AWS": OWN}))}, {}),
    ("ci", "sns:SetTopicAttributes", {
        "topicArn": TOPIC, "attributeName": "Policy", "attributeValue": text(
            allow("sns:Publish", "*", Principal={"AWS": OWN}))}, {}),
    ("ci", "lambda:UpdateFunctionConfiguration20150331v2", {
        "functionName": "orders",
        "layers": [f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:agent:1"]}, {}),
    ("ci", "ses:VerifyEmailIdentity", {"emailAddress": "orders@example.com"}, {}),
    # People
    ("console", "iam:ChangePassword", None, {}),
    ("console", "ec2:StopInstances", {"instancesSet": {"items": [{"instanceId": "i-0a1b"}]}}, {}),
    ("console", "ec2:StartInstances", {"instancesSet": {"items": [{"instanceId": "i-0a1b"}]}},
     {}),
    ("console", "ec2:RunInstances", {"instanceType": "t3.micro"}, {}),
    ("console", "ec2:CreateSnapshot", {"volumeId": "vol-0a1b"}, {}),
    ("console", "ec2:AuthorizeSecurityGroupIngress", ingress(443, "0.0.0.0/0"), {}),
    ("console", "ec2:AuthorizeSecurityGroupIngress", ingress(22, "192.0.2.0/24"), {}),
    ("console", "ec2:RevokeSecurityGroupIngress", ingress(22, "0.0.0.0/0"), {}),
    ("console", "rds:ModifyDBInstance", {
        "dBInstanceIdentifier": "orders", "allocatedStorage": 200}, {}),
    ("console", "rds:RebootDBInstance", {"dBInstanceIdentifier": "orders"}, {}),
    ("console", "s3:CreateBucket", {"bucketName": "orders-test"}, {}),
    ("console", "lambda:UpdateFunctionCode20150331v2", {"functionName": "orders"}, {}),
    ("console", "lambda:UpdateFunctionConfiguration20150331v2", {
        "functionName": "orders", "timeout": 30}, {}),
    ("console", "iam:CreateServiceLinkedRole", {"aWSServiceName": "ecs.amazonaws.com"}, {}),
    ("console", "iam:CreateRole", {
        "roleName": "orders-api", "assumeRolePolicyDocument": trust(
            {"Service": "ecs-tasks.amazonaws.com"})}, {}),
    ("sso", "athena:StartQueryExecution", {"queryString": "select 1"}, {}),
    ("sso", "logs:StartQuery", {"queryString": "fields @message"}, {}),
    ("sso", "dynamodb:UpdateTable", {"tableName": "orders", "billingMode": "PAY_PER_REQUEST"},
     {}),
    ("sso", "cloudformation:ExecuteChangeSet", {"changeSetName": "a", "stackName": "orders"}, {}),
    ("sso", "ec2:RunInstances", {"instanceType": "t3.micro"},
     {"errorCode": "Client.DryRunOperation"}),
    ("sso", "ec2:DeleteVolume", {"volumeId": "vol-0a1b"}, {"errorCode": "Client.VolumeInUse"}),
    ("sso", "s3:PutBucketTagging", {"bucketName": "orders"}, {"errorCode": "AccessDenied"}),
    ("sso", "elasticmapreduce:TerminateJobFlows", {"jobFlowIds": ["j-1"]}, {}),
    ("sso", "codepipeline:PutApprovalResult", {"pipelineName": "orders"}, {}),
    ("sso", "eks:UpdateNodegroupConfig", {"clusterName": "orders"}, {}),
    ("anna", "ec2:CreateTags", {"resourcesSet": {"items": [{"resourceId": "i-0a1b"}]}}, {}),
    ("anna", "iam:DeleteAccessKey", {"userName": "anna"}, {}),
    ("anna", "iam:UpdateAccessKey", {"userName": "anna", "status": "Inactive"}, {}),
    ("anna", "s3:PutObject", {"bucketName": "orders", "key": "a"}, {"managementEvent": False}),
    ("anna", "ec2:CreateVolume", {"size": "100", "zone": f"{REGION}a"}, {}),
    # Others' doings that are none of ours
    ("sso", "sts:AssumeRole", {
        "roleArn": f"arn:aws:iam::{OTHER_ACCOUNT}:role/deploy", "roleSessionName": "a"},
     {"readOnly": True}),
)  # fmt: skip
