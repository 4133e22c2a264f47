"""Which IAM actions an API call needs, where they are not simply the call's own name.

Source: Service Authorization Reference.
"""

from __future__ import annotations

from tests.provisioning.account import Made

RENAMED = {
    "lambda:Invoke": {"lambda:InvokeFunction"},
    "s3:HeadBucket": {"s3:ListBucket"},
    "s3:ListObjectsV2": {"s3:ListBucket"},
    "s3:ListObjectVersions": {"s3:ListBucketVersions"},
    "s3:DeleteObjects": {"s3:DeleteObject", "s3:DeleteObjectVersion"},
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
    "ssm:PutParameter": "ssm:AddTagsToResource",
}
ALSO = {
    "cloudtrail:CreateTrail": {"iam:PassRole"},
    "cloudtrail:UpdateTrail": {"iam:PassRole"},
}
TRANSACTED = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
}


def actions(call: Made) -> set[str]:
    """The actions that IAM checks for the call."""
    if call.action == "dynamodb:TransactWriteItems":
        return {TRANSACTED[kind] for item in call.parameters["TransactItems"] for kind in item}
    if call.action == "dynamodb:TransactGetItems":
        return {"dynamodb:GetItem"}
    if call.action == "dynamodb:BatchWriteItem":
        requests = [one for each in call.parameters["RequestItems"].values() for one in each]
        kinds = {kind for request in requests for kind in request}
        return {f"dynamodb:{kind.removesuffix('Request')}Item" for kind in kinds} | {
            "dynamodb:BatchWriteItem"
        }
    found = RENAMED.get(call.action, {call.action}) | ALSO.get(call.action, set())
    tagged = {"Tags", "tags", "TagsList"} & set(call.parameters)
    return found | ({TAGGING[call.action]} if tagged and call.action in TAGGING else set())
