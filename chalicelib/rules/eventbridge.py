"""The EventBridge pattern: which records come within seconds, besides by the log group."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # only whoever deploys needs these: they would slow the functions' start
    from chalicelib.rules.keys import Texts
    from chalicelib.rules.ruleset import Ruleset

VARIABLE = "TRAILBELL_EVENTBRIDGE"
OFF, URGENT, ALL = "off", "urgent", "all"
# Source: EventBridge user guide, "AWS service events delivered via AWS CloudTrail".
DETAIL_TYPES = (
    "AWS API Call via CloudTrail",
    "AWS Console Sign In via CloudTrail",
    "AWS Service Event via CloudTrail",
)
# What AWS alone may send: PutEvents refuses such a source to everybody else, so nothing forged
# comes this way. Source: EventBridge API reference, PutEventsRequestEntry, and PutEvents'
# NotAuthorizedForSourceException.
SOURCES = ({"prefix": "aws."},)
MAX_CHARACTERS = 2048  # of an event pattern; EventBridge quotas


def event_pattern(env: Mapping[str, str], ruleset: Callable[[], Ruleset]) -> dict[str, Any] | None:
    """What EventBridge hands over, as TRAILBELL_EVENTBRIDGE chooses; None where it is off.

    `urgent` carries the event names that critical and high rules name; those that begin with the
    same word are folded into that beginning until the pattern fits. `ruleset` is asked only
    for that. A rule that names none is served by the log group alone. Raises ValueError.
    """
    choice = env.get(VARIABLE) or OFF
    if choice == OFF:
        return None
    pattern: dict[str, Any] = {"source": list(SOURCES), "detail-type": list(DETAIL_TYPES)}
    running = "AWS_LAMBDA_FUNCTION_NAME" in env  # what is deployed only asks whether it is on
    if choice == ALL or (choice == URGENT and running):
        return pattern
    if choice == URGENT:
        return _narrowed(pattern, _urgent_names(ruleset()))
    raise ValueError(f"{VARIABLE} is {choice!r}; it takes {OFF}, {URGENT} or {ALL}")


def _urgent_names(ruleset: Ruleset) -> Texts:
    names = ruleset.urgent_names()
    if not (names.exact or names.prefixes):
        raise ValueError(
            f"{VARIABLE} is {URGENT!r}, and no critical or high rule names an event: choose {OFF} "
            f"or {ALL}"
        )
    return names


def _narrowed(pattern: dict[str, Any], names: Texts) -> dict[str, Any]:
    while True:
        exact = sorted(name for name in names.exact if not name.startswith(names.prefixes))
        wide = [one for one in names.prefixes if not one.startswith(_others(names, one))]
        prefixes = [{"prefix": prefix} for prefix in sorted(wide)]
        narrowed = {**pattern, "detail": {"eventName": [*exact, *prefixes]}}
        if len(json.dumps(narrowed)) <= MAX_CHARACTERS:
            return narrowed
        word, folded = Counter(_first_word(name) for name in exact).most_common(1)[0]
        if folded < 2:
            return pattern
        names = names.with_prefix(word)


def _others(names: Texts, prefix: str) -> tuple[str, ...]:
    return tuple(one for one in names.prefixes if one != prefix)


def _first_word(name: str) -> str:
    found = re.match(r".[^A-Z]*", name)
    return found[0] if found else name
