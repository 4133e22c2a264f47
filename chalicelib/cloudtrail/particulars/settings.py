"""What is started, and what is switched on, off or otherwise: instances, databases, logs.

What is off is judged in switches, what is open in exposure.
"""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.cloudtrail.exposure import opens_of
from chalicelib.cloudtrail.exposure.grant import EVERYONE
from chalicelib.cloudtrail.fields import first_at, values_at
from chalicelib.cloudtrail.naming import short
from chalicelib.cloudtrail.particulars.openings import opener
from chalicelib.cloudtrail.reading import flag
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.switches import switches_off_of
from chalicelib.cloudtrail.words import an, enumeration, in_words

# How a sentence calls what was switched off.
CALLED = {
    "deletion-protection": "the deletion protection",
    "termination-protection": "the termination protection",
    "stop-protection": "the protection against stopping",
    "backups": "the backups",
    "encryption": "the encryption",
    "access-log": "the access log",
    "cluster-log": "logs",
    "database-log": "logs",
    "versioning": "the versioning",
    "mfa-delete": "MFA delete",
    "object-lock": "the object lock",
    "image-scan": "the image scans",
    "mfa": "MFA",
    "build-log": "the log of builds",
}
# A line is `service:Operation path noun`: calls that may switch off something of a named thing.
SWITCHERS = """
rds:ModifyGlobalCluster globalClusterIdentifier the global database
dynamodb:UpdateTable tableName the table
elasticloadbalancing:ModifyLoadBalancerAttributes loadBalancerArn|loadBalancerName the load balancer
cloudformation:UpdateTerminationProtection stackName the stack
cognito-idp:UpdateUserPool userPoolId the user pool
cognito-idp:SetUserPoolMfaConfig userPoolId the user pool
qldb:UpdateLedger name the ledger
neptune-graph:UpdateGraph graphIdentifier the graph
logs:PutLogGroupDeletionProtection logGroupIdentifier the log group
elasticmapreduce:SetTerminationProtection jobFlowIds the EMR cluster
cassandra:UpdateTable tableName the table
elasticache:ModifyReplicationGroup replicationGroupId the cache
elasticache:ModifyCacheCluster cacheClusterId the cache
memorydb:UpdateCluster clusterName the cache
elasticache:ModifyServerlessCache serverlessCacheName the cache
dsql:UpdateCluster identifier the database cluster
docdb-elastic:UpdateCluster clusterArn the database cluster
aoss:UpdateCollection id the search collection
autoscaling:UpdateAutoScalingGroup autoScalingGroupName the auto scaling group
verifiedpermissions:UpdatePolicyStore policyStoreId the policy store
cloudfront:UpdateDistribution id the distribution
redshift:ModifyCluster clusterIdentifier the warehouse
elasticfilesystem:PutBackupPolicy fileSystemId the file system
fsx:UpdateFileSystem fileSystemId the file system
network-firewall:UpdateFirewallDeleteProtection firewallName|firewallArn the firewall
ecr:PutImageScanningConfiguration repositoryName the repository
s3:PutObjectLockConfiguration bucketName the S3 bucket
s3:PutBucketObjectLockConfiguration bucketName the S3 bucket
cloudtrail:UpdateEventDataStore eventDataStore the event data store
"""
# An instance's attributes, by what they protect, and how a sentence calls some others.
PROTECTIONS = {
    "disableApiTermination": "termination-protection",
    "disableApiStop": "stop-protection",
}
ATTRIBUTES = {
    "disableApiTermination": "termination protection",
    "disableApiStop": "protection against stopping",
    "groupSet": "security groups",
    "sourceDestCheck": "check of source and destination",
    "ebsOptimized": "EBS optimization",
}
# What a trail no longer does.
LOSSES = {
    "trail-regions": "every region",
    "trail-global-events": "the events of global services",
    "trail-organization": "the organization's other accounts",
}


def switched_off(record: Record, thing: str) -> str:
    """As in "switch off the backups and the encryption of the table t"; "" of nothing."""
    called = [CALLED[word] for word in switches_off_of(record) if word in CALLED]
    return f"switch off {enumeration(called)} of {thing}" if called and thing else ""


def _switcher(path: str, noun: str) -> Callable[[Record], str]:
    def predicate(record: Record) -> str:
        name = short(first_at(record, path))
        thing = f"{noun} {name}" if name else an(noun.removeprefix("the "))
        return opener(noun)(record) or switched_off(record, thing)

    return predicate


def _run_instances(record: Record) -> str:
    started = values_at(record, ">instancesSet.instanceId")
    kind = first_at(record, "instanceType|>instancesSet.instanceType")
    asked = first_at(record, "instancesSet.maxCount|instancesSet.minCount")
    count = str(len(started)) if started else asked or "1"
    noun = f"{kind} instance".lstrip()
    if count == "1":
        return f"start the {noun} {started[0]}" if started else f"start {an(noun)}"
    names = f": {enumeration(started)}" if started else ""
    return f"start {count} {noun}s{names}"


