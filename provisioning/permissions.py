"""Which IAM actions a call needs, and on which resource: where that is not its own name, said here.

Source: Service Authorization Reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chalicelib.monitoring.asking import ACTIONS
from provisioning.change import Call
from provisioning.installation import Installation

RENAMED: dict[str, set[str]] = {
    **{call: {action} for call, action in ACTIONS.items()},
    "lambda:Invoke": {"lambda:InvokeFunction"},
    "s3:HeadBucket": {"s3:ListBucket"},
    "s3:ListObjectVersions": {"s3:ListBucketVersions"},
    "s3:DeleteObjects": {"s3:DeleteObject", "s3:DeleteObjectVersion"},
    "s3:EmptyBucket": {"s3:ListBucketVersions", "s3:DeleteObject", "s3:DeleteObjectVersion"},
    "kms:MadeKey": {"kms:CreateKey", "kms:CreateAlias", "kms:TagResource"},
    "ssm:Reencrypted": {"ssm:GetParameter", "ssm:PutParameter"},
    "sns:Subscribed": {"sns:ListSubscriptionsByTopic", "sns:GetSubscriptionAttributes"},
    "sns:Unsubscribed": {"sns:ListSubscriptionsByTopic", "sns:Unsubscribe"},
    "s3:GetBucketEncryption": {"s3:GetEncryptionConfiguration"},
    "s3:PutBucketEncryption": {"s3:PutEncryptionConfiguration"},
    "s3:GetPublicAccessBlock": {"s3:GetBucketPublicAccessBlock"},
    "s3:PutPublicAccessBlock": {"s3:PutBucketPublicAccessBlock"},
    "s3:GetBucketLifecycleConfiguration": {"s3:GetLifecycleConfiguration"},
    "s3:PutBucketLifecycleConfiguration": {"s3:PutLifecycleConfiguration"},
}
TAGGING = {
    "cloudtrail:CreateTrail": "cloudtrail:AddTags",
    "cloudwatch:PutMetricAlarm": "cloudwatch:TagResource",
    "dynamodb:CreateTable": "dynamodb:TagResource",
    "iam:CreateRole": "iam:TagRole",
    "logs:CreateLogGroup": "logs:TagResource",
    "sns:CreateTopic": "sns:TagResource",
    "sqs:CreateQueue": "sqs:TagQueue",
    "ssm:PutParameter": "ssm:AddTagsToResource",
}
ALSO = {
    "cloudtrail:CreateTrail": {"iam:PassRole"},
    "cloudtrail:UpdateTrail": {"iam:PassRole"},
}
# What chalice deploy and chalice delete call: read in Chalice 1.34.0's awsclient.py.
CHALICE = frozenset(
    {
        *("lambda:GetFunction", "lambda:GetFunctionConfiguration", "lambda:CreateFunction"),
        *("lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"),
        *("lambda:DeleteFunction", "lambda:ListTags", "lambda:TagResource"),
        *("lambda:UntagResource", "lambda:GetPolicy", "lambda:AddPermission"),
        *("lambda:RemovePermission", "lambda:DeleteFunctionConcurrency"),
        *("iam:GetRole", "iam:CreateRole", "iam:DeleteRole", "iam:PutRolePolicy", "iam:PassRole"),
        *("iam:DeleteRolePolicy", "iam:ListRolePolicies"),
        *("apigateway:GET", "apigateway:POST", "apigateway:PUT", "apigateway:PATCH"),
        "apigateway:DELETE",
        *("events:PutRule", "events:PutTargets", "events:RemoveTargets", "events:DeleteRule"),
        "events:DescribeRule",
        *("logs:CreateLogGroup", "logs:DescribeLogGroups", "logs:PutRetentionPolicy"),
        "logs:DeleteRetentionPolicy",
    }
)
TAGS = {"Tags", "tags", "TagsList"}
# API Gateway's actions are the methods of its own API.
METHODS = {
    "Get": "GET", "Update": "PATCH", "Create": "POST", "Import": "POST", "Put": "PUT",
    "Delete": "DELETE",
}  # fmt: skip


def needed(service: str, operation: str, parameters: Iterable[str] = ()) -> set[str]:
    """The actions of a call by boto3's names; `parameters` are the names of those given."""
    name = "".join(word.capitalize() for word in operation.split("_"))
    return named(f"{service}:{name}", parameters)


