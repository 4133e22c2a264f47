"""What stands where in a record: the values that a path leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

from chalicelib.cloudtrail.identity import HIDDEN, text
from chalicelib.cloudtrail.reading import get
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.texts import REDACTED

# What EC2 and XML wrap values in.
WRAPPERS = ("content", "items", "member")
_WRAPPED = ("Request", "Req", "Response")
DEEPEST = 4
_SECTIONS = {
    ">": "responseElements",
    "+": "additionalEventData",
    "!": "serviceEventDetails",
}


def values_at(record: Record, path: str) -> list[str]:
    """The texts at a path: the first alternative that has any.

    Where CloudTrail left out what was asked, the answer often names the same under the same key.
    """
    for alternative in path.split("|"):
        found = _texts(record, alternative)
        if found:
            return found
    if left_out(record) and path[0] not in ">+!#^":
        wanted = {alternative.rpartition(".")[2].lower() for alternative in path.split("|")}
        return list(dict.fromkeys(_under(record.response, wanted, DEEPEST)))
    return []


def first_at(record: Record, path: str) -> str:
    """The first of the texts at a path; "" where there is none."""
    return next(iter(values_at(record, path)), "")


def left_out(record: Record, section: str = "requestParameters") -> bool:
    """Whether CloudTrail says that it left a section out for its size.

    Such a section holds `omitted`, `originalSize` and `reason` (CloudTrail user guide, "CloudTrail
    record contents", requestParameters).
    """
    found = record.section(section)
    return "omitted" in found and str(found["omitted"]).lower() == "true"


def text_of(value: Any) -> str:
    """A value as a text, "" of what says nothing: a switch, an object, what AWS or we hid."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int):
        return str(value) if value.bit_length() < 256 else ""
    found = text(value)
    if found.startswith("arn%3A"):  # as EKS writes what stood in an address
        found = found.replace("%3A", ":").replace("%2F", "/")
    return "" if found in (HIDDEN, REDACTED) or found.startswith("**") else found


def _texts(record: Record, path: str) -> list[str]:
    if path[0] in "#%^":
        return _marked(record, path)
    if "/" in path:
        first, second = (_texts(record, part) for part in path.split("/"))
        return [f"{first[0]}/{name.removeprefix('/')}" for name in second] if first else []
    root, rest = _root(record, path)
    return [value for item in _walk(root, rest.split(".")) if (value := text_of(item))]


def _marked(record: Record, path: str) -> list[str]:
    if path == "#":
        return listed(record)
    found = _texts(record, path[1:])
    if path[0] == "%":
        return [_decoded(name) for name in found]
    regions = [name.split(":")[3] for name in found if name.count(":") > 4]
    return [region for region in regions if region and region != record.aws_region]


def listed(record: Record) -> list[str]:
    """The ARNs in CloudTrail's own list of resources."""
    found = record.raw.get("resources")
    entries = found if isinstance(found, list) else []
    arns = [
        text_of(entry.get("ARN")) or text_of(entry.get("arn"))
        for entry in entries
        if isinstance(entry, dict)
    ]
    return [arn for arn in arns if arn]


def _decoded(address: str) -> str:
    """What S3 is told to copy, "/bucket/a%2Fb?versionId=…", as the object's name."""
    return unquote_plus(re.sub(r"\?versionId=.*", "", address)).removeprefix("/")


def _root(record: Record, path: str) -> tuple[dict[str, Any], str]:
    section = _SECTIONS.get(path[0])
    return (record.section(section), path[1:]) if section else (record.request, path)


def _under(value: Any, keys: set[str], depth: int) -> Iterator[str]:
    """The texts under any of the keys (in lower case), at whatever depth."""
    if isinstance(value, dict) and depth:
        for key, inner in value.items():
            if key.lower() in keys and (found := text_of(inner)):
                yield found
            yield from _under(inner, keys, depth - 1)
    elif isinstance(value, list):
        for item in value:
            yield from _under(item, keys, depth)


def _walk(value: Any, steps: list[str]) -> Iterator[Any]:
    """Every value at the path, through arrays and through EC2's and XML's wrappers."""
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, steps)
    elif isinstance(value, dict):
        if not steps:
            yield from _unwrapped(value)
            return
        found = get(value, steps[0])
        if found is not None:
            yield from _walk(found, steps[1:])
            return
        for key, inner in value.items():
            if key in WRAPPERS or key.endswith(_WRAPPED):
                yield from _walk(inner, steps)
    elif not steps:
        yield value


def _unwrapped(value: dict[str, Any]) -> Iterator[Any]:
    for key in WRAPPERS:
        if key in value:
            yield from _walk(value[key], [])
