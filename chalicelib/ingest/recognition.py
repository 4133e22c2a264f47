"""What a JSON value or a line is: a CloudTrail record, or else what, in words for people.

One rule for every transport: Lambda's handlers and the commands that read files ask it alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

NAMELESS = "a JSON object without CloudTrail's fields, not a record"
ROW_OF_INSIGHTS = (
    "a row of CloudWatch Logs Insights without @message, not a record: add @message to its fields"
)
# Of a text from outside only what a line of a log can take, and no more than names a thing.
SHOWABLE = r"[A-Za-z0-9_ .:/@+=%*()!',-]{1,160}"


# What has both is a record, whatever else it has.
OF_A_RECORD = IDENTITY, RECIPIENT = "userIdentity", "recipientAccountId"


def is_record(value: dict[str, Any]) -> bool:
    """Whether an object is a CloudTrail record, be it cut by hand.

    Every record that CloudTrail writes has eventVersion, its Insights events too; a cut one has
    eventName, eventSource or userIdentity. Events of Kinesis, S3, DynamoDB and SES for Lambda have
    these as well, yet their eventSource is "aws:kinesis", and other programs' is "web", where
    CloudTrail's is an address. Rows of a query may show an eventName or "userIdentity.arn" of the
    record that they do not hold. Both an identity and a recipient has CloudTrail alone, so that
    most records cost two looks.
    Source: CloudTrail user guide, "CloudTrail record contents"; Lambda developer guide, the
    example event of each service.
    """
    if IDENTITY in value and RECIPIENT in value:
        return True
    source = value.get("eventSource")
    if isinstance(source, str) and ":" in source:
        return False
    if "eventVersion" in value:
        return "userIdentity" in value or not _is_flat(value)
    return _is_cut(value)


def is_plainly_record(value: dict[str, Any]) -> bool:
    """Whether an object is a record beyond doubt: other programs have an eventName too."""
    source = value.get("eventSource")
    called = "eventName" in value and isinstance(value.get("userIdentity"), dict)
    by_aws = isinstance(source, str) and source.endswith(".amazonaws.com")
    return is_record(value) and ("eventVersion" in value or called or by_aws)


def _is_cut(value: dict[str, Any]) -> bool:
    name = value.get("eventName")
    if _is_row(value) or (isinstance(name, str) and ":" in name):
        return False
    source = value.get("eventSource")
    if isinstance(source, str):
        return "." in source
    return isinstance(name, str) or isinstance(value.get("userIdentity"), dict)


def kind_of(value: dict[str, Any]) -> str:
    """What an object is that is no record; NAMELESS where nobody knows."""
    return _named(value) or _named(_first(value)) or NAMELESS


def kind_of_text(text: str) -> str:
    """What a line is that is no JSON; "" where nobody knows."""
    for kind, pattern in LINES:
        if re.match(pattern, text, re.ASCII):
            return kind
    return ""


def _named(value: dict[str, Any]) -> str:
    return next(filter(None, _names(value)), "")


def _names(value: dict[str, Any]) -> Iterator[str]:
    yield _file_notice(value)
    yield _eventbridge(value)
    for keys, kind in KINDS:
        if all(key in value for key in keys.split()):
            yield kind
    yield _by_source(value)
    if _is_row(value):
        yield ROW_OF_INSIGHTS


def _first(value: dict[str, Any]) -> dict[str, Any]:
    """The first of what a wrapping for Lambda holds; {} where that is a record, or none."""
    items = value.get("Records")
    first = items[0] if isinstance(items, list) and items else None
    return first if isinstance(first, dict) and not is_record(first) else {}


def _file_notice(value: dict[str, Any]) -> str:
    """S3's own notices, by EventBridge too, and CloudTrail's by SNS name a file."""
    inner = value.get("s3", value.get("detail", value))
    bucket, key = _at(inner, "bucket", "name"), _at(inner, "object", "key")
    if isinstance(keys := value.get("s3ObjectKey"), list):
        bucket, key = value.get("s3Bucket"), next(iter(keys), None)
    if not (isinstance(bucket, str) and isinstance(key, str)):
        return ""
    place = _shown(f" (s3://{bucket}/{key})", "")
    return f"a notice of a file in S3{place}, not a record"


def _eventbridge(value: dict[str, Any]) -> str:
    kind, source = value.get("detail-type"), value.get("source")
    if not (isinstance(kind, str) and isinstance(source, str)):
        return ""
    return f"an EventBridge event of {_shown(f'{source} ({kind})', 'another kind')}, not a record"


def _by_source(value: dict[str, Any]) -> str:
    source = value.get("eventSource", value.get("EventSource"))
    if not isinstance(source, str) or not source.startswith("aws:"):
        return ""
    name = _shown(source.removeprefix("aws:"), "another service")
    return f"an item of {name} for Lambda, not a record"


def _shown(text: str, otherwise: str) -> str:
    return text if re.fullmatch(SHOWABLE, text) else otherwise


def _is_row(value: dict[str, Any]) -> bool:
    marked = "@timestamp" in value or "@ptr" in value or "@message" in value
    return marked or _is_flat(value)


def _is_flat(value: dict[str, Any]) -> bool:
    return any(key.startswith("userIdentity.") for key in value)


def _at(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


# The fields that only this kind has together, and what it is. Sources: the user guides of each
# service; elastic.co, "Elastic Common Schema"; schema.ocsf.io.
KINDS = (
    ("digestStartTime digestEndTime", "a digest file of CloudTrail, not records"),
    ("class_uid metadata", "an OCSF document without the original record (raw_data)"),
    ("class_uid category_uid", "an OCSF document without the original record (raw_data)"),
    ("_index _source", "an Elastic document without the original record (event.original)"),
    ("_index fields", "an Elastic document without the original record (event.original)"),
    ("ecs event", "an Elastic document without the original record (event.original)"),
    ("ecs.version", "an Elastic document without the original record (event.original)"),
    ("aws event", "an Elastic document without the original record (event.original)"),
    ("aws.cloudtrail.event_version", "an Elastic document without the original record"),
    ("eventversion useridentity", "a row of Athena, its names in small letters, not a record"),
    ("recordId data", "an item of Firehose, not a record"),
    ("SequenceNumber Data", "an item of Kinesis, not a record"),
    ("EventId EventName", "an entry of lookup-events without CloudTrailEvent, not a record"),
    ("schemaVersion resource service type", "a finding of GuardDuty, not a record"),
    ("SchemaVersion ProductArn", "a finding of Security Hub (ASFF), not a record"),
    ("Findings", "a list of findings, not records"),
    ("configurationItems", "a snapshot or history of AWS Config, not records"),
    ("configurationItem", "a notice of AWS Config, not a record"),
    ("configurationItemVersion", "an item of AWS Config, not a record"),
    ("configurationItemStatus resourceType", "an item of AWS Config, not a record"),
    ("invokingEvent configRuleName", "an event of AWS Config for Lambda, not a record"),
    ("AlarmName NewStateValue", "a notice of a CloudWatch alarm, not a record"),
    ("alarmArn alarmData", "a notice of a CloudWatch alarm, not a record"),
    ("Service Event Bucket", "a test notice of S3, not a record"),
    ("Type TopicArn SubscribeURL", "a confirmation that SNS asks for, not a record"),
    ("TopicArn Message", "an SNS notification with a text of its own, not a record"),
    ("webaclId httpRequest", "a log of AWS WAF, not a record"),
    ("query_name query_type", "a log of Route 53 Resolver, not a record"),
    ("account_id interface_id srcaddr dstaddr", "a VPC flow log, not a record"),
    ("triggerSource userPoolId", "an event of Cognito for Lambda, not a record"),
    ("requestContext headers", "a request for Lambda over HTTP, not a record"),
)

# How the lines of other logs begin. Sources: VPC user guide, "Flow log records"; ELB user guides,
# "Access logs"; S3 user guide, "Amazon S3 server access log format"; CloudFront, "Standard logs".
LINES = (
    ("a line of VPC flow logs, not a record", r"\d+ (\d{12}|unknown) eni-\w+ "),
    ("the header of VPC flow logs, not a record", r"version account-id interface-id "),
    (
        "a line of a load balancer's access log, not a record",
        r"((https?|h2|grpcs?|wss?|tls) )?([\d.]+ )?\d{4}-\d\d-\d\dT[\d:.]+Z?"
        r" [\w/.-]+ [\w/.-]*[\d:.]+",
    ),
    (
        "a line of S3's access log, not a record",
        r"([0-9a-f]{64}|-) \S+ \[\d\d/\w{3}/\d{4}:[\d:]+ [+-]\d{4}\] ",
    ),
    ("a line of CloudFront's log, not a record", r"#(Version|Fields):|\d{4}-\d\d-\d\d\t[\d:]+\t"),
    ("a row of CSV, not a record: export JSON", r'"([^"]|"")*"(,"([^"]|"")*")+$|(\w+,){3,}\w+$'),
)
