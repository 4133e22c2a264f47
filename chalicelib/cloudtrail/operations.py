"""What operations do, in words: one predicate an operation.

A predicate begins with its verb in the base form. `{path}` is a target, a path in
requestParameters; `{>path}` one in responseElements; `a|b` the first that is there; `{~path}` is
told but is no target; `[…]` is left out where something in it is missing. Keys are
`service:Operation`, the service as eventSource begins, the operation without its version.
"""

from __future__ import annotations

PREDICATES: dict[str, str] = {
    # Trails, recorders, detectors
    "cloudtrail:StopLogging": "stop the trail {name} from recording",
    "cloudtrail:StartLogging": "start the trail {name} recording",
    "cloudtrail:DeleteTrail": "delete the trail {name}",
    "cloudtrail:CreateTrail": "create the trail {name}[ into the bucket {~s3BucketName}]",
    "cloudtrail:UpdateTrail": "change the trail {name|>name}",
    "cloudtrail:PutEventSelectors": "change what the trail {trailName|>trailARN} records",
    "cloudtrail:PutInsightSelectors": "change the insights of the trail {trailName|insightsSource}",
    "cloudtrail:DeleteEventDataStore": "delete the event data store {eventDataStore}",
    "cloudtrail:StopEventDataStoreIngestion": "stop the event data store {eventDataStore}",
    "cloudtrail:DeleteChannel": "delete the CloudTrail channel {channel}",
    "cloudtrail:LookupEvents": "search CloudTrail's event history",
    "config:StopConfigurationRecorder": ("stop AWS Config's recorder {configurationRecorderName}"),
    "config:DeleteConfigurationRecorder": (
        "delete AWS Config's recorder {configurationRecorderName}"
    ),
    "config:DeleteDeliveryChannel": "delete AWS Config's delivery channel {deliveryChannelName}",
    "config:PutConfigurationRecorder": (
        "set up AWS Config's recorder {configurationRecorder.name|configurationRecorderName}"
    ),
    "config:PutDeliveryChannel": "set up AWS Config's delivery channel {deliveryChannel.name}",
    "config:DeleteConfigRule": "delete the Config rule {configRuleName}",
    "guardduty:DeleteDetector": "delete the GuardDuty detector {detectorId}",
    "guardduty:UpdateDetector": "change the GuardDuty detector {detectorId}",
    "guardduty:DisassociateFromMasterAccount": (
        "take this account away from GuardDuty's administrator[ (detector {detectorId})]"
    ),
    "guardduty:DisassociateFromAdministratorAccount": (
        "take this account away from GuardDuty's administrator[ (detector {detectorId})]"
    ),
    "guardduty:DisassociateMembers": "take the member accounts {accountIds} away from GuardDuty",
    "guardduty:DeleteMembers": "remove the member accounts {accountIds} from GuardDuty",
    "guardduty:DeleteInvitations": "delete the GuardDuty invitations of {accountIds}",
    "guardduty:StopMonitoringMembers": "stop GuardDuty watching the member accounts {accountIds}",
    "guardduty:DeletePublishingDestination": (
        "delete GuardDuty's publishing destination {destinationId}"
    ),
    "guardduty:CreateIPSet": "add the trusted IP list {name} to GuardDuty[ from {~location}]",
    "guardduty:UpdateIPSet": "change the trusted IP list {ipSetId}[ to {~location}]",
    "guardduty:CreateFilter": "create the GuardDuty filter {name}",
    "guardduty:UpdateFilter": "change the GuardDuty filter {filterName}",
    "guardduty:ArchiveFindings": "archive the GuardDuty findings {findingIds}",
    "securityhub:DisableSecurityHub": "disable Security Hub",
    "securityhub:BatchDisableStandards": (
        "disable the Security Hub standards {StandardsSubscriptionArns}"
    ),
    "securityhub:DeleteMembers": "remove the member accounts {AccountIds} from Security Hub",
    "securityhub:BatchUpdateFindings": "change Security Hub findings[ to {~workflow.status}]",
    "macie2:DisableMacie": "disable Macie",
    "inspector2:Disable": "disable Inspector",
    "inspector2:Enable": "enable Inspector",
    "detective:DeleteGraph": "delete Detective's behaviour graph {GraphArn}",
    "access-analyzer:DeleteAnalyzer": "delete the access analyzer {analyzerName}",
    "logs:DeleteLogGroup": "delete the log group {logGroupName}",
    "logs:DeleteLogStream": "delete the log stream {logStreamName}[ of {logGroupName}]",
    "logs:DeleteSubscriptionFilter": (
        "delete the subscription filter {filterName}[ of the log group {logGroupName}]"
    ),
    "logs:PutSubscriptionFilter": (
        "write the subscription filter {filterName}[ of the log group {logGroupName}]"
    ),
    "logs:DeleteMetricFilter": (
        "delete the metric filter {filterName}[ of the log group {logGroupName}]"
    ),
    "logs:PutRetentionPolicy": (
        "set the log group {logGroupName} to keep[ {~retentionInDays} days of] logs"
    ),
    "logs:CreateLogStream": "create the log stream {logStreamName}[ in {logGroupName}]",
    "logs:DeleteDestination": "delete the log destination {destinationName}",
    "monitoring:DeleteAlarms": "delete the alarms {alarmNames}",
    "monitoring:DisableAlarmActions": "silence the alarms {alarmNames}",
    "events:DisableRule": "disable the EventBridge rule {name}",
    "events:DeleteRule": "delete the EventBridge rule {name}",
    "events:PutRule": "write the EventBridge rule {name}",
    "events:RemoveTargets": "remove targets from the EventBridge rule {rule}",
    "ec2:DeleteFlowLogs": "delete the flow logs {FlowLogId}",
    "route53resolver:DeleteResolverQueryLogConfig": (
        "delete the DNS query log {resolverQueryLogConfigId}"
    ),
    "wafv2:DeleteWebACL": "delete the web ACL {name|id}",
    "wafv2:DeleteRuleGroup": "delete the WAF rule group {name|id}",
    "wafv2:DeleteLoggingConfiguration": "delete the log of the web ACL {resourceArn}",
    "wafv2:DisassociateWebACL": "take the web ACL away from {resourceArn}",
    "bedrock:DeleteModelInvocationLoggingConfiguration": "switch off Bedrock's invocation log",
    "rds:ModifyActivityStream": "change the activity stream of {resourceArn}",
    "rds:StopActivityStream": "stop the activity stream of {resourceArn}",
    # Identity
    "iam:CreateUser": "create the IAM user {userName}",
    "iam:DeleteUser": "delete the IAM user {userName}",
    "iam:CreateGroup": "create the IAM group {groupName}",
    "iam:DeleteGroup": "delete the IAM group {groupName}",
    "iam:AddUserToGroup": "add the IAM user {userName} to the group {groupName}",
    "iam:RemoveUserFromGroup": "remove the IAM user {userName} from the group {groupName}",
    "iam:CreateRole": "create the role {roleName}",
    "iam:DeleteRole": "delete the role {roleName}",
    "iam:CreateServiceLinkedRole": "create the service-linked role for {aWSServiceName}",
    "iam:UpdateAssumeRolePolicy": "change who may take the role {roleName}",
    "iam:AttachUserPolicy": "give the IAM user {userName} the policy {policyArn}",
    "iam:AttachRolePolicy": "give the role {roleName} the policy {policyArn}",
    "iam:AttachGroupPolicy": "give the IAM group {groupName} the policy {policyArn}",
    "iam:DetachUserPolicy": "take the policy {policyArn} away from the IAM user {userName}",
    "iam:DetachRolePolicy": "take the policy {policyArn} away from the role {roleName}",
    "iam:DetachGroupPolicy": "take the policy {policyArn} away from the IAM group {groupName}",
    "iam:PutUserPolicy": "write the inline policy {~policyName} of the IAM user {userName}",
    "iam:PutRolePolicy": "write the inline policy {~policyName} of the role {roleName}",
    "iam:PutGroupPolicy": "write the inline policy {~policyName} of the IAM group {groupName}",
    "iam:DeleteUserPolicy": "delete the inline policy {~policyName} of the IAM user {userName}",
    "iam:DeleteRolePolicy": "delete the inline policy {~policyName} of the role {roleName}",
    "iam:DeleteGroupPolicy": "delete the inline policy {~policyName} of the IAM group {groupName}",
    "iam:CreatePolicy": "create the policy {policyName}",
    "iam:DeletePolicy": "delete the policy {policyArn}",
    "iam:CreatePolicyVersion": "write a new version of the policy {policyArn}",
    "iam:DeletePolicyVersion": "delete the version {~versionId} of the policy {policyArn}",
    "iam:SetDefaultPolicyVersion": "put version {~versionId} of the policy {policyArn} in force",
    "iam:PutUserPermissionsBoundary": "set the permissions boundary of the IAM user {userName}",
    "iam:PutRolePermissionsBoundary": "set the permissions boundary of the role {roleName}",
    "iam:DeleteUserPermissionsBoundary": (
        "remove the permissions boundary of the IAM user {userName}"
    ),
    "iam:DeleteRolePermissionsBoundary": "remove the permissions boundary of the role {roleName}",
    "iam:CreateAccessKey": (
        "create an access key for the IAM user {userName|>accessKey.userName}"
        "[ ({~>accessKey.accessKeyId})]"
    ),
    "iam:UpdateAccessKey": "change an access key of the IAM user {userName}",
    "iam:DeleteAccessKey": "delete the access key {~accessKeyId} of the IAM user {userName}",
    "iam:CreateLoginProfile": "give the IAM user {userName} a console password",
    "iam:UpdateLoginProfile": "change the console password of the IAM user {userName}",
    "iam:DeleteLoginProfile": "remove the console password of the IAM user {userName}",
    "iam:ChangePassword": "change their own console password",
    "iam:CreateVirtualMFADevice": "create the MFA device {virtualMFADeviceName}",
    "iam:DeleteVirtualMFADevice": "delete the MFA device {serialNumber}",
    "iam:EnableMFADevice": "give the IAM user {userName} the MFA device {~serialNumber}",
    "iam:DeactivateMFADevice": "remove the MFA device {~serialNumber} of the IAM user {userName}",
    "iam:UploadSSHPublicKey": "add an SSH key to the IAM user {userName}",
    "iam:UploadSigningCertificate": "add a signing certificate to the IAM user {userName}",
    "iam:CreateServiceSpecificCredential": (
        "create a credential for {~serviceName} for the IAM user {userName}"
    ),
    "iam:ResetServiceSpecificCredential": "reset a credential of the IAM user {userName}",
    "iam:AddRoleToInstanceProfile": (
        "put the role {roleName} into the instance profile {instanceProfileName}"
    ),
    "iam:CreateSAMLProvider": "create the SAML provider {name}",
    "iam:UpdateSAMLProvider": "change the SAML provider {sAMLProviderArn|>sAMLProviderArn}",
    "iam:DeleteSAMLProvider": "delete the SAML provider {sAMLProviderArn}",
    "iam:CreateOpenIDConnectProvider": "create the OpenID Connect provider {url}",
    "iam:DeleteOpenIDConnectProvider": (
        "delete the OpenID Connect provider {openIDConnectProviderArn}"
    ),
    "iam:UpdateAccountPasswordPolicy": "change the account's password policy",
    "iam:DeleteAccountPasswordPolicy": "delete the account's password policy",
    "iam:GetAccountAuthorizationDetails": "read all users, roles and policies of the account",
    "iam:ListUsers": "list the IAM users",
    "iam:ListRoles": "list the roles",
    "iam:ListAccessKeys": "list the access keys[ of the IAM user {userName}]",
    "iam:GetUser": "read the IAM user[ {userName}]",
    "iam:SimulatePrincipalPolicy": "try out what {policySourceArn} may do",
    "sts:AssumeRole": "take the role {roleArn}",
    "sts:AssumeRoleWithSAML": "take the role {roleArn} through SAML",
    "sts:AssumeRoleWithWebIdentity": "take the role {roleArn} with a web identity",
    "sts:AssumeRoot": "take the root user's rights in the account {targetPrincipal}",
    "sts:GetFederationToken": "issue itself a federation token named {name}",
    "sts:GetSessionToken": "get session credentials",
    "sts:GetCallerIdentity": "ask who they are",
    "signin:GetSigninToken": "turn API credentials into a console session",
    "sso:CreateAccountAssignment": (
        "give {~principalType} {principalId} access to the account {targetId}"
    ),
    "sso:AttachManagedPolicyToPermissionSet": (
        "give the permission set {permissionSetArn} the policy {managedPolicyArn}"
    ),
    "sso:PutInlinePolicyToPermissionSet": (
        "write the inline policy of the permission set {permissionSetArn}"
    ),
    "sso:UpdatePermissionSet": "change the permission set {permissionSetArn}",
    "sso:CreatePermissionSet": "create the permission set {name}",
    "sso:UpdateSsoConfiguration": "change IAM Identity Center's configuration {instanceArn}",
    "sso-directory:CreateUser": "create a user in IAM Identity Center[ ({>user.userId})]",
    "sso-directory:CreateGroup": "create the IAM Identity Center group {displayName}",
    "sso-directory:AddMemberToGroup": (
        "add the user {member.memberId} to the IAM Identity Center group {groupId}"
    ),
    "rolesanywhere:CreateTrustAnchor": "create the IAM Roles Anywhere trust anchor {name}",
    "rolesanywhere:CreateProfile": "create the IAM Roles Anywhere profile {name}",
    "eks:CreateAccessEntry": "give {principalArn} access to the EKS cluster {name}",
    "eks:UpdateAccessEntry": "change the access of {principalArn} to the EKS cluster {name}",
    "eks:AssociateAccessPolicy": (
        "give {principalArn} the policy {~policyArn} on the EKS cluster {name}"
    ),
    # Secrets and keys
    "secretsmanager:GetSecretValue": "read the secret {secretId}",
    "secretsmanager:BatchGetSecretValue": "read several secrets at once[: {secretIdList}]",
    "secretsmanager:ListSecrets": "list the secrets",
    "secretsmanager:DescribeSecret": "look at the secret {secretId}",
    "secretsmanager:CreateSecret": "create the secret {name}",
    "secretsmanager:DeleteSecret": "delete the secret {secretId}",
    "secretsmanager:PutSecretValue": "write a new value of the secret {secretId}",
    "secretsmanager:UpdateSecret": "change the secret {secretId}",
    "secretsmanager:PutResourcePolicy": "change who may read the secret {secretId}",
    "ssm:GetParameter": "read the parameter {name}",
    "ssm:GetParameters": "read the parameters {names}",
    "ssm:GetParametersByPath": "read all parameters under {path}",
    "ssm:GetParameterHistory": "read the history of the parameter {name}",
    "ssm:PutParameter": "write the parameter {name}",
    "ssm:DeleteParameter": "delete the parameter {name}",
    "ssm:DeleteParameters": "delete the parameters {names}",
    "kms:ScheduleKeyDeletion": (
        "schedule the KMS key {keyId} to be deleted[ in {~pendingWindowInDays} days]"
    ),
    "kms:DisableKey": "disable the KMS key {keyId}",
    "kms:EnableKey": "enable the KMS key {keyId}",
    "kms:DisableKeyRotation": "switch off the rotation of the KMS key {keyId}",
    "kms:PutKeyPolicy": "change who may use the KMS key {keyId}",
    "kms:CreateKey": "create the KMS key {>keyMetadata.keyId}",
    "kms:CreateGrant": "grant {~granteePrincipal} the use of the KMS key {keyId}",
    "kms:ImportKeyMaterial": "import key material into the KMS key {keyId}",
    "kms:DeleteImportedKeyMaterial": "delete the key material of the KMS key {keyId}",
    "kms:ReEncrypt": "encrypt again with the KMS key {destinationKeyId}",
    "kms:Decrypt": "decrypt with the KMS key {keyId|encryptionContext}",
    "acm:ExportCertificate": "export the certificate {certificateArn} with its private key",
    # Instances and what runs on them
    "ec2:StartInstances": "start the instances {instancesSet.instanceId}",
    "ec2:StopInstances": "stop the instances {instancesSet.instanceId}",
    "ec2:RebootInstances": "reboot the instances {instancesSet.instanceId}",
    "ec2:TerminateInstances": "terminate the instances {instancesSet.instanceId}",
    "ec2:GetPasswordData": "ask for the Windows administrator password of {instanceId}",
    "ec2:GetConsoleScreenshot": "take a screenshot of the instance {instanceId}",
    "ec2:DescribeInstanceAttribute": (
        "read the attribute {~attribute} of the instance {instanceId}"
    ),
    "ec2:DescribeInstances": "look at the instances[ {instancesSet.instanceId}]",
    "ec2:ModifyInstanceMetadataOptions": "change the metadata options of {instanceId}",
    "ec2:AssociateIamInstanceProfile": (
        "give the instance {InstanceId} the role profile {~IamInstanceProfile.Name}"
    ),
    "ec2:ReplaceIamInstanceProfileAssociation": (
        "give an instance another role profile[: {~IamInstanceProfile.Name}][ ({associationId})]"
    ),
    "ec2:EnableSerialConsoleAccess": "enable the serial console for all instances",
    "ec2:CreateKeyPair": "create the SSH key pair {keyName}",
    "ec2:ImportKeyPair": "import the SSH key pair {keyName}",
    "ec2:RunInstances": "start {>instancesSet.instanceId|instancesSet.imageId}",
    "ec2:ModifyInstanceAttribute": "change the instance {instanceId}",
    "ec2:CreateImage": "make an image of the instance {instanceId}[: {>imageId}]",
    "ec2:DeregisterImage": "delete the image {imageId}",
    "ec2:CreateLaunchTemplate": "create the launch template {LaunchTemplateName}",
    "ec2-instance-connect:SendSSHPublicKey": (
        "push an SSH key to the instance {instanceId}[ for the user {~instanceOSUser}]"
    ),
    "ec2-instance-connect:SendSerialConsoleSSHPublicKey": (
        "push an SSH key to the serial console of {instanceId}"
    ),
    "ssm:StartSession": "open a session on {target}",
    "ssm:ResumeSession": "resume the session {sessionId}",
    "ssm:TerminateSession": "end the session {sessionId}",
    "ssm:SendCommand": "run {~documentName} on {instanceIds|targets.values}",
    "ssm:StartAutomationExecution": "start the automation {documentName}",
    "ssm:GetCommandInvocation": "read the output of a command on {instanceId}",
    "ssm:ModifyDocumentPermission": "share the document {name}[ with {~accountIdsToAdd}]",
    "lambda:CreateFunction": "create the function {functionName}",
    "lambda:UpdateFunctionCode": "change the code of the function {functionName}",
    "lambda:UpdateFunctionConfiguration": "change the settings of the function {functionName}",
    "lambda:DeleteFunction": "delete the function {functionName}",
    "lambda:CreateFunctionUrlConfig": "give the function {functionName} a public address",
    "lambda:UpdateFunctionUrlConfig": "change the public address of the function {functionName}",
    "lambda:AddPermission": "add a permission to the function {functionName}",
    "lambda:AddLayerVersionPermission": "share the layer {layerName}[ with {~principal}]",
    "lambda:RemovePermission": "remove a permission from the function {functionName}",
    "lambda:PutFunctionConcurrency": (
        "limit the function {functionName} to {~reservedConcurrentExecutions} at a time"
    ),
    "lambda:CreateEventSourceMapping": ("feed the function {functionName} from {~eventSourceArn}"),
    "lambda:GetFunction": "read the code of the function {functionName}",
    "ecs:ExecuteCommand": (
        "run a command in the container {container} of the task {task}[ in the cluster {~cluster}]"
    ),
    "ecs:RegisterTaskDefinition": "register the task definition {family}",
    "eks:CreateCluster": "create the EKS cluster {name}",
    "eks:DeleteCluster": "delete the EKS cluster {name}",
    "eks:UpdateClusterConfig": "change the EKS cluster {name}",
    "ecs:CreateCluster": "create the ECS cluster {clusterName}",
    "ecs:CreateService": "create the ECS service {serviceName}",
    "bedrock:InvokeModel": "invoke the model {modelId}",
    "bedrock:PutFoundationModelEntitlement": "open the model {modelId} for the account",
    "bedrock:CreateFoundationModelAgreement": "accept the terms of the model {modelId}",
    "bedrock:PutUseCaseForModelAccess": "ask for access to AI models",
    "servicequotas:GetServiceQuota": "read the quota {quotaCode}[ of {~serviceCode}]",
    "servicequotas:RequestServiceQuotaIncrease": (
        "ask for a higher quota[ {quotaCode}][ of {~serviceCode}][: {~desiredValue}]"
    ),
    # Data
    "s3:CreateBucket": "create the S3 bucket {bucketName}",
    "s3:PutBucketPolicy": "set the policy of the S3 bucket {bucketName}",
    "s3:PutBucketAcl": "set the ACL of the S3 bucket {bucketName}",
    "s3:PutObjectAcl": "set the ACL of {bucketName}/{key}",
    "s3:PutBucketPublicAccessBlock": "block public access to the S3 bucket {bucketName}",
    "s3:PutBucketVersioning": "change the versioning of the S3 bucket {bucketName}",
    "s3:DeleteBucket": "delete the S3 bucket {bucketName}",
    "s3:DeleteBucketPolicy": "delete the policy of the S3 bucket {bucketName}",
    "s3:PutBucketEncryption": "set the encryption of the S3 bucket {bucketName}",
    "s3:DeleteBucketEncryption": "remove the encryption of the S3 bucket {bucketName}",
    "s3:PutBucketLifecycle": "set when the S3 bucket {bucketName} deletes its objects",
    "s3:PutBucketReplication": "set the replication of the S3 bucket {bucketName}",
    "s3:PutBucketLogging": "change the access log of the S3 bucket {bucketName}",
    "s3:PutBucketCors": "set which websites may use the S3 bucket {bucketName}",
    "s3:PutBucketWebsite": "turn the S3 bucket {bucketName} into a website",
    "s3:DeleteBucketPublicAccessBlock": (
        "remove the block of public access from the S3 bucket {bucketName}"
    ),
    "s3:DeleteAccountPublicAccessBlock": (
        "remove the block of public access from all S3 buckets of the account"
    ),
    "s3:ListBuckets": "list the S3 buckets",
    "s3:GetObject": "read {bucketName}/{key}",
    "s3:DeleteObject": "delete {bucketName}/{key}",
    "rds:CreateDBInstance": "create the database {dBInstanceIdentifier}",
    "rds:CreateDBInstanceReadReplica": (
        "create the read replica {dBInstanceIdentifier}"
        "[ of the database {sourceDBInstanceIdentifier}]"
    ),
    "rds:ModifyDBInstance": "change the database {dBInstanceIdentifier}",
    "rds:ModifyDBCluster": "change the database cluster {dBClusterIdentifier}",
    "rds:ModifyDBSnapshotAttribute": (
        "change who may use the database snapshot {dBSnapshotIdentifier}"
    ),
    "rds:ModifyDBClusterSnapshotAttribute": (
        "change who may use the database snapshot {dBClusterSnapshotIdentifier}"
    ),
    "rds:RestoreDBInstanceToPointInTime": (
        "restore the database {targetDBInstanceIdentifier}[ from {sourceDBInstanceIdentifier}]"
        " to an earlier moment"
    ),
    "rds:DeleteDBInstance": "delete the database {dBInstanceIdentifier}",
    "rds:DeleteDBCluster": "delete the database cluster {dBClusterIdentifier}",
    "rds:DeleteGlobalCluster": "delete the global database {globalClusterIdentifier}",
    "rds:CreateDBSnapshot": (
        "make the snapshot {dBSnapshotIdentifier} of the database {dBInstanceIdentifier}"
    ),
    "rds:DeleteDBSnapshot": "delete the database snapshot {dBSnapshotIdentifier}",
    "rds:DeleteDBClusterSnapshot": "delete the database snapshot {dBClusterSnapshotIdentifier}",
    "rds:RestoreDBInstanceFromDBSnapshot": (
        "restore the database {dBInstanceIdentifier} from the snapshot {dBSnapshotIdentifier}"
    ),
    "rds:StartExportTask": "export {sourceArn} to the S3 bucket {~s3BucketName}",
    "rds:AuthorizeDBSecurityGroupIngress": (
        "let[ {~cIDRIP}] into the database security group {dBSecurityGroupName}"
    ),
    "rds:CreateDBSecurityGroup": "create the database security group {dBSecurityGroupName}",
    "ec2:CreateSnapshot": "make a snapshot of the volume {volumeId}[: {>snapshotId}]",
    "ec2:ModifySnapshotAttribute": "change who may use the snapshot {snapshotId}",
    "ec2:ModifyImageAttribute": "change the image {imageId}",
    "ec2:DeleteSnapshot": "delete the snapshot {snapshotId}",
    "ec2:CreateVolume": "create the volume {>volumeId}[ from {~snapshotId}]",
    "ec2:AttachVolume": "attach the volume {volumeId} to {instanceId}",
    "ec2:DeleteVolume": "delete the volume {volumeId}",
    "ec2:SharedSnapshotVolumeCreated": "report a volume made from a snapshot of yours",
    "ec2:DisableEbsEncryptionByDefault": "switch off the encryption of new volumes",
    "ec2:DisableSnapshotBlockPublicAccess": "remove the block of public snapshots",
    "ec2:DisableImageBlockPublicAccess": "remove the block of public images",
    "ec2:CreateInstanceExportTask": (
        "export the instance {instanceId}[ to the S3 bucket {~exportToS3.s3Bucket}]"
    ),
    "dynamodb:DeleteTable": "delete the table {tableName}",
    "dynamodb:UpdateTable": "change the table {tableName}",
    "dynamodb:ExportTableToPointInTime": "export the table {tableArn}",
    "backup:DeleteRecoveryPoint": (
        "delete the recovery point {recoveryPointArn}[ of the vault {backupVaultName}]"
    ),
    "backup:DeleteBackupVault": "delete the backup vault {backupVaultName}",
    "elasticfilesystem:DeleteFileSystem": "delete the file system {fileSystemId}",
    "elasticfilesystem:DeleteMountTarget": "delete the mount target {mountTargetId}",
    "dynamodb:UpdateTimeToLive": "set when the table {tableName} deletes its items",
    "ecr:GetAuthorizationToken": "get a login token for ECR",
    "ecr:SetRepositoryPolicy": "change who may use the repository {repositoryName}",
    "sns:SetTopicAttributes": "change {~attributeName} of the topic {topicArn}",
    "sqs:SetQueueAttributes": "change the queue {queueUrl}",
    "sqs:PurgeQueue": "empty the queue {queueUrl}",
    "sqs:DeleteQueue": "delete the queue {queueUrl}",
    "glacier:SetVaultAccessPolicy": "change who may use the vault {vaultName}",
    "ses:VerifyEmailIdentity": "add the sender {emailAddress}",
    "ses:CreateEmailIdentity": "add the sender {emailIdentity}",
    "ses:DeleteIdentity": "delete the sender {identity}",
    "ses:SendEmail": "send an e-mail[ from {source|fromEmailAddress}]",
    "ses:UpdateAccountSendingEnabled": "change whether the account may send mail",
    # Networks
    "ec2:CreateSecurityGroup": "create the security group {groupName}[ ({>groupId})]",
    "ec2:AuthorizeSecurityGroupIngress": (
        "add an inbound rule to the security group {groupId|groupName}"
    ),
    "ec2:AuthorizeSecurityGroupEgress": (
        "add an outbound rule to the security group {groupId|groupName}"
    ),
    "ec2:RevokeSecurityGroupIngress": (
        "remove an inbound rule from the security group {groupId|groupName}"
    ),
    "ec2:RevokeSecurityGroupEgress": (
        "remove an outbound rule from the security group {groupId|groupName}"
    ),
    "ec2:DeleteSecurityGroup": "delete the security group {groupId|groupName}",
    "ec2:ModifySecurityGroupRules": "change rules of the security group {GroupId}",
    "ec2:DeleteNetworkAcl": "delete the network ACL {networkAclId}",
    "ec2:CreateNetworkAcl": "create the network ACL {>networkAcl.networkAclId}",
    "ec2:CreateNetworkAclEntry": "add a rule to the network ACL {networkAclId}",
    "ec2:ReplaceNetworkAclEntry": "replace a rule of the network ACL {networkAclId}",
    "ec2:DeleteNetworkAclEntry": "delete rule {~ruleNumber} of the network ACL {networkAclId}",
    "ec2:CreateRouteTable": "create the route table {>routeTable.routeTableId}",
    "ec2:DeleteRouteTable": "delete the route table {routeTableId}",
    "ec2:CreateRoute": "add a route to {routeTableId}",
    "ec2:ReplaceRoute": "replace a route of {routeTableId}",
    "ec2:DeleteTransitGatewayVpcAttachment": (
        "take a VPC away from its transit gateway (attachment {TransitGatewayAttachmentId})"
    ),
    "ec2:DeleteRoute": "delete the route to {~destinationCidrBlock} from {routeTableId}",
    "ec2:CreateVpc": "create the VPC {>vpc.vpcId}[ ({~cidrBlock})]",
    "ec2:CreateDefaultVpc": "create the default VPC {>CreateDefaultVpcResponse.vpc.vpcId}",
    "ec2:DeleteVpc": "delete the VPC {vpcId}",
    "ec2:DeleteSubnet": "delete the subnet {subnetId}",
    "ec2:CreateInternetGateway": (
        "create the internet gateway {>internetGateway.internetGatewayId}"
    ),
    "ec2:AttachInternetGateway": (
        "attach the internet gateway {internetGatewayId} to the VPC {vpcId}"
    ),
    "ec2:DetachInternetGateway": (
        "detach the internet gateway {internetGatewayId} from the VPC {vpcId}"
    ),
    "ec2:DeleteInternetGateway": "delete the internet gateway {internetGatewayId}",
    "ec2:CreateVpcPeeringConnection": (
        "ask to join the VPC {vpcId} with {~peerVpcId}[ of the account {~peerOwnerId}]"
    ),
    "ec2:AcceptVpcPeeringConnection": "accept the VPC peering {vpcPeeringConnectionId}",
    "ec2:CreateTrafficMirrorSession": "mirror the traffic of {NetworkInterfaceId}",
    "ec2:CreateTrafficMirrorTarget": "create a target for mirrored traffic[: {NetworkInterfaceId}]",
    "ec2:CreateTrafficMirrorFilter": "create a filter for mirrored traffic",
    "ec2:CreateTags": "add tags to {resourcesSet.resourceId}",
    "ec2:DeleteTags": "remove tags from {resourcesSet.resourceId}",
    "elasticloadbalancing:SetSecurityGroups": (
        "replace the security groups of the load balancer {loadBalancerArn}"
    ),
    "elasticloadbalancing:AddTags": "add tags to {resourceArns}",
    "cloudfront:CreateDistribution": "create the CloudFront distribution {>distribution.id}",
    "cloudfront:UpdateDistribution": "change the CloudFront distribution {id}",
    "ec2:AuthorizeClientVpnIngress": (
        "let clients of the VPN {ClientVpnEndpointId} into {~TargetNetworkCidr}"
    ),
    "route53:DeleteHostedZone": "delete the DNS zone {id}",
    "route53:CreateHostedZone": "create the DNS zone {name}",
    "route53:ChangeResourceRecordSets": "change records of the DNS zone {hostedZoneId}",
    "route53domains:DisableDomainTransferLock": "unlock the domain {domainName} for transfer",
    "route53domains:RetrieveDomainAuthCode": (
        "read the code that transfers the domain {domainName} away"
    ),
    "route53domains:TransferDomainToAnotherAwsAccount": (
        "hand the domain {domainName} to another account"
    ),
    # Organization and account
    "organizations:LeaveOrganization": "take this account out of its organization",
    "organizations:DeleteOrganization": "delete the organization",
    "organizations:RemoveAccountFromOrganization": (
        "remove the account {accountId} from the organization"
    ),
    "organizations:InviteAccountToOrganization": "invite {target.id} to the organization",
    "organizations:AttachPolicy": "apply the policy {policyId} to {targetId}",
    "organizations:DetachPolicy": "take the policy {policyId} away from {targetId}",
    "organizations:UpdatePolicy": "change the organization's policy {policyId}",
    "organizations:AcceptHandshake": "accept an invitation[ ({handshakeId})] to an organization",
    "organizations:CreateAccount": "create the account {accountName}",
    "organizations:CloseAccount": "close the account {accountId}",
    "organizations:MoveAccount": "move the account {accountId} to {destinationParentId}",
    "organizations:RegisterDelegatedAdministrator": (
        "give the account {accountId} power over {~servicePrincipal} in the organization"
    ),
    "organizations:EnableAWSServiceAccess": "let {servicePrincipal} into the organization",
    "account:EnableRegion": "enable the region {regionName}",
    "account:DisableRegion": "disable the region {regionName}",
    "account:PutAlternateContact": (
        "set the account's alternate contact[ for {~alternateContactType}]"
    ),
    "account:DeleteAlternateContact": (
        "delete the account's alternate contact[ for {~alternateContactType}]"
    ),
    "account:PutContactInformation": "change the account's contact details",
    "account:StartPrimaryEmailUpdate": (
        "begin to change the root user's e-mail address[ of the account {accountId}]"
    ),
    "account:AcceptPrimaryEmailUpdate": (
        "change the root user's e-mail address[ of the account {accountId}]"
    ),
    "cloudshell:CreateEnvironment": "create a CloudShell environment",
    "cloudshell:CreateSession": "open a CloudShell session",
    "account:CloseAccount": "close the account",
    "ram:CreateResourceShare": "share resources as {name}[ with {~principals}]",
    "support:CreateCase": "open a support case[: {>caseId}]",
    "signin:PasswordRecoveryRequested": "ask for a new root password by e-mail",
    "signin:PasswordRecoveryCompleted": "set a new root password by e-mail",
    "signin:PasswordUpdated": "change the root password",
    "signin:EmailUpdated": "change the root user's e-mail address",
    "signin:SwitchRole": "switch to the role {+SwitchTo|>SwitchRole}",
}
