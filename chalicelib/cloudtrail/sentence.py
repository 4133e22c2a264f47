"""One plain sentence for a record: who did what, to what, and whether it worked.

Loaded when a record alerts, not before.
"""

from __future__ import annotations

import re

from chalicelib.cloudtrail.actor import Actor, text
from chalicelib.cloudtrail.operations import PREDICATES, SERVICES
from chalicelib.cloudtrail.particulars import PARTICULARS
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.resources import (
    PLACEHOLDER,
    likeliest,
    operation_of,
    refusal,
    service_of,
    short,
    targets,
    values_at,
)
from chalicelib.cloudtrail.words import an, is_plural, listed, past, singular, split_at, taken_apart

# A refusal in AWS's own words; what services call it differs.
REFUSALS = re.compile(
    r"accessdenied|unauthorized|notauthorized|authorizationerror|^forbidden|explicitdeny", re.I
)
OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
LONGEST_NAME = 90
_PREPOSITION = re.compile(r"( away)? (to|from|on|of|under|with|into|for|at)$")


def sentence(record: Record, actor: Actor) -> str:
    """One sentence without a full stop, of a redacted record."""
    if not text(record.event_name):
        return _unnamed(record, actor)
    who = actor.name
    if is_refused(record):
        return f"{who} was refused {_refused(record)}"
    predicate = _predicate(record)
    if not predicate:
        return f"{who} {_past_event(record)}"
    failure = failure_of(record)
    if failure:
        return f"{who} tried to {predicate}, which failed: {failure}"
    return f"{who} {past(predicate)}"


def is_refused(record: Record) -> bool:
    """Whether the call was refused for want of a permission."""
    return REFUSALS.search(record.error_code) is not None


def failure_of(record: Record) -> str:
    """Why it failed, in AWS's word; "" where it worked. Sign-ins tell it in the response."""
    if record.error_code:
        return record.error_code.removeprefix("Client.")
    if text(record.response.get(record.event_name)) == "Failure":
        return record.error_message or "Failure"
    return ""


def _refused(record: Record) -> str:
    operation, resource = refusal(record)
    operation = operation or f"{service_of(record)}:{operation_of(record)}"
    on = _names([resource] if resource else list(targets(record)))
    return f"{operation} on {on}" if on else operation


def _predicate(record: Record) -> str:
    """What was done, beginning with a verb's base form; "" where the name is no verb's."""
    operation = f"{service_of(record)}:{operation_of(record)}"
    particular = PARTICULARS.get(operation)
    predicate = particular(record) if particular else ""
    if predicate:
        return predicate
    template = PREDICATES.get(operation)
    return _filled(template, record) if template else _general(record)


def _filled(template: str, record: Record) -> str:
    """A predicate with its placeholders filled; what is not named is "a …" instead of "the …"."""

    def optional(match: re.Match[str]) -> str:
        paths = PLACEHOLDER.findall(match[1])
        return match[1] if all(values_at(record, path) for path in paths) else ""

    parts = PLACEHOLDER.split(OPTIONAL.sub(optional, template))
    said = parts[0]
    for path, after in zip(parts[1::2], parts[2::2], strict=True):
        values = values_at(record, path)
        said = singular(said) if len(values) == 1 else said
        name = _names(values)
        unnamed = said + name if name else _without_name(said)
        if not unnamed:
            return _general(record)
        said = unnamed + after
    return re.sub(r"\s+", " ", said).strip()


def _without_name(said: str) -> str:
    """As in: "create the IAM user " becomes "create an IAM user"; "" where nothing is left."""
    before = _PREPOSITION.sub("", said.rstrip())
    head, the, noun = before.rpartition(" the ")
    if before != said.rstrip() or re.search(r"'s [\w ]+$", before):
        return before
    if not the:
        return ""
    return f"{head} {f'some {noun}' if is_plural(noun) else an(noun)}"


def _general(record: Record) -> str:
    verb, noun = taken_apart(operation_of(record))
    if not verb:
        return ""
    service = SERVICES.get(service_of(record), service_of(record))
    place = f" in {service}" if service and service.lower() not in noun.lower() else ""
    what = _what(noun, record)
    return f"{verb} {what}{place}" if what else f"{verb} something{place}"


def _what(noun: str, record: Record) -> str:
    """The noun with its target: "the mesh m1", "the ACL of the bucket b", "a route on api1"."""
    stem, found = likeliest(record)
    names = _names(list(found or targets(record)))
    if not names:
        return an(noun)
    joined = noun.replace(" ", "").lower()
    if not noun or not stem or joined.rstrip("s").endswith(stem.rstrip("s")):
        return f"the {noun} {names}".replace("  ", " ")
    owner, rest = split_at(noun, stem)
    return f"the {rest} of the {owner} {names}" if owner else f"{an(noun)} on {names}"


def _past_event(record: Record) -> str:
    """For names that are no verb's: what a service reports, or a call by its own name."""
    words = taken_apart(operation_of(record))[1]
    if record.event_type == "AwsServiceEvent":
        return f"reported: {words}"
    on = _names([short(name) for name in targets(record)])
    called = f"called {record.event_name} of {service_of(record) or 'a service not named'}"
    return f"{called} on {on}" if on else called


def _unnamed(record: Record, actor: Actor) -> str:
    """A record without an eventName: what Insights found, or all that can be said."""
    insight = record.section("insightDetails")
    name, source = text(insight.get("eventName")), text(insight.get("eventSource"))
    if name:
        what = "error rate" if "Error" in text(insight.get("insightType")) else "rate of calls"
        ended = insight.get("state") == "End"
        now = "is back to normal" if ended else "is unusual"
        return f"{actor.name} saw that the {what} of {source.split('.', 1)[0]}:{name} {now}"
    return f"{actor.name} did something that the record does not name"


def _names(values: list[str]) -> str:
    return listed([_clipped(short(value)) for value in values])


def _clipped(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
