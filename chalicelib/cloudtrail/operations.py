"""What operations do: the targets of each as fields of its record, and a phrase about them.

A line of the table is `service:Operation path … -> phrase`: the service as eventSource begins, the
operation without its version, the paths of its targets: the thing's own names. After them, each
behind a `~`, stand the second parties of the verb: who is given the thing or loses it, what it is
put into or taken from, a copy of it. A path leads into requestParameters, `>path` into
responseElements, `+path` into additionalEventData, `!path` into serviceEventDetails, `#` to the
ARNs of the record's resources; `a|b` is the first that is there, `a/b` one name of two, `%path` an
address to be decoded, `^path` the region of an ARN where it is another than the record's. A phrase
begins with its verb in the base form. `{0}` is the first of the names, `{1}` the second; `{path}`
is said but is no target; `[…]` is left out where something in it is missing.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


class Operation(NamedTuple):
    """What the table says of an operation: the paths of what it names, and its phrase."""

    targets: tuple[str, ...]
    second_parties: tuple[str, ...]
    phrase: str

    def path(self, placeholder: str) -> str:
        """The path that stands for a placeholder: `{0}` and the like are names."""
        names = self.targets + self.second_parties
        return names[int(placeholder)] if placeholder.isdecimal() else placeholder


@lru_cache(maxsize=256)
def operation(name: str) -> Operation | None:
    """What the table says of `service:Operation`; only its line is read."""
    line = _lines().get(name)
    return _read(line) if line else None


def operations() -> dict[str, Operation]:
    """The whole table by `service:Operation`."""
    return {name: _read(line) for name, line in _lines().items()}


@cache
def _lines() -> dict[str, str]:
    return {line.partition(" ")[0]: line for line in OPERATIONS.splitlines() if " -> " in line}


def _read(line: str) -> Operation:
    fields, _, phrase = line.partition(" -> ")
    paths = fields.split()[1:]
    targets = tuple(path for path in paths if path[0] != "~")
    return Operation(targets, tuple(path[1:] for path in paths if path[0] == "~"), phrase)


# One text: as a dict of tuples it took three times as long to import.
OPERATIONS = """
# Trails, recorders, detectors
cloudtrail:StopLogging name -> stop the trail {0} from recording
cloudtrail:StartLogging name -> start the trail {0} recording
cloudtrail:DeleteTrail name -> delete the trail {0}
cloudtrail:CreateTrail name ~s3BucketName -> create the trail {0}[ into the bucket {1}]
cloudtrail:UpdateTrail name|>name ~s3BucketName -> change the trail {0}[ to write into the bucket {1}]
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
config:PutDeliveryChannel deliveryChannel.name ~deliveryChannel.s3BucketName -> set up AWS Config's delivery channel {0}[ into the bucket {1}]
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
macie2:DisassociateFromAdministratorAccount -> take this account away from Macie's administrator
macie2:DisassociateFromMasterAccount -> take this account away from Macie's administrator
securityhub:DisassociateFromAdministratorAccount -> take this account away from Security Hub's administrator
securityhub:DisassociateFromMasterAccount -> take this account away from Security Hub's administrator
macie2:DisableMacie -> disable Macie
inspector2:Disable -> disable Inspector
inspector2:Enable -> enable Inspector
detective:DeleteGraph GraphArn -> delete Detective's behaviour graph {0}
access-analyzer:DeleteAnalyzer analyzerName -> delete the access analyzer {0}
logs:DeleteLogGroup logGroupName -> delete the log group {0}
logs:DeleteLogStream logStreamName ~logGroupName -> delete the log stream {0}[ of {1}]
logs:DeleteSubscriptionFilter filterName ~logGroupName -> delete the subscription filter {0}[ of the log group {1}]
logs:PutSubscriptionFilter filterName ~logGroupName ~destinationArn -> write the subscription filter {0}[ of the log group {1}][ to {2}]
logs:DeleteMetricFilter filterName ~logGroupName -> delete the metric filter {0}[ of the log group {1}]
logs:PutRetentionPolicy logGroupName -> set the log group {0} to keep[ {retentionInDays} days of] logs
logs:CreateLogStream logStreamName ~logGroupName -> create the log stream {0}[ in {1}]
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
logs:CreateExportTask logGroupName ~destination -> export the log group {0}[ to the S3 bucket {1}]
guardduty:CreatePublishingDestination detectorId ~destinationProperties.destinationArn -> send the findings of the GuardDuty detector {0}[ to {1}]

