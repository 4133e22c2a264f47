"""What operations do: the targets of each as fields of its record, and a phrase about them.

A line of the table is `service:Operation path … -> phrase`: the service as eventSource begins, the
operation without its version, the paths of its targets. A path leads into requestParameters,
`>path` into responseElements, `+path` into additionalEventData; `a|b` is the first that is there.
A phrase begins with its verb in the base form. `{0}` is the first target, `{1}` the second;
`{path}` is said but is no target; `[…]` is left out where something in it is missing.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


class Operation(NamedTuple):
    """What the table says of an operation: the paths of its targets, and its phrase."""

    targets: tuple[str, ...]
    phrase: str

    def path(self, placeholder: str) -> str:
        """The path that stands for a placeholder: `{0}` and the like are targets."""
        return self.targets[int(placeholder)] if placeholder.isdecimal() else placeholder


@cache
def operations() -> dict[str, Operation]:
    """The table by `service:Operation`."""
    table = {}
    for line in OPERATIONS.splitlines():
        fields, arrow, phrase = line.partition(" -> ")
        if arrow:
            name, *targets = fields.split()
            table[name] = Operation(tuple(targets), phrase)
    return table


# One text: as a dict of tuples it took three times as long to import.
OPERATIONS = """
# Trails, recorders, detectors
cloudtrail:StopLogging name -> stop the trail {0} from recording
cloudtrail:StartLogging name -> start the trail {0} recording
cloudtrail:DeleteTrail name -> delete the trail {0}
cloudtrail:CreateTrail name -> create the trail {0}[ into the bucket {s3BucketName}]
cloudtrail:UpdateTrail name|>name -> change the trail {0}
cloudtrail:PutEventSelectors trailName|>trailARN -> change what the trail {0} records
cloudtrail:PutInsightSelectors trailName|insightsSource -> change the insights of the trail {0}
cloudtrail:DeleteEventDataStore eventDataStore -> delete the event data store {0}
cloudtrail:StopEventDataStoreIngestion eventDataStore -> stop the event data store {0}
cloudtrail:DeleteChannel channel -> delete the CloudTrail channel {0}
cloudtrail:LookupEvents -> search CloudTrail's event history
config:StopConfigurationRecorder configurationRecorderName -> stop AWS Config's recorder {0}
config:DeleteConfigurationRecorder configurationRecorderName -> delete AWS Config's recorder {0}
config:DeleteDeliveryChannel deliveryChannelName -> delete AWS Config's delivery channel {0}
config:PutConfigurationRecorder configurationRecorder.name|configurationRecorderName -> set up AWS Config's recorder {0}
config:PutDeliveryChannel deliveryChannel.name -> set up AWS Config's delivery channel {0}
config:DeleteConfigRule configRuleName -> delete the Config rule {0}
guardduty:DeleteDetector detectorId -> delete the GuardDuty detector {0}
guardduty:UpdateDetector detectorId -> change the GuardDuty detector {0}
guardduty:DisassociateFromMasterAccount detectorId -> take this account away from GuardDuty's administrator[ (detector {0})]
guardduty:DisassociateFromAdministratorAccount detectorId -> take this account away from GuardDuty's administrator[ (detector {0})]
guardduty:DisassociateMembers accountIds -> take the member accounts {0} away from GuardDuty
guardduty:DeleteMembers accountIds -> remove the member accounts {0} from GuardDuty
guardduty:DeleteInvitations accountIds -> delete the GuardDuty invitations of {0}
guardduty:StopMonitoringMembers accountIds -> stop GuardDuty watching the member accounts {0}
guardduty:DeletePublishingDestination destinationId -> delete GuardDuty's publishing destination {0}
guardduty:CreateIPSet name -> add the trusted IP list {0} to GuardDuty[ from {location}]
guardduty:UpdateIPSet ipSetId -> change the trusted IP list {0}[ to {location}]
guardduty:CreateFilter name -> create the GuardDuty filter {0}
guardduty:UpdateFilter filterName -> change the GuardDuty filter {0}
guardduty:ArchiveFindings findingIds -> archive the GuardDuty findings {0}
securityhub:DisableSecurityHub -> disable Security Hub
securityhub:BatchDisableStandards StandardsSubscriptionArns -> disable the Security Hub standards {0}
securityhub:DeleteMembers AccountIds -> remove the member accounts {0} from Security Hub
securityhub:BatchUpdateFindings -> change Security Hub findings[ to {workflow.status}]
macie2:DisableMacie -> disable Macie
inspector2:Disable -> disable Inspector
inspector2:Enable -> enable Inspector
detective:DeleteGraph GraphArn -> delete Detective's behaviour graph {0}
access-analyzer:DeleteAnalyzer analyzerName -> delete the access analyzer {0}
logs:DeleteLogGroup logGroupName -> delete the log group {0}
logs:DeleteLogStream logStreamName logGroupName -> delete the log stream {0}[ of {1}]
logs:DeleteSubscriptionFilter filterName logGroupName -> delete the subscription filter {0}[ of the log group {1}]
logs:PutSubscriptionFilter filterName logGroupName -> write the subscription filter {0}[ of the log group {1}]
logs:DeleteMetricFilter filterName logGroupName -> delete the metric filter {0}[ of the log group {1}]
logs:PutRetentionPolicy logGroupName -> set the log group {0} to keep[ {retentionInDays} days of] logs
logs:CreateLogStream logStreamName logGroupName -> create the log stream {0}[ in {1}]
logs:DeleteDestination destinationName -> delete the log destination {0}
monitoring:DeleteAlarms alarmNames -> delete the alarms {0}
monitoring:DisableAlarmActions alarmNames -> silence the alarms {0}
events:DisableRule name -> disable the EventBridge rule {0}
events:DeleteRule name -> delete the EventBridge rule {0}
events:PutRule name -> write the EventBridge rule {0}
events:RemoveTargets rule -> remove targets from the EventBridge rule {0}
ec2:DeleteFlowLogs FlowLogId -> delete the flow logs {0}
route53resolver:DeleteResolverQueryLogConfig resolverQueryLogConfigId -> delete the DNS query log {0}
wafv2:DeleteWebACL name|id -> delete the web ACL {0}
wafv2:DeleteRuleGroup name|id -> delete the WAF rule group {0}
wafv2:DeleteLoggingConfiguration resourceArn -> delete the log of the web ACL {0}
wafv2:DisassociateWebACL resourceArn -> take the web ACL away from {0}
bedrock:DeleteModelInvocationLoggingConfiguration -> switch off Bedrock's invocation log
rds:ModifyActivityStream resourceArn -> change the activity stream of {0}
rds:StopActivityStream resourceArn -> stop the activity stream of {0}

