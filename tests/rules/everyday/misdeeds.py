"""What intruders do, by kinds: each is worth a message at medium or above, whoever does it.

Each line is the operation as IAM writes it, and its request.
"""

from __future__ import annotations

from typing import Any

from tests.events import ACCOUNT, OTHER_ACCOUNT, REGION
from tests.rules.everyday.clean import GITHUB, OWN, allow, document, ingress, text, trust

Json = dict[str, Any]
AWS = "arn:aws:iam::aws:policy"
EVERYONE, OTHERS = {"AWS": "*"}, {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"}
ANY_REPOSITORY = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"}
SHARED = {"add": {"items": [{"userId": OTHER_ACCOUNT}]}}


def given(operation: str, policy: str, **more: Any) -> tuple[str, Json]:
    return operation, {"policyDocument": policy, "policyName": "a", **more}


MISDEEDS: tuple[tuple[str, Json | None], ...] = (
    # Persistence
    ("iam:CreateUser", {"userName": "support"}),
    ("iam:CreateAccessKey", {"userName": "backup"}),
    ("iam:UpdateAccessKey", {"userName": "backup", "status": "Active"}),
    ("iam:CreateLoginProfile", {"userName": "backup"}),
    ("iam:UpdateLoginProfile", {"userName": "backup"}),
    ("iam:CreateServiceSpecificCredential", {"userName": "backup"}),
    ("iam:UploadSSHPublicKey", {"userName": "backup"}),
    ("iam:CreateRole", {"roleName": "a", "assumeRolePolicyDocument": trust(OTHERS)}),
    ("iam:CreateRole", {"roleName": "a", "assumeRolePolicyDocument": trust(EVERYONE)}),
    ("iam:CreateRole", {"roleName": "a", "assumeRolePolicyDocument": trust(ANY_REPOSITORY)}),
    ("iam:UpdateAssumeRolePolicy", {"roleName": "a", "policyDocument": trust(OTHERS)}),
    ("iam:CreateSAMLProvider", {"name": "a"}),
    ("iam:CreateOpenIDConnectProvider", {"url": "https://idp.example.com"}),
    ("rolesanywhere:CreateTrustAnchor", {"name": "a"}),
    ("sts:GetFederationToken", {"name": "a"}),
    ("ec2:ImportKeyPair", {"keyName": "a"}),
    ("ec2:ModifyInstanceAttribute", {"instanceId": "i-0a1b", "userData": {"value": "a"}}),
    ("lambda:AddPermission20150331v2", {
        "functionName": "orders", "principal": "*", "action": "lambda:InvokeFunction"}),
    ("lambda:CreateFunctionUrlConfig", {"functionName": "orders", "authType": "NONE"}),
    ("ssm:CreateActivation", {"iamRole": "a"}),
    # Privilege
    ("iam:AttachUserPolicy", {"userName": "a", "policyArn": f"{AWS}/AdministratorAccess"}),
    ("iam:AttachRolePolicy", {"roleName": "a", "policyArn": f"{AWS}/IAMFullAccess"}),
    ("iam:AttachGroupPolicy", {"groupName": "a", "policyArn": f"{AWS}/PowerUserAccess"}),
    ("iam:AttachRolePolicy", {
        "roleName": "a", "policyArn": f"arn:aws:iam::{ACCOUNT}:policy/operations"}),
    given("iam:PutUserPolicy", text(allow("*", "*")), userName="a"),
    given("iam:PutRolePolicy", text(allow("iam:*", "*")), roleName="a"),
    given("iam:PutGroupPolicy", text(allow("s3:GetObject", "*")), groupName="a"),
    given("iam:PutRolePolicy", text(allow("iam:PassRole", "*")), roleName="a"),
    given("iam:PutRolePolicy", text(allow("iam:PutRolePolicy", OWN)), roleName="a"),
    given("iam:PutRolePolicy", text(allow("sts:AssumeRole", "*")), roleName="a"),
    given("iam:PutRolePolicy", text(allow("secretsmanager:*", "*")), roleName="a"),
    given("iam:PutRolePolicy", text(allow("cloudtrail:StopLogging", "*")), roleName="a"),
    given("iam:PutRolePolicy", text({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}),
          roleName="a"),
    given("iam:CreatePolicy", text(allow("*", "*"))),
    given("iam:CreatePolicyVersion", text(allow("*:*", "*")), setAsDefault=True),
    ("iam:SetDefaultPolicyVersion", {"policyArn": "a", "versionId": "v1"}),
    ("iam:AddUserToGroup", {"groupName": "admins", "userName": "a"}),
    ("iam:DeleteUserPermissionsBoundary", {"userName": "a"}),
    ("iam:DetachUserPolicy", {"userName": "a", "policyArn": f"{AWS}/AWSDenyAll"}),
    ("iam:DeleteUserPolicy", {"userName": "a", "policyName": "DENY-ALL"}),
    ("iam:DeleteUserPolicy", {"userName": "a", "policyName": "AWSCompromisedKeyQuarantine"}),
    ("sso:DetachManagedPolicyFromPermissionSet", {"managedPolicyArn": f"{AWS}/AWSDenyAll"}),
    ("sso:DetachCustomerManagedPolicyReferenceFromPermissionSet", {
        "customerManagedPolicyReference": {"name": "deny-exports", "path": "/"}}),
    ("sso:PutPermissionsBoundaryToPermissionSet", {
        "permissionsBoundary": {"managedPolicyArn": f"{AWS}/AdministratorAccess"}}),
    given("iam:PutRolePolicy", text(allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:r*")),
          roleName="a"),
    given("iam:CreatePolicyVersion", text(
        allow("iam:PutUserPolicy", "arn:aws:iam::*:user/${aws:username}")), setAsDefault=True),
    ("sso:CreateAccountAssignment", {"principalId": "a", "targetId": ACCOUNT}),
    ("sso:AttachManagedPolicyToPermissionSet", {
        "managedPolicyArn": f"{AWS}/AdministratorAccess"}),
    ("sso:PutInlinePolicyToPermissionSet", {"inlinePolicy": text(allow("*", "*"))}),
    ("eks:AssociateAccessPolicy", {
        "principalArn": OWN, "policyArn":
            "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"}),
    # Making public or shared
    ("s3:PutBucketPolicy", {
        "bucketName": "orders", "bucketPolicy": document(
            allow("s3:GetObject", "arn:aws:s3:::orders/*", Principal="*"))}),
    ("s3:PutBucketAcl", {"bucketName": "orders", "x-amz-acl": "public-read"}),
    ("s3:DeleteBucketPublicAccessBlock", {"bucketName": "orders"}),
    ("ec2:ModifySnapshotAttribute", {
        "snapshotId": "snap-0a1b", "attributeType": "CREATE_VOLUME_PERMISSION",
        "createVolumePermission": SHARED}),
    ("ec2:ModifyImageAttribute", {
        "imageId": "ami-0a1b", "attributeType": "launchPermission",
        "launchPermission": {"add": {"items": [{"group": "all"}]}}}),
    ("rds:ModifyDBSnapshotAttribute", {
        "dBSnapshotIdentifier": "orders", "attributeName": "restore",
        "valuesToAdd": [OTHER_ACCOUNT]}),
    ("rds:ModifyDBInstance", {"dBInstanceIdentifier": "orders", "publiclyAccessible": True}),
    ("kms:PutKeyPolicy", {"keyId": "a", "policy": text(allow("kms:*", "*", Principal=OTHERS))}),
    ("sqs:SetQueueAttributes", {
        "queueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/orders",
        "attributes": {"Policy": text(allow("sqs:*", "*", Principal=EVERYONE))}}),
    ("ecr:SetRepositoryPolicy", {
        "repositoryName": "orders", "policyText": text(allow("ecr:*", "*", Principal=OTHERS))}),
    ("secretsmanager:PutResourcePolicy", {
        "secretId": "orders", "resourcePolicy": text(
            allow("secretsmanager:GetSecretValue", "*", Principal=OTHERS))}),
    ("ec2:AuthorizeSecurityGroupIngress", ingress(22, "0.0.0.0/0")),
    ("ssm:ModifyDocumentPermission", {
        "name": "a", "permissionType": "Share", "accountIdsToAdd": ["all"]}),
    ("ram:CreateResourceShare", {
        "name": "a", "principals": [OTHER_ACCOUNT], "allowExternalPrincipals": True}),
    # Defence evasion
    ("cloudtrail:StopLogging", {"name": "main"}),
    ("cloudtrail:DeleteTrail", {"name": "main"}),
    ("cloudtrail:PutEventSelectors", {
        "trailName": "main", "eventSelectors": [
            {"readWriteType": "ReadOnly", "includeManagementEvents": False}]}),
    ("guardduty:DeleteDetector", {"detectorId": "a"}),
    ("guardduty:CreateIPSet", {"detectorId": "a", "activate": True}),
    ("config:StopConfigurationRecorder", {"configurationRecorderName": "default"}),
    ("securityhub:DisableSecurityHub", None),
    ("ec2:DeleteFlowLogs", {"DeleteFlowLogsRequest": {"FlowLogId": "fl-0a1b"}}),
    ("logs:DeleteLogGroup", {"logGroupName": "/audit"}),
    ("monitoring:DeleteAlarms", {"alarmNames": ["root-used"]}),
    ("wafv2:DeleteWebACL", {"name": "a", "id": "b"}),
    # Destruction
    ("kms:ScheduleKeyDeletion", {"keyId": "a", "pendingWindowInDays": 7}),
    ("rds:DeleteDBInstance", {"dBInstanceIdentifier": "orders", "skipFinalSnapshot": True}),
    ("dynamodb:DeleteTable", {"tableName": "orders"}),
    ("backup:DeleteRecoveryPoint", {"backupVaultName": "daily", "recoveryPointArn": "a"}),
    ("s3:DeleteBucket", {"bucketName": "orders"}),
    ("s3:PutBucketLifecycle", {
        "bucketName": "orders", "LifecycleConfiguration": {
            "Rule": {"Status": "Enabled", "ID": "a", "Filter": "", "Expiration": {"Days": 1}}}}),
    ("s3:PutBucketVersioning", {
        "bucketName": "orders", "VersioningConfiguration": {"Status": "Suspended"}}),
    ("elasticfilesystem:DeleteFileSystem", {"fileSystemId": "fs-0a1b"}),
    # Exfiltration and execution
    ("s3:PutBucketReplication", {
        "bucketName": "orders", "ReplicationConfiguration": {
            "Rule": {"Destination": {"Bucket": "arn:aws:s3:::loot", "Account": OTHER_ACCOUNT}}}}),
    ("rds:StartExportTask", {"exportTaskIdentifier": "a", "s3BucketName": "loot"}),
    ("ec2:CreateTrafficMirrorSession", {"networkInterfaceId": "eni-0a1b"}),
    ("ssm:SendCommand", {"documentName": "AWS-RunShellScript"}),
    ("ssm:StartSession", {"target": "i-0a1b"}),
    ("ec2:GetPasswordData", {"instanceId": "i-0a1b"}),
    # Money and the account
    ("ec2:RunInstances", {"instanceType": "p5.48xlarge", "minCount": 8, "maxCount": 8}),
    ("servicequotas:RequestServiceQuotaIncrease", {"serviceCode": "ec2", "desiredValue": 9000}),
    ("organizations:LeaveOrganization", None),
    ("account:PutAlternateContact", {"alternateContactType": "SECURITY"}),
    ("route53domains:TransferDomainToAnotherAwsAccount", {"domainName": "example.com"}),
)  # fmt: skip