def named(action: str, parameters: Iterable[str] = ()) -> set[str]:
    """The same by AWS's name of the call, such as s3:HeadBucket."""
    service, name = action.split(":")
    if service == "apigateway":
        return {f"apigateway:{METHODS[re.sub('(?<!^)[A-Z].*', '', name)]}"}
    found = RENAMED.get(action, {action}) | ALSO.get(action, set())
    tagged = TAGS & set(parameters)
    return found | ({TAGGING[action]} if tagged and action in TAGGING else set())


def of_call(call: Call) -> set[str]:
    """The actions of a part's call."""
    return needed(call.service, call.operation, call.parameters)


def by_chalice(at: Installation) -> dict[str, set[str]]:
    """What chalice deploy and chalice delete call, by the ARN that it is checked on."""
    api = f"arn:{at.partition}:apigateway:{at.region}::/restapis"
    return {
        at.function_arn("sweep"): {one for one in CHALICE if one.startswith("lambda:")},
        at.arn_of_role(at.function("sweep")): {one for one in CHALICE if one.startswith("iam:")},
        api: {one for one in CHALICE if one.startswith("apigateway:")},
        at.arn("events", f"rule/{at.function('sweep')}-event"): {
            one for one in CHALICE if one.startswith("events:")
        },
        at.arn("logs", f"log-group:/aws/lambda/{at.function('sweep')}:*"): {
            one for one in CHALICE if one.startswith("logs:")
        },
    }


def resource(at: Installation, call: Call) -> str:
    """The ARN that IAM checks the call against, "*" where the action knows none."""
    find = _RESOURCES.get(call.service)
    return find(at, call.parameters) if find else "*"


def _bucket(at: Installation, given: Mapping[str, Any]) -> str:
    return f"arn:{at.partition}:s3:::{given['Bucket']}"


def _log_group(at: Installation, given: Mapping[str, Any]) -> str:
    name = given.get("logGroupName")
    return at.arn("logs", f"log-group:{name}:*") if name else "*"


def _trail(at: Installation, given: Mapping[str, Any]) -> str:
    name = str(given.get("Name") or given.get("TrailName") or "")
    return name if name.startswith("arn:") else at.arn("cloudtrail", f"trail/{name}")


def _function(at: Installation, given: Mapping[str, Any]) -> str:
    return at.arn("lambda", f"function:{given['FunctionName']}")


def _topic(at: Installation, given: Mapping[str, Any]) -> str:
    return str(given.get("TopicArn") or at.arn("sns", given["Name"]))


def _queue(at: Installation, given: Mapping[str, Any]) -> str:
    return at.queue_arn(given.get("QueueName") or given["QueueUrl"].rpartition("/")[2])


def _parameter(at: Installation, given: Mapping[str, Any]) -> str:
    return at.arn("ssm", f"parameter{given['Name']}") if "Name" in given else "*"


def _stage(at: Installation, given: Mapping[str, Any]) -> str:
    path = f"/restapis/{given['restApiId']}/stages/{given['stageName']}"
    return f"arn:{at.partition}:apigateway:{at.region}::{path}"


def _alarm(at: Installation, given: Mapping[str, Any]) -> str:
    name = given.get("AlarmName") or next(iter(given.get("AlarmNames", ())), "")
    return at.arn("cloudwatch", f"alarm:{name}")


_RESOURCES: dict[str, Callable[[Installation, Mapping[str, Any]], str]] = {
    "apigateway": _stage,
    "cloudtrail": _trail,
    "cloudwatch": _alarm,
    "dynamodb": lambda at, given: at.arn("dynamodb", f"table/{given['TableName']}"),
    "iam": lambda at, given: at.arn_of_role(given["RoleName"]),
    "kms": lambda at, _: "*" if at.owns_key and not at.own_key else str(at.key),
    "lambda": _function,
    "logs": _log_group,
    "s3": _bucket,
    "sns": _topic,
    "sqs": _queue,
    "ssm": _parameter,
}