# Identity
iam:CreateUser userName -> create the IAM user {0}
iam:DeleteUser userName -> delete the IAM user {0}
iam:CreateGroup groupName -> create the IAM group {0}
iam:DeleteGroup groupName -> delete the IAM group {0}
iam:AddUserToGroup userName groupName -> add the IAM user {0} to the group {1}
iam:RemoveUserFromGroup userName groupName -> remove the IAM user {0} from the group {1}
iam:CreateRole roleName -> create the role {0}
iam:DeleteRole roleName -> delete the role {0}
iam:CreateServiceLinkedRole aWSServiceName -> create the service-linked role for {0}
iam:UpdateAssumeRolePolicy roleName -> change who may take the role {0}
iam:AttachUserPolicy userName policyArn -> give the IAM user {0} the policy {1}
iam:AttachRolePolicy roleName policyArn -> give the role {0} the policy {1}
iam:AttachGroupPolicy groupName policyArn -> give the IAM group {0} the policy {1}
iam:DetachUserPolicy policyArn userName -> take the policy {0} away from the IAM user {1}
iam:DetachRolePolicy policyArn roleName -> take the policy {0} away from the role {1}
iam:DetachGroupPolicy policyArn groupName -> take the policy {0} away from the IAM group {1}
iam:PutUserPolicy userName -> write the inline policy {policyName} of the IAM user {0}
iam:PutRolePolicy roleName -> write the inline policy {policyName} of the role {0}
iam:PutGroupPolicy groupName -> write the inline policy {policyName} of the IAM group {0}
iam:DeleteUserPolicy userName -> delete the inline policy {policyName} of the IAM user {0}
iam:DeleteRolePolicy roleName -> delete the inline policy {policyName} of the role {0}
iam:DeleteGroupPolicy groupName -> delete the inline policy {policyName} of the IAM group {0}
iam:CreatePolicy policyName -> create the policy {0}
iam:DeletePolicy policyArn -> delete the policy {0}
iam:CreatePolicyVersion policyArn -> write a new version of the policy {0}
iam:DeletePolicyVersion policyArn -> delete the version {versionId} of the policy {0}
iam:SetDefaultPolicyVersion policyArn -> put version {versionId} of the policy {0} in force
iam:PutUserPermissionsBoundary userName -> set the permissions boundary of the IAM user {0}
iam:PutRolePermissionsBoundary roleName -> set the permissions boundary of the role {0}
iam:DeleteUserPermissionsBoundary userName -> remove the permissions boundary of the IAM user {0}
iam:DeleteRolePermissionsBoundary roleName -> remove the permissions boundary of the role {0}
iam:CreateAccessKey userName|>accessKey.userName -> create an access key for the IAM user {0}[ ({>accessKey.accessKeyId})]
iam:UpdateAccessKey userName -> change an access key of the IAM user {0}
iam:DeleteAccessKey userName -> delete the access key {accessKeyId} of the IAM user {0}
iam:CreateLoginProfile userName -> give the IAM user {0} a console password
iam:UpdateLoginProfile userName -> change the console password of the IAM user {0}
iam:DeleteLoginProfile userName -> remove the console password of the IAM user {0}
iam:ChangePassword -> change their own console password
iam:CreateVirtualMFADevice virtualMFADeviceName -> create the MFA device {0}
iam:DeleteVirtualMFADevice serialNumber -> delete the MFA device {0}
iam:EnableMFADevice userName -> give the IAM user {0} the MFA device {serialNumber}
iam:DeactivateMFADevice userName -> remove the MFA device {serialNumber} of the IAM user {0}
iam:UploadSSHPublicKey userName -> add an SSH key to the IAM user {0}
iam:UploadSigningCertificate userName -> add a signing certificate to the IAM user {0}
iam:CreateServiceSpecificCredential userName -> create a credential for {serviceName} for the IAM user {0}
iam:ResetServiceSpecificCredential userName -> reset a credential of the IAM user {0}
iam:AddRoleToInstanceProfile roleName instanceProfileName -> put the role {0} into the instance profile {1}
iam:CreateSAMLProvider name -> create the SAML provider {0}
iam:UpdateSAMLProvider sAMLProviderArn|>sAMLProviderArn -> change the SAML provider {0}
iam:DeleteSAMLProvider sAMLProviderArn -> delete the SAML provider {0}
iam:CreateOpenIDConnectProvider url -> create the OpenID Connect provider {0}
iam:DeleteOpenIDConnectProvider openIDConnectProviderArn -> delete the OpenID Connect provider {0}
iam:UpdateAccountPasswordPolicy -> change the account's password policy
iam:DeleteAccountPasswordPolicy -> delete the account's password policy
iam:GetAccountAuthorizationDetails -> read all users, roles and policies of the account
iam:ListUsers -> list the IAM users
iam:ListRoles -> list the roles
iam:ListAccessKeys userName -> list the access keys[ of the IAM user {0}]
iam:GetUser userName -> read the IAM user[ {0}]
iam:SimulatePrincipalPolicy policySourceArn -> try out what {0} may do
sts:AssumeRole roleArn -> take the role {0}
sts:AssumeRoleWithSAML roleArn -> take the role {0} through SAML
sts:AssumeRoleWithWebIdentity roleArn -> take the role {0} with a web identity
sts:AssumeRoot targetPrincipal -> take the root user's rights in the account {0}
sts:GetFederationToken name -> issue itself a federation token named {0}
sts:GetSessionToken -> get session credentials
sts:GetCallerIdentity -> ask who they are
signin:GetSigninToken -> turn API credentials into a console session
sso:CreateAccountAssignment principalId targetId -> give {principalType} {0} access to the account {1}
sso:AttachManagedPolicyToPermissionSet permissionSetArn managedPolicyArn -> give the permission set {0} the policy {1}
sso:PutInlinePolicyToPermissionSet permissionSetArn -> write the inline policy of the permission set {0}
sso:UpdatePermissionSet permissionSetArn -> change the permission set {0}
sso:CreatePermissionSet name -> create the permission set {0}
sso:UpdateSsoConfiguration instanceArn -> change IAM Identity Center's configuration {0}
sso-directory:CreateUser >user.userId -> create a user in IAM Identity Center[ ({0})]
sso-directory:CreateGroup displayName -> create the IAM Identity Center group {0}
sso-directory:AddMemberToGroup member.memberId groupId -> add the user {0} to the IAM Identity Center group {1}
rolesanywhere:CreateTrustAnchor name -> create the IAM Roles Anywhere trust anchor {0}
rolesanywhere:CreateProfile name -> create the IAM Roles Anywhere profile {0}
eks:CreateAccessEntry principalArn name -> give {0} access to the EKS cluster {1}
eks:UpdateAccessEntry principalArn name -> change the access of {0} to the EKS cluster {1}
eks:AssociateAccessPolicy principalArn name -> give {0} the policy {policyArn} on the EKS cluster {1}

