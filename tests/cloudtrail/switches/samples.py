"""Calls that turn a protection off, leave it alone or turn it on: (operation, request, words)."""

from __future__ import annotations

from typing import Any

Sample = tuple[str, dict[str, Any] | None, tuple[str, ...]]

SELECTORS, FEATURES = "cloudtrail:PutEventSelectors", "guardduty:UpdateDetector"
PLAIN, ADVANCED = "eventSelectors", "advancedEventSelectors"
NOTHING, LESS = ("trail-management-events",), ("trail-events-narrowed",)
BLOCK = "PublicAccessBlockConfiguration"


def fields(**equals: list[str]) -> dict[str, Any]:
    return {"fieldSelectors": [{"field": name, "equals": to} for name, to in equals.items()]}


def excluding(*sources: str) -> dict[str, Any]:
    but = {"field": "eventSource", "notEquals": list(sources)}
    return {"fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}, but]}


def pairs(**attributes: str) -> list[dict[str, str]]:
    return [{"key": key.replace("__", "."), "value": value} for key, value in attributes.items()]


RECORDINGS: tuple[Sample, ...] = (
    ("cloudtrail:StopLogging", {"name": "main"}, ("trail",)),
    ("cloudtrail:DeleteTrail", None, ("trail",)),
    ("cloudtrail:StartLogging", {"name": "main"}, ()),
    ("cloudtrail:UpdateTrail", {"name": "main", "isMultiRegionTrail": False}, ("trail-regions",)),
    (
        "cloudtrail:UpdateTrail",
        {"name": "main", "includeGlobalServiceEvents": "false", "enableLogFileValidation": False},
        ("trail-global-events", "trail-validation"),
    ),
    ("cloudtrail:UpdateTrail", {"name": "main", "isMultiRegionTrail": True}, ()),
    ("cloudtrail:UpdateTrail", {"name": "main", "isMultiRegionTrail": 0}, ()),
    (
        "cloudtrail:UpdateTrail",
        {"name": "main", "cloudWatchLogsLogGroupArn": ""},
        ("trail-log-group",),
    ),
    (SELECTORS, {PLAIN: [{"includeManagementEvents": False}]}, NOTHING),
    (SELECTORS, {PLAIN: {"includeManagementEvents": False}}, NOTHING),
    (
        SELECTORS,
        {PLAIN: [{"includeManagementEvents": False}, {"includeManagementEvents": True}]},
        (),
    ),
    (SELECTORS, {PLAIN: [{"readWriteType": "All", "includeManagementEvents": True}]}, ()),
    (SELECTORS, {PLAIN: [{"readWriteType": "WriteOnly"}]}, LESS),
    (SELECTORS, {PLAIN: [{"readWriteType": "WriteOnly"}, {"readWriteType": "ReadOnly"}]}, ()),
    (SELECTORS, {PLAIN: [{"excludeManagementEventSources": ["kms.amazonaws.com"]}]}, LESS),
    (SELECTORS, {PLAIN: [{"includeManagementEvents": {"x": 1}}]}, ()),
    (SELECTORS, {PLAIN: 7}, ()),
    (SELECTORS, {ADVANCED: [fields(eventCategory=["Management"])]}, ()),
    (SELECTORS, {ADVANCED: [fields(eventCategory=["Data"])]}, NOTHING),
    (SELECTORS, {ADVANCED: [fields(eventCategory=["Management"], readOnly=["false"])]}, LESS),
    (
        SELECTORS,
        {
            ADVANCED: [
                fields(eventCategory=["Management"], readOnly=["false"]),
                fields(eventCategory=["Management"], readOnly=["true"]),
            ]
        },
        (),
    ),
    (SELECTORS, {ADVANCED: [excluding("kms.amazonaws.com")]}, LESS),
    (SELECTORS, {ADVANCED: [excluding("iam.amazonaws.com"), fields(eventCategory=["Data"])]}, LESS),
    (SELECTORS, {ADVANCED: {"items": [fields(eventCategory=["Data"])]}}, NOTHING),
    (
        "cloudtrail:UpdateEventDataStore",
        {
            "eventDataStore": "e",
            ADVANCED: [fields(eventCategory=["Data"])],
            "terminationProtectionEnabled": False,
        },
        ("deletion-protection", *NOTHING),
    ),
    (
        "cloudtrail:PutInsightSelectors",
        {"trailName": "main", "insightSelectors": []},
        ("trail-insights",),
    ),
    (
        "cloudtrail:PutInsightSelectors",
        {"trailName": "main", "insightSelectors": [{"insightType": "ApiCallRateInsight"}]},
        (),
    ),
    (
        "config:StopConfigurationRecorder",
        {"configurationRecorderName": "default"},
        ("config-recorder",),
    ),
    (
        "config:PutConfigurationRecorder",
        {"configurationRecorder": {"recordingGroup": {"allSupported": False}}},
        ("config-narrowed",),
    ),
    (
        "config:PutConfigurationRecorder",
        {"configurationRecorder": {"recordingGroup": {"allSupported": True}}},
        (),
    ),
    (FEATURES, {"detectorId": "d", "enable": False}, ("guardduty",)),
    (
        FEATURES,
        {"detectorId": "d", "features": [{"name": "S3_DATA_EVENTS", "status": "DISABLED"}]},
        ("guardduty-feature",),
    ),
    (
        FEATURES,
        {"detectorId": "d", "features": [{"name": "S3_DATA_EVENTS", "status": "ENABLED"}]},
        (),
    ),
    (
        FEATURES,
        {
            "detectorId": "d",
            "features": {
                "name": "RUNTIME",
                "status": "ENABLED",
                "additionalConfiguration": [{"name": "EKS", "status": "disabled"}],
            },
        },
        ("guardduty-feature",),
    ),
    (
        FEATURES,
        {"detectorId": "d", "dataSources": {"s3Logs": {"enable": False}}},
        ("guardduty-feature",),
    ),
    (
        FEATURES,
        {"detectorId": "d", "dataSources": {"kubernetes": {"auditLogs": {"enable": False}}}},
        ("guardduty-feature",),
    ),
    (
        FEATURES,
        {"detectorId": "d", "dataSources": {"s3Logs": {"enable": True}}, "enable": True},
        (),
    ),
    (
        "guardduty:UpdateMemberDetectors",
        {"detectorId": "d", "features": [{"name": "X", "status": "DISABLED"}]},
        ("guardduty-feature",),
    ),
    (
        "guardduty:UpdateOrganizationConfiguration",
        {"detectorId": "d", "autoEnableOrganizationMembers": "NONE"},
        ("guardduty-members",),
    ),
    ("securityhub:DisableSecurityHub", None, ("security-hub",)),
    (
        "securityhub:UpdateStandardsControl",
        {"standardsControlArn": "a", "controlStatus": "DISABLED"},
        ("security-hub-standard",),
    ),
    ("macie2:UpdateMacieSession", {"status": "PAUSED"}, ("macie",)),
    ("macie2:UpdateMacieSession", {"status": "ENABLED"}, ()),
    ("ec2:DeleteFlowLogs", {"DeleteFlowLogsRequest": {"FlowLogId": "fl-1"}}, ("flow-logs",)),
    (
        "s3:PutBucketLogging",
        {"bucketName": "b", "BucketLoggingStatus": {"xmlns": "x"}},
        ("access-log",),
    ),
    ("s3:PutBucketLogging", {"bucketName": "b", "BucketLoggingStatus": ""}, ("access-log",)),
    (
        "s3:PutBucketLogging",
        {"bucketName": "b", "BucketLoggingStatus": {"LoggingEnabled": {"TargetBucket": "l"}}},
        (),
    ),
    ("s3:PutBucketLogging", {"bucketName": "b"}, ()),
    ("s3:PutBucketLogging", {"bucketName": "b", "BucketLoggingStatus": 7}, ()),
    (
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        {
            "loadBalancerArn": "l",
            "attributes": pairs(
                access_logs__s3__enabled="false", idle_timeout__timeout_seconds="60"
            ),
        },
        ("access-log",),
    ),
    (
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        {
            "loadBalancerArn": "l",
            "attributes": pairs(
                access_logs__s3__enabled="true", deletion_protection__enabled="false"
            ),
        },
        ("deletion-protection",),
    ),
    (
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        {"loadBalancerName": "l", "loadBalancerAttributes": {"accessLog": {"enabled": False}}},
        ("access-log",),
    ),
    (
        "eks:UpdateClusterConfig",
        {"name": "c", "logging": {"clusterLogging": [{"types": ["audit"], "enabled": False}]}},
        ("cluster-log",),
    ),
    (
        "apigateway:UpdateStage",
        {"patchOperations": [{"op": "remove", "path": "/accessLogSettings/destinationArn"}]},
        ("access-log",),
    ),
    (
        "apigateway:UpdateStage",
        {
            "patchOperations": [
                {"op": "remove", "path": "/variables/x"},
                {"op": "replace", "path": "/accessLogSettings/format", "value": "x"},
            ]
        },
        (),
    ),
    (
        "rds:ModifyDBInstance",
        {
            "dBInstanceIdentifier": "d",
            "cloudwatchLogsExportConfiguration": {"disableLogTypes": ["audit"]},
        },
        ("database-log",),
    ),
    (
        "rds:ModifyDBInstance",
        {
            "dBInstanceIdentifier": "d",
            "cloudwatchLogsExportConfiguration": {
                "disableLogTypes": [],
                "enableLogTypes": ["audit"],
            },
        },
        (),
    ),
    ("bedrock:DeleteModelInvocationLoggingConfiguration", None, ("model-log",)),
    ("monitoring:DisableAlarmActions", {"alarmNames": ["a"]}, ("alarm",)),
    ("events:PutRule", {"name": "r", "state": "DISABLED"}, ("event-rule",)),
)

PROTECTIONS: tuple[Sample, ...] = (
    (
        "rds:ModifyDBInstance",
        {"dBInstanceIdentifier": "orders", "deletionProtection": False},
        ("deletion-protection",),
    ),
    (
        "rds:ModifyDBCluster",
        {"dBClusterIdentifier": "orders", "deletionProtection": "false"},
        ("deletion-protection",),
    ),
    (
        "rds:ModifyGlobalCluster",
        {"globalClusterIdentifier": "g", "deletionProtection": False},
        ("deletion-protection",),
    ),
    ("rds:ModifyDBInstance", {"dBInstanceIdentifier": "orders", "deletionProtection": True}, ()),
    (
        "rds:ModifyDBInstance",
        {"dBInstanceIdentifier": "orders", "backupRetentionPeriod": 0},
        ("backups",),
    ),
    ("rds:ModifyDBInstance", {"dBInstanceIdentifier": "orders", "backupRetentionPeriod": 7}, ()),
    ("rds:CreateDBInstance", {"dBInstanceIdentifier": "orders", "deletionProtection": False}, ()),
    (
        "dynamodb:UpdateTable",
        {"tableName": "t", "deletionProtectionEnabled": False},
        ("deletion-protection",),
    ),
    (
        "dynamodb:UpdateContinuousBackups",
        {
            "tableName": "t",
            "pointInTimeRecoverySpecification": {"pointInTimeRecoveryEnabled": False},
        },
        ("backups",),
    ),
    (
        "cloudformation:UpdateTerminationProtection",
        {"stackName": "s", "enableTerminationProtection": False},
        ("termination-protection",),
    ),
    (
        "cognito-idp:UpdateUserPool",
        {"userPoolId": "p", "deletionProtection": "INACTIVE", "mfaConfiguration": "OFF"},
        ("deletion-protection", "mfa"),
    ),
    (
        "ec2:ModifyInstanceAttribute",
        {"instanceId": "i-1", "disableApiTermination": {"value": False}},
        ("termination-protection",),
    ),
    (
        "ec2:ModifyInstanceAttribute",
        {"instanceId": "i-1", "disableApiTermination": False},
        ("termination-protection",),
    ),
    (
        "ec2:ModifyInstanceAttribute",
        {"instanceId": "i-1", "attribute": "disableApiTermination", "value": "false"},
        ("termination-protection",),
    ),
    (
        "ec2:ModifyInstanceAttribute",
        {"instanceId": "i-1", "disableApiStop": {"value": False}},
        ("stop-protection",),
    ),
    (
        "ec2:ModifyInstanceAttribute",
        {"instanceId": "i-1", "disableApiTermination": {"value": True}},
        (),
    ),
    (
        "ec2:ModifyInstanceMetadataOptions",
        {"ModifyInstanceMetadataOptionsRequest": {"InstanceId": "i-1", "HttpTokens": "optional"}},
        ("imdsv2",),
    ),
    (
        "s3:PutBucketVersioning",
        {
            "bucketName": "b",
            "VersioningConfiguration": {"Status": "Suspended", "MfaDelete": "Disabled"},
        },
        ("versioning", "mfa-delete"),
    ),
    (
        "s3:PutBucketVersioning",
        {"bucketName": "b", "VersioningConfiguration": {"Status": "Enabled"}},
        (),
    ),
    ("s3:DeleteBucketEncryption", {"bucketName": "b"}, ("encryption",)),
    (
        "sqs:SetQueueAttributes",
        {"queueUrl": "q", "attributes": {"KmsMasterKeyId": ""}},
        ("encryption",),
    ),
    (
        "sqs:SetQueueAttributes",
        {"queueUrl": "q", "attributes": {"SqsManagedSseEnabled": "false"}},
        ("encryption",),
    ),
    ("sqs:SetQueueAttributes", {"queueUrl": "q", "attributes": {"KmsMasterKeyId": "k"}}, ()),
    (
        "sns:SetTopicAttributes",
        {"topicArn": "t", "attributeName": "KmsMasterKeyId", "attributeValue": ""},
        ("encryption",),
    ),
    (
        "s3:PutBucketPublicAccessBlock",
        {"bucketName": "b", BLOCK: {"BlockPublicAcls": True, "RestrictPublicBuckets": False}},
        ("public-access-block",),
    ),
    (
        "s3:PutAccountPublicAccessBlock",
        {BLOCK: {"IgnorePublicAcls": "false"}},
        ("public-access-block",),
    ),
    ("s3:PutBucketPublicAccessBlock", {"bucketName": "b", BLOCK: {"BlockPublicAcls": True}}, ()),
    ("s3:DeleteAccountPublicAccessBlock", None, ("public-access-block",)),
    ("ec2:DisableImageBlockPublicAccess", {}, ("public-access-block",)),
    (
        "elasticmapreduce:PutBlockPublicAccessConfiguration",
        {"blockPublicAccessConfiguration": {"blockPublicSecurityGroupRules": False}},
        ("public-access-block",),
    ),
    (
        "ssm:UpdateServiceSetting",
        {"settingId": "/ssm/documents/console/public-sharing-permission", "settingValue": "Enable"},
        ("public-access-block",),
    ),
    (
        "s3:PutObjectLockConfiguration",
        {"bucketName": "b", "ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}},
        ("object-lock",),
    ),
    ("kms:DisableKeyRotation", {"keyId": "k"}, ("key-rotation",)),
    ("kms:ScheduleKeyDeletion", {"keyId": "k"}, ("key",)),
    ("iam:DeactivateMFADevice", {"userName": "u"}, ("mfa",)),
    ("iam:DeleteAccountPasswordPolicy", None, ("password-policy",)),
    (
        "iam:UpdateAccountPasswordPolicy",
        {"minimumPasswordLength": 8, "requireSymbols": False},
        ("password-policy",),
    ),
    ("xray:PutEncryptionConfig", {"type": "NONE"}, ("encryption",)),
    (
        "fsx:UpdateFileSystem",
        {"fileSystemId": "fs", "windowsConfiguration": {"automaticBackupRetentionDays": 0}},
        ("backups",),
    ),
)
SAMPLES = (*RECORDINGS, *PROTECTIONS)
