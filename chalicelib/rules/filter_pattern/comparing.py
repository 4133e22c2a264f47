"""Conditions, compiled: what a value must be for one to hold."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from chalicelib.rules.filter_pattern.lexemes import Lexeme, value_of
from chalicelib.rules.filter_pattern.regex import compile_regex
from chalicelib.rules.filter_pattern.selecting import Test
from chalicelib.rules.filter_pattern.syntax import Comparison, Number, Operator, Regex, Text, Value

# How a number is turned into the text that it had in its JSON.
Written = Callable[[int | float | Lexeme], str]
TextTest = Callable[[str], bool]

# bool is an int to Python: types are compared, not instances.
NUMBERS = frozenset({int, float, Lexeme})
ORDERS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
}
# Texts that a number's source text can hold; a value with any other never equals a number.
NUMERIC = re.compile(r"[0-9eE.+-]*")


def compile_value_test(comparison: Comparison, written: Written) -> Test:
    """A function of the value that the selector names. Not for NOT EXISTS."""
    if comparison.op is Operator.IS_NULL:
        return _is_null
    if comparison.op is Operator.IS_TRUE:
        return lambda value: value is True
    if comparison.op is Operator.IS_FALSE:
        return lambda value: value is False
    if comparison.value is None:
        raise AssertionError(f"{comparison.op} without a value")
    if comparison.op in ORDERS:
        return _ordering(ORDERS[comparison.op], comparison.value)
    return _equality(comparison.value, comparison.op is Operator.EQUAL, written)


def compile_text_test(value: Value) -> TextTest:
    """A function of a text: whether it equals the value."""
    if isinstance(value, Regex):
        return compile_regex(value.text)
    if isinstance(value, Number) or not value.has_wildcard:
        expected = value.text
        return lambda text: text == expected
    return _wildcard(value.segments)


def exact_text(value: Value | None) -> str | None:
    """The one text that equals the value, where no number can; else None."""
    if not isinstance(value, Text) or value.has_wildcard or NUMERIC.fullmatch(value.text):
        return None
    return value.text


def _is_null(value: Any) -> bool:
    # The service takes an array that holds a null for null, too.
    return value is None or (isinstance(value, list) and any(item is None for item in value))


def _ordering(compare: Callable[[Any, Any], bool], value: Value) -> Test:
    if not isinstance(value, Number):
        raise AssertionError("an ordering without a number")
    bound = value.number

    def ordered(found: Any) -> bool:
        return type(found) in NUMBERS and compare(value_of(found), bound)

    return ordered


def _equality(value: Value, equal: bool, written: Written) -> Test:
    exact = exact_text(value)
    if exact is not None:
        return _equals(exact) if equal else _differs(exact)
    on_text = compile_text_test(value)
    on_number = _number_test(value, on_text, written)
    if equal and isinstance(value, Text) and value.has_wildcard and not any(value.segments[1:]):
        return _begins(value.segments[0], on_number)

    def test(found: Any) -> bool:
        if isinstance(found, str):
            return on_text(found) is equal
        if type(found) in NUMBERS:
            return on_number(found) is equal
        return False

    return test


def _equals(expected: str) -> Test:
    return lambda found: bool(found == expected)


def _differs(expected: str) -> Test:
    def differs(found: Any) -> bool:
        if isinstance(found, str):
            return found != expected
        return type(found) in NUMBERS

    return differs


def _begins(start: str, on_number: Test) -> Test:
    """`= X*`, in one function: the condition that is put to most records."""

    def begins(found: Any) -> bool:
        if isinstance(found, str):
            return found.startswith(start)
        return type(found) in NUMBERS and on_number(found)

    return begins


def _number_test(value: Value, on_text: TextTest, written: Written) -> Test:
    if isinstance(value, Number):
        number = value.number
        return lambda found: value_of(found) == number
    if isinstance(value, Text) and not any(value.segments):
        return lambda _: value.has_wildcard
    if isinstance(value, Text) and not NUMERIC.fullmatch("".join(value.segments)):
        return lambda _: False
    return lambda found: on_text(written(found))


def _wildcard(segments: tuple[str, ...]) -> TextTest:
    """Each segment is looked for once, leftmost, behind the one before it.

    The service never looks further right for a segment that it has found: `*111` does not equal
    "111.111", since the first 111 is not at the end (observed in 2019).
    """
    first, *middle, last = segments
    if not any(middle) and not last:
        return lambda text: text.startswith(first)

    def test(text: str) -> bool:
        if not text.startswith(first):
            return False
        position = len(first)
        for segment in middle:
            found = text.find(segment, position)
            if found < 0:
                return False
            position = found + len(segment)
        if not last:
            return True
        found = text.find(last, position)
        return found >= 0 and found + len(last) == len(text)

    return test
