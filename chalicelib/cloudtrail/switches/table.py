"""Calls that turn a protection or recording off, as a table.

A line is `service Operation … ? path=value … -> word`, and goes on in lines that are indented. All
conditions must hold, and any value at a path may. Values are true, false, a number, a text (any
case; `*` begins an ending), `any` thing, `empty` or `absent`. A path is of the request, `a|b` is
either; `@name` is one of its attributes. Words stand in vocabulary.py.
"""

SWITCHES = """
# Trails and Config. Source of the fields: API references of CloudTrail and Config.
cloudtrail StopLogging DeleteTrail -> trail
cloudtrail UpdateTrail ? isMultiRegionTrail=false -> trail-regions
cloudtrail UpdateTrail ? includeGlobalServiceEvents=false -> trail-global-events
cloudtrail UpdateTrail ? enableLogFileValidation=false -> trail-validation
cloudtrail UpdateTrail ? isOrganizationTrail=false -> trail-organization
cloudtrail UpdateTrail ? cloudWatchLogsLogGroupArn=empty -> trail-log-group
cloudtrail UpdateTrail ? kmsKeyId=empty -> encryption
cloudtrail PutInsightSelectors ? insightSelectors=empty -> trail-insights
cloudtrail DeleteEventDataStore StopEventDataStoreIngestion DeleteChannel -> event-data-store
cloudtrail UpdateEventDataStore ? multiRegionEnabled=false -> trail-regions
cloudtrail UpdateEventDataStore ? organizationEnabled=false -> trail-organization
cloudtrail UpdateEventDataStore ? terminationProtectionEnabled=false -> deletion-protection
config StopConfigurationRecorder DeleteConfigurationRecorder
    DeleteServiceLinkedConfigurationRecorder DeleteDeliveryChannel -> config-recorder
config PutConfigurationRecorder ? configurationRecorder.recordingGroup.allSupported=false ->
    config-narrowed
config PutConfigurationRecorder ?
    configurationRecorder.recordingGroup.includeGlobalResourceTypes=false -> config-narrowed
config PutConfigurationRecorder ?
    configurationRecorder.recordingGroup.exclusionByResourceTypes.resourceTypes=any ->
    config-narrowed
config DeleteConfigRule DeleteOrganizationConfigRule DeleteConformancePack
    DeleteOrganizationConformancePack -> config-rule

# Detectors
guardduty DeleteDetector -> guardduty
guardduty UpdateDetector ? enable=false -> guardduty
guardduty StopMonitoringMembers DisassociateMembers DeleteMembers DisassociateFromMasterAccount
    DisassociateFromAdministratorAccount DisableOrganizationAdminAccount -> guardduty-members
guardduty DeletePublishingDestination -> guardduty-findings
guardduty DeleteMalwareProtectionPlan -> guardduty-feature
securityhub DisableSecurityHub DisableSecurityHubV2 DeleteMembers DisassociateMembers
    DisassociateFromAdministratorAccount DisassociateFromMasterAccount
    DisableOrganizationAdminAccount -> security-hub
securityhub BatchDisableStandards DisableImportFindingsForProduct -> security-hub-standard
securityhub UpdateStandardsControl ? controlStatus=DISABLED -> security-hub-standard
securityhub BatchUpdateStandardsControlAssociations ?
    standardsControlAssociationUpdates.associationStatus=DISABLED -> security-hub-standard
macie2 DisableMacie DeleteMember DisassociateMember DisassociateFromAdministratorAccount
    DisassociateFromMasterAccount DisableOrganizationAdminAccount -> macie
macie2 UpdateMacieSession UpdateMemberSession ? status=PAUSED -> macie
macie2 UpdateAutomatedDiscoveryConfiguration ? status=DISABLED -> macie
inspector2 Disable DisassociateMember DisableDelegatedAdminAccount -> inspector
inspector2 UpdateOrganizationConfiguration ? autoEnable.ec2|autoEnable.ecr|autoEnable.lambda
   |autoEnable.lambdaCode=false -> inspector
detective DeleteGraph DeleteMembers DisassociateMembership DisableOrganizationAdminAccount ->
    detective
access-analyzer DeleteAnalyzer DeleteServiceLinkedAnalyzer -> access-analyzer

# Buckets
s3 PutBucketVersioning ? VersioningConfiguration.Status=Suspended -> versioning
s3 PutBucketVersioning ? VersioningConfiguration.MfaDelete=Disabled -> mfa-delete
s3 PutBucketLogging ? BucketLoggingStatus.LoggingEnabled=absent -> access-log
s3 DeleteBucketEncryption -> encryption
s3tables DeleteTableBucketEncryption -> encryption
s3 PutObjectLockConfiguration PutBucketObjectLockConfiguration ?
    ObjectLockConfiguration.Rule=absent -> object-lock
s3 PutObjectLegalHold ? LegalHold.Status=OFF -> object-lock
s3 PutObjectRetention ? x-amz-bypass-governance-retention=true -> object-lock
s3 DeleteBucketPublicAccessBlock DeleteAccountPublicAccessBlock DeletePublicAccessBlock ->
    public-access-block
s3 PutBucketPublicAccessBlock PutAccountPublicAccessBlock PutPublicAccessBlock ?
    PublicAccessBlockConfiguration.BlockPublicAcls
   |PublicAccessBlockConfiguration.IgnorePublicAcls
   |PublicAccessBlockConfiguration.BlockPublicPolicy
   |PublicAccessBlockConfiguration.RestrictPublicBuckets=false -> public-access-block
glacier AbortVaultLock -> backup-vault-lock

# Machines, disks, networks
ec2 DisableSnapshotBlockPublicAccess DisableImageBlockPublicAccess
    CreateVpcBlockPublicAccessExclusion -> public-access-block
ec2 ModifyVpcBlockPublicAccessOptions ? internetGatewayBlockMode=off -> public-access-block
elasticmapreduce PutBlockPublicAccessConfiguration ?
    blockPublicAccessConfiguration.blockPublicSecurityGroupRules=false -> public-access-block
ssm UpdateServiceSetting ? settingId=*public-sharing-permission settingValue=Enable ->
    public-access-block
ec2 DisableEbsEncryptionByDefault -> encryption
ec2 DeleteFlowLogs -> flow-logs
ec2 UnlockSnapshot -> snapshot-lock
ec2 DisableImageDeregistrationProtection -> deletion-protection
ec2 ModifyInstanceAttribute ? disableApiTermination=false -> termination-protection
ec2 ModifyInstanceAttribute ? attribute=disableApiTermination value=false -> termination-protection
ec2 ModifyInstanceAttribute ? disableApiStop=false -> stop-protection
ec2 ModifyInstanceAttribute ? attribute=disableApiStop value=false -> stop-protection
ec2 ModifyInstanceMetadataOptions ModifyInstanceMetadataDefaults ? httpTokens=optional -> imdsv2
globalaccelerator UpdateAcceleratorAttributes UpdateCustomRoutingAcceleratorAttributes ?
    flowLogsEnabled=false -> flow-logs
elasticloadbalancing ModifyLoadBalancerAttributes ? @deletion_protection.enabled=false ->
    deletion-protection
elasticloadbalancing ModifyLoadBalancerAttributes ? @access_logs.s3.enabled=false -> access-log
elasticloadbalancing ModifyLoadBalancerAttributes ?
    loadBalancerAttributes.accessLog.enabled=false -> access-log
cloudfront UpdateDistribution ? distributionConfig.logging.enabled=false -> access-log
apigateway DeleteAccessLogSettings -> access-log
mediastore StopAccessLogging -> access-log
cloudfront DeleteRealtimeLogConfig -> access-log
cloudfront DisassociateDistributionWebACL DisassociateDistributionTenantWebACL -> firewall
vpc-lattice DeleteAccessLogSubscription -> access-log
route53resolver DeleteResolverQueryLogConfig DisassociateResolverQueryLogConfig -> dns-log
route53resolver DisassociateFirewallRuleGroup DeleteFirewallRuleGroup DeleteFirewallRule
    -> firewall
route53 DeleteQueryLoggingConfig -> dns-log
route53 DisableHostedZoneDNSSEC -> dnssec
route53domains DisableDomainTransferLock -> domain-lock
wafv2 DeleteLoggingConfiguration -> firewall-log
waf DeleteLoggingConfiguration -> firewall-log
waf-regional DeleteLoggingConfiguration -> firewall-log
wafv2 DeleteWebACL DisassociateWebACL DeleteRuleGroup -> firewall
waf DeleteWebACL DeleteRuleGroup -> firewall
waf-regional DeleteWebACL DisassociateWebACL DeleteRuleGroup -> firewall
network-firewall DeleteFirewall DeleteFirewallPolicy -> firewall
fms DeletePolicy -> firewall
network-firewall UpdateFirewallDeleteProtection ? deleteProtection=false -> deletion-protection
network-firewall UpdateLoggingConfiguration ? loggingConfiguration.logDestinationConfigs=empty
    -> firewall-log
shield DeleteProtection DeleteSubscription DisableApplicationLayerAutomaticResponse
    DisassociateDRTRole -> shield

# Databases and other stores
rds ModifyDBInstance ModifyDBCluster ModifyGlobalCluster ? deletionProtection=false ->
    deletion-protection
rds ModifyDBInstance ModifyDBCluster ? backupRetentionPeriod=0 -> backups
rds ModifyDBInstance ModifyDBCluster ? cloudwatchLogsExportConfiguration.disableLogTypes=any ->
    database-log
rds DeleteDBInstanceAutomatedBackup DeleteDBClusterAutomatedBackup
    StopDBInstanceAutomatedBackupsReplication -> backups
rds StopActivityStream -> activity-stream
rds ModifyActivityStream ? auditPolicyState=unlocked -> activity-stream
dynamodb UpdateTable ? deletionProtectionEnabled=false -> deletion-protection
dynamodb UpdateTable ? sSESpecification.enabled=false -> encryption
dynamodb UpdateContinuousBackups ?
    pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled=false -> backups
cassandra UpdateTable ? pointInTimeRecovery.status=DISABLED -> backups
redshift DisableLogging -> database-log
redshift DisableSnapshotCopy -> backups
redshift ModifyCluster ? automatedSnapshotRetentionPeriod=0 -> backups
redshift ModifyCluster ? encrypted=false -> encryption
elasticache ModifyReplicationGroup ModifyCacheCluster ? snapshotRetentionLimit=0 -> backups
elasticache ModifyReplicationGroup ? transitEncryptionEnabled=false -> encryption
memorydb UpdateCluster ? snapshotRetentionLimit=0 -> backups
lightsail UpdateRelationalDatabase ? disableBackupRetention=true -> backups
lightsail DisableAddOn -> backups
neptune-graph UpdateGraph ? deletionProtection=false -> deletion-protection
qldb UpdateLedger ? deletionProtection=false -> deletion-protection
timestream-influxdb UpdateDbInstance ? logDeliveryConfiguration.s3Configuration.enabled=false ->
    database-log
es UpdateElasticsearchDomainConfig UpdateDomainConfig ?
    logPublishingOptions.AUDIT_LOGS.enabled=false -> database-log
elasticfilesystem PutBackupPolicy ? backupPolicy.status=DISABLED -> backups
elasticfilesystem UpdateFileSystemProtection ? replicationOverwriteProtection=DISABLED ->
    deletion-protection
fsx UpdateFileSystem ? windowsConfiguration.automaticBackupRetentionDays
   |lustreConfiguration.automaticBackupRetentionDays
   |ontapConfiguration.automaticBackupRetentionDays
   |openZFSConfiguration.automaticBackupRetentionDays=0 -> backups
backup DeleteBackupPlan DeleteBackupSelection DisassociateRecoveryPoint -> backups
backup DeleteBackupVaultLockConfiguration -> backup-vault-lock
sqs SetQueueAttributes ? @KmsMasterKeyId=empty -> encryption
sqs SetQueueAttributes ? @SqsManagedSseEnabled=false -> encryption
sns SetTopicAttributes ? @KmsMasterKeyId=empty -> encryption
kinesis StopStreamEncryption -> encryption
firehose StopDeliveryStreamEncryption -> encryption
xray PutEncryptionConfig ? type=NONE -> encryption
glue PutDataCatalogEncryptionSettings ?
    dataCatalogEncryptionSettings.encryptionAtRest.catalogEncryptionMode=DISABLED -> encryption
docdb-elastic UpdateCluster ? backupRetentionPeriod=0 -> backups
elasticache ModifyServerlessCache ? snapshotRetentionLimit=0 -> backups
rds PromoteReadReplica ? backupRetentionPeriod=0 -> backups
dsql UpdateCluster ? deletionProtectionEnabled=false -> deletion-protection
aoss UpdateCollection ? deletionProtection=DISABLED -> deletion-protection
verifiedpermissions UpdatePolicyStore ? deletionProtection=DISABLED -> deletion-protection
quicksight UpdateAccountSettings ? terminationProtectionEnabled=false -> deletion-protection
cognito-idp UpdateUserPool ? deletionProtection=INACTIVE -> deletion-protection
cognito-idp UpdateUserPool SetUserPoolMfaConfig ? mfaConfiguration=OFF -> mfa

# Clusters, functions, images, stacks
eks UpdateClusterConfig ? logging.clusterLogging.enabled=false -> cluster-log
eks UpdateClusterConfig ? deletionProtection=false -> deletion-protection
ecs UpdateGateway ? deletionProtection=false -> deletion-protection
autoscaling UpdateAutoScalingGroup ? deletionProtection=none -> deletion-protection
ecs UpdateCapacityProvider ? autoScalingGroupProvider.managedTerminationProtection=DISABLED ->
    termination-protection
ecr PutImageScanningConfiguration ? imageScanningConfiguration.scanOnPush=false -> image-scan
ecr PutImageTagMutability ? imageTagMutability=MUTABLE -> image-immutability
lambda DeleteFunctionCodeSigningConfig -> code-signing
elasticmapreduce SetTerminationProtection ? terminationProtected=false -> termination-protection
cloudformation UpdateTerminationProtection ? enableTerminationProtection=false ->
    termination-protection
codebuild UpdateProject ? logsConfig.cloudWatchLogs.status=DISABLED -> build-log
bedrock DeleteModelInvocationLoggingConfiguration -> model-log
bedrock PutModelInvocationLoggingConfiguration ? loggingConfig.textDataDeliveryEnabled=false ->
    model-log
bedrock DeleteGuardrail DeleteEnforcedGuardrailConfiguration -> guardrail

# Logs, alarms, keys, people
logs DeleteLogGroup DeleteLogStream -> log-group
logs DeleteSubscriptionFilter DeleteMetricFilter DeleteDestination DeleteDelivery
    DeleteAccountPolicy -> log-delivery
securitylake DeleteAwsLogSource DeleteCustomLogSource DeleteSubscriber DeleteDataLake
    -> log-delivery
ds DeleteLogSubscription -> log-delivery
logs DisassociateKmsKey -> encryption
logs DeleteDataProtectionPolicy -> data-protection
ssm-incidents UpdateDeletionProtection ? deletionProtected=false -> deletion-protection
cloudtrail UpdateDashboard ? terminationProtectionEnabled=false -> deletion-protection
sms-voice UpdatePhoneNumber UpdatePool UpdateSenderId UpdateProtectConfiguration
    ? deletionProtectionEnabled=false -> deletion-protection
logs PutLogGroupDeletionProtection ? deletionProtectionEnabled=false -> deletion-protection
monitoring DeleteAlarms DisableAlarmActions -> alarm
monitoring PutMetricAlarm PutCompositeAlarm ? actionsEnabled=false -> alarm
events DisableRule DeleteRule RemoveTargets -> event-rule
events PutRule ? state=DISABLED -> event-rule
kms DisableKeyRotation -> key-rotation
kms DisableKey ScheduleKeyDeletion DeleteImportedKeyMaterial -> key
secretsmanager CancelRotateSecret -> secret-rotation
iam DeleteAccountPasswordPolicy -> password-policy
iam UpdateAccountPasswordPolicy
    ? requireSymbols|requireNumbers|requireUppercaseCharacters|requireLowercaseCharacters=false
    -> password-policy
iam DeactivateMFADevice DeleteVirtualMFADevice -> mfa
iam DeleteUserPermissionsBoundary DeleteRolePermissionsBoundary -> permissions-boundary
sso DeletePermissionsBoundaryFromPermissionSet -> permissions-boundary
organizations DetachPolicy DeletePolicy DisablePolicyType -> organization-policy
controltower DisableControl DisableBaseline -> organization-policy
"""
