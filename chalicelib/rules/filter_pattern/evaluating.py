"""Expressions, compiled to closures: a record in, whether it matches out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from chalicelib.rules.filter_pattern.comparing import Written, compile_value_test, exact_text
from chalicelib.rules.filter_pattern.selecting import (
    MISSING,
    Test,
    compile_none,
    compile_path,
    compile_test,
)
from chalicelib.rules.filter_pattern.syntax import And, Child, Comparison, Expression, Operator, Or


def compile_expression(expression: Expression, written: Written) -> Test:
    """A function of a record's parsed JSON object. `written` gives a number's source text."""
    if isinstance(expression, Comparison):
        return _condition(expression, written)
    operands = list(_flattened(expression, type(expression)))
    if isinstance(expression, And):
        return all_of([compile_expression(operand, written) for operand in operands])
    return any_of(list(_alternatives(operands, written)))


def _condition(condition: Comparison, written: Written) -> Test:
    if condition.op is Operator.NOT_EXISTS:
        return compile_none(condition.selector)
    direct = _direct_equality(condition)
    return direct or compile_test(condition.selector, compile_value_test(condition, written))


def _direct_equality(condition: Comparison) -> Test | None:
    """`$.eventName = X` in one step: the condition that nearly every pattern begins with."""
    steps, expected = condition.selector.steps, exact_text(condition.value)
    if condition.op is not Operator.EQUAL or expected is None or len(steps) != 1:
        return None
    name = steps[0]
    if not isinstance(name, str):
        return None
    return lambda record: record.get(name) == expected


def _flattened(expression: Expression, kind: type[And] | type[Or]) -> Iterator[Expression]:
    """The operands, those of operands of the same kind in their place."""
    if not isinstance(expression, kind):
        yield expression
        return
    for operand in expression.operands:
        yield from _flattened(operand, kind)


def _alternatives(operands: Iterable[Expression], written: Written) -> Iterator[Test]:
    """One test each, but a single one for neighbours that want one field to equal a text."""
    for path, group in groupby(operands, _equality_path):
        found = list(group)
        if path is None or len(found) == 1:
            yield from (compile_expression(operand, written) for operand in found)
        else:
            yield _membership(path, [text for one in found if (text := _exact(one)) is not None])


def _equality_path(expression: Expression) -> tuple[Any, ...] | None:
    if _exact(expression) is None or not isinstance(expression, Comparison):
        return None
    steps = expression.selector.steps
    return None if Child.ANY in steps else steps


def _exact(expression: Expression) -> str | None:
    if isinstance(expression, Comparison) and expression.op is Operator.EQUAL:
        return exact_text(expression.value)
    return None


def _membership(path: tuple[Any, ...], texts: Iterable[str]) -> Test:
    members = frozenset(texts)
    select: Callable[[Any], Any] = compile_path(path)
    if len(path) == 1 and isinstance(path[0], str):
        name = path[0]

        def member_of_record(record: Any) -> bool:
            found = record.get(name, MISSING)
            return isinstance(found, str) and found in members

        return member_of_record

    def member(record: Any) -> bool:
        found = select(record)
        return isinstance(found, str) and found in members

    return member


def all_of(tests: list[Test]) -> Test:
    """A function that passes where all the tests do; there are two or more."""
    if len(tests) == 2:
        first, second = tests
        return lambda record: first(record) and second(record)
    if len(tests) == 3:
        first, second, third = tests
        return lambda record: first(record) and second(record) and third(record)

    def all_pass(record: Any) -> bool:
        for test in tests:  # noqa: SIM110 - twice as fast as all() over a generator
            if not test(record):
                return False
        return True

    return all_pass


def any_of(tests: list[Test]) -> Test:
    """A function that passes where any of the tests does."""
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda record: first(record) or second(record)

    def any_passes(record: Any) -> bool:
        for test in tests:  # noqa: SIM110 - twice as fast as any() over a generator
            if test(record):
                return True
        return False

    return any_passes