# Identity
iam:CreateUser userName -> create the IAM user {0}
iam:DeleteUser userName -> delete the IAM user {0}
iam:CreateGroup groupName -> create the IAM group {0}
iam:DeleteGroup groupName -> delete the IAM group {0}
iam:AddUserToGroup userName ~groupName -> add the IAM user {0} to the group {1}
iam:RemoveUserFromGroup userName ~groupName -> remove the IAM user {0} from the group {1}
iam:CreateRole roleName -> create the role {0}
iam:DeleteRole roleName -> delete the role {0}
iam:CreateServiceLinkedRole aWSServiceName -> create the service-linked role for {0}
iam:UpdateAssumeRolePolicy roleName -> change who may take the role {0}
iam:AttachUserPolicy policyArn ~userName -> give the IAM user {1} the policy {0}
iam:AttachRolePolicy policyArn ~roleName -> give the role {1} the policy {0}
iam:AttachGroupPolicy policyArn ~groupName -> give the IAM group {1} the policy {0}
iam:DetachUserPolicy policyArn ~userName -> take the policy {0} away from the IAM user {1}
iam:DetachRolePolicy policyArn ~roleName -> take the policy {0} away from the role {1}
iam:DetachGroupPolicy policyArn ~groupName -> take the policy {0} away from the IAM group {1}
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
iam:AddRoleToInstanceProfile roleName ~instanceProfileName -> put the role {0} into the instance profile {1}
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
sts:GetFederationToken name -> issue a federation token named {0}
sts:GetSessionToken -> get session credentials
sts:GetCallerIdentity -> ask who they are
signin:GetSigninToken -> turn API credentials into a console session
sso:CreateAccountAssignment principalId ~targetId -> give {principalType} {0} access to the account {1}
sso:AttachManagedPolicyToPermissionSet managedPolicyArn ~permissionSetArn -> give the permission set {1} the policy {0}
sso:PutInlinePolicyToPermissionSet permissionSetArn -> write the inline policy of the permission set {0}
sso:UpdatePermissionSet permissionSetArn -> change the permission set {0}
sso:CreatePermissionSet name -> create the permission set {0}
sso:UpdateSsoConfiguration instanceArn -> change IAM Identity Center's configuration {0}
sso-directory:CreateUser >user.userId -> create a user in IAM Identity Center[ ({0})]
sso-directory:CreateGroup displayName -> create the IAM Identity Center group {0}
sso-directory:AddMemberToGroup member.memberId ~groupId -> add the user {0} to the IAM Identity Center group {1}
rolesanywhere:CreateTrustAnchor name -> create the IAM Roles Anywhere trust anchor {0}
rolesanywhere:CreateProfile name -> create the IAM Roles Anywhere profile {0}
eks:CreateAccessEntry principalArn ~name -> give {0} access to the EKS cluster {1}
eks:UpdateAccessEntry principalArn ~name -> change the access of {0} to the EKS cluster {1}
eks:AssociateAccessPolicy policyArn ~principalArn ~name -> give {1} the policy {0} on the EKS cluster {2}
iam:RemoveRoleFromInstanceProfile roleName ~instanceProfileName -> take the role {0} out of the instance profile {1}
iam:DeleteSSHPublicKey userName -> delete an SSH key of the IAM user {0}
iam:UpdateSSHPublicKey userName -> change an SSH key of the IAM user {0}
iam:DeleteSigningCertificate userName -> delete a signing certificate of the IAM user {0}
iam:UpdateSigningCertificate userName -> change a signing certificate of the IAM user {0}
iam:DeleteServiceSpecificCredential userName -> delete a credential of the IAM user {0}
iam:UpdateServiceSpecificCredential userName -> change a credential of the IAM user {0}
iam:ResyncMFADevice userName -> synchronize the MFA device {serialNumber} of the IAM user {0}
iam:GetLoginProfile userName -> look at the console password of the IAM user {0}
iam:ListMFADevices userName -> list the MFA devices[ of the IAM user {0}]
iam:UpdateUser userName -> change the IAM user {0}[ to {newUserName}]
iam:GetAccessKeyLastUsed accessKeyId -> look up when the access key {0} was last used
sts:DecodeAuthorizationMessage -> decode the message of a refusal
sso:DeleteAccountAssignment principalId ~targetId -> take away the access of {0} to the account {1}
sso:DetachManagedPolicyFromPermissionSet managedPolicyArn ~permissionSetArn -> take the policy {0} away from the permission set {1}
sso:DetachCustomerManagedPolicyReferenceFromPermissionSet customerManagedPolicyReference.name ~permissionSetArn -> take the policy {0} away from the permission set {1}
sso:AttachCustomerManagedPolicyReferenceToPermissionSet customerManagedPolicyReference.name ~permissionSetArn -> give the permission set {1} the policy {0}
sso:ProvisionPermissionSet permissionSetArn ~targetId -> roll out the permission set {0}[ to the account {1}]
sso:Authenticate -> sign in to IAM Identity Center
sso:Federate !account_id -> sign in to the account {0}[ as {!role_name}]
sso-directory:RemoveMemberFromGroup member.memberId ~groupId -> remove the user {0} from the IAM Identity Center group {1}
signin:CredentialVerification -> verify a credential
signin:CredentialChallenge -> be asked for a credential
signin:UserAuthentication -> authenticate
signin:Logout -> sign out
signin:IntrospectOAuth2TokenWithIAM -> look into an OAuth2 token
signin:ExitRole -> leave a role
signin:RenewRole -> renew a role
signin:CheckMfa -> pass the MFA check

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
kms:CreateGrant keyId ~granteePrincipal -> grant[ {1}] the use of the KMS key {0}
kms:ImportKeyMaterial keyId -> import key material into the KMS key {0}
kms:DeleteImportedKeyMaterial keyId -> delete the key material of the KMS key {0}
kms:ReEncrypt destinationKeyId|# ~sourceKeyId -> encrypt again with the KMS key {0}[ what the key {1} encrypted]
kms:Decrypt keyId|# -> decrypt with the KMS key {0}
acm:ExportCertificate certificateArn -> export the certificate {0} with its private key
kms:CancelKeyDeletion keyId -> keep the KMS key {0} from being deleted
kms:EnableKeyRotation keyId -> switch on the rotation of the KMS key {0}
kms:RotateKeyOnDemand keyId -> rotate the KMS key {0}
kms:RetireGrant keyId|# -> retire a grant of the KMS key {0}
kms:RevokeGrant keyId -> revoke a grant of the KMS key {0}
kms:ListGrants keyId -> list the grants of the KMS key {0}
kms:CreateAlias aliasName ~targetKeyId -> create the KMS alias {0}[ for the key {1}]
kms:UpdateAlias aliasName ~targetKeyId -> point the KMS alias {0} to another key[ ({1})]
kms:DeleteAlias aliasName -> delete the KMS alias {0}
kms:DescribeKey keyId -> look at the KMS key {0}
kms:GetKeyPolicy keyId -> read who may use the KMS key {0}
kms:GetPublicKey keyId -> read the public part of the KMS key {0}
kms:UpdateKeyDescription keyId -> change the description of the KMS key {0}
kms:ReplicateKey keyId ~replicaRegion -> replicate the KMS key {0}[ to {1}]
kms:UpdatePrimaryRegion keyId ~primaryRegion -> move the primary of the KMS key {0}[ to {1}]
kms:Encrypt keyId|# -> encrypt with the KMS key {0}
kms:GenerateDataKey keyId|# -> generate a data key with the KMS key {0}
kms:GenerateDataKeyWithoutPlaintext keyId|# -> generate an encrypted data key with the KMS key {0}
kms:GenerateDataKeyPair keyId|# -> generate a pair of data keys with the KMS key {0}
kms:GenerateDataKeyPairWithoutPlaintext keyId|# -> generate an encrypted pair of data keys with the KMS key {0}
kms:GenerateMac keyId|# -> make a MAC with the KMS key {0}
kms:VerifyMac keyId|# -> verify a MAC with the KMS key {0}
kms:Sign keyId|# -> sign with the KMS key {0}
kms:Verify keyId|# -> verify a signature with the KMS key {0}
kms:DeriveSharedSecret keyId|# -> derive a shared secret with the KMS key {0}
kms:Encapsulate keyId|# -> encapsulate a secret with the KMS key {0}
kms:Decapsulate keyId|# -> decapsulate a secret with the KMS key {0}
kms:GenerateRandom -> generate random bytes in KMS
secretsmanager:ReplicateSecretToRegions secretId ~addReplicaRegions.region -> replicate the secret {0}[ to {1}]
secretsmanager:RemoveRegionsFromReplication secretId ~removeReplicaRegions -> remove the replicas of the secret {0}[ in {1}]

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
ec2:AssociateIamInstanceProfile IamInstanceProfile.Name|IamInstanceProfile.Arn ~InstanceId -> give the instance {1} the role profile {0}
ec2:ReplaceIamInstanceProfileAssociation IamInstanceProfile.Name|IamInstanceProfile.Arn|>ReplaceIamInstanceProfileAssociationResponse.iamInstanceProfileAssociation.iamInstanceProfile.arn ~>ReplaceIamInstanceProfileAssociationResponse.iamInstanceProfileAssociation.instanceId -> give the instance {1} another role profile[: {0}][ (association {AssociationId})]
ec2:EnableSerialConsoleAccess -> enable the serial console for all instances
ec2:CreateKeyPair keyName -> create the SSH key pair {0}
ec2:ImportKeyPair keyName -> import the SSH key pair {0}
ec2:RunInstances >instancesSet.instanceId|instancesSet.imageId -> start {0}
ec2:ModifyInstanceAttribute instanceId -> change the instance {0}
ec2:CreateImage instanceId ~>imageId -> make an image of the instance {0}[: {1}]
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
ssm:ModifyDocumentPermission name ~accountIdsToAdd -> change who may use the document {0}[ by adding {1}]
sqs:AddPermission queueUrl ~aWSAccountIds|aWSAccountId -> change who may use the queue {0}[ by adding {1}]
sns:AddPermission topicArn ~aWSAccountId|aWSAccountIds -> change who may use the topic {0}[ by adding {1}]
sqs:RemovePermission queueUrl -> remove the permission {label} of the queue {0}
sns:RemovePermission topicArn -> remove the permission {label} of the topic {0}
lambda:CreateFunction functionName -> create the function {0}
lambda:UpdateFunctionCode functionName -> change the code of the function {0}
lambda:UpdateFunctionConfiguration functionName ~layers -> change the settings of the function {0}[ and its layers to {1}]
lambda:DeleteFunction functionName -> delete the function {0}
lambda:CreateFunctionUrlConfig functionName -> give the function {0} a public address
lambda:UpdateFunctionUrlConfig functionName -> change the public address of the function {0}
lambda:AddPermission functionName -> add a permission to the function {0}
lambda:AddLayerVersionPermission layerName ~principal -> share the layer {0}[ with {1}]
lambda:RemovePermission functionName -> remove a permission from the function {0}
lambda:PutFunctionConcurrency functionName -> limit the function {0} to {reservedConcurrentExecutions} at a time
lambda:CreateEventSourceMapping functionName ~eventSourceArn -> feed the function {0} from {1}
lambda:GetFunction functionName -> read the code of the function {0}
ecs:ExecuteCommand container ~task -> run a command in the container {0} of the task {1}[ in the cluster {cluster}]
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
servicequotas:RequestServiceQuotaIncrease quotaCode -> ask for a raise of the quota {0}[ of the service {serviceCode}][ to {desiredValue}]
lambda:Invoke functionName -> invoke the function {0}
lambda:InvokeWithResponseStream functionName -> invoke the function {0}
lambda:InvokeAsync functionName -> invoke the function {0}

