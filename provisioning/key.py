"""The KMS key of one's own: for the table, the secrets, the log group, the trail and the buckets.

It is made here, or adopted: then its owner adds the statements of docs/operating.md to its policy.
"""

from __future__ import annotations

import json
from typing import Any

from provisioning.aws import MADE_KEY, REENCRYPTED, Aws
from provisioning.change import Call, Part
from provisioning.function_roles import REST, role_of
from provisioning.installation import Installation
from provisioning.policies import document, role_policy

GONE = ("NotFoundException",)
# The longest that KMS keeps a key that was deleted, in days.
DELETED_AFTER_DAYS = 30
USABLE = "Enabled"
MEND_KEY = (
    "aws kms enable-key or cancel-key-deletion on it: without it nothing that is kept can be read"
)
USES = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]
# Services that use the key for whoever may use what it encrypts.
VIA = ("dynamodb", "s3", "ssm")


def key(at: Installation) -> list[Part]:
    """Our own key; nothing where another's is adopted or none was chosen."""
    if not at.owns_key:
        return []
    named = {"KeyId": at.alias_arn}
    policy = key_policy(at)
    title = f"KMS key {at.key_alias}"
    made = {
        "AliasName": at.key_alias,
        "Policy": json.dumps(policy),
        "Description": f"What {at.deployment} keeps",
        "Tags": [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in at.tag_pairs],
    }
    days = {"PendingWindowInDays": DELETED_AFTER_DAYS}
    put = {"KeyId": at.key, "PolicyName": "default", "Policy": json.dumps(policy)}
    return [
        Part(
            title=title,
            why="encrypts what is kept; 1 USD a month and its calls",
            read=_kms("describe_key", **named),
            see=lambda response: response["KeyMetadata"]["KeyState"],
            wanted=USABLE,
            absent=GONE,
            create=(_kms(MADE_KEY, **made),),
            fixed=f"{MEND_KEY} ({at.key})",
            remove=(
                _kms("schedule_key_deletion", KeyId=str(at.key).rpartition("/")[2], **days),
                _kms("delete_alias", AliasName=at.key_alias),
            ),
            data=True,
        ),
        Part(
            title=f"{title}: policy",
            why="the account's policies, CloudTrail for this trail, Logs for this log group",
            read=_kms("get_key_policy", KeyId=at.key, PolicyName="default"),
            see=lambda response: json.loads(response["Policy"]),
            wanted=policy,
            absent=(*GONE, "InvalidArnException"),
            create=(_kms("put_key_policy", **put),),
        ),
        Part(
            title=f"{title}: rotation",
            why="a new secret each year; what is encrypted stays readable",
            read=_kms("get_key_rotation_status", KeyId=at.key),
            see=lambda response: response["KeyRotationEnabled"] or None,
            absent=(*GONE, "InvalidArnException"),
            create=(_kms("enable_key_rotation", KeyId=at.key),),
        ),
    ]


def state_of_adopted(aws: Aws, at: Installation) -> str | None:
    """KMS's word for how an adopted key stands, None where there is none. Raises OperatorError."""
    read = _kms("describe_key", KeyId=str(at.key))
    found = aws.find(read, GONE, f"reading the key {at.key}")
    return str(found["KeyMetadata"]["KeyState"]) if found else None


def own_key(aws: Aws, at: Installation) -> str | None:
    """The ARN of our own key; None where there is none yet. Raises OperatorError."""
    if not at.owns_key:
        return None
    read = _kms("describe_key", KeyId=at.alias_arn)
    found = aws.find(read, GONE, f"reading the key {at.key_alias}")
    return str(found["KeyMetadata"]["Arn"]) if found else None


def key_policy(at: Installation) -> dict[str, Any]:
    """Sources: CloudTrail user guide, "Configure AWS KMS key policies for CloudTrail"; CloudWatch
    Logs user guide, "Encrypt log data"; KMS developer guide, "Default key policy".
    """
    account = {
        "Sid": "AllowThisAccountsPolicies",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{at.partition}:iam::{at.account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return document(account, *for_services(at))


def for_services(at: Installation) -> list[dict[str, Any]]:
    """What an adopted key's owner adds."""
    trail = {
        "Sid": "AllowThisTrail",
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": ["kms:DescribeKey", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceArn": at.trail_arn}},
    }
    group = {
        "Sid": "AllowThisLogGroup",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{at.region}.amazonaws.com"},
        "Action": ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*",
                   "kms:ReEncrypt*"],
        "Resource": "*",
        "Condition": {
            "ArnEquals": {"kms:EncryptionContext:aws:logs:arn": at.log_group_arn}
        },
    }  # fmt: skip
    return [*([trail] if at.owns_trail else []), *([group] if at.owns_log_group else [])]


def rights_of_key(at: Installation) -> list[Part]:
    """Each function may use the key by the services that it keeps things with."""
    if at.key is None:
        return []
    by_service = [f"{service}.{at.region}.{at.url_suffix}" for service in VIA]
    use = {
        "Sid": "UseTheKeyOfWhatIsKept",
        "Effect": "Allow",
        "Action": USES,
        "Resource": [at.key],
        "Condition": {"StringEquals": {"kms:ViaService": by_service}},
    }
    return [
        role_policy(
            role_of(at, name),
            "use-key",
            document(use),
            title=f"IAM role {role_of(at, name)}: key",
            why=f"uses {at.key.rpartition(':')[2]} by {', '.join(VIA)}",
            function=at.function(None if name == REST else name),
        )
        for name in at.deploys
    ]


def keys_of_secrets(at: Installation, secrets: tuple[str, ...]) -> list[Part]:
    """A secret that is there under another key is written once more; a new one begins with ours."""
    return [_of_secret(at, name) for name in secrets] if at.key else []


def _of_secret(at: Installation, name: str) -> Part:
    path = at.parameter(name)
    named = [{"Key": "Name", "Option": "Equals", "Values": [path]}]
    return Part(
        title=f"SSM parameter {path}: key",
        why="encrypted with the key that was chosen",
        read=Call(
            service="ssm",
            operation="describe_parameters",
            parameters={"ParameterFilters": named},
        ),
        see=lambda response: next((one["KeyId"] for one in response["Parameters"]), None),
        wanted=at.key,
        change=(
            Call(service="ssm", operation=REENCRYPTED, parameters={"Name": path, "KeyId": at.key}),
        ),
        optional=True,
    )


def _kms(operation: str, **parameters: Any) -> Call:
    return Call(service="kms", operation=operation, parameters=parameters)
