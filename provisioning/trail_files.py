"""The way in by S3: a queue that tells of the trail's files, and the right to read them.

The bucket and its topic may be another account's: what their owners have to allow is in
docs/operating.md, "By S3".
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from provisioning.aws import UNSUBSCRIBED, Aws
from provisioning.change import Call, NotYet, Part
from provisioning.installation import Installation
from provisioning.parameters import parameter
from provisioning.policies import document, role_policy
from provisioning.topics import NO_TOPIC, sns, subscription

# A message comes again if it is not done by then: six times the function's timeout, as AWS advises.
# Source: Lambda developer guide, "Using Lambda with Amazon SQS".
FUNCTION_TIMEOUT = 300
VISIBILITY_SECONDS = 6 * FUNCTION_TIMEOUT
KEPT_SECONDS = 14 * 24 * 60 * 60
# Throttled invocations count as tries too: AWS advises at least five.
MOST_TRIES = 5
NO_QUEUE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
# A queue takes its name back for a minute.
QUEUE_NOT_YET = (NotYet("AWS.SimpleQueueService.QueueDeletedRecently"), *map(NotYet, NO_QUEUE))


def way_by_files(at: Installation) -> list[Part]:
    """What is made before the function is; nothing where records come by the log group."""
    if not at.reads_files:
        return []
    own = [_topic(at)] if at.owns_topic else []
    return [*own, *_failed_queue(at), *_queue(at), _subscription(at), _parameter(at)]


def made_since(aws: Aws, at: Installation) -> datetime | None:
    """When the queue was made; None where it is not. Raises OperatorError."""
    read = _attributes(at.queue_url(at.files_queue))
    found = aws.find(read, NO_QUEUE, f"reading the queue {at.files_queue}")
    if found is None:
        return None
    return datetime.fromtimestamp(float(found["Attributes"]["CreatedTimestamp"]), UTC)


def rights_of_files(at: Installation) -> list[Part]:
    """What the function may read, once it is there."""
    return [_rights(at)] if at.reads_files else []


def _topic(at: Installation) -> Part:
    # Source: CloudTrail user guide, "Amazon SNS topic policy for CloudTrail".
    policy = _allow(
        "sns:Publish", at.files_topic, "cloudtrail.amazonaws.com", {"aws:SourceArn": at.trail_arn}
    )
    name = at.files_topic.rpartition(":")[2]
    set_policy = sns(
        at.files_topic,
        "set_topic_attributes",
        TopicArn=at.files_topic,
        AttributeName="Policy",
        AttributeValue=json.dumps(policy),
    )
    return Part(
        title=f"SNS topic {name}",
        why="CloudTrail says here that it wrote a file",
        read=sns(at.files_topic, "get_topic_attributes", TopicArn=at.files_topic),
        see=lambda response: json.loads(response["Attributes"].get("Policy", "{}")),
        wanted=policy,
        absent=NO_TOPIC,
        create=(sns(at.files_topic, "create_topic", Name=name, Tags=at.tag_pairs), set_policy),
        change=(set_policy,),
        remove=(sns(at.files_topic, "delete_topic", TopicArn=at.files_topic),),
    )


def _failed_queue(at: Installation) -> list[Part]:
    attributes = {
        "MessageRetentionPeriod": str(KEPT_SECONDS),
        "SqsManagedSseEnabled": "true",
    }
    why = f"what failed {MOST_TRIES} times waits here, two weeks"
    return [_made(at, at.files_failed, why, attributes)]


def _queue(at: Installation) -> list[Part]:
    redrive = {
        "deadLetterTargetArn": at.queue_arn(at.files_failed),
        "maxReceiveCount": MOST_TRIES,
    }
    policy = _allow(
        "sqs:SendMessage",
        at.queue_arn(at.files_queue),
        "sns.amazonaws.com",
        {"aws:SourceArn": at.files_topic},
    )
    attributes = {
        "MessageRetentionPeriod": str(KEPT_SECONDS),
        "SqsManagedSseEnabled": "true",
        "VisibilityTimeout": str(VISIBILITY_SECONDS),
        "RedrivePolicy": json.dumps(redrive),
        "Policy": json.dumps(policy),
    }
    return [_made(at, at.files_queue, "tells ingest_files of the trail's files", attributes)]


def _made(at: Installation, name: str, why: str, attributes: dict[str, str]) -> Part:
    url = at.queue_url(name)
    wanted = {key: _read(value) for key, value in attributes.items()}

    def see(response: dict[str, Any]) -> dict[str, Any]:
        there = response["Attributes"]
        return {key: _read(there[key]) for key in attributes if key in there}

    return Part(
        title=f"SQS queue {name}",
        why=why,
        read=_attributes(url),
        see=see,
        wanted=wanted,
        absent=NO_QUEUE,
        create=(_sqs("create_queue", QueueName=name, Attributes=attributes, tags=at.tags),),
        change=(_sqs("set_queue_attributes", QueueUrl=url, Attributes=attributes),),
        remove=(_sqs("delete_queue", QueueUrl=url),),
    )


def _subscription(at: Installation) -> Part:
    endpoint = at.queue_arn(at.files_queue)
    part = subscription(
        at.files_topic,
        "sqs",
        endpoint,
        title=f"SNS subscription of {at.files_queue}",
        why=f"{at.files_topic} hands over to the queue",
        # A topic made in this run is not there yet when this is read.
        absent=NO_TOPIC if at.owns_topic else (),
    )
    # Of a topic of our own it goes with that; another's would try a queue for ever that is gone.
    leave = sns(at.files_topic, UNSUBSCRIBED, TopicArn=at.files_topic, Endpoint=endpoint)
    return part if at.owns_topic else replace(part, remove=(leave,))


def _parameter(at: Installation) -> Part:
    """Whose bucket is read; chalicelib/usecases/files.py reads it."""
    value, why = f"{at.bucket_owner}/{at.bucket}", "the one bucket that is read, and whose it is"
    return parameter(at, "trail-bucket", value, why, secret=False, optional=False)


def _rights(at: Installation) -> Part:
    """Chalice's policy of the function is the same everywhere; this bucket is a choice."""
    role = at.function("ingest_files")
    return role_policy(
        role,
        "read-trail-files",
        document(*_statements(at)),
        title=f"IAM role {role}: trail's files",
        why=f"reads the trail's files of {at.bucket}, and nothing else there",
        function=role,
    )


