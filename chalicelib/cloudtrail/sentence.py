"""One plain sentence for a record: who did what, to what, and whether it worked.

Loaded when a record alerts, not before.
"""

from __future__ import annotations

import re
from functools import lru_cache

from chalicelib.cloudtrail.consequences import consequence
from chalicelib.cloudtrail.facts import Facts
from chalicelib.cloudtrail.fields import first_at, left_out, listed, values_at
from chalicelib.cloudtrail.general import general
from chalicelib.cloudtrail.general import names as _names
from chalicelib.cloudtrail.identity import text
from chalicelib.cloudtrail.likely import likeliest
from chalicelib.cloudtrail.naming import name_of, operation_of, service_of
from chalicelib.cloudtrail.operations import PLACEHOLDER, Operation, operation
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.particulars import PARTICULARS
from chalicelib.cloudtrail.particulars.identities import of_themselves
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.targets import refusal, targets
from chalicelib.cloudtrail.words import an, counted, in_words, is_plural, past, singular

OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_PREPOSITION = re.compile(r" (to|from|on|of|under|with|into|for|at)$")
# What CloudTrail may leave out for its size, and what that was.
_SECTIONS = {"requestParameters": "asked", "responseElements": "answered"}


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


# What nobody asks for by a permission's name.
_IN_WORDS = {"signin:ConsoleLogin": "a sign-in to the console"}


def _refused(facts: Facts) -> str:
    operation, resource = refusal(facts.record)
    operation = operation or name_of(facts.record)
    if operation in _IN_WORDS:
        return _IN_WORDS[operation]
    on = _names([resource] if resource else [*facts.targets, *facts.second_parties])
    return f"{operation} on {on}" if on else operation


def _predicate(record: Record) -> str:
    """What was done, beginning with a verb's base form; "" where the name is no verb's."""
    predicate = _said(record)
    hidden = [said for section, said in _SECTIONS.items() if left_out(record, section)]
    if not hidden or not predicate:
        return predicate
    return f"{predicate} (CloudTrail left out what was {' and '.join(hidden)})"


def _said(record: Record) -> str:
    name = name_of(record)
    particular = PARTICULARS.get(name)
    predicate = particular(record) if particular else ""
    if predicate:
        return predicate
    known = operation(name)
    if known:
        own = of_themselves(record, known.phrase)
        said = _filled(known._replace(phrase=own) if own else known, record)
    else:
        said = general(record)
    return f"{said}{consequence(record, said)}" if said else ""


def _filled(known: Operation, record: Record) -> str:
    """A phrase with its placeholders filled; what is not named is "a …" instead of "the …"."""

    def values(placeholder: str) -> list[str]:
        found = values_at(record, known.path(placeholder))
        if found or placeholder != "0" or not left_out(record):
            return found
        return listed(record)[:1]

    def optional(match: re.Match[str]) -> str:
        return match[1] if all(map(values, PLACEHOLDER.findall(match[1]))) else ""

    phrase = known.phrase
    parts = _apart(OPTIONAL.sub(optional, phrase) if "[" in phrase else phrase)
    said = parts[0]
    for placeholder, after in zip(parts[1::2], parts[2::2], strict=True):
        found = values(placeholder) or _likely(said, record)
        said = singular(said) if len(found) == 1 else said
        name = _names(found) or _some_object(known.path(placeholder), record)
        before = said + name if name else _without_name(said)
        if not before:
            return general(record)
        said = before + (counted(f"1{after}")[1:] if name == "1" else after)
    return " ".join(said.split())


@lru_cache(maxsize=256)
def _apart(phrase: str) -> list[str]:
    """What stands between the placeholders, and the placeholders, in turn."""
    return PLACEHOLDER.split(phrase)


def _likely(said: str, record: Record) -> list[str]:
    """The names under a key that the phrase's noun tells: other shapes have other paths."""
    stem, found = likeliest(record)
    noun = said.replace(" ", "").lower().rstrip("s")
    return list(found) if stem and noun.endswith(stem.rstrip("s")) else []


def _some_object(path: str, record: Record) -> str:
    """An object in a bucket is named by both; without its key it is still an object."""
    if "/" not in path and not path.startswith("%"):
        return ""
    bucket = first_at(record, path.partition("/")[0]) if "/" in path else ""
    return f"an object in the S3 bucket {bucket}" if bucket else "an S3 object"


def _without_name(said: str) -> str:
    """As in: "create the IAM user " becomes "create an IAM user"; "" where nothing is left."""
    before = _PREPOSITION.sub("", said.rstrip())
    head, the, noun = before.rpartition(" the ")
    if before != said.rstrip() or re.search(r"'s [\w ]+$", before):
        return before
    if not the:
        return ""
    return f"{head} {f'some {noun}' if is_plural(noun) else an(noun)}"


def _past_event(record: Record) -> str:
    """For names that are no verb's: what a service reports, or a call by its own name."""
    words = in_words(operation_of(record))
    if record.event_type == "AwsServiceEvent":
        return f"reported: {words}"
    on = _names(list(targets(record)))
    service = service_of(record)
    called = f"called {service}:{record.event_name}" if service else f"called {record.event_name}"
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
