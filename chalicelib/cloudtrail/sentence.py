"""One plain sentence for a record: who did what, to what, and whether it worked.

Loaded when a record alerts, not before.
"""

from __future__ import annotations

import re

from chalicelib.cloudtrail.facts import Facts
from chalicelib.cloudtrail.fields import values_at
from chalicelib.cloudtrail.identity import text
from chalicelib.cloudtrail.operations import PLACEHOLDER, Operation, operations
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.particulars import PARTICULARS
from chalicelib.cloudtrail.particulars.openings import opening
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.services import SERVICES
from chalicelib.cloudtrail.targets import (
    likeliest,
    name_of,
    operation_of,
    refusal,
    service_of,
    short,
    targets,
)
from chalicelib.cloudtrail.words import (
    an,
    enumeration,
    is_plural,
    past,
    singular,
    split_at,
    taken_apart,
)

OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
LONGEST_NAME = 90
# An operation's name that holds two nouns: "tags to resource", "alarms for metric".
PREPOSITIONS = ("to ", "from ", "for ", "with ", "by ", "in ", "into ", "of ")
_INNER = re.compile(rf"(?:(.+?) )?({'|'.join(PREPOSITIONS)})(.+)")
# How what a verb makes or moves belongs to another thing; elsewhere it is "of" that.
_JOINTS = {
    "create": "for", "add": "for", "start": "for", "generate": "for", "request": "for",
    "open": "for", "associate": "with", "attach": "to", "disassociate": "from", "detach": "from",
    "remove": "from",
}  # fmt: skip
_PREPOSITION = re.compile(r"( away)? (to|from|on|of|under|with|into|for|at)$")


def sentence(facts: Facts) -> str:
    """One sentence without a full stop, of the facts of a redacted record."""
    record, who = facts.record, facts.actor.name
    if not text(record.event_name):
        return _unnamed(record, who)
    if facts.outcome is Outcome.REFUSED:
        return f"{who} was refused {_refused(facts)}"
    predicate = _predicate(record)
    if not predicate:
        return f"{who} {_past_event(record)}{_AFTER.get(facts.outcome, '')}"
    if facts.outcome is Outcome.SUCCEEDED:
        return f"{who} {past(predicate)}"
    why = f": {facts.reason}" if facts.reason else ""
    return f"{who} {_BEFORE[facts.outcome]} {predicate}{_AFTER.get(facts.outcome, why)}"


_BEFORE = {
    Outcome.FAILED: "failed to",
    Outcome.DRY_RUN: "asked, in a dry run, to",
    Outcome.UNKNOWN: "asked to",
}
_AFTER = {Outcome.DRY_RUN: ": nothing was done", Outcome.UNKNOWN: ": the outcome is not known"}


def _refused(facts: Facts) -> str:
    operation, resource = refusal(facts.record)
    operation = operation or name_of(facts.record)
    on = _names([resource] if resource else list(facts.targets))
    return f"{operation} on {on}" if on else operation


def _predicate(record: Record) -> str:
    """What was done, beginning with a verb's base form; "" where the name is no verb's."""
    name = name_of(record)
    particular = PARTICULARS.get(name)
    predicate = particular(record) if particular else ""
    if predicate:
        return predicate
    operation = operations().get(name)
    said = _filled(operation, record) if operation else _general(record)
    return f"{said}{opening(record)}" if said else ""


def _filled(operation: Operation, record: Record) -> str:
    """A phrase with its placeholders filled; what is not named is "a …" instead of "the …"."""

    def values(placeholder: str) -> list[str]:
        return values_at(record, operation.path(placeholder))

    def optional(match: re.Match[str]) -> str:
        return match[1] if all(map(values, PLACEHOLDER.findall(match[1]))) else ""

    parts = PLACEHOLDER.split(OPTIONAL.sub(optional, operation.phrase))
    said = parts[0]
    for placeholder, after in zip(parts[1::2], parts[2::2], strict=True):
        found = values(placeholder)
        said = singular(said) if len(found) == 1 else said
        name = _names(found)
        before = said + name if name else _without_name(said)
        if not before:
            return _general(record)
        said = before + after
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
    said = re.search(rf"\b{re.escape(service.lower().removesuffix('s'))}s?\b", noun.lower())
    place = f" in {service}" if service and not said else ""
    what = _what(verb, noun, record)
    return f"{verb} {what}{place}" if what else f"{verb} something{place}"


def _what(verb: str, noun: str, record: Record) -> str:
    """The noun with its target: "the mesh m1", "the ACL of the bucket b", "a session for e1"."""
    stem, found = likeliest(record)
    names = _names(list(found or targets(record)))
    inner = _INNER.fullmatch(noun)
    if inner and (not names or _alike(inner[3], stem)):
        head = an(inner[1]) if inner[1] else "something"
        return f"{head} {inner[2]}{f'the {inner[3]} {names}' if names else an(inner[3])}"
    return _named(verb, noun, stem, names) if names else an(noun)


def _named(verb: str, noun: str, stem: str, names: str) -> str:
    """The noun with the names of what a key with this stem holds."""
    joined = noun.replace(" ", "").lower()
    if not noun or not stem or joined.rstrip("s").endswith(stem.rstrip("s")):
        return f"the {noun} {names}".replace("  ", " ")
    owner, rest = split_at(noun, stem)
    if owner:
        after = rest.startswith(PREPOSITIONS)
        return f"the {owner} {names} {rest}" if after else f"the {rest} of the {owner} {names}"
    joint = _JOINTS.get(verb, "of")
    return f"the {noun} of {names}" if joint == "of" else f"{an(noun)} {joint} {names}"


def _alike(noun: str, stem: str) -> bool:
    """Whether a key's stem says what the noun says; one that only says "resource" always does."""
    joined, stem = noun.replace(" ", "").lower().rstrip("s"), stem.rstrip("s")
    return stem in ("", "resource") or joined.endswith(stem) or stem.endswith(joined)


def _past_event(record: Record) -> str:
    """For names that are no verb's: what a service reports, or a call by its own name."""
    words = taken_apart(operation_of(record))[1]
    if record.event_type == "AwsServiceEvent":
        return f"reported: {words}"
    on = _names([short(name) for name in targets(record)])
    service = service_of(record)
    called = f"called {record.event_name}{f' of {service}' if service else ''}"
    return f"{called} on {on}" if on else called


def _unnamed(record: Record, who: str) -> str:
    """A record without an eventName: what Insights found, or all that can be said."""
    insight = record.section("insightDetails")
    name, source = text(insight.get("eventName")), text(insight.get("eventSource"))
    if name:
        errors = "Error" in text(insight.get("insightType"))
        what = "rate of errors" if errors else "rate of calls"
        ended = insight.get("state") == "End"
        now = "is back to normal" if ended else "is unusual"
        return f"{who} saw that the {what} to {source.split('.', 1)[0]}:{name} {now}"
    return f"{who} did something that the record does not name"


def _names(values: list[str]) -> str:
    return enumeration([_clipped(short(value)) for value in values])


def _clipped(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