def _statements(at: Installation) -> list[dict[str, Any]]:
    files = {
        "Sid": "ReadTheTrailsFiles",
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": [f"arn:{at.partition}:s3:::{at.bucket}/*AWSLogs/*/CloudTrail/*"],
        "Condition": {"StringEquals": {"s3:ResourceAccount": at.bucket_owner}},
    }
    if not at.choices.bucket_key:
        return [files]
    key = {
        "Sid": "DecryptThem",
        "Effect": "Allow",
        "Action": ["kms:Decrypt"],
        "Resource": [at.choices.bucket_key],
    }
    return [files, key]


def _allow(action: str, resource: str, service: str, condition: dict[str, str]) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": action,
        "Resource": resource,
        "Condition": {"ArnEquals": condition},
    }
    return document(statement)


def _read(value: str) -> Any:
    """SQS keeps documents as texts of its own form."""
    return json.loads(value) if value.startswith("{") else value


def _attributes(url: str) -> Call:
    asked = {"QueueUrl": url, "AttributeNames": ["All"]}
    return Call(service="sqs", operation="get_queue_attributes", parameters=asked)


def _sqs(operation: str, **parameters: Any) -> Call:
    return Call(service="sqs", operation=operation, parameters=parameters, not_yet=QUEUE_NOT_YET)
