"""The keys of a rule, derived from its pattern."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chalicelib.rules.filter_pattern import (
    And,
    Comparison,
    Expression,
    Or,
    Text,
    conditions,
)
from chalicelib.rules.keys import Keys, Texts

NAME = ("eventName",)
SOURCE = ("eventSource",)
TYPE = ("userIdentity", "type")
ERROR = ("errorCode",)
READ_ONLY = ("readOnly",)
FACTS = ("facts",)
OUTCOME = (*FACTS, "outcome")


def derive(expression: Expression | None) -> Keys:
    """The keys of a JSON pattern's expression; of any other pattern (None) nothing is known."""
    if expression is None:
        return Keys()
    return Keys(
        names=_texts(expression, NAME),
        sources=_texts(expression, SOURCE),
        types=_texts(expression, TYPE),
        error=_implies(expression, _needs_error),
        change=_implies(expression, _needs_change),
    )


def facts_last(expression: Expression) -> Expression:
    """The same expression with its conditions on `$.facts` after the others of their operator."""
    if isinstance(expression, Comparison):
        return expression
    operands = sorted(map(facts_last, expression.operands), key=asks_facts)
    return replace(expression, operands=tuple(operands))


def asks_facts(expression: Expression) -> bool:
    """Whether it has a condition on `$.facts`."""
    return any(comparison.path[:1] == FACTS for comparison in conditions(expression))


def without_facts(expression: Expression, unknown: bool) -> Expression | bool:
    """The expression where nothing is known of facts: each condition on them counts as `unknown`.

    With True it holds wherever the expression may, with False only where it surely does.
    """
    return judged(expression, lambda each: unknown if each.path[:1] == FACTS else each)


def judged(
    expression: Expression, judge: Callable[[Comparison], Expression | bool]
) -> Expression | bool:
    """What is left of the expression where `judge` says of its conditions that they hold, that they
    do not, or what to ask instead.
    """
    if isinstance(expression, Comparison):
        return judge(expression)
    absorbing = isinstance(expression, Or)
    found = [judged(operand, judge) for operand in expression.operands]
    if absorbing in found:
        return absorbing
    left = tuple(operand for operand in found if not isinstance(operand, bool))
    if not left:
        return not absorbing
    return left[0] if len(left) == 1 else replace(expression, operands=left)


def only_failures(expression: Expression | None) -> bool:
    """Whether it is true only of calls that were refused or failed."""
    return expression is not None and _implies(expression, _needs_failure)


def _needs_failure(comparison: Comparison) -> bool:
    value = comparison.value
    if comparison.op != "=" or not isinstance(value, Text):
        return False
    if comparison.path == OUTCOME:
        return value.text in ("refused", "failed")
    if comparison.path == ERROR:
        return True
    return comparison.path[0] in ("responseElements", "serviceEventDetails") and (
        value.text in ("Failure", "FAILED")
    )


def _texts(expression: Expression, path: tuple[str, ...]) -> Texts | None:
    """What the expression allows at the path; None where it allows anything, or nothing."""
    if isinstance(expression, And):
        found = (_texts(operand, path) for operand in expression.operands)
        # Any one conjunct's is an over-estimate; the smallest is the best of them.
        return min((texts for texts in found if texts), key=_size, default=None)
    if isinstance(expression, Or):
        union = Texts()
        for operand in expression.operands:
            texts = _texts(operand, path)
            if texts is None:
                return None
            union = union.union(texts)
        return union
    return _compared(expression, path)


def _compared(comparison: Comparison, path: tuple[str, ...]) -> Texts | None:
    value = comparison.value
    if comparison.path != path or comparison.op != "=" or not isinstance(value, Text):
        return None
    if not value.has_wildcard:
        return Texts(frozenset([value.text]))
    start = value.text[:-1]
    if start and value.text.endswith("*") and "*" not in start:
        return Texts(prefixes=(start,))
    return None


def _implies(expression: Expression, test: Callable[[Comparison], bool]) -> bool:
    """Whether the expression is true only where a comparison of this kind is."""
    if isinstance(expression, And):
        return any(_implies(operand, test) for operand in expression.operands)
    if isinstance(expression, Or):
        return all(_implies(operand, test) for operand in expression.operands)
    return test(expression)


def _needs_error(comparison: Comparison) -> bool:
    return comparison.path == ERROR and comparison.op != "NOT EXISTS"


def _needs_change(comparison: Comparison) -> bool:
    # Of all comparisons, IS TRUE alone holds for the boolean true.
    return comparison.path == READ_ONLY and comparison.op != "IS TRUE"


def _size(texts: Texts) -> tuple[int, int]:
    return len(texts.prefixes), len(texts.exact)
