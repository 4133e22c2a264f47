"""On what: the likeliest targets of an operation, from wherever a record names them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from chalicelib.cloudtrail.fields import WRAPPERS, text_of, values_at
from chalicelib.cloudtrail.identity import text
from chalicelib.cloudtrail.operations import operations
from chalicelib.cloudtrail.record import Record

# What CloudTrail appends to some names: UpdateFunctionCode20150331v2, CreateFunction2020_05_31.
VERSION = re.compile(r"20\d\d_?\d\d_?\d\d(v\d+)?$")
# "… is not authorized to perform: iam:DeleteUser on resource: user dave because no …"
REFUSED = re.compile(
    r"not authorized to perform:? ([\w-]+:\w+)(?: on (?:the )?resource:? (?:the )?(.+?))?"
    r"(?= because| with an explicit| as the | in the |[\s.]*$)"
)
# IAM names what was refused with its kind: "user dave", "instance profile web".
KIND = re.compile(r"^(user|role|group|policy|instance profile|mfa device|server certificate) ")
MOST_TARGETS = 20
DEPTH = 4
# Keys that look like names but never name the target.
NEVER = re.compile(
    r"token|requestid|marker|maxresults|maxitems|principalid|ownerid|hostid|callerreference|"
    r"regionname|attributename|metricname|namespace|zoneid|statementid|sessionid$|quotaid|"
    r"password|enginename|^host$|versionid|queryid|tabid|^xmlns|subnetids?$|accountid$|x-amz"
)
NAMES = re.compile(r"(names?|identifiers?|ids?|arns?|urls?|resource)$")
ENDINGS = ("name", "identifier", "id", "arn", "url", "resource")
LONGEST = 300


def service_of(record: Record) -> str:
    """The service as eventSource begins: "ec2" of "ec2.amazonaws.com"."""
    return record.event_source.split(".", 1)[0]


def operation_of(record: Record) -> str:
    """The eventName without the version that some services append."""
    return VERSION.sub("", record.event_name)


def name_of(record: Record) -> str:
    """The operation as tables and policies name it: "ec2:RunInstances"."""
    return f"{service_of(record)}:{operation_of(record)}"


def targets(record: Record) -> tuple[str, ...]:
    """What the record was about, the likeliest first, as the record writes it; () where it
    names nothing.
    """
    operation = operations().get(name_of(record))
    paths = operation.targets if operation else ()
    stated = [value for path in paths for value in values_at(record, path)]
    found = stated or likeliest(record)[1] or _resources(record) or _refused(record)
    return tuple(dict.fromkeys(found))[:MOST_TARGETS]


def refusal(record: Record) -> tuple[str, str]:
    """(operation, resource) as the error message tells them, each "" where it does not.

    "*" and the like tell nothing.
    """
    match = REFUSED.search(record.error_message)
    if not match:
        return "", ""
    resource = short(text(KIND.sub("", (match[2] or "").rstrip("."))))
    tells = not re.search(r"[*]|^$", resource) and not resource.startswith("/")
    return match[1], resource if tells else ""


def short(name: str) -> str:
    """An ARN or address down to the name that people use."""
    parts = name.split(":", 5)
    if parts[0] != "arn" or len(parts) < 6:
        return name.rsplit("/", 1)[-1] if name.startswith("https://sqs.") else name
    service, account, resource = parts[2], parts[4], parts[5]
    if service in ("s3", "sns", "sqs"):
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


@lru_cache(maxsize=1)  # the sentence and the targets of a record both ask
def likeliest(record: Record) -> tuple[str, tuple[str, ...]]:
    """(stem, values) of the key that most looks like the target's: ("bucket", ("payroll",)).

    The stem is the key without its name, id or ARN; ("", ()) where no key looks like a target.
    """
    noun = re.sub(r"^[A-Z][a-z]+", "", operation_of(record)).lower()
    best, stem, found = 0, "", list[str]()
    for section in (record.request, record.response):
        chosen = ""
        for path, value in _leaves(section, DEPTH):
            key = path.rpartition(".")[2]
            score = _score(key, noun)
            if score > best:
                best, chosen, stem, found = score, path, _taken_apart(key)[1], [value]
            elif score == best and path == chosen and value not in found:
                found.append(value)
    return stem, tuple(found)


def _leaves(value: Any, depth: int, path: str = "") -> Iterator[tuple[str, str]]:
    """(path in lower case, text) for the texts of an object, outer ones first."""
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item, depth, path)
    elif isinstance(value, dict) and depth:
        flat = sorted(value.items(), key=lambda item: isinstance(item[1], dict | list))
        for name, item in flat:
            if name in WRAPPERS:
                yield from _leaves(item, depth - 1, path)
            elif not name.lower().startswith("filter"):
                yield from _leaves(item, depth - 1, f"{path}.{name.lower()}")
    elif path and (leaf := text_of(value)) and len(leaf) <= LONGEST:
        yield path, leaf


def _score(key: str, noun: str) -> int:
    """How likely the value under this key is what the operation is about; 0 for never."""
    ending, stem = _taken_apart(key)
    if not ending:
        return 0
    if not stem:
        likeness = 4 if ending == "name" else 3
    elif noun.rstrip("s").endswith(stem.rstrip("s")):
        likeness = 4
    else:
        likeness = 3 if stem in noun else 1
    return likeness * len(ENDINGS) - ENDINGS.index(ending.removesuffix("s"))


@lru_cache(maxsize=1024)
def _taken_apart(key: str) -> tuple[str, str]:
    """(ending, stem) of a key that may name the target; ("", key) of any other."""
    ending = NAMES.search(key)
    if not ending or NEVER.search(key):
        return "", key
    return ending[0], key[: ending.start()]


def _resources(record: Record) -> list[str]:
    """The ARNs in CloudTrail's own list of resources."""
    found = record.raw.get("resources")
    entries = (
        [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    )
    arns = [text(entry.get("ARN")) or text(entry.get("arn")) for entry in entries]
    return [arn for arn in arns if arn]


def _refused(record: Record) -> list[str]:
    resource = refusal(record)[1]
    return [resource] if resource else []