# Data
s3:CreateBucket bucketName -> create the S3 bucket {0}
s3:PutBucketPolicy bucketName -> set the policy of the S3 bucket {0}
s3:PutBucketAcl bucketName -> set the ACL of the S3 bucket {0}
s3:PutObjectAcl bucketName/key -> set the ACL of {0}
s3:PutBucketPublicAccessBlock bucketName -> block public access to the S3 bucket {0}
s3:PutBucketVersioning bucketName -> change the versioning of the S3 bucket {0}
s3:DeleteBucket bucketName -> delete the S3 bucket {0}
s3:DeleteBucketPolicy bucketName -> delete the policy of the S3 bucket {0}
s3:PutBucketEncryption bucketName -> set the encryption of the S3 bucket {0}
s3:DeleteBucketEncryption bucketName -> remove the encryption of the S3 bucket {0}
s3:PutBucketLifecycle bucketName -> set when the S3 bucket {0} deletes its objects
s3:PutBucketReplication bucketName ~ReplicationConfiguration.Rule.Destination.Bucket -> set the replication of the S3 bucket {0}[ to {1}]
s3:PutBucketLogging bucketName ~BucketLoggingStatus.LoggingEnabled.TargetBucket -> change the access log of the S3 bucket {0}[ to write into {1}]
s3:PutBucketCors bucketName -> set which websites may use the S3 bucket {0}
s3:PutBucketWebsite bucketName -> turn the S3 bucket {0} into a website
s3:DeleteBucketPublicAccessBlock bucketName -> remove the block of public access from the S3 bucket {0}
s3:DeleteAccountPublicAccessBlock -> remove the block of public access from all S3 buckets of the account
s3:ListBuckets -> list the S3 buckets
s3:GetObject bucketName/key -> read {0}
s3:DeleteObject bucketName/key -> delete {0}[ (version {versionId})]
rds:CreateDBInstance dBInstanceIdentifier -> create the database {0}
rds:CreateDBInstanceReadReplica dBInstanceIdentifier ~sourceDBInstanceIdentifier -> create the read replica {0}[ of the database {1}]
rds:ModifyDBInstance dBInstanceIdentifier -> change the database {0}
rds:ModifyDBCluster dBClusterIdentifier -> change the database cluster {0}
rds:ModifyDBSnapshotAttribute dBSnapshotIdentifier -> change who may use the database snapshot {0}
rds:ModifyDBClusterSnapshotAttribute dBClusterSnapshotIdentifier -> change who may use the database snapshot {0}
rds:RestoreDBInstanceToPointInTime targetDBInstanceIdentifier ~sourceDBInstanceIdentifier -> restore the database {0}[ from {1}] to an earlier moment
rds:DeleteDBInstance dBInstanceIdentifier -> delete the database {0}
rds:DeleteDBCluster dBClusterIdentifier -> delete the database cluster {0}
rds:DeleteGlobalCluster globalClusterIdentifier -> delete the global database {0}
rds:CreateDBSnapshot dBSnapshotIdentifier ~dBInstanceIdentifier -> make the snapshot {0} of the database {1}
rds:DeleteDBSnapshot dBSnapshotIdentifier -> delete the database snapshot {0}
rds:DeleteDBClusterSnapshot dBClusterSnapshotIdentifier -> delete the database snapshot {0}
rds:RestoreDBInstanceFromDBSnapshot dBInstanceIdentifier ~dBSnapshotIdentifier -> restore the database {0} from the snapshot {1}
rds:StartExportTask sourceArn ~s3BucketName -> export {0} to the S3 bucket {1}
rds:AuthorizeDBSecurityGroupIngress dBSecurityGroupName ~eC2SecurityGroupName|eC2SecurityGroupId|cIDRIP -> add an inbound rule to the database security group {0}[ ({1})]
rds:CreateDBSecurityGroup dBSecurityGroupName -> create the database security group {0}
ec2:CreateSnapshot volumeId ~>snapshotId -> make a snapshot of the volume {0}[: {1}]
ec2:ModifySnapshotAttribute snapshotId -> change who may use the snapshot {0}
ec2:ModifyImageAttribute imageId -> change the image {0}
ec2:DeleteSnapshot snapshotId -> delete the snapshot {0}
ec2:CreateVolume >volumeId ~snapshotId -> create the volume {0}[ from {1}]
ec2:AttachVolume volumeId ~instanceId -> attach the volume {0} to {1}
ec2:DeleteVolume volumeId -> delete the volume {0}
ec2:SharedSnapshotVolumeCreated !sourceSnapshotId|!snapshotId -> report a volume that another account made of the snapshot {0}
ec2:SharedSnapshotCopyInitiated !sourceSnapshotId|!snapshotId -> report a copy that another account makes of the snapshot {0}
ec2:DisableEbsEncryptionByDefault -> switch off the encryption of new volumes
ec2:DisableSnapshotBlockPublicAccess -> remove the block of public snapshots
ec2:DisableImageBlockPublicAccess -> remove the block of public images
ec2:CreateInstanceExportTask instanceId ~exportToS3.s3Bucket -> export the instance {0}[ to the S3 bucket {1}]
dynamodb:DeleteTable tableName -> delete the table {0}
dynamodb:UpdateTable tableName -> change the table {0}
dynamodb:ExportTableToPointInTime tableArn -> export the table {0}
backup:DeleteRecoveryPoint recoveryPointArn ~backupVaultName -> delete the recovery point {0}[ of the vault {1}]
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
ses:PutIdentityPolicy identity -> set the policy {policyName} of the sender {0}
ses:DeleteIdentityPolicy identity -> delete the policy {policyName} of the sender {0}
ses:CreateEmailIdentityPolicy emailIdentity -> create the policy {policyName} of the sender {0}
ses:UpdateEmailIdentityPolicy emailIdentity -> change the policy {policyName} of the sender {0}
ses:DeleteEmailIdentityPolicy emailIdentity -> delete the policy {policyName} of the sender {0}
codeartifact:PutDomainPermissionsPolicy domain -> change who may use the package domain {0}
codeartifact:PutRepositoryPermissionsPolicy domain/repository -> change who may use the package repository {0}
ec2:UpdateSecurityGroupRuleDescriptionsIngress groupId|groupName -> change how inbound rules of the security group {0} are described
ec2:UpdateSecurityGroupRuleDescriptionsEgress groupId|groupName -> change how outbound rules of the security group {0} are described
ses:SendEmail source|fromEmailAddress -> send an e-mail[ from {0}]
ses:UpdateAccountSendingEnabled -> change whether the account may send mail
ec2:DisassociateIamInstanceProfile >DisassociateIamInstanceProfileResponse.iamInstanceProfileAssociation.instanceId -> take the role profile away[ from the instance {0}][ (association {AssociationId})]
ec2:DetachVolume volumeId ~instanceId|>instanceId -> detach the volume {0}[ from {1}]
ec2:CopySnapshot sourceSnapshotId ~>snapshotId -> copy the snapshot {0}[ (from {sourceRegion})][ as {1}]
ec2:CopyImage sourceImageId ~name|>imageId -> copy the image {0}[ as {1}]
ec2:CopyFpgaImage sourceFpgaImageId ~name|>fpgaImageId -> copy the FPGA image {0}[ (from {sourceRegion})][ as {1}]
ec2:CopyVolumes sourceVolumeId ~>volumeId|>volumeSet.volumeId -> copy the volume {0}[ as {1}]
ec2:CreateRestoreImageTask objectKey ~>imageId -> restore an image from {0}[ as {1}]
ec2:CreateStoreImageTask imageId ~bucket -> store the image {0}[ in the S3 bucket {1}]
ec2:ExportImage imageId ~s3ExportLocation.s3Bucket -> export the image {0}[ to the S3 bucket {1}]
s3:HeadObject bucketName/key -> look at {0}
s3:PutObject bucketName/key -> write {0}
s3:PostObject bucketName/key -> write {0}
s3:DeleteObjects bucketName -> delete several objects of the S3 bucket {0}
s3:CopyObject %x-amz-copy-source ~bucketName/key -> copy {0} to {1}
s3:UploadPartCopy %x-amz-copy-source ~bucketName/key -> copy a part of {0} to {1}
s3:RenameObject %x-amz-rename-source ~bucketName/key -> rename {0} to {1}
s3:UploadPart bucketName/key -> write a part of {0}
s3:CreateMultipartUpload bucketName/key -> begin to write {0} in parts
s3:CompleteMultipartUpload bucketName/key -> write {0} in parts
s3:AbortMultipartUpload bucketName/key -> break off writing {0} in parts
s3:ListParts bucketName/key -> list the parts written of {0}
s3:RestoreObject bucketName/key -> restore {0} from the archive
s3:SelectObjectContent bucketName/key -> query the content of {0}
s3:GetObjectAcl bucketName/key -> read the ACL of {0}
s3:PutObjectTagging bucketName/key -> set the tags of {0}
s3:GetObjectTagging bucketName/key -> read the tags of {0}
s3:DeleteObjectTagging bucketName/key -> remove the tags of {0}
s3:PutObjectRetention bucketName/key -> set how long {0} is kept
s3:GetObjectRetention bucketName/key -> read how long {0} is kept
s3:PutObjectLegalHold bucketName/key -> set the legal hold of {0}
s3:GetObjectLegalHold bucketName/key -> read the legal hold of {0}
s3:GetObjectAttributes bucketName/key -> read the attributes of {0}
s3:GetObjectTorrent bucketName/key -> read the torrent of {0}
s3:UpdateObjectEncryption bucketName/key -> change the encryption of {0}
s3:GetObjectAnnotation bucketName/key -> read an annotation of {0}
s3:PutObjectAnnotation bucketName/key -> write an annotation of {0}
s3:DeleteObjectAnnotation bucketName/key -> delete an annotation of {0}
s3:ListObjectAnnotations bucketName/key -> list the annotations of {0}
s3:ListObjects bucketName -> list the objects of the S3 bucket {0}
s3:ListObjectsV2 bucketName -> list the objects of the S3 bucket {0}
s3:ListObjectVersions bucketName -> list the versions of the objects of the S3 bucket {0}
s3:ListMultipartUploads bucketName -> list what is being written in parts into the S3 bucket {0}
s3:HeadBucket bucketName -> check that the S3 bucket {0} is there
rds:CreateDBClusterSnapshot dBClusterSnapshotIdentifier ~dBClusterIdentifier -> make the snapshot {0} of the database cluster {1}
rds:RevokeDBSecurityGroupIngress dBSecurityGroupName ~eC2SecurityGroupName|eC2SecurityGroupId|cIDRIP -> remove an inbound rule from the database security group {0}[ ({1})]
redshift:AuthorizeClusterSecurityGroupIngress clusterSecurityGroupName ~eC2SecurityGroupName|cIDRIP -> add an inbound rule to the cluster security group {0}[ ({1})]
redshift:RevokeClusterSecurityGroupIngress clusterSecurityGroupName ~eC2SecurityGroupName|cIDRIP -> remove an inbound rule from the cluster security group {0}[ ({1})]
elasticache:AuthorizeCacheSecurityGroupIngress cacheSecurityGroupName ~eC2SecurityGroupName -> add an inbound rule to the cache security group {0}[ ({1})]
elasticache:RevokeCacheSecurityGroupIngress cacheSecurityGroupName ~eC2SecurityGroupName -> remove an inbound rule from the cache security group {0}[ ({1})]
rds:CopyDBSnapshot sourceDBSnapshotIdentifier ~targetDBSnapshotIdentifier -> copy the database snapshot {0}[ (from {sourceRegion|^sourceDBSnapshotIdentifier})][ as {1}]
rds:CopyDBClusterSnapshot sourceDBClusterSnapshotIdentifier ~targetDBClusterSnapshotIdentifier -> copy the database snapshot {0}[ (from {sourceRegion|^sourceDBClusterSnapshotIdentifier})][ as {1}]
rds:CopyDBParameterGroup sourceDBParameterGroupIdentifier ~targetDBParameterGroupIdentifier -> copy the database parameter group {0}[ as {1}]
rds:CopyDBClusterParameterGroup sourceDBClusterParameterGroupIdentifier ~targetDBClusterParameterGroupIdentifier -> copy the cluster parameter group {0}[ as {1}]
rds:CopyOptionGroup sourceOptionGroupIdentifier ~targetOptionGroupIdentifier -> copy the option group {0}[ as {1}]
redshift:CopyClusterSnapshot sourceSnapshotIdentifier ~targetSnapshotIdentifier -> copy the cluster snapshot {0}[ as {1}]
redshift:AuthorizeSnapshotAccess snapshotIdentifier|snapshotArn ~accountWithRestoreAccess -> share the cluster snapshot {0}[ with the account {1}]
elasticache:CopySnapshot sourceSnapshotName ~targetSnapshotName -> copy the cache snapshot {0}[ as {1}][ to the S3 bucket {targetBucket}]
elasticache:CopyServerlessCacheSnapshot sourceServerlessCacheSnapshotName ~targetServerlessCacheSnapshotName -> copy the cache snapshot {0}[ as {1}]
elasticache:ExportServerlessCacheSnapshot serverlessCacheSnapshotName ~s3BucketName -> export the cache snapshot {0}[ to the S3 bucket {1}]
memorydb:CopySnapshot sourceSnapshotName ~targetSnapshotName -> copy the database snapshot {0}[ as {1}][ to the S3 bucket {targetBucket}]
docdb-elastic:CopyClusterSnapshot snapshotArn ~targetSnapshotName -> copy the cluster snapshot {0}[ as {1}]
fsx:CopyBackup sourceBackupId ~>backup.backupId -> copy the backup {0}[ (from {sourceRegion})][ as {1}]
fsx:CopySnapshotAndUpdateVolume sourceSnapshotARN ~volumeId -> copy the snapshot {0}[ to the volume {1}]
cloudhsm:CopyBackupToRegion backupId ~destinationRegion -> copy the CloudHSM backup {0}[ to {1}]
backup:StartCopyJob recoveryPointArn ~destinationBackupVaultArn -> copy the recovery point {0}[ to the vault {1}]
workspaces:CopyWorkspaceImage sourceImageId ~name|>imageId -> copy the workspace image {0}[ (from {sourceRegion})][ as {1}]
appstream:CopyImage sourceImageName ~destinationImageName -> copy the AppStream image {0}[ as {1}][ to {destinationRegion}]
lightsail:CopySnapshot sourceSnapshotName|sourceResourceName ~targetSnapshotName -> copy the snapshot {0}[ (from {sourceRegion})][ as {1}]
servicecatalog:CopyProduct sourceProductArn ~targetProductName -> copy the product {0}[ as {1}]
rekognition:CopyProjectVersion sourceProjectVersionArn ~versionName -> copy the model version {0}[ as {1}]
sns:Publish topicArn|targetArn -> publish a message[ to the topic {0}]
sns:PublishBatch topicArn -> publish several messages[ to the topic {0}]
sns:Subscribe topicArn ~endpoint -> subscribe[ {1}] to the topic {0}
sns:Unsubscribe subscriptionArn -> end the subscription {0}
sns:OptInPhoneNumber -> let a phone number get messages again
lightsail:IsVpcPeered -> check the VPC peering in Lightsail
rds:AddRoleToDBInstance roleArn ~dBInstanceIdentifier -> give the database {1} the role {0}
rds:AddRoleToDBCluster roleArn ~dBClusterIdentifier -> give the database cluster {1} the role {0}
rds:RemoveRoleFromDBInstance roleArn ~dBInstanceIdentifier -> take the role {0} away from the database {1}
rds:RemoveRoleFromDBCluster roleArn ~dBClusterIdentifier -> take the role {0} away from the database cluster {1}
dynamodb:GetItem tableName -> read an item of the table {0}
dynamodb:BatchGetItem -> read several items of DynamoDB tables
dynamodb:TransactGetItems -> read several items of DynamoDB tables at once
dynamodb:PutItem tableName -> write an item of the table {0}
dynamodb:UpdateItem tableName -> change an item of the table {0}
dynamodb:DeleteItem tableName -> delete an item of the table {0}
dynamodb:BatchWriteItem -> write several items of DynamoDB tables
dynamodb:TransactWriteItems -> write several items of DynamoDB tables at once
dynamodb:Query tableName -> query the table {0}
dynamodb:Scan tableName -> read the whole table {0}
dynamodb:ExecuteStatement -> run a statement on DynamoDB tables
dynamodb:BatchExecuteStatement -> run several statements on DynamoDB tables

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
ec2:DeleteTransitGatewayVpcAttachment >DeleteTransitGatewayVpcAttachmentResponse.transitGatewayVpcAttachment.transitGatewayId ~>DeleteTransitGatewayVpcAttachmentResponse.transitGatewayVpcAttachment.vpcId -> take the VPC {1} away from the transit gateway {0}[ (attachment {TransitGatewayAttachmentId})]
ec2:DeleteRoute routeTableId -> delete the route to {destinationCidrBlock} from {0}
ec2:CreateVpc >vpc.vpcId -> create the VPC {0}[ ({cidrBlock})]
ec2:CreateDefaultVpc >CreateDefaultVpcResponse.vpc.vpcId -> create the default VPC {0}
ec2:DeleteVpc vpcId -> delete the VPC {0}
ec2:DeleteSubnet subnetId -> delete the subnet {0}
ec2:CreateInternetGateway >internetGateway.internetGatewayId -> create the internet gateway {0}
ec2:AttachInternetGateway internetGatewayId ~vpcId -> attach the internet gateway {0} to the VPC {1}
ec2:DetachInternetGateway internetGatewayId ~vpcId -> detach the internet gateway {0} from the VPC {1}
ec2:DeleteInternetGateway internetGatewayId -> delete the internet gateway {0}
ec2:CreateVpcPeeringConnection vpcId ~peerVpcId -> ask to join the VPC {0} with {1}[ of the account {peerOwnerId}]
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
route53domains:TransferDomainToAnotherAwsAccount domainName ~accountId -> hand the domain {0} to another account[ ({1})]
ec2:AttachVpnGateway vpnGatewayId ~vpcId -> attach the VPN gateway {0} to the VPC {1}
ec2:DetachVpnGateway vpnGatewayId ~vpcId -> detach the VPN gateway {0} from the VPC {1}
ec2:AttachNetworkInterface networkInterfaceId ~instanceId -> attach the network interface {0} to {1}
ec2:DetachNetworkInterface networkInterfaceId -> take the network interface {0} away[ (attachment {attachmentId})]
ec2:AssociateAddress publicIp|allocationId ~instanceId|networkInterfaceId -> associate the address {0} with {1}
ec2:DisassociateAddress publicIp -> take the address {0} away[ (association {associationId})]
ec2:AssociateRouteTable routeTableId ~subnetId|gatewayId -> give the route table {0} to {1}
ec2:DisassociateRouteTable routeTableId -> take the route table {0} away[ (association {associationId})]
ec2:ReplaceRouteTableAssociation routeTableId -> put the route table {0} in another's place[ (association {associationId})]
ec2:ReplaceNetworkAclAssociation networkAclId -> put the network ACL {0} in another's place[ (association {associationId})]
ec2:AssociateSubnetCidrBlock ipv6CidrBlock ~subnetId -> give the subnet {1} the address range {0}
ec2:DisassociateSubnetCidrBlock >subnetId|>DisassociateSubnetCidrBlockResponse.subnetId -> take an address range away[ from the subnet {0}][ (association {associationId})]
ec2:AssociateVpcCidrBlock cidrBlock|>cidrBlockAssociation.cidrBlock ~vpcId -> give the VPC {1} the address range {0}
ec2:DisassociateVpcCidrBlock >vpcId|>DisassociateVpcCidrBlockResponse.vpcId -> take an address range away[ from the VPC {0}][ (association {associationId})]
ec2:AssociateDhcpOptions dhcpOptionsId ~vpcId -> give the VPC {1} the DHCP options {0}
ec2:AssociateTransitGatewayRouteTable TransitGatewayRouteTableId -> give the route table {0} to an attachment of its transit gateway[ ({TransitGatewayAttachmentId})]
ec2:DisassociateTransitGatewayRouteTable TransitGatewayRouteTableId -> take the route table {0} away from an attachment of its transit gateway[ ({TransitGatewayAttachmentId})]
ec2:EnableTransitGatewayRouteTablePropagation TransitGatewayRouteTableId -> let an attachment write its routes into the route table {0}[ ({TransitGatewayAttachmentId})]
ec2:DisableTransitGatewayRouteTablePropagation TransitGatewayRouteTableId -> keep an attachment from writing its routes into the route table {0}[ ({TransitGatewayAttachmentId})]
ec2:CreateTransitGatewayVpcAttachment TransitGatewayId|>CreateTransitGatewayVpcAttachmentResponse.transitGatewayVpcAttachment.transitGatewayId ~VpcId -> join the VPC {1} to the transit gateway {0}
ec2:AcceptTransitGatewayVpcAttachment >AcceptTransitGatewayVpcAttachmentResponse.transitGatewayVpcAttachment.transitGatewayId -> let a VPC join the transit gateway[ {0}][ (attachment {TransitGatewayAttachmentId})]
ec2:RejectTransitGatewayVpcAttachment >RejectTransitGatewayVpcAttachmentResponse.transitGatewayVpcAttachment.transitGatewayId -> keep a VPC from joining the transit gateway[ {0}][ (attachment {TransitGatewayAttachmentId})]
ec2:ModifyTransitGatewayVpcAttachment >ModifyTransitGatewayVpcAttachmentResponse.transitGatewayVpcAttachment.transitGatewayId -> change how a VPC is joined to its transit gateway[ {0}][ (attachment {TransitGatewayAttachmentId})]
ec2:AssociateClientVpnTargetNetwork SubnetId ~ClientVpnEndpointId -> give the client VPN {1} the subnet {0}
ec2:DisassociateClientVpnTargetNetwork ClientVpnEndpointId -> take a subnet away from the client VPN {0}[ (association {AssociationId})]
ec2:DisassociateTrunkInterface -> take a branch interface away from its trunk[ (association {AssociationId})]
ec2:DisassociateNatGatewayAddress NatGatewayId -> take an address away from the NAT gateway {0}[ (association {AssociationId})]
ec2:DisassociateEnclaveCertificateIamRole CertificateArn ~RoleArn -> take the certificate {0} away from the role {1}
ec2:AssociateSecurityGroupVpc GroupId ~VpcId -> let the VPC {1} use the security group {0}
ec2:DisassociateSecurityGroupVpc GroupId ~VpcId -> keep the VPC {1} from using the security group {0}
ec2:AttachClassicLinkVpc instanceId ~vpcId -> join the instance {0} to the VPC {1}
ec2:DetachClassicLinkVpc instanceId ~vpcId -> part the instance {0} from the VPC {1}
ec2:MoveAddressToVpc publicIp -> move the address {0} to a VPC
ec2:RestoreAddressToClassic publicIp -> move the address {0} back out of a VPC

