"""What is opened to others: snapshots, buckets, queues, functions, builds."""

from __future__ import annotations

import json
from collections.abc import Callable

from chalicelib.cloudtrail.exposure import opens_of
from chalicelib.cloudtrail.exposure.grant import EVERYONE
from chalicelib.cloudtrail.fields import first_at, values_at
from chalicelib.cloudtrail.policies import said
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.targets import short
from chalicelib.cloudtrail.words import enumeration

# S3's groups of grantees that mean the whole world.
PUBLIC_GROUPS = ("AllUsers", "AuthenticatedUsers")
PUBLIC_ACLS = ("public-read", "authenticated-read")


def _share(what: str, name: str, added: str, groups: str = "") -> Callable[[Record], str]:
    def predicate(record: Record) -> str:
        target = first_at(record, name)
        accounts = values_at(record, added)
        everyone = [*accounts, *(values_at(record, groups) if groups else ())]
        if "all" in map(str.lower, everyone):
            return f"make {what} {target} public"
        if accounts:
            noun = "account" if len(accounts) == 1 else "accounts"
            return f"share {what} {target} with the {noun} {enumeration(accounts)}"
        return f"change who may use {what} {target}" if target else ""

    return predicate


def _bucket_policy(record: Record) -> str:
    bucket = first_at(record, "bucketName")
    opened = opens_of(record)
    everyone = [said(grant) for grant in opened if grant.whom == EVERYONE]
    if everyone:
        return f"open the S3 bucket {bucket} to {everyone[0]} by its policy"
    others = list(dict.fromkeys(said(grant) for grant in opened if grant.whom != "service"))
    admits = f", which admits {enumeration(others)}" if others else ""
    return f"set the policy of the S3 bucket {bucket}{admits}" if bucket else ""


def _acl(record: Record) -> str:
    what = _with_acl(record)
    request = json.dumps(record.request)
    groups = any(f"/{group}" in request for group in PUBLIC_GROUPS)
    public = groups or any(f'"{acl}' in request for acl in PUBLIC_ACLS)
    return f"open {what} to everyone by its ACL" if public else f"set the ACL of {what}"


def _with_acl(record: Record) -> str:
    bucket, key = first_at(record, "bucketName"), first_at(record, "key")
    if key and bucket:
        return f"{bucket}/{key}"
    where = f"the S3 bucket {bucket}" if bucket else "an S3 bucket"
    return f"an object in {where}" if "Object" in record.event_name else where


def _public_access_block(record: Record) -> str:
    bucket = first_at(record, "bucketName")
    where = f"the S3 bucket {bucket}" if bucket else "an S3 bucket"
    if "Account" in record.event_name:
        where = "all S3 buckets of the account"
    wanted = record.request.get("PublicAccessBlockConfiguration")
    switches = list(wanted.values()) if isinstance(wanted, dict) else []
    if False in switches:
        return f"loosen the block of public access on {where}"
    return f"{'block' if True in switches else 'set the block of'} public access to {where}"


def _attribute(what: str, name: str, key: str) -> Callable[[Record], str]:
    """A topic's or queue's attribute; its policy says who may use it."""

    def predicate(record: Record) -> str:
        target = short(first_at(record, name))
        changed = record.request.get("attributes")
        policy = "Policy" in changed if isinstance(changed, dict) else False
        if not policy and first_at(record, key) != "Policy":
            return ""
        return f"change who may use the {what} {target}" if target else ""

    return predicate


def _add_permission(record: Record) -> str:
    who = list(dict.fromkeys(said(grant) for grant in opens_of(record)))
    function = short(first_at(record, "functionName"))
    return f"let {enumeration(who)} invoke the function {function}" if who and function else ""


def _project_visibility(record: Record) -> str:
    project = short(first_at(record, "projectArn"))
    public = first_at(record, "projectVisibility") == "PUBLIC_READ"
    way = "public" if public else "private"
    return f"make the builds of the CodeBuild project {project} {way}" if project else ""


PARTICULARS: dict[str, Callable[[Record], str]] = {
    "ec2:ModifySnapshotAttribute": _share(
        "the snapshot",
        "snapshotId",
        "createVolumePermission.add.userId",
        "createVolumePermission.add.group",
    ),
    "ec2:ModifyImageAttribute": _share(
        "the image", "imageId", "launchPermission.add.userId", "launchPermission.add.group"
    ),
    "rds:ModifyDBSnapshotAttribute": _share(
        "the database snapshot", "dBSnapshotIdentifier", "valuesToAdd", "valuesToAdd"
    ),
    "rds:ModifyDBClusterSnapshotAttribute": _share(
        "the database snapshot", "dBClusterSnapshotIdentifier", "valuesToAdd", "valuesToAdd"
    ),
    "s3:PutBucketPolicy": _bucket_policy,
    "s3:PutBucketAcl": _acl,
    "s3:PutObjectAcl": _acl,
    "s3:PutBucketPublicAccessBlock": _public_access_block,
    "s3:PutAccountPublicAccessBlock": _public_access_block,
    "ssm:ModifyDocumentPermission": _share("the document", "name", "accountIdsToAdd"),
    "codebuild:UpdateProjectVisibility": _project_visibility,
    "sns:SetTopicAttributes": _attribute("topic", "topicArn", "attributeName"),
    "sqs:SetQueueAttributes": _attribute("queue", "queueUrl", "attributeName"),
    "lambda:AddPermission": _add_permission,
}
