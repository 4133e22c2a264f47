"""The two buckets: what the trail writes, and what could not be ingested."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.settings import DEFAULT_RETENTION_DAYS
from provisioning.aws import EMPTY_BUCKET
from provisioning.change import Call, NotYet, Part
from provisioning.installation import Installation
from provisioning.policies import document

FAILURE_DAYS = DEFAULT_RETENTION_DAYS  # as long as alerts are kept
NO_BUCKET = ("404", "NoSuchBucket")
# S3 shows a new bucket to its own APIs only after moments.
FRESH = (NotYet("NoSuchBucket"), NotYet("OperationAborted"))


def trail_bucket(at: Installation) -> list[Part]:
    """Nothing where the bucket is adopted: it is another's."""
    if not at.owns_bucket:
        return []
    why = "CloudTrail needs a bucket even where only its log group is read"
    rule = {"Expiration": {"Days": at.choices.trail_days}}
    return _bucket(at, at.bucket, why, rule, trail_policy(at))


def failure_bucket(at: Installation) -> list[Part]:
    """Where Lambda puts a payload that failed three times. S3, since a payload of nearly 1 MB
    with Lambda's wrapper can be larger than SQS takes.
    """
    why = "keeps payloads that could not be ingested, for trailbell redrive"
    rule = {"Expiration": {"Days": FAILURE_DAYS}}
    return _bucket(at, at.failures, why, rule, document(_tls_only(at, at.failures)))


def trail_policy(at: Installation) -> dict[str, Any]:
    """Lets this trail of this account write, and nobody in without TLS.

    Source: CloudTrail user guide, "Amazon S3 bucket policy for CloudTrail".
    """
    bucket = f"arn:{at.partition}:s3:::{at.bucket}"
    trail = {"aws:SourceArn": at.trail_arn}
    folders = [at.trail_owner] + ([at.organization_id] if at.organization_id else [])
    check = _for_cloudtrail("AWSCloudTrailAclCheck", "s3:GetBucketAcl", bucket, trail)
    full_control = {**trail, "s3:x-amz-acl": "bucket-owner-full-control"}
    writes = [
        _for_cloudtrail(
            f"AWSCloudTrailWrite{number}",
            "s3:PutObject",
            f"{bucket}/AWSLogs/{folder}/*",
            full_control,
        )
        for number, folder in enumerate(folders)
    ]
    return document(check, *writes, _tls_only(at, at.bucket))


def _for_cloudtrail(
    sid: str, action: str, resource: str, condition: dict[str, str]
) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": action,
        "Resource": resource,
        "Condition": {"StringEquals": condition},
    }


def _tls_only(at: Installation, bucket: str) -> dict[str, Any]:
    arn = f"arn:{at.partition}:s3:::{bucket}"
    return {
        "Sid": "DenyInsecureTransport",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _bucket(
    at: Installation, name: str, why: str, expiration: dict[str, Any], policy: dict[str, Any]
) -> list[Part]:
    title = f"S3 bucket {name}"
    return [
        Part(
            title=title,
            why=why,
            read=_s3("head_bucket", name, ExpectedBucketOwner=at.account),
            see=lambda _: True,
            absent=NO_BUCKET,
            create=(_create(at, name),),
            remove=(_s3(EMPTY_BUCKET, name), _s3("delete_bucket", name)),
            data=True,
        ),
        _encryption(at, title, name),
        _public_access(title, name),
        _lifecycle(title, name, expiration),
        _policy(title, name, policy),
        _tags(at, title, name),
    ]


def _create(at: Installation, name: str) -> Call:
    if at.region == "us-east-1":  # the one region that must not be named
        return _s3("create_bucket", name)
    where = {"LocationConstraint": at.region}
    return _s3("create_bucket", name, CreateBucketConfiguration=where)


def _encryption(at: Installation, title: str, name: str) -> Part:
    wanted = {"SSEAlgorithm": "AES256"}
    if at.key:
        wanted = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": at.key}
    rule: dict[str, Any] = {"ApplyServerSideEncryptionByDefault": wanted}
    if at.key:
        rule["BucketKeyEnabled"] = True  # a call of KMS now and then instead of one a file

    def see(response: dict[str, Any]) -> dict[str, Any]:
        rules = response["ServerSideEncryptionConfiguration"]["Rules"]
        there = rules[0]["ApplyServerSideEncryptionByDefault"]
        return {key: there.get(key) for key in wanted}

    return Part(
        title=f"{title}: encryption",
        why="at rest with the key that was chosen"
        if at.key
        else "at rest with S3's keys, which cost nothing",
        read=_s3("get_bucket_encryption", name),
        see=see,
        wanted=wanted,
        absent=(*NO_BUCKET, "ServerSideEncryptionConfigurationNotFoundError"),
        create=(
            _s3("put_bucket_encryption", name, ServerSideEncryptionConfiguration={"Rules": [rule]}),
        ),
    )


def _public_access(title: str, name: str) -> Part:
    blocked = {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
    return Part(
        title=f"{title}: public access blocked",
        why="nobody outside the account has business here",
        read=_s3("get_public_access_block", name),
        see=lambda response: response["PublicAccessBlockConfiguration"],
        wanted=blocked,
        absent=(*NO_BUCKET, "NoSuchPublicAccessBlockConfiguration"),
        create=(_s3("put_public_access_block", name, PublicAccessBlockConfiguration=blocked),),
    )


def _lifecycle(title: str, name: str, expiration: dict[str, Any]) -> Part:
    rule = {
        "ID": "expire",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        **expiration,
    }

    compared = ("Status", "Filter", "Expiration", "Transitions")

    def see(response: dict[str, Any]) -> list[Any]:
        return [{key: one.get(key) for key in compared} for one in response["Rules"]]

    return Part(
        title=f"{title}: lifecycle",
        why=f"objects expire after {expiration['Expiration']['Days']} days",
        read=_s3("get_bucket_lifecycle_configuration", name),
        see=see,
        wanted=[{key: rule.get(key) for key in compared}],
        absent=(*NO_BUCKET, "NoSuchLifecycleConfiguration"),
        create=(
            _s3(
                "put_bucket_lifecycle_configuration",
                name,
                LifecycleConfiguration={"Rules": [rule]},
            ),
        ),
    )


def _policy(title: str, name: str, policy: dict[str, Any]) -> Part:
    return Part(
        title=f"{title}: policy",
        why="TLS only, and only this trail may write"
        if len(policy["Statement"]) > 1
        else "TLS only",
        read=_s3("get_bucket_policy", name),
        see=lambda response: json.loads(response["Policy"]),
        wanted=policy,
        absent=(*NO_BUCKET, "NoSuchBucketPolicy"),
        create=(_s3("put_bucket_policy", name, Policy=json.dumps(policy)),),
    )


def _tags(at: Installation, title: str, name: str) -> Part:
    return Part(
        title=f"{title}: tags",
        why="says what it belongs to",
        read=_s3("get_bucket_tagging", name),
        see=lambda response: {one["Key"]: one["Value"] for one in response["TagSet"]},
        wanted=at.tags,
        absent=(*NO_BUCKET, "NoSuchTagSet"),
        create=(_s3("put_bucket_tagging", name, Tagging={"TagSet": at.tag_pairs}),),
    )


def _s3(operation: str, bucket: str, **parameters: Any) -> Call:
    not_yet = FRESH if operation.startswith(("create_", "put_")) else ()
    return Call(
        service="s3",
        operation=operation,
        parameters={"Bucket": bucket, **parameters},
        not_yet=not_yet,
    )
