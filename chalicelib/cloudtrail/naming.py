"""What a record's operation is called, and which texts are names of things."""

from __future__ import annotations

import re
from functools import lru_cache

from chalicelib.cloudtrail.record import Record

# What CloudTrail appends to some names: UpdateFunctionCode20150331v2, CreateFunction2020_05_31.
VERSION = re.compile(r"20\d\d_?\d\d_?\d\d(v\d+)?$")
# Ids of a link between two things: rtbassoc-…, eipassoc-…, eni-attach-…, tgw-attach-…,
# vpc-cidr-assoc-… (EC2 API reference, the examples of Associate… and Attach…).
LINK = re.compile(r"(?:[a-z]+\d*-)*(?:[a-z]*assoc|attach)-[0-9a-f]+")


@lru_cache(maxsize=4)  # all that tell of a record ask
def service_of(record: Record) -> str:
    """The service as eventSource begins: "ec2" of "ec2.amazonaws.com"."""
    return record.event_source.split(".", 1)[0]


@lru_cache(maxsize=4)
def operation_of(record: Record) -> str:
    """The eventName without the version that some services append, nor the word "Result", by
    which a service tells how a call went on: CreateAccountResult.
    """
    name = VERSION.sub("", record.event_name)
    return name.removesuffix("Result") if record.event_type == "AwsServiceEvent" else name


@lru_cache(maxsize=4)
def name_of(record: Record) -> str:
    """The operation as tables and policies name it: "ec2:RunInstances"."""
    return f"{service_of(record)}:{operation_of(record)}"


def is_name(name: str) -> bool:
    """Whether a text is a thing's name: no link's, nor "all" and "*", with whom it is shared."""
    linked = "assoc-" in name or "attach-" in name
    return name not in ("", "all", "*") and not (linked and LINK.fullmatch(name))


def short(name: str) -> str:
    """An ARN or address down to the name that people use."""
    parts = name.split(":", 5)
    if parts[0] != "arn" or len(parts) < 6:
        return name.rsplit("/", 1)[-1] if name.startswith("https://sqs.") else name
    service, account, resource = parts[2], parts[4], parts[5]
    if service in ("s3", "sns", "sqs") or resource.startswith("alias/"):
        return resource
    if service in ("iam", "sts"):
        return f"account {account}" if resource == "root" else resource.rsplit("/", 1)[-1]
    if service in ("wafv2", "elasticloadbalancing"):
        names = resource.split("/")  # regional/ipset/NAME/ID, loadbalancer/app/NAME/ID
        return names[2] if len(names) > 2 else names[-1]
    if service == "logs":
        group, _, stream = resource.removeprefix("log-group:").partition(":log-stream:")
        return f"{group}/{stream}".rstrip("/").removesuffix(":*")
    kind = re.match(r"[\w-]+[:/]", resource)
    return resource[kind.end() :] if kind else resource
