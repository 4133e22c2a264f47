"""Which rule fires wherever another does: a proof over all records, by their conditions alone.

What cannot be proved counts as not so. Conditions on different fields are taken as independent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from chalicelib.rules.compiling import compiled, keys_of
from chalicelib.rules.filter_pattern import (
    And,
    Child,
    Comparison,
    Expression,
    Operator,
    Or,
    Regex,
    Text,
)
from chalicelib.rules.filter_pattern.pattern import JSONPattern
from chalicelib.rules.keys import Texts
from chalicelib.rules.rule import Rule

Path = Sequence[Any]
# What a condition says that its field is, where that is one value.
_STATES = {Operator.IS_TRUE: True, Operator.IS_FALSE: False, Operator.IS_NULL: None}


def implied(rules: Iterable[Rule], among: Iterable[Rule]) -> Iterator[tuple[Rule, Rule]]:
    """Each rule that never fires without another of its severity, with that one."""
    among = tuple(among)
    for rule in rules:
        for other in among:
            alike = rule.id != other.id and rule.severity is other.severity
            # What a rule over time counts another may tell, one by one.
            alike = alike and not (rule.correlation or other.correlation)
            if alike and _may_imply(rule.pattern, other.pattern) and implies(rule, other):
                yield rule, other


def implies(rule: Rule, other: Rule) -> bool:
    """Whether whatever fires the rule fires the other, too."""
    pattern, wanted = compiled(rule.pattern).expression, compiled(other.pattern).expression
    if pattern is None or wanted is None:
        return False
    left_out, taken_out = _expressions(rule.exceptions), _expressions(other.exceptions)
    return _never((), (pattern,), [*left_out, wanted]) and all(
        _never((), (pattern, one), left_out) for one in taken_out
    )


def _expressions(texts: Iterable[str]) -> list[Expression]:
    found = (compiled(text).expression for text in texts)
    return [expression for expression in found if expression is not None]


def _may_imply(pattern: str, other: str) -> bool:
    """Whether every operation that a pattern names is one that the other may match."""
    names, others = _names(pattern), _names(other)
    if others is None:
        return True
    return names is not None and all(name in others for name in (*names.exact, *names.prefixes))


@cache
def _names(pattern: str) -> Texts | None:
    return keys_of(pattern).names


def _never(
    known: tuple[Comparison, ...], open_: tuple[Expression, ...], false: Sequence[Expression]
) -> bool:
    """Whether no record has all that is `known` and `open_`, and nothing of what is `false`."""
    if any(_holds(one, known) for one in false):
        return True
    if not open_:
        return False
    first, *rest = open_
    if isinstance(first, And):
        return _never(known, (*first.operands, *rest), false)
    if isinstance(first, Or):
        return all(_never(known, (one, *rest), false) for one in first.operands)
    if _follows(first, known) is False:
        return True
    return _never((*known, first), tuple(rest), false)


def _holds(expression: Expression, known: Sequence[Comparison]) -> bool | None:
    """What the expression comes to where these hold; None where that depends."""
    if isinstance(expression, Comparison):
        return _follows(expression, known)
    decisive = isinstance(expression, Or)
    verdicts = {_holds(operand, known) for operand in expression.operands}
    if decisive in verdicts:
        return decisive
    return None if None in verdicts else not decisive


def _follows(condition: Comparison, known: Iterable[Comparison]) -> bool | None:
    for one in known:
        if one.path == condition.path:
            verdict = _given(condition, one)
            if verdict is not None:
                return verdict
    return None


def _given(condition: Comparison, known: Comparison) -> bool | None:
    """What a condition comes to where another on the same field holds."""
    if condition == known:
        return True
    verdict = _of_value(condition, known)
    # Of an array's elements another may do what this one does not.
    return verdict if verdict or Child.ANY not in condition.path else None


def _of_value(condition: Comparison, known: Comparison) -> bool | None:
    value = known.value
    if isinstance(value, Regex) and isinstance(condition.value, Regex):
        both = condition.op is known.op is Operator.EQUAL
        return (both and _allows(condition.value, value)) or None
    if known.op is Operator.NOT_EXISTS:
        return _tested(condition).matches_record({})
    if known.op in _STATES:
        return _fits(condition, _STATES[known.op])
    if known.op is not Operator.EQUAL or not isinstance(value, Text):
        return None
    if not value.has_wildcard:
        return _fits(condition, value.text)
    return _of_some_text(condition, value)


def _fits(condition: Comparison, value: Any) -> bool:
    """Whether the condition holds where its field has the value."""
    return _tested(condition).matches_record(_record(condition.path, value))


@cache
def _tested(condition: Comparison) -> JSONPattern:
    return JSONPattern(condition.text, condition)


def _record(path: Path, value: Any) -> Any:
    """A record that has the value at the path and nothing else."""
    for step in reversed(path):
        if isinstance(step, str):
            value = {step: value}
        else:
            value = [None] * (step if isinstance(step, int) else 0) + [value]
    return value


def _of_some_text(condition: Comparison, known: Text) -> bool | None:
    """Where the field is some text that the known one's wildcards allow."""
    value = condition.value
    if value is None:
        return False
    if condition.op is not Operator.EQUAL or not isinstance(value, Text):
        return None
    # What matches whatever stands for the wildcards: a character that no pattern writes.
    if fnmatchcase(known.text.replace("*", "\0"), _glob(value.text)):
        return True
    if not value.has_wildcard and not fnmatchcase(value.text, _glob(known.text)):
        return False
    return None


def _allows(wide: Regex, narrow: Regex) -> bool:
    """Whether one has every alternative of the other."""
    # Within [ ] and after a backslash | is a character.
    plain = not any(sign in wide.text + narrow.text for sign in ("[", "\\|"))
    return plain and {*narrow.text.split("|")} <= {*wide.text.split("|")}


def _glob(text: str) -> str:
    """The text for fnmatch, in which * alone is a wildcard."""
    return "".join(f"[{one}]" if one in "[?" else one for one in text)
