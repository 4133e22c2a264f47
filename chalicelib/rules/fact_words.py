"""What `$.facts` holds, for the linter: conditions on it that no record, or any, fulfils."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.cloudtrail.facts import FIELDS, LISTS
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.vocabulary import given, switched_off, what, whom
from chalicelib.rules.derivation import FACTS
from chalicelib.rules.filter_pattern import Child, Comparison, Operator, Text

ABSENT = (Operator.IS_NULL, Operator.NOT_EXISTS)
STATES = {Operator.IS_TRUE: "true", Operator.IS_FALSE: "false"}


def mistakes(condition: Comparison) -> Iterator[str]:
    """Why a condition on facts never holds, or always does."""
    path, value = condition.path, condition.value
    if path[:1] != FACTS or Child.ANY in path[1:2]:
        return
    name = str(path[1]) if len(path) > 1 else ""
    always = condition.op is Operator.NOT_EXISTS
    if name not in FIELDS:
        wrong = f"no fact is called {name!r}" if name else "$.facts alone is no fact"
        yield f"{_holds(always)}: {wrong}; there are {', '.join(FIELDS)}"
    elif len(path) > (3 if name in LISTS else 2):
        instead = f"$.facts.{name}[*]" if name in LISTS else f"$.facts.{name}"
        yield f"{_holds(always)}, since facts are texts: write {instead}"
    elif name in LISTS and len(path) == 2 and value is not None:
        yield f"never holds, since it is an array: write $.facts.{name}[*]"
    elif condition.op in ABSENT and len(path) == 2:
        instead = f"$.facts.{name}[*] NOT EXISTS" if name in LISTS else f'$.facts.{name} = ""'
        yield f"never holds, since every fact is there: write {instead}"
    elif condition.op in STATES:
        instead = f'{condition.selector.text} = "{STATES[condition.op]}"'
        yield f"never holds, since facts are texts: write {instead}"
    elif isinstance(value, Text) and "*" not in value.text and not _is_said(name, value.text):
        always = condition.op is Operator.NOT_EQUAL
        holds = "holds whatever it is" if always else "never holds"
        yield f"{holds}: docs/rules.md has no {value.text!r} for $.facts.{name}"


def _holds(always: bool) -> str:
    return "always holds" if always else "never holds"


def _is_said(name: str, text: str) -> bool:
    if name == "outcome":
        return text in [outcome.value for outcome in Outcome]
    if name in ("person", "mfa"):
        return text in ("true", "false") or (name == "mfa" and not text)
    if name == "switches_off":
        return text in switched_off()
    if name == "gives":
        return text in given()
    first, _, rest = text.partition(" ")
    return name != "exposed" or (first in whom() and rest in what())