def _instance_attribute(record: Record) -> str:
    instance = first_at(record, "instanceId")
    changed = [key for key in record.request if key not in ("instanceId", "attribute", "value")]
    if "userData" in changed:
        return f"replace the start-up script of {instance}"
    off = switched_off(record, instance)
    if off:
        return off
    asked = changed or [first_at(record, "attribute")]
    protection = next((key for key in asked if key in PROTECTIONS), "")
    wanted = record.request.get(protection, record.request.get("value"))
    if protection and flag(wanted):
        return f"switch on {CALLED[PROTECTIONS[protection]]} of {instance}"
    what = enumeration([ATTRIBUTES.get(key, in_words(key)) for key in asked])
    return f"change the {what} of {instance}" if what and instance else ""


def _metadata_options(record: Record) -> str:
    instance = first_at(record, "InstanceId")
    weaker = "imdsv2" in switches_off_of(record)
    required = first_at(record, "HttpTokens") == "required"
    change = "allow IMDSv1 on" if weaker else "require IMDSv2 on" if required else ""
    return f"{change} the instance {instance}" if change and instance else ""


def _database(record: Record) -> str:
    name = first_at(record, "dBInstanceIdentifier|dBClusterIdentifier")
    thing = f"the database {name}" if name else "a database"
    told = opener("the database")(record) or switched_off(record, thing)
    what = "the master password of " if "masterUserPassword" in record.request else ""
    return told or (f"change {what}{thing}" if name else "")


def _backups(record: Record) -> str:
    table = short(first_at(record, "tableName"))
    asked = record.request.get("pointInTimeRecoverySpecification")
    wanted = asked.get("pointInTimeRecoveryEnabled") if isinstance(asked, dict) else None
    off = "backups" in switches_off_of(record)
    if not table or not (off or wanted is True):
        return ""
    return f"switch {'off' if off else 'on'} the continuous backups of the table {table}"


def _versioning(record: Record) -> str:
    bucket = first_at(record, "bucketName")
    off = switches_off_of(record)
    if not bucket:
        return ""
    if "versioning" in off:
        return f"suspend the versioning of the S3 bucket {bucket}"
    if "mfa-delete" in off:
        return f"switch off MFA delete of the S3 bucket {bucket}"
    enabled = first_at(record, "VersioningConfiguration.Status") == "Enabled"
    return f"{'enable' if enabled else 'change'} the versioning of the S3 bucket {bucket}"


def _bucket_logging(record: Record) -> str:
    bucket = first_at(record, "bucketName")
    return switched_off(record, f"the S3 bucket {bucket}") if bucket else ""


def _trail(record: Record) -> str:
    trail = short(first_at(record, "trailName|name|eventDataStore"))
    off = switches_off_of(record)
    if not trail:
        return ""
    if "trail-management-events" in off:
        return f"stop the trail {trail} from recording management events"
    if "trail-events-narrowed" in off:
        return f"narrow what the trail {trail} records of management events"
    lost = [LOSSES[word] for word in off if word in LOSSES]
    if lost:
        return f"stop the trail {trail} from recording {enumeration(lost)}"
    unsigned = "trail-validation" in off
    return f"switch off the validation of the files of the trail {trail}" if unsigned else ""


def _detector(record: Record) -> str:
    name, off = first_at(record, "detectorId"), switches_off_of(record)
    if "guardduty" in off:
        return f"suspend the GuardDuty detector {name}".rstrip()
    features = "guardduty-feature" in off and name
    return f"switch off features of the GuardDuty detector {name}" if features else ""


def _macie(record: Record) -> str:
    resumed = first_at(record, "status") == "ENABLED"
    return "pause Macie" if "macie" in switches_off_of(record) else "resume Macie" * resumed


def _cluster_config(record: Record) -> str:
    name = first_at(record, "name")
    thing = f"the EKS cluster {name}" if name else "an EKS cluster"
    grants = opens_of(record)
    if any(grant.whom == EVERYONE for grant in grants):
        return f"open the API of {thing} to the internet"
    if grants:
        return f"open the API of {thing} to {enumeration([grant.to for grant in grants])}"
    return switched_off(record, thing)


def _switchers() -> dict[str, Callable[[Record], str]]:
    lines = (line.split(" ", 2) for line in SWITCHERS.strip().splitlines())
    return {name: _switcher(path, noun) for name, path, noun in lines}


PARTICULARS: dict[str, Callable[[Record], str]] = {
    **_switchers(),
    "ec2:RunInstances": _run_instances,
    "s3:PutBucketVersioning": _versioning,
    "s3:PutBucketLogging": _bucket_logging,
    "dynamodb:UpdateContinuousBackups": _backups,
    "eks:UpdateClusterConfig": _cluster_config,
    "macie2:UpdateMacieSession": _macie,
    "ec2:ModifyInstanceAttribute": _instance_attribute,
    "ec2:ModifyInstanceMetadataOptions": _metadata_options,
    "rds:ModifyDBInstance": _database,
    "rds:ModifyDBCluster": _database,
    "cloudtrail:PutEventSelectors": _trail,
    "cloudtrail:UpdateTrail": _trail,
    "guardduty:UpdateDetector": _detector,
}
