"""Calls that open something or keep somebody out: (operation, request, flat texts).

More shapes of each kind than AWS writes today.
"""

from __future__ import annotations

from tests.cloudtrail.exposure.network_samples import BORDERS, SECURITY_GROUPS
from tests.cloudtrail.exposure.policy_samples import BUCKETS, CONDITIONS, POLICIES
from tests.cloudtrail.exposure.shapes import GROUPS, Sample
from tests.events import ACCOUNT, OTHER_ACCOUNT

ACLS: tuple[Sample, ...] = (
    (
        "s3:PutBucketAcl",
        {"bucketName": "b", "accessControlList": {"x-amz-acl": "public-read"}},
        ("everyone bucket-acl",),
    ),
    (
        "s3:PutBucketAcl",
        {"bucketName": "b", "x-amz-acl": ["public-read"]},
        ("everyone bucket-acl",),
    ),
    (
        "s3:PutBucketAcl",
        {"bucketName": "b", "x-amz-acl": "public-read-write"},
        ("everyone bucket-acl",),
    ),
    (
        "s3:PutBucketAcl",
        {"bucketName": "b", "x-amz-acl": ["authenticated-read"]},
        ("aws-accounts bucket-acl",),
    ),
    ("s3:PutBucketAcl", {"bucketName": "b", "x-amz-acl": ["private"]}, ()),
    (
        "s3:PutBucketAcl",
        {"bucketName": "b", "x-amz-grant-read": f'id="79a5", uri="{GROUPS}/AllUsers"'},
        ("account bucket-acl", "everyone bucket-acl"),
    ),
    (
        "s3:PutBucketAcl",
        {
            "bucketName": "b",
            "AccessControlPolicy": {
                "Owner": {"ID": "79a5"},
                "AccessControlList": {
                    "Grant": [
                        {"Grantee": {"ID": "79a5"}, "Permission": "FULL_CONTROL"},
                        {"Grantee": {"URI": f"{GROUPS}/AllUsers"}, "Permission": "READ"},
                    ]
                },
            },
        },
        ("own-account bucket-acl", "everyone bucket-acl"),
    ),
    (
        "s3:PutBucketAcl",
        {
            "bucketName": "b",
            "AccessControlPolicy": {
                "AccessControlList": {
                    "Grant": {
                        "Grantee": {"URI": f"{GROUPS}/AuthenticatedUsers"},
                        "Permission": "READ",
                    }
                }
            },
        },
        ("aws-accounts bucket-acl",),
    ),
    (
        "s3:PutObjectAcl",
        {"bucketName": "b", "key": "k", "x-amz-acl": ["public-read"]},
        ("everyone object-acl",),
    ),
    (
        "s3:PutObject",
        {"bucketName": "b", "key": "k", "x-amz-acl": "public-read"},
        ("everyone object-acl",),
    ),
    (
        "s3:CopyObject",
        {"bucketName": "b", "key": "k", "x-amz-acl": "public-read"},
        ("everyone object-acl",),
    ),
    (
        "s3:CreateBucket",
        {"bucketName": "b", "x-amz-acl": ["public-read"]},
        ("everyone bucket-acl",),
    ),
    (
        "s3:PutObject",
        {"bucketName": "b", "key": "public-read", "x-amz-acl": "bucket-owner-full-control"},
        (),
    ),
)

