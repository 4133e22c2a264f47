"""Each AWS call that makes something, as CloudFormation says it.

Source: AWS CloudFormation template reference, one page for each type named here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from provisioning.aws import MADE_KEY
from provisioning.change import Call

Properties = dict[str, Any]
OWN_KEY = "${Key.Arn}"  # as the template calls a key of our own
Made = tuple[str, str, Properties]  # type, the name that it has in AWS, properties
# Calls that only wait, or switch on what a template says of the thing itself.
SAID_ELSEWHERE = (
    *("describe_log_groups", "describe_table", "start_logging"),
    *("put_key_policy", "enable_key_rotation"),
)


def made_by(call: Call) -> Iterator[Made]:
    """What the call makes, or adds to what an earlier one of the same name makes. Secrets are left
    out. Raises KeyError of a call that nobody here knows.
    """
    if call.operation in SAID_ELSEWHERE:
        return
    asked = dict(call.parameters)
    if asked.get("Type") != "SecureString":
        yield from _MADE[f"{call.service}.{call.operation}"](asked)


def _bucket(asked: Properties) -> Iterator[Made]:
    yield "AWS::S3::Bucket", asked["Bucket"], {"BucketName": asked["Bucket"]}


def _encryption(asked: Properties) -> Iterator[Made]:
    rules = [
        {
            "ServerSideEncryptionByDefault": rule["ApplyServerSideEncryptionByDefault"],
            **{key: rule[key] for key in ("BucketKeyEnabled",) if key in rule},
        }
        for rule in asked["ServerSideEncryptionConfiguration"]["Rules"]
    ]
    encryption = {"ServerSideEncryptionConfiguration": rules}
    yield "AWS::S3::Bucket", asked["Bucket"], {"BucketEncryption": encryption}


def _public_access(asked: Properties) -> Iterator[Made]:
    blocked = asked["PublicAccessBlockConfiguration"]
    yield "AWS::S3::Bucket", asked["Bucket"], {"PublicAccessBlockConfiguration": blocked}


def _lifecycle(asked: Properties) -> Iterator[Made]:
    rules = [
        {
            "Id": rule["ID"],
            "Status": rule["Status"],
            "ExpirationInDays": rule["Expiration"]["Days"],
            "AbortIncompleteMultipartUpload": rule["AbortIncompleteMultipartUpload"],
        }
        for rule in asked["LifecycleConfiguration"]["Rules"]
    ]
    yield "AWS::S3::Bucket", asked["Bucket"], {"LifecycleConfiguration": {"Rules": rules}}


def _bucket_tags(asked: Properties) -> Iterator[Made]:
    yield "AWS::S3::Bucket", asked["Bucket"], {"Tags": asked["Tagging"]["TagSet"]}


def _bucket_policy(asked: Properties) -> Iterator[Made]:
    policy = {"Bucket": asked["Bucket"], "PolicyDocument": json.loads(asked["Policy"])}
    yield "AWS::S3::BucketPolicy", asked["Bucket"], policy


def _log_group(asked: Properties) -> Iterator[Made]:
    name = asked["logGroupName"]
    key = {"KmsKeyId": asked["kmsKeyId"]} if "kmsKeyId" in asked else {}
    yield "AWS::Logs::LogGroup", name, {"LogGroupName": name, "Tags": _pairs(asked["tags"]), **key}


def _key(asked: Properties) -> Iterator[Made]:
    tags = [{"Key": tag["TagKey"], "Value": tag["TagValue"]} for tag in asked["Tags"]]
    said = {"KeyPolicy": json.loads(asked["Policy"]), "Description": asked["Description"]}
    yield "AWS::KMS::Key", "", {**said, "Tags": tags, "EnableKeyRotation": True}
    alias = asked["AliasName"]
    yield "AWS::KMS::Alias", alias, {"AliasName": alias, "TargetKeyId": OWN_KEY}


def _retention(asked: Properties) -> Iterator[Made]:
    days = {"RetentionInDays": asked["retentionInDays"]}
    yield "AWS::Logs::LogGroup", asked["logGroupName"], days


def _role(asked: Properties) -> Iterator[Made]:
    trust = json.loads(asked.pop("AssumeRolePolicyDocument"))
    yield "AWS::IAM::Role", asked["RoleName"], {**asked, "AssumeRolePolicyDocument": trust}


def _role_policy(asked: Properties) -> Iterator[Made]:
    rights = json.loads(asked.pop("PolicyDocument"))
    name = f"{asked['RoleName']}-{asked['PolicyName']}"
    yield "AWS::IAM::RolePolicy", name, {**asked, "PolicyDocument": rights}


def _trail(asked: Properties) -> Iterator[Made]:
    name, tags = asked.pop("Name"), asked.pop("TagsList")
    trail = {**asked, "TrailName": name, "Tags": tags, "IsLogging": True}
    yield "AWS::CloudTrail::Trail", name, trail


def _table(asked: Properties) -> Iterator[Made]:
    if "SSESpecification" in asked:
        own = dict(asked["SSESpecification"])
        asked["SSESpecification"] = {"SSEEnabled": own.pop("Enabled"), **own}
    yield "AWS::DynamoDB::Table", asked["TableName"], asked


def _parameter(asked: Properties) -> Iterator[Made]:
    asked.pop("Overwrite", None)
    tags = {tag["Key"]: tag["Value"] for tag in asked.pop("Tags", ())}
    yield "AWS::SSM::Parameter", asked["Name"], {**asked, "Tags": tags}


def _topic(asked: Properties) -> Iterator[Made]:
    yield "AWS::SNS::Topic", asked["Name"], {"TopicName": asked["Name"], "Tags": asked["Tags"]}


def _topic_policy(asked: Properties) -> Iterator[Made]:
    policy = {"Topics": [asked["TopicArn"]], "PolicyDocument": json.loads(asked["AttributeValue"])}
    yield "AWS::SNS::TopicPolicy", asked["TopicArn"].rpartition(":")[2], policy


def _subscription(asked: Properties) -> Iterator[Made]:
    yield "AWS::SNS::Subscription", asked["Endpoint"].rpartition(":")[2], asked


def _queue(asked: Properties) -> Iterator[Made]:
    name, attributes = asked["QueueName"], dict(asked["Attributes"])
    policy = attributes.pop("Policy", None)
    said = {key: json.loads(value) for key, value in attributes.items()}
    yield "AWS::SQS::Queue", name, {"QueueName": name, "Tags": _pairs(asked["tags"]), **said}
    if policy:
        url = "https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/" + name
        allowed = {"Queues": [url], "PolicyDocument": json.loads(policy)}
        yield "AWS::SQS::QueuePolicy", name, allowed


def _alarm(asked: Properties) -> Iterator[Made]:
    yield "AWS::CloudWatch::Alarm", asked["AlarmName"], asked


def _failure_destination(asked: Properties) -> Iterator[Made]:
    name = asked["FunctionName"]
    yield "AWS::Lambda::EventInvokeConfig", name, {**asked, "Qualifier": "$LATEST"}


def _permission(asked: Properties) -> Iterator[Made]:
    name = f"{asked['FunctionName']}-{asked.pop('StatementId')}"
    yield "AWS::Lambda::Permission", name, asked


def _filter(asked: Properties) -> Iterator[Made]:
    said = {key[0].upper() + key[1:]: value for key, value in asked.items()}
    yield "AWS::Logs::SubscriptionFilter", said["FilterName"], said


def _pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _more_of_the_table(asked: Properties) -> Iterator[Made]:
    yield "AWS::DynamoDB::Table", asked.pop("TableName"), asked


_MADE: dict[str, Callable[[Properties], Iterator[Made]]] = {
    "cloudtrail.create_trail": _trail,
    "cloudwatch.put_metric_alarm": _alarm,
    "dynamodb.create_table": _table,
    "dynamodb.update_continuous_backups": _more_of_the_table,
    "dynamodb.update_time_to_live": _more_of_the_table,
    "iam.create_role": _role,
    "iam.put_role_policy": _role_policy,
    f"kms.{MADE_KEY}": _key,
    "lambda.add_permission": _permission,
    "lambda.put_function_event_invoke_config": _failure_destination,
    "logs.create_log_group": _log_group,
    "logs.put_retention_policy": _retention,
    "logs.put_subscription_filter": _filter,
    "s3.create_bucket": _bucket,
    "s3.put_bucket_encryption": _encryption,
    "s3.put_bucket_lifecycle_configuration": _lifecycle,
    "s3.put_bucket_policy": _bucket_policy,
    "s3.put_bucket_tagging": _bucket_tags,
    "s3.put_public_access_block": _public_access,
    "sns.create_topic": _topic,
    "sns.set_topic_attributes": _topic_policy,
    "sns.subscribe": _subscription,
    "sqs.create_queue": _queue,
    "ssm.put_parameter": _parameter,
}
