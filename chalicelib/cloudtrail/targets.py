"""On what: the likeliest targets of an operation, from wherever a record names them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from chalicelib.cloudtrail.callers import about_the_caller, caller, role_switched_to
from chalicelib.cloudtrail.fields import WRAPPERS, listed, text_of, values_at
from chalicelib.cloudtrail.identity import text
from chalicelib.cloudtrail.operations import operation
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
    r"regionname|attributename|metricname|zoneid|statementid|quotaid|messageid|operationid$|"
    r"password|enginename|^host$|queryid|tabid|^xmlns|x-amz|changeid|updateid$|websiteurl|callbackurl|redirect"
)
# Keys that name the target of an operation only where its own name says the same.
ELSE_NEVER = re.compile(
    r"namespace|versionid$|sessionid$|subnetids?$|accountid$|assignmentid|executionid|eventid|"
    r"statusid|taskid|role(?:id|arn)s?$|userid$"
)
NAMES = re.compile(r"(names?|identifiers?|ids?|arns?|urls?|resource)$")
ENDINGS = ("name", "identifier", "id", "arn", "url", "resource")
LONGEST = 300
# The least that a key scores whose name says what the operation's says.
SAME = 3 * len(ENDINGS)
SWITCH_ROLE = "signin:SwitchRole"
# Ids of a link between two things: rtbassoc-…, eipassoc-…, eni-attach-…, tgw-attach-…,
# vpc-cidr-assoc-… (EC2 API reference, the examples of Associate… and Attach…).
LINK = re.compile(r"(?:[a-z]+\d*-)*(?:[a-z]*assoc|attach)-[0-9a-f]+")
# What a copy is called, and what it is made of.
COPY, ORIGINAL = re.compile(r"^(target|destination|dest)(?=[a-z])"), re.compile(r"^source(?=[a-z])")


def service_of(record: Record) -> str:
    """The service as eventSource begins: "ec2" of "ec2.amazonaws.com"."""
    return record.event_source.split(".", 1)[0]


def operation_of(record: Record) -> str:
    """The eventName without the version that some services append, nor the word "Result", by
    which a service tells how a call went on: CreateAccountResult.
    """
    return _operation(record.event_name, record.event_type)


@lru_cache(maxsize=256)
def _operation(name: str, event_type: str) -> str:
    name = VERSION.sub("", name)
    return name.removesuffix("Result") if event_type == "AwsServiceEvent" else name


def name_of(record: Record) -> str:
    """The operation as tables and policies name it: "ec2:RunInstances"."""
    return f"{service_of(record)}:{operation_of(record)}"


@lru_cache(maxsize=1)  # the sentence and the alert both ask
def targets(record: Record) -> tuple[str, ...]:
    """What the record was about, the likeliest first, as the record writes it: the thing's own
    names, never those of a link or of a second party; () where it names nothing.
    """
    found = dict.fromkeys(name for name in _things(record) if _is_name(name))
    return tuple(found)[:MOST_TARGETS]


def second_parties(record: Record) -> tuple[str, ...]:
    """The verb's second party: who is given the thing or loses it, what it is put into or taken
    from, the copy of it; () where there is none or the record does not name it.
    """
    found = dict.fromkeys(name for name in _other(record) if _is_name(name))
    return tuple(name for name in found if name not in targets(record))[:MOST_TARGETS]


def link(record: Record) -> tuple[str, str]:
    """("association", "rtbassoc-…"): a link between two things that a request to EC2 names."""
    leaves = _leaves(record.request, DEPTH) if service_of(record) == "ec2" else ()
    for path, value in leaves:
        kind = re.search(r"(association|attachment)ids?$", path.lower())
        if kind and LINK.fullmatch(value):
            return kind[1], value
    return "", ""


def _things(record: Record) -> list[str]:
    name = name_of(record)
    if name == SWITCH_ROLE:
        return [role_switched_to(record)]
    known = operation(name)
    paths = known.targets if known else ()
    if "".join(paths[:1]).startswith("userName") and about_the_caller(record):
        return [caller(record)]
    return (
        _stated(record, paths)
        or [value for value in likeliest(record)[1] if value not in _other(record)]
        or listed(record)
        or _refused(record)
    )


def _stated(record: Record, paths: tuple[str, ...]) -> list[str]:
    return [value for path in paths for value in values_at(record, path)]


def _other(record: Record) -> list[str]:
    known = operation(name_of(record))
    if known:
        return _stated(record, known.second_parties)
    if not operation_of(record).startswith("Copy"):
        return []
    leaves = (
        (path.rpartition(".")[2].lower(), value) for path, value in _leaves(record.request, 1)
    )
    copies = [(key, value) for key, value in leaves if COPY.match(key) and NAMES.search(key)]
    return [value for key, value in copies if not NEVER.search(key)][:1]


def _is_name(name: str) -> bool:
    """Whether a text is a thing's name: no link's, and not "all", with whom a thing is shared."""
    linked = "assoc-" in name or "attach-" in name
    return name not in ("", "all") and not (linked and LINK.fullmatch(name))


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


@lru_cache(maxsize=1)  # the sentence and the targets of a record both ask
def likeliest(record: Record) -> tuple[str, tuple[str, ...]]:
    """(stem, values) of the key that most looks like the target's: ("bucket", ("payroll",)).

    The stem is the key without its name, id or ARN; ("", ()) where no key looks like a target.
    An answer's key is the target's only where the operation's own name says so, or where nothing
    that was asked looks like one.
    """
    noun = re.sub(r"^[A-Z][a-z]+", "", operation_of(record)).lower()
    copied = operation_of(record).startswith("Copy")
    best, stem, found = 0, "", list[str]()
    for section in (record.request, record.response):
        chosen, least = "", SAME if best else 0
        for path, value in _leaves(section, DEPTH):
            key = path.rpartition(".")[2]
            score = _score(key.lower(), noun, copied=copied)
            if least and _taken_apart(key.lower())[1] in ("", "session"):
                continue
            if score > max(best, least) and _is_name(value):
                best, chosen, stem, found = score, path, _taken_apart(key.lower())[1], [value]
            elif score == best and path == chosen and value not in found and _is_name(value):
                found.append(value)
    return ORIGINAL.sub("", stem) if copied else stem, tuple(found)


def _leaves(value: Any, depth: int, path: str = "") -> Iterator[tuple[str, str]]:
    """(path, text) for the texts of an object, outer ones first."""
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item, depth, path)
    elif isinstance(value, dict) and depth:
        flat = sorted(value.items(), key=lambda item: isinstance(item[1], dict | list))
        for name, item in flat:
            if name in WRAPPERS:
                yield from _leaves(item, depth - 1, path)
            elif not name.lower().startswith("filter"):
                yield from _leaves(item, depth - 1, f"{path}.{name}")
    elif path and (leaf := text_of(value)) and len(leaf) <= LONGEST:
        yield path, leaf


def _score(key: str, noun: str, *, copied: bool) -> int:
    """How likely the value under this key is what the operation is about; 0 for never."""
    if copied:
        key = "" if COPY.match(key) else ORIGINAL.sub("", key)
    ending, stem = _taken_apart(key)
    if not ending:
        return 0
    same = bool(stem) and noun.rstrip("s").endswith(stem.rstrip("s"))
    if ELSE_NEVER.search(key) and (not stem or stem.rstrip("s") not in noun):
        return 0
    if not stem:
        likeness = 4 if ending == "name" else 3
    else:
        likeness = 4 if same else 3 if stem in noun else 1
    return likeness * len(ENDINGS) - ENDINGS.index(ending.removesuffix("s"))


@lru_cache(maxsize=1024)
def _taken_apart(key: str) -> tuple[str, str]:
    """(ending, stem) of a key that may name the target; ("", key) of any other."""
    ending = NAMES.search(key)
    if not ending or NEVER.search(key):
        return "", key
    return ending[0], key[: ending.start()]


def _refused(record: Record) -> list[str]:
    resource = refusal(record)[1]
    return [resource] if resource else []
