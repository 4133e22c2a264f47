"""On what: the likeliest targets of an operation, from wherever a record names them."""

from __future__ import annotations

import re
from functools import lru_cache

from chalicelib.cloudtrail.callers import about_the_caller, caller, role_switched_to
from chalicelib.cloudtrail.fields import listed, values_at
from chalicelib.cloudtrail.identity import text
from chalicelib.cloudtrail.likely import COPY, DEPTH, NAMES, NEVER, leaves, likeliest, told
from chalicelib.cloudtrail.naming import (
    LINK,
    is_name,
    name_of,
    operation_of,
    service_of,
    short,
)
from chalicelib.cloudtrail.operations import operation
from chalicelib.cloudtrail.record import Record

# "… is not authorized to perform: iam:DeleteUser on resource: user dave because no …"
REFUSED = re.compile(
    r"not authorized to perform:? ([\w-]+:\w+)(?: on (?:the )?resource:? (?:the )?(.+?))?"
    r"(?= because| with an explicit| as the | in the |[\s.]*$)"
)
# IAM names what was refused with its kind: "user dave", "instance profile web".
KIND = re.compile(r"^(user|role|group|policy|instance profile|mfa device|server certificate) ")
MOST_TARGETS = 20
SWITCH_ROLE = "signin:SwitchRole"


@lru_cache(maxsize=1)  # the sentence and the alert both ask
def targets(record: Record) -> tuple[str, ...]:
    """What the record was about, the likeliest first, as the record writes it: the thing's own
    names, never those of a link or of a second party; () where it names nothing.
    """
    found = dict.fromkeys(name for name in _things(record) if is_name(name))
    return tuple(found)[:MOST_TARGETS]


def second_parties(record: Record) -> tuple[str, ...]:
    """The verb's second party: who is given the thing or loses it, what it is put into or taken
    from, the copy of it; () where there is none or the record does not name it.
    """
    found = dict.fromkeys(name for name in _other(record) if is_name(name))
    return tuple(name for name in found if name not in targets(record))[:MOST_TARGETS]


def link(record: Record) -> tuple[str, str]:
    """("association", "rtbassoc-…"): a link between two things that a request to EC2 names."""
    asked = leaves(record.request, DEPTH) if service_of(record) == "ec2" else ()
    for path, leaf in asked:
        kind = re.search(r"(association|attachment)ids?$", path.lower())
        if kind and LINK.fullmatch(value := told(leaf)):
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
    stated = _stated(record, paths)
    if stated:
        return stated
    other = _other(record)
    likely = [value for value in likeliest(record)[1] if not _within(value, other)]
    return likely or listed(record) or _refused(record)


def _stated(record: Record, paths: tuple[str, ...]) -> list[str]:
    return [value for path in paths for value in values_at(record, path)]


def _other(record: Record) -> list[str]:
    known = operation(name_of(record))
    if known:
        return _stated(record, known.second_parties)
    if not operation_of(record).startswith("Copy"):
        return []
    asked = (
        (path.rpartition(".")[2].lower(), value)
        for path, leaf in leaves(record.request, 1)
        if (value := told(leaf))
    )
    copies = [(key, value) for key, value in asked if COPY.match(key) and NAMES.search(key)]
    return [value for key, value in copies if not NEVER.search(key)][:1]


def _within(value: str, names: list[str]) -> bool:
    """Whether it is one of the names, or the bucket that one of them stands in."""
    return any(name == value or name.startswith(f"{value}/") for name in names)


def refusal(record: Record) -> tuple[str, str]:
    """(operation, resource) as the error message tells them, each "" where it does not.

    "*" and the like tell nothing.
    """
    match = REFUSED.search(record.error_message)
    if not match:
        return "", ""
    resource = short(text(KIND.sub("", (match[2] or "").rstrip(".").strip('"'))))
    tells = not re.search(r"[*]|^$", resource) and not resource.startswith("/")
    return match[1], resource if tells else ""


def _refused(record: Record) -> list[str]:
    resource = refusal(record)[1]
    return [resource] if resource else []