# Secrets and keys
secretsmanager:GetSecretValue secretId -> read the secret {0}
secretsmanager:BatchGetSecretValue secretIdList -> read several secrets at once[: {0}]
secretsmanager:ListSecrets -> list the secrets
secretsmanager:DescribeSecret secretId -> look at the secret {0}
secretsmanager:CreateSecret name -> create the secret {0}
secretsmanager:DeleteSecret secretId -> delete the secret {0}
secretsmanager:PutSecretValue secretId -> write a new value of the secret {0}
secretsmanager:UpdateSecret secretId -> change the secret {0}
secretsmanager:PutResourcePolicy secretId -> change who may read the secret {0}
ssm:GetParameter name -> read the parameter {0}
ssm:GetParameters names -> read the parameters {0}
ssm:GetParametersByPath path -> read all parameters under {0}
ssm:GetParameterHistory name -> read the history of the parameter {0}
ssm:PutParameter name -> write the parameter {0}
ssm:DeleteParameter name -> delete the parameter {0}
ssm:DeleteParameters names -> delete the parameters {0}
kms:ScheduleKeyDeletion keyId -> schedule the KMS key {0} to be deleted[ in {pendingWindowInDays} days]
kms:DisableKey keyId -> disable the KMS key {0}
kms:EnableKey keyId -> enable the KMS key {0}
kms:DisableKeyRotation keyId -> switch off the rotation of the KMS key {0}
kms:PutKeyPolicy keyId -> change who may use the KMS key {0}
kms:CreateKey >keyMetadata.keyId -> create the KMS key {0}
kms:CreateGrant keyId -> grant {granteePrincipal} the use of the KMS key {0}
kms:ImportKeyMaterial keyId -> import key material into the KMS key {0}
kms:DeleteImportedKeyMaterial keyId -> delete the key material of the KMS key {0}
kms:ReEncrypt destinationKeyId -> encrypt again with the KMS key {0}
kms:Decrypt keyId|encryptionContext -> decrypt with the KMS key {0}
acm:ExportCertificate certificateArn -> export the certificate {0} with its private key