# Organization and account
organizations:LeaveOrganization -> take this account out of its organization
organizations:DeleteOrganization -> delete the organization
organizations:RemoveAccountFromOrganization accountId -> remove the account {0} from the organization
organizations:InviteAccountToOrganization target.id -> invite {0} to the organization
organizations:AttachPolicy policyId ~targetId -> apply the policy {0} to {1}
organizations:DetachPolicy policyId ~targetId -> take the policy {0} away from {1}
organizations:UpdatePolicy policyId -> change the organization's policy {0}
organizations:AcceptHandshake handshakeId -> accept an invitation[ ({0})] to an organization
organizations:CreateAccount accountName|!createAccountStatus.accountName|!createAccountStatus.accountId|>createAccountStatus.accountId -> create the account {0}
organizations:CloseAccount accountId|!closeAccountStatus.accountId|!accountId -> close the account {0}
organizations:MoveAccount accountId ~destinationParentId -> move the account {0} to {1}
organizations:RegisterDelegatedAdministrator accountId ~servicePrincipal -> give the account {0} power[ over {1}] in the organization
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
ram:CreateResourceShare name ~principals -> create the resource share {0}[ for {1}]
support:CreateCase >caseId -> open a support case[: {0}]
signin:PasswordRecoveryRequested -> ask for a new root password by e-mail
signin:PasswordRecoveryCompleted -> set a new root password by e-mail
signin:PasswordUpdated -> change the root password
signin:EmailUpdated -> change the root user's e-mail address
signin:SwitchRole +SwitchTo|>SwitchRole -> switch to the role {0}
organizations:DeregisterDelegatedAdministrator accountId ~servicePrincipal -> end the power of the account {0}[ over {1}] in the organization
organizations:CreateGovCloudAccount accountName|!createAccountStatus.accountName|!createAccountStatus.accountId -> create the GovCloud account {0}
controltower:CreateManagedAccount !createManagedAccountStatus.account.accountName|!createManagedAccountStatus.account.accountId -> create the account {0}
controltower:UpdateManagedAccount !updateManagedAccountStatus.account.accountName|!updateManagedAccountStatus.account.accountId -> change the account {0}

