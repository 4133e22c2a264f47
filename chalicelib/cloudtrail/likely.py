"""What most looks like an operation's target, where no table names its fields."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from chalicelib.cloudtrail.fields import WRAPPERS, text_of
from chalicelib.cloudtrail.naming import is_name, operation_of
from chalicelib.cloudtrail.record import Record

DEPTH = 4
# Keys that look like names but never name the target.
NEVER = re.compile(
    r"token|requestid|marker|maxresults|maxitems|principalid|ownerid|hostid|callerreference|"
    r"regionname|attributename|metricname|zoneid|statementid|quotaid|messageid|operationid$|"
    r"password|enginename|^host$|queryid|tabid|^xmlns|x-amz|changeid|updateid$|websiteurl|"
    r"callbackurl|redirect"
)
# Keys that name the target of an operation only where its own name says the same.
ELSE_NEVER = re.compile(
    r"namespace|versionid$|sessionid$|subnetids?$|accountid$|assignmentid|executionid|eventid|"
    r"statusid|taskid|role(?:id|arn)s?$|userid$"
)
NAMES = re.compile(r"(names?|identifiers?|ids?|arns?|urls?|resource)$")
ENDINGS = ("name", "identifier", "id", "arn", "url", "resource")
LONGEST = 300
NESTED = (dict, list)
# The least that a key scores whose name says what the operation's says.
SAME = 3 * len(ENDINGS)
# What a copy is called, and what it is made of.
COPY, ORIGINAL = re.compile(r"^(target|destination|dest)(?=[a-z])"), re.compile(r"^source(?=[a-z])")


@lru_cache(maxsize=1)  # the sentence and the targets of a record both ask
def likeliest(record: Record) -> tuple[str, tuple[str, ...]]:
    """(stem, values) of the key that most looks like the target's: ("bucket", ("payroll",)).

    The stem is the key without its name, id or ARN; ("", ()) where no key looks like a target.
    An answer's key is the target's only where the operation's own name says so, or where nothing
    that was asked looks like one.
    """
    operation = operation_of(record)
    noun, copied = _noun(operation), operation.startswith("Copy")
    best, stem, found = 0, "", list[str]()
    for section in (record.request, record.response):
        chosen, least = "", SAME if best else 0
        for path, leaf in leaves(section, DEPTH):
            score, named = _scored(path.rpartition(".")[2], noun, copied)
            if not score or (least and named in ("", "session")):
                continue
            better = score > max(best, least)
            if not (better or (score == best and path == chosen)):
                continue
            value = told(leaf)
            if not is_name(value):
                continue
            if better:
                best, chosen, stem, found = score, path, named, [value]
            elif value not in found:
                found.append(value)
    return ORIGINAL.sub("", stem) if copied else stem, tuple(found)


def leaves(value: Any, depth: int) -> list[tuple[str, Any]]:
    """(path, value) for what is no object in an object, outer ones first."""
    found: list[tuple[str, Any]] = []
    _gather(value, depth, "", found)
    return found


def told(leaf: Any) -> str:
    """The text of a leaf; "" where it says nothing, or more than a name would."""
    found = text_of(leaf)
    return found if len(found) <= LONGEST else ""


def _gather(value: Any, depth: int, path: str, into: list[tuple[str, Any]]) -> None:
    if isinstance(value, list):
        for item in value:
            _gather(item, depth, path, into)
    elif not isinstance(value, dict):
        if path:
            into.append((path, value))
    elif depth:
        inner = []
        for name, item in value.items():
            if name in WRAPPERS:
                below = path
            elif name[:6].lower() == "filter":
                continue
            else:
                below = f"{path}.{name}"
            if isinstance(item, NESTED):
                inner.append((item, below))
            elif below:
                into.append((below, item))
        for item, below in inner:
            _gather(item, depth - 1, below, into)


@lru_cache(maxsize=512)
def _noun(operation: str) -> str:
    """What an operation's name says without its verb, in small letters."""
    return re.sub(r"^[A-Z][a-z]+", "", operation).lower()


@lru_cache(maxsize=4096)
def _scored(key: str, noun: str, copied: bool) -> tuple[int, str]:
    """(score, stem) of a key as the record writes it."""
    return _score(key.lower(), noun, copied=copied), _taken_apart(key.lower())[1]


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
