"""What `$.facts` holds, for the linter: names and words beside which nothing matches."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.cloudtrail.facts import FIELDS, LISTS
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.vocabulary import switched_off, what, whom
from chalicelib.rules.derivation import FACTS
from chalicelib.rules.filter_pattern import Comparison, Text


def mistakes(condition: Comparison) -> Iterator[str]:
    """Why a condition on facts never holds."""
    path, value = condition.path, condition.value
    if path[:1] != FACTS:
        return
    name = str(path[1]) if len(path) > 1 else ""
    if name not in FIELDS:
        yield f"never holds: no fact is called {name!r}; there are {', '.join(FIELDS)}"
    elif name in LISTS and len(path) == 2 and value is not None:
        yield f"never holds, since it is an array: write $.facts.{name}[*]"
    elif isinstance(value, Text) and "*" not in value.text and not _is_said(name, value.text):
        yield f"never holds: docs/rules.md has no {value.text!r} for $.facts.{name}"


def _is_said(name: str, text: str) -> bool:
    if name == "outcome":
        return text in [outcome.value for outcome in Outcome]
    if name == "switches_off":
        return text in switched_off()
    first, _, rest = text.partition(" ")
    return name != "exposed" or (first in whom() and rest in what())