# Instances and what runs on them
ec2:StartInstances instancesSet.instanceId -> start the instances {0}
ec2:StopInstances instancesSet.instanceId -> stop the instances {0}
ec2:RebootInstances instancesSet.instanceId -> reboot the instances {0}
ec2:TerminateInstances instancesSet.instanceId -> terminate the instances {0}
ec2:GetPasswordData instanceId -> ask for the Windows administrator password of {0}
ec2:GetConsoleScreenshot instanceId -> take a screenshot of the instance {0}
ec2:DescribeInstanceAttribute instanceId -> read the attribute {attribute} of the instance {0}
ec2:DescribeInstances instancesSet.instanceId -> look at the instances[ {0}]
ec2:ModifyInstanceMetadataOptions instanceId -> change the metadata options of {0}
ec2:AssociateIamInstanceProfile InstanceId -> give the instance {0} the role profile {IamInstanceProfile.Name}
ec2:ReplaceIamInstanceProfileAssociation associationId -> give an instance another role profile[: {IamInstanceProfile.Name}][ ({0})]
ec2:EnableSerialConsoleAccess -> enable the serial console for all instances
ec2:CreateKeyPair keyName -> create the SSH key pair {0}
ec2:ImportKeyPair keyName -> import the SSH key pair {0}
ec2:RunInstances >instancesSet.instanceId|instancesSet.imageId -> start {0}
ec2:ModifyInstanceAttribute instanceId -> change the instance {0}
ec2:CreateImage instanceId >imageId -> make an image of the instance {0}[: {1}]
ec2:DeregisterImage imageId -> delete the image {0}
ec2:CreateLaunchTemplate LaunchTemplateName -> create the launch template {0}
ec2-instance-connect:SendSSHPublicKey instanceId -> push an SSH key to the instance {0}[ for the user {instanceOSUser}]
ec2-instance-connect:SendSerialConsoleSSHPublicKey instanceId -> push an SSH key to the serial console of {0}
ssm:StartSession target -> open a session on {0}
ssm:ResumeSession sessionId -> resume the session {0}
ssm:TerminateSession sessionId -> end the session {0}
ssm:SendCommand instanceIds|targets.values -> run {documentName} on {0}
ssm:StartAutomationExecution documentName -> start the automation {0}
ssm:GetCommandInvocation instanceId -> read the output of a command on {0}
ssm:ModifyDocumentPermission name -> share the document {0}[ with {accountIdsToAdd}]
lambda:CreateFunction functionName -> create the function {0}
lambda:UpdateFunctionCode functionName -> change the code of the function {0}
lambda:UpdateFunctionConfiguration functionName -> change the settings of the function {0}
lambda:DeleteFunction functionName -> delete the function {0}
lambda:CreateFunctionUrlConfig functionName -> give the function {0} a public address
lambda:UpdateFunctionUrlConfig functionName -> change the public address of the function {0}
lambda:AddPermission functionName -> add a permission to the function {0}
lambda:AddLayerVersionPermission layerName -> share the layer {0}[ with {principal}]
lambda:RemovePermission functionName -> remove a permission from the function {0}
lambda:PutFunctionConcurrency functionName -> limit the function {0} to {reservedConcurrentExecutions} at a time
lambda:CreateEventSourceMapping functionName -> feed the function {0} from {eventSourceArn}
lambda:GetFunction functionName -> read the code of the function {0}
ecs:ExecuteCommand container task -> run a command in the container {0} of the task {1}[ in the cluster {cluster}]
ecs:RegisterTaskDefinition family -> register the task definition {0}
eks:CreateCluster name -> create the EKS cluster {0}
eks:DeleteCluster name -> delete the EKS cluster {0}
eks:UpdateClusterConfig name -> change the EKS cluster {0}
ecs:CreateCluster clusterName -> create the ECS cluster {0}
ecs:CreateService serviceName -> create the ECS service {0}
bedrock:InvokeModel modelId -> invoke the model {0}
bedrock:PutFoundationModelEntitlement modelId -> open the model {0} for the account
bedrock:CreateFoundationModelAgreement modelId -> accept the terms of the model {0}
bedrock:PutUseCaseForModelAccess -> ask for access to AI models
servicequotas:GetServiceQuota quotaCode -> read the quota {0}[ of {serviceCode}]
servicequotas:RequestServiceQuotaIncrease quotaCode -> ask for a higher quota[ {0}][ of {serviceCode}][: {desiredValue}]

