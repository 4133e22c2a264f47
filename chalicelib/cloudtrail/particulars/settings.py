"""What is started, and what is switched on, off or otherwise: instances, databases, logs."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.cloudtrail.fields import first_at, values_at
from chalicelib.cloudtrail.policies import dicts
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.targets import short
from chalicelib.cloudtrail.words import an, enumeration, in_words


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
    protection = record.request.get("disableApiTermination")
    if protection is not None:
        off = "false" in str(protection).lower()
        return f"switch {'off' if off else 'on'} the termination protection of {instance}"
    what = enumeration([in_words(key) for key in changed]) or in_words(
        first_at(record, "attribute")
    )
    return f"change the {what} of {instance}" if what and instance else ""


def _metadata_options(record: Record) -> str:
    instance = first_at(record, "InstanceId")
    wanted = first_at(record, "HttpTokens")
    change = {"optional": "allow IMDSv1 on", "required": "require IMDSv2 on"}.get(wanted)
    return f"{change} the instance {instance}" if change and instance else ""


def _database(record: Record) -> str:
    name = first_at(record, "dBInstanceIdentifier|dBClusterIdentifier")
    changes = []
    if record.request.get("publiclyAccessible") is True:
        return f"open the database {name} to the internet"
    if "masterUserPassword" in record.request:
        changes.append("master password")
    if record.request.get("deletionProtection") is False:
        return f"switch off the deletion protection of the database {name}"
    what = f"the {changes[0]} of " if changes else ""
    return f"change {what}the database {name}" if name else ""


def _backups(record: Record) -> str:
    table = short(first_at(record, "tableName"))
    asked = record.request.get("pointInTimeRecoverySpecification")
    wanted = asked.get("pointInTimeRecoveryEnabled") if isinstance(asked, dict) else None
    if not table or not isinstance(wanted, bool):
        return ""
    return f"switch {'on' if wanted else 'off'} the continuous backups of the table {table}"


def _versioning(record: Record) -> str:
    bucket = first_at(record, "bucketName")
    status = first_at(record, "VersioningConfiguration.Status")
    verbs = {"Suspended": "suspend", "Enabled": "enable"}
    return f"{verbs.get(status, 'change')} the versioning of the S3 bucket {bucket}"


def _bucket_logging(record: Record) -> str:
    bucket = first_at(record, "bucketName")
    status = record.request.get("BucketLoggingStatus")
    off = isinstance(status, dict) and "LoggingEnabled" not in status
    return f"switch off the access log of the S3 bucket {bucket}" if off and bucket else ""


def _event_selectors(record: Record) -> str:
    selectors = dicts(record.request.get("eventSelectors"))
    trail = short(first_at(record, "trailName"))
    none = selectors and not any(item.get("includeManagementEvents", True) for item in selectors)
    return f"stop the trail {trail} from recording management events" if none else ""


def _detector(record: Record) -> str:
    if record.request.get("enable") is not False:
        return ""
    return f"suspend the GuardDuty detector {first_at(record, 'detectorId')}".rstrip()


def _macie(record: Record) -> str:
    verbs = {"PAUSED": "pause Macie", "ENABLED": "resume Macie"}
    return verbs.get(first_at(record, "status"), "")


def _cluster_config(record: Record) -> str:
    asked = record.request.get("resourcesVpcConfig")
    config = asked if isinstance(asked, dict) else {}
    allowed = config.get("publicAccessCidrs")
    narrow = isinstance(allowed, list) and allowed and "0.0.0.0/0" not in allowed
    if config.get("endpointPublicAccess") is not True or narrow:
        return ""
    return f"open the API of the EKS cluster {first_at(record, 'name')} to the internet"


PARTICULARS: dict[str, Callable[[Record], str]] = {
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
    "cloudtrail:PutEventSelectors": _event_selectors,
    "guardduty:UpdateDetector": _detector,
}
