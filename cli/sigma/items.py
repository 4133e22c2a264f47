"""Conditions of a filter pattern, as a field of Sigma with its modifier and value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.rules.filter_pattern import (
    And,
    Comparison,
    Expression,
    Number,
    Operator,
    Or,
    Regex,
    Text,
)
from cli.sigma.fields import CannotSayError, field_of

ORDERS = {
    Operator.LESS: "lt",
    Operator.LESS_OR_EQUAL: "lte",
    Operator.GREATER: "gt",
    Operator.GREATER_OR_EQUAL: "gte",
}
# A field and modifier as Sigma writes them, and a value.
Item = tuple[str, Any]


def item_of(expression: Expression) -> Item | None:
    """One field with its value or values, or None where it takes more."""
    if isinstance(expression, Comparison):
        return None if expression.op is Operator.NOT_EQUAL else _alone(expression)
    if isinstance(expression, And) or denied(expression):
        return None
    return _list(operands(expression, Or))


def _alone(comparison: Comparison) -> Item:
    """What any but `!=` takes."""
    if comparison.op is Operator.IS_NULL:
        raise CannotSayError(f"{comparison.text}: Sigma's null is also what is not there")
    return equal(comparison)


def _list(operands: list[Expression]) -> Item | None:
    comparisons = [operand for operand in operands if isinstance(operand, Comparison)]
    if len(comparisons) < len(operands) or len({one.path for one in comparisons}) > 1:
        return None
    if any(one.op is Operator.NOT_EQUAL for one in comparisons):
        return None
    items = list(_values(comparisons))
    if len({key for key, _ in items}) > 1:
        return None
    return items[0] if len(items) == 1 else (items[0][0], [value for _, value in items])


def _values(comparisons: Sequence[Comparison]) -> Iterator[Item]:
    """What Sigma says in one value takes two conditions: null, and the texts true and false."""
    at = 0
    while at < len(comparisons):
        pair = _pair(comparisons[at : at + 2])
        yield pair or _alone(comparisons[at])
        at += 2 if pair else 1


def _pair(comparisons: Sequence[Comparison]) -> Item | None:
    if len(comparisons) < 2:
        return None
    first, second = comparisons
    if (first.op, second.op) == (Operator.NOT_EXISTS, Operator.IS_NULL):
        return named(first), None
    text = second.value.text if isinstance(second.value, Text) else ""
    is_flag = text and second.op is Operator.EQUAL and first.op.value == f"IS {text.upper()}"
    return (named(first), text) if is_flag else None


def denied(expression: Expression) -> Comparison | None:
    """The `!=` of "is another, or is not there, or is null", which is Sigma's `not`."""
    if not isinstance(expression, Or):
        return None
    found = [one for one in operands(expression, Or) if isinstance(one, Comparison)]
    ops = [Operator.NOT_EQUAL, Operator.NOT_EXISTS, Operator.IS_NULL]
    same = [one.op for one in found] == ops and len({one.path for one in found}) == 1
    return found[0] if same and len(operands(expression, Or)) == len(ops) else None


def operands(expression: And | Or, kind: type[And] | type[Or]) -> list[Expression]:
    found: list[Expression] = []
    for operand in expression.operands:
        found += operands(operand, kind) if isinstance(operand, kind) else [operand]
    return found


def alternatives(expression: Or) -> list[Expression]:
    """The operands, those together that Sigma says in one value or by one `not`."""
    every, found = operands(expression, Or), list[Expression]()
    while every:
        size = next((size for size in (3, 2) if _is_one(every[:size], size)), 1)
        found.append(every[0] if size == 1 else Or(tuple(every[:size])))
        every = every[size:]
    return found


def _is_one(some: Sequence[Expression], size: int) -> bool:
    comparisons = [one for one in some if isinstance(one, Comparison)]
    if len(comparisons) < size or len({one.path for one in comparisons}) > 1:
        return False
    return bool(denied(Or(tuple(some))) if size == 3 else _pair(comparisons))


def named(comparison: Comparison) -> str:
    return field_of(comparison.path, comparison.selector.text)


def equal(comparison: Comparison) -> Item:
    """The field, with its modifier, and the value."""
    field, value = named(comparison), comparison.value
    if comparison.op is Operator.NOT_EXISTS:
        return f"{field}|exists", False
    if value is None:
        return field, comparison.op is Operator.IS_TRUE
    if isinstance(value, Regex):
        return f"{field}|re", value.text
    if isinstance(value, Number):
        modifier = ORDERS.get(comparison.op)
        return (f"{field}|{modifier}" if modifier else field), value.number
    return _text(field, value.text)


def _text(field: str, text: str) -> Item:
    if text.lower() in ("true", "false"):
        return f"{field}|cased", text
    inner = text.strip("*")
    if not inner or "*" in inner:
        return field, escaped(text)
    starts, ends = text.endswith("*"), text.startswith("*")
    if len(text) - len(inner) > starts + ends:
        return field, escaped(text)
    modifier = {(True, True): "|contains", (True, False): "|startswith", (False, True): "|endswith"}
    return field + modifier.get((starts, ends), ""), escaped(inner)


def escaped(text: str) -> str:
    """Sigma takes a backslash before a wildcard or a backslash for an escape, and ? for any one."""
    return text.replace("\\", "\\\\").replace("?", "\\?")