# Data
s3:CreateBucket bucketName -> create the S3 bucket {0}
s3:PutBucketPolicy bucketName -> set the policy of the S3 bucket {0}
s3:PutBucketAcl bucketName -> set the ACL of the S3 bucket {0}
s3:PutObjectAcl bucketName key -> set the ACL of {0}/{1}
s3:PutBucketPublicAccessBlock bucketName -> block public access to the S3 bucket {0}
s3:PutBucketVersioning bucketName -> change the versioning of the S3 bucket {0}
s3:DeleteBucket bucketName -> delete the S3 bucket {0}
s3:DeleteBucketPolicy bucketName -> delete the policy of the S3 bucket {0}
s3:PutBucketEncryption bucketName -> set the encryption of the S3 bucket {0}
s3:DeleteBucketEncryption bucketName -> remove the encryption of the S3 bucket {0}
s3:PutBucketLifecycle bucketName -> set when the S3 bucket {0} deletes its objects
s3:PutBucketReplication bucketName -> set the replication of the S3 bucket {0}
s3:PutBucketLogging bucketName -> change the access log of the S3 bucket {0}
s3:PutBucketCors bucketName -> set which websites may use the S3 bucket {0}
s3:PutBucketWebsite bucketName -> turn the S3 bucket {0} into a website
s3:DeleteBucketPublicAccessBlock bucketName -> remove the block of public access from the S3 bucket {0}
s3:DeleteAccountPublicAccessBlock -> remove the block of public access from all S3 buckets of the account
s3:ListBuckets -> list the S3 buckets
s3:GetObject bucketName key -> read {0}/{1}
s3:DeleteObject bucketName key -> delete {0}/{1}
rds:CreateDBInstance dBInstanceIdentifier -> create the database {0}
rds:CreateDBInstanceReadReplica dBInstanceIdentifier sourceDBInstanceIdentifier -> create the read replica {0}[ of the database {1}]
rds:ModifyDBInstance dBInstanceIdentifier -> change the database {0}
rds:ModifyDBCluster dBClusterIdentifier -> change the database cluster {0}
rds:ModifyDBSnapshotAttribute dBSnapshotIdentifier -> change who may use the database snapshot {0}
rds:ModifyDBClusterSnapshotAttribute dBClusterSnapshotIdentifier -> change who may use the database snapshot {0}
rds:RestoreDBInstanceToPointInTime targetDBInstanceIdentifier sourceDBInstanceIdentifier -> restore the database {0}[ from {1}] to an earlier moment
rds:DeleteDBInstance dBInstanceIdentifier -> delete the database {0}
rds:DeleteDBCluster dBClusterIdentifier -> delete the database cluster {0}
rds:DeleteGlobalCluster globalClusterIdentifier -> delete the global database {0}
rds:CreateDBSnapshot dBSnapshotIdentifier dBInstanceIdentifier -> make the snapshot {0} of the database {1}
rds:DeleteDBSnapshot dBSnapshotIdentifier -> delete the database snapshot {0}
rds:DeleteDBClusterSnapshot dBClusterSnapshotIdentifier -> delete the database snapshot {0}
rds:RestoreDBInstanceFromDBSnapshot dBInstanceIdentifier dBSnapshotIdentifier -> restore the database {0} from the snapshot {1}
rds:StartExportTask sourceArn -> export {0} to the S3 bucket {s3BucketName}
rds:AuthorizeDBSecurityGroupIngress dBSecurityGroupName -> let[ {cIDRIP}] into the database security group {0}
rds:CreateDBSecurityGroup dBSecurityGroupName -> create the database security group {0}
ec2:CreateSnapshot volumeId >snapshotId -> make a snapshot of the volume {0}[: {1}]
ec2:ModifySnapshotAttribute snapshotId -> change who may use the snapshot {0}
ec2:ModifyImageAttribute imageId -> change the image {0}
ec2:DeleteSnapshot snapshotId -> delete the snapshot {0}
ec2:CreateVolume >volumeId -> create the volume {0}[ from {snapshotId}]
ec2:AttachVolume volumeId instanceId -> attach the volume {0} to {1}
ec2:DeleteVolume volumeId -> delete the volume {0}
ec2:SharedSnapshotVolumeCreated -> report a volume made from a snapshot of yours
ec2:DisableEbsEncryptionByDefault -> switch off the encryption of new volumes
ec2:DisableSnapshotBlockPublicAccess -> remove the block of public snapshots
ec2:DisableImageBlockPublicAccess -> remove the block of public images
ec2:CreateInstanceExportTask instanceId -> export the instance {0}[ to the S3 bucket {exportToS3.s3Bucket}]
dynamodb:DeleteTable tableName -> delete the table {0}
dynamodb:UpdateTable tableName -> change the table {0}
dynamodb:ExportTableToPointInTime tableArn -> export the table {0}
backup:DeleteRecoveryPoint recoveryPointArn backupVaultName -> delete the recovery point {0}[ of the vault {1}]
backup:DeleteBackupVault backupVaultName -> delete the backup vault {0}
elasticfilesystem:DeleteFileSystem fileSystemId -> delete the file system {0}
elasticfilesystem:DeleteMountTarget mountTargetId -> delete the mount target {0}
dynamodb:UpdateTimeToLive tableName -> set when the table {0} deletes its items
ecr:GetAuthorizationToken -> get a login token for ECR
ecr:SetRepositoryPolicy repositoryName -> change who may use the repository {0}
sns:SetTopicAttributes topicArn -> change {attributeName} of the topic {0}
sqs:SetQueueAttributes queueUrl -> change the queue {0}
sqs:PurgeQueue queueUrl -> empty the queue {0}
sqs:DeleteQueue queueUrl -> delete the queue {0}
glacier:SetVaultAccessPolicy vaultName -> change who may use the vault {0}
ses:VerifyEmailIdentity emailAddress -> add the sender {0}
ses:CreateEmailIdentity emailIdentity -> add the sender {0}
ses:DeleteIdentity identity -> delete the sender {0}
ses:SendEmail source|fromEmailAddress -> send an e-mail[ from {0}]
ses:UpdateAccountSendingEnabled -> change whether the account may send mail