SHARES: tuple[Sample, ...] = (
    (
        "ec2:ModifySnapshotAttribute",
        {
            "snapshotId": "snap-1",
            "createVolumePermission": {"add": {"items": [{"userId": OTHER_ACCOUNT}]}},
        },
        ("account snapshot",),
    ),
    (
        "ec2:ModifySnapshotAttribute",
        {
            "snapshotId": "snap-1",
            "createVolumePermission": {
                "add": {"items": [{"userId": OTHER_ACCOUNT}, {"group": "all"}]}
            },
        },
        ("account snapshot", "everyone snapshot"),
    ),
    (
        "ec2:ModifySnapshotAttribute",
        {
            "snapshotId": "snap-1",
            "createVolumePermission": {"remove": {"items": [{"group": "all"}]}},
        },
        (),
    ),
    (
        "ec2:ModifySnapshotAttribute",
        {"snapshotId": "snap-1", "operationType": "add", "userIds": [OTHER_ACCOUNT]},
        ("account snapshot",),
    ),
    (
        "ec2:ModifySnapshotAttribute",
        {"snapshotId": "snap-1", "operationType": "remove", "userIds": [OTHER_ACCOUNT]},
        (),
    ),
    (
        "ec2:ModifyImageAttribute",
        {"imageId": "ami-1", "launchPermission": {"add": {"items": [{"group": "all"}]}}},
        ("everyone image",),
    ),
    (
        "ec2:ModifyImageAttribute",
        {
            "imageId": "ami-1",
            "launchPermission": {
                "add": [
                    {"organizationArn": f"arn:aws:organizations::{ACCOUNT}:organization/o-example"}
                ]
            },
        },
        ("organization image",),
    ),
    (
        "ec2:ModifyImageAttribute",
        {"imageId": "ami-1", "launchPermission": {"add": {"items": {"userId": OTHER_ACCOUNT}}}},
        ("account image",),
    ),
    (
        "rds:ModifyDBSnapshotAttribute",
        {"dBSnapshotIdentifier": "d", "attributeName": "restore", "valuesToAdd": ["all"]},
        ("everyone database-snapshot",),
    ),
    (
        "rds:ModifyDBClusterSnapshotAttribute",
        {
            "dBClusterSnapshotIdentifier": "d",
            "attributeName": "restore",
            "valuesToAdd": [OTHER_ACCOUNT],
        },
        ("account database-snapshot",),
    ),
    (
        "rds:ModifyDBSnapshotAttribute",
        {"dBSnapshotIdentifier": "d", "attributeName": "restore", "valuesToRemove": ["all"]},
        (),
    ),
    (
        "redshift:AuthorizeSnapshotAccess",
        {"snapshotIdentifier": "s", "accountWithRestoreAccess": OTHER_ACCOUNT},
        ("account database-snapshot",),
    ),
    (
        "ssm:ModifyDocumentPermission",
        {"name": "d", "accountIdsToAdd": ["All"]},
        ("everyone document",),
    ),
    (
        "ssm:ModifyDocumentPermission",
        {"name": "d", "accountIdsToAdd": [OTHER_ACCOUNT]},
        ("account document",),
    ),
    (
        "codebuild:UpdateProjectVisibility",
        {
            "projectArn": "arn:aws:codebuild:eu-west-1:111122223333:project/p",
            "projectVisibility": "PUBLIC_READ",
        },
        ("everyone build-logs",),
    ),
    (
        "codebuild:UpdateProjectVisibility",
        {
            "projectArn": "arn:aws:codebuild:eu-west-1:111122223333:project/p",
            "projectVisibility": "PRIVATE",
        },
        (),
    ),
    (
        "rds:ModifyDBInstance",
        {"dBInstanceIdentifier": "d", "publiclyAccessible": True},
        ("everyone database",),
    ),
    (
        "rds:CreateDBInstance",
        {"dBInstanceIdentifier": "d", "publiclyAccessible": True},
        ("everyone database",),
    ),
    (
        "rds:RestoreDBInstanceFromDBSnapshot",
        {"dBInstanceIdentifier": "d", "dBSnapshotIdentifier": "s", "publiclyAccessible": "true"},
        ("everyone database",),
    ),
    (
        "rds:CreateDBCluster",
        {"dBClusterIdentifier": "d", "publiclyAccessible": True},
        ("everyone database",),
    ),
    ("rds:ModifyDBInstance", {"dBInstanceIdentifier": "d", "publiclyAccessible": False}, ()),
    (
        "redshift:ModifyCluster",
        {"clusterIdentifier": "w", "publiclyAccessible": True},
        ("everyone database",),
    ),
    (
        "redshift:CreateCluster",
        {"clusterIdentifier": "w", "publiclyAccessible": True},
        ("everyone database",),
    ),
    (
        "redshift-serverless:UpdateWorkgroup",
        {"workgroupName": "w", "publiclyAccessible": True},
        ("everyone database",),
    ),
    (
        "dms:CreateReplicationInstance",
        {"replicationInstanceIdentifier": "r", "publiclyAccessible": True},
        ("everyone replication-instance",),
    ),
    ("mq:CreateBroker", {"brokerName": "b", "publiclyAccessible": True}, ("everyone broker",)),
    (
        "kafka:UpdateConnectivity",
        {
            "clusterArn": "c",
            "connectivityInfo": {"publicAccess": {"type": "SERVICE_PROVIDED_EIPS"}},
        },
        ("everyone cluster-endpoint",),
    ),
    (
        "ec2:ModifyVpcEndpointServicePermissions",
        {
            "ModifyVpcEndpointServicePermissionsRequest": {
                "ServiceId": "vpce-svc-1",
                "AddAllowedPrincipals": "*",
            }
        },
        ("everyone endpoint-service",),
    ),
    (
        "cognito-identity:UpdateIdentityPool",
        {"identityPoolId": "p", "allowUnauthenticatedIdentities": True},
        ("everyone identity-pool",),
    ),
)

SAMPLES = (*SECURITY_GROUPS, *BORDERS, *BUCKETS, *CONDITIONS, *POLICIES, *ACLS, *SHARES)
