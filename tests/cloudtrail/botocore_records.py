"""A record for every operation that botocore's service models know, as CloudTrail would write it.

A record holds what its operation requires, with values that look like what their names say; keys
begin with a small letter, as CloudTrail writes them, and the source is the service's endpoint or
the name that it signs with. Source: botocore's service-2.json files.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore

from tests.events import ACCOUNT, REGION

Json = dict[str, Any]
DEPTH = 3
# Where CloudTrail's eventSource is neither what the service signs with nor its endpoint's name.
SOURCES = {
    "cloudwatch": "monitoring",
    "email": "ses",
    "application-insights": "applicationinsights",
}
# What S3 calls its members in CloudTrail.
S3_NAMES = {"bucket": "bucketName", "copySource": "x-amz-copy-source"}
BY_NAME = (
    ("arn", f"arn:aws:{{service}}:{REGION}:{ACCOUNT}:{{noun}}/{{noun}}-1"),
    ("url", "https://example.com/{noun}"),
    ("email", "dave@example.com"),
    ("cidr", "192.0.2.0/24"),
    ("account", "444455556666"),
    ("region", "eu-central-1"),
    ("id", "{noun}-0a1b2c3d"),
    ("", "my-{noun}"),
)


def records() -> Iterator[Json]:
    """One record for each operation of each service's newest model."""
    for model in models():
        for name in model["operations"]:
            yield record_of(model, name)


def models() -> Iterator[Json]:
    """The newest model of every service."""
    data = Path(os.path.dirname(botocore.__file__)) / "data"
    for service in sorted(path for path in data.iterdir() if path.is_dir()):
        found = sorted(service.glob("*/service-2.json*"))
        if found:
            packed = found[-1].read_bytes()
            yield json.loads(gzip.decompress(packed) if found[-1].suffix == ".gz" else packed)


def record_of(model: Json, name: str) -> Json:
    """The record of one operation."""
    source = source_of(model["metadata"])
    shape = model["operations"][name].get("input", {}).get("shape", "")
    request = _value(model["shapes"], shape, source, name, DEPTH) if shape else None
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser",
            "arn": f"arn:aws:iam::{ACCOUNT}:user/alice",
            "accountId": ACCOUNT,
            "userName": "alice",
        },
        "eventTime": "2026-01-02T03:04:05Z",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "requestParameters": request or None,
        "responseElements": None,
        "eventType": "AwsApiCall",
        "recipientAccountId": ACCOUNT,
    }


def source_of(metadata: Json) -> str:
    """What CloudTrail calls a service, from its model."""
    name = metadata.get("signingName") or metadata["endpointPrefix"]
    return SOURCES.get(metadata["endpointPrefix"], str(name)).rpartition(".")[2]


def _value(shapes: Json, shape: str, source: str, name: str, depth: int) -> Any:
    found = shapes[shape]
    kind = found["type"]
    if kind == "structure":
        members = found.get("members", {})
        wanted = found.get("required", [])
        return {
            _key(source, member): _value(
                shapes, members[member]["shape"], source, member, depth - 1
            )
            for member in (wanted if depth else ())
            if member in members
        }
    if kind == "list":
        return [_value(shapes, found["member"]["shape"], source, name, depth - 1)] if depth else []
    if kind == "map":
        return {}
    if kind == "string":
        return found["enum"][0] if "enum" in found else _text(name, source)
    return {"boolean": True, "timestamp": "Jan 2, 2026 3:04:05 AM"}.get(kind, 1)


def _key(source: str, member: str) -> str:
    key = member[:1].lower() + member[1:]
    return S3_NAMES.get(key, key) if source == "s3" else key


def _text(name: str, source: str) -> str:
    low = name.lower().removesuffix("s")
    ending, form = next((ending, form) for ending, form in BY_NAME if low.endswith(ending))
    noun = low.removesuffix(ending).removesuffix("name").rstrip("-_") or source
    if ending == "arn" and source in ("sns", "sqs", "s3", "logs"):
        form = form.replace("{noun}/", "")
    return form.format(service=source, noun=noun)