# Networks
ec2:CreateSecurityGroup groupName >groupId -> create the security group {0}[ ({1})]
ec2:AuthorizeSecurityGroupIngress groupId|groupName -> add an inbound rule to the security group {0}
ec2:AuthorizeSecurityGroupEgress groupId|groupName -> add an outbound rule to the security group {0}
ec2:RevokeSecurityGroupIngress groupId|groupName -> remove an inbound rule from the security group {0}
ec2:RevokeSecurityGroupEgress groupId|groupName -> remove an outbound rule from the security group {0}
ec2:DeleteSecurityGroup groupId|groupName -> delete the security group {0}
ec2:ModifySecurityGroupRules GroupId -> change rules of the security group {0}
ec2:DeleteNetworkAcl networkAclId -> delete the network ACL {0}
ec2:CreateNetworkAcl >networkAcl.networkAclId -> create the network ACL {0}
ec2:CreateNetworkAclEntry networkAclId -> add a rule to the network ACL {0}
ec2:ReplaceNetworkAclEntry networkAclId -> replace a rule of the network ACL {0}
ec2:DeleteNetworkAclEntry networkAclId -> delete rule {ruleNumber} of the network ACL {0}
ec2:CreateRouteTable >routeTable.routeTableId -> create the route table {0}
ec2:DeleteRouteTable routeTableId -> delete the route table {0}
ec2:CreateRoute routeTableId -> add a route to {0}
ec2:ReplaceRoute routeTableId -> replace a route of {0}
ec2:DeleteTransitGatewayVpcAttachment TransitGatewayAttachmentId -> take a VPC away from its transit gateway (attachment {0})
ec2:DeleteRoute routeTableId -> delete the route to {destinationCidrBlock} from {0}
ec2:CreateVpc >vpc.vpcId -> create the VPC {0}[ ({cidrBlock})]
ec2:CreateDefaultVpc >CreateDefaultVpcResponse.vpc.vpcId -> create the default VPC {0}
ec2:DeleteVpc vpcId -> delete the VPC {0}
ec2:DeleteSubnet subnetId -> delete the subnet {0}
ec2:CreateInternetGateway >internetGateway.internetGatewayId -> create the internet gateway {0}
ec2:AttachInternetGateway internetGatewayId vpcId -> attach the internet gateway {0} to the VPC {1}
ec2:DetachInternetGateway internetGatewayId vpcId -> detach the internet gateway {0} from the VPC {1}
ec2:DeleteInternetGateway internetGatewayId -> delete the internet gateway {0}
ec2:CreateVpcPeeringConnection vpcId -> ask to join the VPC {0} with {peerVpcId}[ of the account {peerOwnerId}]
ec2:AcceptVpcPeeringConnection vpcPeeringConnectionId -> accept the VPC peering {0}
ec2:CreateTrafficMirrorSession NetworkInterfaceId -> mirror the traffic of {0}
ec2:CreateTrafficMirrorTarget NetworkInterfaceId -> create a target for mirrored traffic[: {0}]
ec2:CreateTrafficMirrorFilter -> create a filter for mirrored traffic
ec2:CreateTags resourcesSet.resourceId -> add tags to {0}
ec2:DeleteTags resourcesSet.resourceId -> remove tags from {0}
elasticloadbalancing:SetSecurityGroups loadBalancerArn -> replace the security groups of the load balancer {0}
elasticloadbalancing:AddTags resourceArns -> add tags to {0}
cloudfront:CreateDistribution >distribution.id -> create the CloudFront distribution {0}
cloudfront:UpdateDistribution id -> change the CloudFront distribution {0}
ec2:AuthorizeClientVpnIngress ClientVpnEndpointId -> let clients of the VPN {0} into {TargetNetworkCidr}
route53:DeleteHostedZone id -> delete the DNS zone {0}
route53:CreateHostedZone name -> create the DNS zone {0}
route53:ChangeResourceRecordSets hostedZoneId -> change records of the DNS zone {0}
route53domains:DisableDomainTransferLock domainName -> unlock the domain {0} for transfer
route53domains:RetrieveDomainAuthCode domainName -> read the code that transfers the domain {0} away
route53domains:TransferDomainToAnotherAwsAccount domainName -> hand the domain {0} to another account