# What other operations are called, where no verb begins their name
wafv2:AssociateWebACL webACLArn ~resourceArn -> protect {1} with the web ACL {0}
identitystore:CreateGroupMembership memberId.userId ~groupId -> add the user {0} to the IAM Identity Center group {1}
eks:DeleteAccessEntry principalArn ~name -> take away from {0} the access to the EKS cluster {1}
eks:DisassociateAccessPolicy policyArn ~principalArn ~name -> take the policy {0} away from {1}[ on the EKS cluster {2}]
payment-cryptography:EncryptData keyIdentifier -> encrypt with the payment key {0}
payment-cryptography:DecryptData keyIdentifier -> decrypt with the payment key {0}
payment-cryptography:ReEncryptData outgoingKeyIdentifier ~incomingKeyIdentifier -> encrypt again with the payment key {0}[ what the key {1} encrypted]
s3:WriteGetObjectResponse -> answer a read of an object
s3-object-lambda:WriteGetObjectResponse -> answer a read of an object
s3express:CreateSession bucketName -> open a session with the S3 bucket {0}
route53:AssociateVPCWithHostedZone hostedZoneId ~vPC.vPCId -> give the VPC {1} the DNS zone {0}
route53:DisassociateVPCFromHostedZone hostedZoneId ~vPC.vPCId -> take the DNS zone {0} away from the VPC {1}
ram:AssociateResourceShare resourceShareArn ~principals|resourceArns -> add {1} to the resource share {0}
ram:DisassociateResourceShare resourceShareArn ~principals|resourceArns -> take {1} out of the resource share {0}
bedrock:Converse modelId -> invoke the model {0}
bedrock:ConverseStream modelId -> invoke the model {0}
bedrock:InvokeModelWithResponseStream modelId -> invoke the model {0}
bedrock:AgenticRetrieveStream -> retrieve from a knowledge base
bedrock:Rerank -> rank texts
chime:ChannelFlowCallback callbackId channelArn -> answer the callback {0}[ of the channel {1}]
cloudsearch:Suggest -> get suggestions from CloudSearch
cloudsearch:Search -> search CloudSearch
comprehend:ContainsPiiEntities -> look for personal data in a text
geo-places:Autocomplete -> complete an address
geo-places:Geocode -> look for the place of an address
geo-places:Suggest -> get suggestions of places
geo-routes:SnapToRoads -> fit positions to roads
geo:ForecastGeofenceEvents collectionName -> forecast events of the geofences {0}
identitystore:IsMemberInGroups memberId.userId ~groupIds -> check whether a user[ {0}] is in the group {1}
kendra-ranking:Rescore rescoreExecutionPlanId -> rank documents by the plan {0}
license-manager:CheckInLicense -> give a license back
license-manager:CheckoutLicense -> check out a license
mediaconnect:TakeRouterInput routerOutputArn -> switch the input of the router output {0}
mediaconvert:Probe -> examine media files
es:InsightFeedback -> give feedback on an insight
mobiletargeting:PhoneNumberValidate -> validate a phone number
sms-voice:CarrierLookup -> look up the carrier of a phone number
resource-explorer-2:Search -> search the resources
qbusiness:Chat applicationId -> chat with the application {0}
qbusiness:ChatSync applicationId -> chat with the application {0}
sdb:DomainMetadata domainName -> look at the domain {0}
sdb:Select -> run a query in SimpleDB
timestream:Query -> run a query in Timestream
awsssoportal:Logout -> sign out of the access portal
verifiedpermissions:IsAuthorized policyStoreId -> check a permission with the policy store {0}
verifiedpermissions:IsAuthorizedWithToken policyStoreId -> check a permission with the policy store {0}
verifiedpermissions:BatchIsAuthorized policyStoreId -> check permissions with the policy store {0}
verifiedpermissions:BatchIsAuthorizedWithToken policyStoreId -> check permissions with the policy store {0}
cognito-idp:AdminUserGlobalSignOut username -> sign the user {0} out everywhere
cognito-idp:GlobalSignOut -> sign out everywhere
cognito-idp:ForgotPassword username -> ask for a new password[ for the user {0}]
iotdata:Publish topic -> publish a message to the topic {0}
signer:SignPayload profileName -> sign with the profile {0}
medialive:BatchDelete channelIds inputIds -> delete several resources in MediaLive[: {0}][, {1}]
medialive:BatchStart channelIds -> start several channels in MediaLive[: {0}]
medialive:BatchStop channelIds -> stop several channels in MediaLive[: {0}]

