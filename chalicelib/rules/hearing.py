"""Which rules a subscription filter keeps records from: a filter that somebody changed.

A rule hears all it wants where that is proved from the two patterns. It is deaf where a record made
up from its pattern matches the rule and not the filter. Of the others nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.filter_pattern import (
    And,
    Comparison,
    Expression,
    FilterPattern,
    FilterPatternError,
    Number,
    Operator,
    Or,
    Step,
    Text,
    compile_pattern,
)
from chalicelib.rules.filter_pattern.comparing import compile_text_test
from chalicelib.rules.loaded import LoadedRules
from chalicelib.rules.rule import Rule
from chalicelib.rules.ruleset import Ruleset
from chalicelib.rules.subscription import enough_for

# A rule of many alternatives is tried by so many of them.
TRIED = 24
# What a call looks like of which a rule says nothing else.
USUAL: dict[str, Any] = {
    "eventVersion": "1.11",
    "eventName": "CreateExample",
    "eventSource": "example.amazonaws.com",
    "awsRegion": "us-east-1",
    "recipientAccountId": "111122223333",
    "userIdentity": {"type": "IAMUser", "userName": "example"},
}


@dataclass(frozen=True, slots=True)
class Unheard:
    """The ids of rules that are deaf to some of what they want, and of those that may be."""

    deaf: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()


def unheard(rules: Iterable[Rule], pattern: str) -> Unheard:
    """What the filter keeps from the rules. A pattern that we cannot read may keep anything."""
    every = tuple(rule for rule in rules if not rule.is_sequence)
    try:
        present = compile_pattern(pattern)
    except FilterPatternError:
        return Unheard(maybe=tuple(rule.id for rule in every))
    doubted = [rule for rule in every if not _hears_all(rule, present)]
    deaf = [rule.id for rule in doubted if _is_deaf(rule, present)]
    return Unheard(tuple(deaf), tuple(rule.id for rule in doubted if rule.id not in deaf))


def _hears_all(rule: Rule, present: FilterPattern) -> bool:
    if not present.text.strip():
        return True
    expression = present.expression
    if expression is None:
        return False
    return any(all(_implies(each, expression) for each in one) for one in enough_for(rule))


def _is_deaf(rule: Rule, present: FilterPattern) -> bool:
    alone = LoadedRules(rules=(rule,))
    ruleset = Ruleset(alone)
    return any(
        not present.matches_record(raw) and ruleset.with_members(Record(raw))
        for raw in _wanted_by(rule)
    )


def _implies(one: Expression, other: Expression) -> bool:
    """Whether every record of the first is surely one of the second; False proves nothing."""
    if isinstance(other, And):
        return all(_implies(one, each) for each in other.operands)
    if isinstance(one, Or):
        return all(_implies(each, other) for each in one.operands)
    if isinstance(other, Or) and any(_implies(one, each) for each in other.operands):
        return True
    if isinstance(one, And):
        return any(_implies(each, other) for each in one.operands)
    return not isinstance(other, Or) and _condition_implies(one, other)


def _condition_implies(one: Comparison, other: Comparison) -> bool:
    if one.path != other.path:
        return False
    if (one.op, one.value) == (other.op, other.value):
        return True
    if one.op is not Operator.EQUAL or not isinstance(one.value, Text):
        return False
    if not isinstance(other.value, Text):
        return False
    if other.op is Operator.EQUAL:
        return _covers(other.value, one.value)
    plain = all(isinstance(step, str) for step in one.path)  # else several values are compared
    return other.op is Operator.NOT_EQUAL and plain and _apart(one.value, other.value)


def _covers(wide: Text, narrow: Text) -> bool:
    """Whether every text of the second is one of the first."""
    if wide.text == narrow.text or not wide.text.strip("*"):
        return wide.has_wildcard or not narrow.has_wildcard
    if not (narrow.has_wildcard or wide.has_interior_wildcard):
        return compile_text_test(wide)(narrow.text)
    start = _start(wide)
    return start is not None and wide.has_wildcard and narrow.segments[0].startswith(start)


def _apart(one: Text, other: Text) -> bool:
    """Whether no text is one of both."""
    first, second = _start(one), _start(other)
    if first is None or second is None:
        return False
    if not one.has_wildcard and not other.has_wildcard:
        return first != second
    if not one.has_wildcard:
        return not first.startswith(second)
    if not other.has_wildcard:
        return not second.startswith(first)
    return not (first.startswith(second) or second.startswith(first))


def _start(text: Text) -> str | None:
    """What it is or begins with; None where a wildcard stands elsewhere than at its end."""
    start = text.text.rstrip("*")
    return None if "*" in start else start


def _wanted_by(rule: Rule) -> Iterator[dict[str, Any]]:
    """Records made up from the rule's pattern, changes and reads."""
    expression = compile_pattern(rule.pattern).expression
    if expression is None:
        return
    for conditions in islice(_alternatives(expression), TRIED):
        for read_only in (False, True):
            yield _made({**USUAL, "readOnly": read_only}, conditions)


def _alternatives(expression: Expression) -> Iterator[tuple[Comparison, ...]]:
    """What must hold together, for one alternative after the other."""
    if isinstance(expression, Comparison):
        yield (expression,)
    elif isinstance(expression, Or):
        for operand in expression.operands:
            yield from _alternatives(operand)
    else:
        yield from _together(expression.operands)


def _together(operands: tuple[Expression, ...]) -> Iterator[tuple[Comparison, ...]]:
    if not operands:
        yield ()
        return
    for first in islice(_alternatives(operands[0]), TRIED):
        for rest in _together(operands[1:]):
            yield (*first, *rest)


def _made(raw: dict[str, Any], conditions: tuple[Comparison, ...]) -> dict[str, Any]:
    for condition in conditions:
        if condition.op is Operator.NOT_EXISTS:
            raw.pop(str(condition.path[0]), None)
        elif condition.op is not Operator.NOT_EQUAL and condition.path[0] != "facts":
            raw = _with(raw, condition.path, _value(condition))
    return raw


def _with(held: Any, path: tuple[Step, ...], value: Any) -> Any:
    """The same with the value at the path."""
    if not path:
        return value
    step, *rest = path
    if isinstance(step, str):
        fields = held if isinstance(held, dict) else {}
        return {**fields, step: _with(fields.get(step), tuple(rest), value)}
    first = held[0] if isinstance(held, list) and held else None
    return [_with(first, tuple(rest), value)]


def _value(condition: Comparison) -> Any:
    value = condition.value
    if isinstance(value, Text):
        return value.text.replace("*", "x")
    if isinstance(value, Number):
        return value.number
    return {Operator.IS_TRUE: True, Operator.IS_FALSE: False}.get(condition.op)
