"""Conditions that cannot hold together, so that a pattern never fires."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.rules.filter_pattern import And, Child, Comparison, Expression, Operator, Text


def contradictions(expression: Expression) -> Iterator[tuple[Comparison, str]]:
    """Each condition that one before it, joined by &&, rules out; and what to do about it."""
    if isinstance(expression, Comparison):
        return
    if isinstance(expression, And):
        yield from _within(list(_joined(expression)))
    for operand in expression.operands:
        # An && within an && was seen with it.
        if not (isinstance(expression, And) and isinstance(operand, And)):
            yield from contradictions(operand)


def _joined(expression: And) -> Iterator[Comparison]:
    """The conditions that must all hold, those of an && within it as well."""
    for operand in expression.operands:
        if isinstance(operand, And):
            yield from _joined(operand)
        elif isinstance(operand, Comparison):
            yield operand


def _within(conditions: list[Comparison]) -> Iterator[tuple[Comparison, str]]:
    for at, condition in enumerate(conditions):
        for before in conditions[:at]:
            if _exclude(before, condition):
                yield condition, f"never holds with {before.text} before it: join them by ||"
                break


def _exclude(one: Comparison, other: Comparison) -> bool:
    """Whether no record has both. Two conditions with [*] may hold for two different elements."""
    if one.path != other.path or Child.ANY in one.path:
        return False
    if Operator.NOT_EXISTS in (one.op, other.op):
        return one.op is not other.op
    texts = _literal(one), _literal(other)
    return None not in texts and len(set(texts)) == 2


def _literal(condition: Comparison) -> str | None:
    """The one text that the condition takes; None of any other."""
    value = condition.value
    if condition.op is not Operator.EQUAL or not isinstance(value, Text) or value.has_wildcard:
        return None
    return value.text