# What other operations are called, where no verb begins their name
events:PutTargets rule ~targets.arn -> add targets to the EventBridge rule {0}[: {1}]
cognito-idp:AdminAddUserToGroup username ~groupName -> add the user {0} to the Cognito group {1}
cognito-idp:AdminRemoveUserFromGroup username ~groupName -> remove the user {0} from the Cognito group {1}
identitystore:DeleteGroupMembership membershipId -> remove a user from an IAM Identity Center group (membership {0})
iot:AttachPolicy policyName ~target -> give {1} the IoT policy {0}
iot:DetachPolicy policyName ~target -> take the IoT policy {0} away from {1}
iot:AttachThingPrincipal principal ~thingName -> give the thing {1} the certificate {0}
autoscaling:AttachInstances instanceIds ~autoScalingGroupName -> put the instances {0} into the Auto Scaling group {1}
autoscaling:DetachInstances instanceIds ~autoScalingGroupName -> take the instances {0} out of the Auto Scaling group {1}
autoscaling:AttachLoadBalancerTargetGroups targetGroupARNs ~autoScalingGroupName -> give the Auto Scaling group {1} the target group {0}
elasticloadbalancing:RegisterTargets targets.id ~targetGroupArn -> put {0} into the target group {1}
elasticloadbalancing:DeregisterTargets targets.id ~targetGroupArn -> take {0} out of the target group {1}
elasticloadbalancing:RegisterInstancesWithLoadBalancer instances.instanceId ~loadBalancerName -> put the instances {0} behind the load balancer {1}
elasticloadbalancing:DeregisterInstancesFromLoadBalancer instances.instanceId ~loadBalancerName -> take the instances {0} from behind the load balancer {1}
route53resolver:AssociateResolverRule resolverRuleId ~vPCId -> give the VPC {1} the resolver rule {0}
route53resolver:DisassociateResolverRule resolverRuleId ~vPCId -> take the resolver rule {0} away from the VPC {1}
waf-regional:AssociateWebACL webACLId ~resourceArn -> protect {1} with the web ACL {0}
waf-regional:DisassociateWebACL resourceArn -> take the web ACL away from {0}

