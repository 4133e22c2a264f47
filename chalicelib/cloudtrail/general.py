"""What is said of an operation that the table does not know, made from its name and its keys."""

from __future__ import annotations

import re
from functools import lru_cache

from chalicelib.cloudtrail.fields import first_at
from chalicelib.cloudtrail.likely import likeliest
from chalicelib.cloudtrail.naming import operation_of, service_of, short
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.services import SERVICES
from chalicelib.cloudtrail.targets import link, second_parties, targets
from chalicelib.cloudtrail.words import (
    agreeing,
    an,
    enumeration,
    in_words,
    is_plural,
    split_at,
    taken_apart,
)

LONGEST_NAME = 90
# An operation's name that holds two nouns: "tags to resource", "alarms for metric".
PREPOSITIONS = ("to ", "from ", "for ", "with ", "by ", "in ", "into ", "of ")
_INNER = re.compile(rf"(?:(.+?) )?({'|'.join(PREPOSITIONS)})(.+)")
# How what a verb makes or moves belongs to another thing; elsewhere it is "of" that.
_JOINTS = {
    "create": "for", "add": "for", "start": "for", "generate": "for", "request": "for",
    "open": "for", "associate": "with", "attach": "to", "disassociate": "from", "detach": "from",
    "remove": "from", "send": "to", "post": "to",
}  # fmt: skip
# What a verb alone says, and what its noun adds nothing to.
_ALONE = {
    "search": "run a search", "query": "run a query", "select": "run a query",
    "publish": "publish a message", "sign in": "sign in", "sign out": "sign out",
}  # fmt: skip
# Verbs that need no object before their preposition: "poll for jobs", "subscribe to the topic".
_BY_THEMSELVES = (
    "connect", "disconnect", "poll", "post", "respond", "restore", "subscribe", "unsubscribe",
    "vote",
)  # fmt: skip
_SESSION = {"log in": "log in to", "log out": "log out of"}


# Words that are one; MAIL FROM is SES's name for a domain of senders.
_TOGETHER = {
    "mail from": "MAIL FROM", "on premises": "on-premises", "on demand": "on-demand",
    "opt out": "opt-out", "opt in": "opt-in", "add in": "add-in", "gov cloud": "GovCloud",
    "q business": "Q Business", "event bridge": "EventBridge", "cloud watch": "CloudWatch",
    "cloud front": "CloudFront", "cloud formation": "CloudFormation",
    "ID p ": "identity provider ", "rest API": "REST API", "elasticsearch": "Elasticsearch",
    "add on": "add-on",
}  # fmt: skip


def general(record: Record) -> str:
    """A predicate from the operation's name; "" where that is no verb's."""
    verb, noun = taken_apart(operation_of(record))
    if not verb or _reports(record):
        return ""
    service = SERVICES.get(service_of(record), service_of(record))
    if verb in _SESSION and service:
        return f"{_SESSION[verb]} {service}"
    # A Grafana workspace tells "create" and what was created (Grafana, "Audit logs": resources).
    noun = noun or in_words(first_at(record, "+resources.type"))
    for apart, together in _TOGETHER.items():
        noun = noun.replace(apart, together)
    verb = "look at" if noun.startswith(f"{verb} ") else verb  # GetReadSetMetadata
    place = "" if not service or _says(noun, service) else f" in {service}"
    kind, between = link(record)
    if between and verb in ("disassociate", "detach") and not targets(record):
        return f"take {an(noun)} away ({kind} {between}){place}"
    what = _what(verb, noun, record)
    if not what:
        return _ALONE.get(verb, f"{verb} a resource") + place
    return f"{verb} {what}{place}{f' ({kind} {between})' if between else ''}"


def names(values: list[str]) -> str:
    """Names as people use them, in one list."""
    return enumeration([_clipped(short(value)) for value in values])


def _reports(record: Record) -> bool:
    """Whether a service tells what happened: RestoreCompleted, SharedSnapshotVolumeCreated."""
    name = operation_of(record)
    return record.event_type == "AwsServiceEvent" and name.endswith("ed")


@lru_cache(maxsize=512)
def _says(noun: str, service: str) -> bool:
    """Whether the noun names the service already: a "macie session"."""
    said = re.escape(service.lower().removeprefix("the ").removesuffix("s"))
    return re.search(rf"\b{said}s?\b", noun.lower()) is not None


def _what(verb: str, noun: str, record: Record) -> str:
    """The noun with its target: "the mesh m1", "the ACL of the bucket b", "a session for e1"."""
    stem, found = likeliest(record)
    about = list(targets(record))
    stem = stem if found else ""
    said = names(about)
    if stem and not noun:
        keys = (key for key in record.request if key.lower().startswith(stem))
        return f"the {in_words(next(keys, stem)[: len(stem)])} {said}"
    inner = _INNER.fullmatch(noun)
    if inner and inner[1] and said and stem and _is(inner[1], stem):
        return f"the {agreeing(inner[1], len(about))} {said} {inner[2]}{an(inner[3])}"
    if inner and (not said or _alike(inner[3], stem)):
        owner = f"the {agreeing(inner[3], len(about))} {said}" if said else _other(inner)
        return f"{_head(verb, inner)}{inner[2]}{owner}"
    if inner and not inner[1]:
        return f"{_head(verb, inner)}{inner[2]}{an(inner[3])} of {said}"
    if not said:
        return an(noun)
    copies = names(list(second_parties(record))) if verb == "copy" else ""
    return _named(verb, noun, stem, about) + (f" as {copies}" if copies else "")


def _head(verb: str, inner: re.Match[str]) -> str:
    if inner[1]:
        return f"{an(inner[1])} "
    return "" if verb in _BY_THEMSELVES else "something "


def _other(inner: re.Match[str]) -> str:
    """What stands behind a preposition: findings "by type", tags "for a resource"."""
    return inner[3] if inner[2] == "by " else an(inner[3])


def _named(verb: str, noun: str, stem: str, about: list[str]) -> str:
    """The noun with the names of what a key with this stem holds."""
    said = names(about)
    if not noun:
        return said
    # What a call lists is not what it names, nor is one name that of many things.
    listed = is_plural(noun) and (verb == "list" or (not stem and len(about) == 1))
    if not listed and (not stem or _is(noun, stem)):
        return f"the {agreeing(noun, len(about))} {said}"
    owner, rest = split_at(noun, stem)
    if owner and rest.startswith(PREPOSITIONS):
        return f"the {owner} {said} {rest}"
    noun, said = (rest, f"the {owner} {said}") if owner else (noun, said)
    joint = _JOINTS.get(verb, "of")
    return f"the {_of(noun)} of {said}" if joint == "of" else f"{an(_of(noun))} {joint} {said}"


def _is(noun: str, stem: str) -> bool:
    """Whether a noun is of the kind that a key's stem says: "job run" and "run"."""
    noun = noun.removesuffix(" name").removesuffix(" names")
    return noun.replace(" ", "").lower().rstrip("s").endswith(stem.rstrip("s"))


def _of(noun: str) -> str:
    """A noun that holds another, with that one's article: "policies of a listener"."""
    inner = _INNER.fullmatch(noun)
    return f"{inner[1]} {inner[2]}{an(inner[3])}" if inner and inner[1] else noun


def _alike(noun: str, stem: str) -> bool:
    """Whether a key's stem says what the noun says; one that only says "resource" always does."""
    joined, stem = noun.replace(" ", "").lower().rstrip("s"), stem.rstrip("s")
    return stem in ("", "resource") or joined.endswith(stem) or stem.endswith(joined)


def _clipped(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