# Organization and account
organizations:LeaveOrganization -> take this account out of its organization
organizations:DeleteOrganization -> delete the organization
organizations:RemoveAccountFromOrganization accountId -> remove the account {0} from the organization
organizations:InviteAccountToOrganization target.id -> invite {0} to the organization
organizations:AttachPolicy policyId targetId -> apply the policy {0} to {1}
organizations:DetachPolicy policyId targetId -> take the policy {0} away from {1}
organizations:UpdatePolicy policyId -> change the organization's policy {0}
organizations:AcceptHandshake handshakeId -> accept an invitation[ ({0})] to an organization
organizations:CreateAccount accountName -> create the account {0}
organizations:CloseAccount accountId -> close the account {0}
organizations:MoveAccount accountId destinationParentId -> move the account {0} to {1}
organizations:RegisterDelegatedAdministrator accountId -> give the account {0} power over {servicePrincipal} in the organization
organizations:EnableAWSServiceAccess servicePrincipal -> let {0} into the organization
account:EnableRegion regionName -> enable the region {0}
account:DisableRegion regionName -> disable the region {0}
account:PutAlternateContact -> set the account's alternate contact[ for {alternateContactType}]
account:DeleteAlternateContact -> delete the account's alternate contact[ for {alternateContactType}]
account:PutContactInformation -> change the account's contact details
account:StartPrimaryEmailUpdate accountId -> begin to change the root user's e-mail address[ of the account {0}]
account:AcceptPrimaryEmailUpdate accountId -> change the root user's e-mail address[ of the account {0}]
cloudshell:CreateEnvironment -> create a CloudShell environment
cloudshell:CreateSession -> open a CloudShell session
account:CloseAccount -> close the account
ram:CreateResourceShare name -> share resources as {0}[ with {principals}]
support:CreateCase >caseId -> open a support case[: {0}]
signin:PasswordRecoveryRequested -> ask for a new root password by e-mail
signin:PasswordRecoveryCompleted -> set a new root password by e-mail
signin:PasswordUpdated -> change the root password
signin:EmailUpdated -> change the root user's e-mail address
signin:SwitchRole +SwitchTo|>SwitchRole -> switch to the role {0}
"""