# What other operations are called, where no verb begins their name
mgn:MarkAsArchived sourceServerID -> mark the source server {0} as archived
managedblockchain:VoteOnProposal proposalId -> vote on the proposal {0}
ram:PromoteResourceShareCreatedFromPolicy resourceShareArn -> promote the resource share {0}, which a policy created
sqs:SendMessage queueUrl -> send a message to the queue {0}
sqs:SendMessageBatch queueUrl -> send several messages to the queue {0}
route53domains:UpdateDomainNameservers domainName ~nameservers.name -> change the name servers of the domain {0}[ to {1}]
route53:DisableHostedZoneDNSSEC hostedZoneId -> switch off DNSSEC of the DNS zone {0}
route53:EnableHostedZoneDNSSEC hostedZoneId -> switch on DNSSEC of the DNS zone {0}
ses:DeleteEmailIdentity emailIdentity -> delete the sender {0}
secretsmanager:CancelRotateSecret secretId -> stop the rotation of the secret {0}
ssm:RegisterManagedInstance activationId -> register a machine outside AWS with Systems Manager by the activation {0}
ssm:UpdateManagedInstanceRole instanceId ~iamRole -> change the role of the managed instance {0}[ to {1}]
ec2:RequestSpotInstances launchSpecification.imageId -> request spot instances[ of {launchSpecification.instanceType}][ from {0}][ ({instanceCount} at once)]
ec2:ModifyEbsDefaultKmsKeyId kmsKeyId|ModifyEbsDefaultKmsKeyIdRequest.KmsKeyId -> encrypt all new disks with the KMS key {0}
sagemaker:CreateNotebookInstance notebookInstanceName -> create the notebook instance {0}[ ({instanceType})] in SageMaker
sagemaker:CreateTrainingJob trainingJobName -> create the training job {0}[ ({resourceConfig.instanceType})] in SageMaker
bedrock:CreateProvisionedModelThroughput provisionedModelName -> buy the throughput {0}[ of {modelUnits} units][ of the model {modelId}] in Bedrock
acm-pca:IssueCertificate certificateAuthorityArn -> issue a certificate of the private authority {0}
acm-pca:CreatePermission certificateAuthorityArn ~principal -> let {1} issue certificates of the private authority {0}
redshift:AuthorizeEndpointAccess clusterIdentifier ~account -> let the account {1} reach the warehouse {0}
cloud9:CreateEnvironmentMembership environmentId ~userArn -> let {1} into the development environment {0}
cloud9:UpdateEnvironmentMembership environmentId ~userArn -> change what {1} may do in the development environment {0}
lakeformation:GrantPermissions resource.table.name|resource.database.name ~principal.dataLakePrincipalIdentifier -> give {1}[ the rights {permissions}] on {0} in Lake Formation
datasync:CreateTask sourceLocationArn ~destinationLocationArn -> create a task that copies from {0}[ to {1}] in DataSync
account:PutAccountName accountName -> rename the account to {0}
sqs:ReceiveMessage queueUrl -> read messages from the queue {0}
sqs:DeleteMessage queueUrl -> delete a message from the queue {0}
sqs:DeleteMessageBatch queueUrl -> delete several messages from the queue {0}
chime:LogoutUser userId -> sign the user {0} out of Chime
"""
