"""What a rule over time reads of a record: the texts at the paths that its correlation names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.compiling import Asked
from chalicelib.rules.correlation import Correlation
from chalicelib.rules.filter_pattern import Child
from chalicelib.rules.filter_pattern.conditions import parse_path
from chalicelib.rules.filter_pattern.lexemes import Lexeme, written
from chalicelib.rules.filter_pattern.selecting import MISSING, compile_path

Raw = Mapping[str, Any]


def counts_as(correlation: Correlation, record: Record) -> bool:
    """Whether a record has all that the correlation asks for."""
    raw = Asked(record).raw
    counted = not correlation.field or bool(values_of(correlation, raw))
    return counted and group_of(correlation, raw) is not None


def group_of(correlation: Correlation, raw: Raw) -> tuple[str, ...] | None:
    """The values that a record is grouped by; of new_terms all that must be new together. None
    where the record has not all of them: then it does not count.
    """
    found = [texts_at(path, raw) for path in correlation.terms]
    return tuple(texts[0] for texts in found) if all(found) else None


def values_of(correlation: Correlation, raw: Raw) -> tuple[str, ...]:
    """The values that a record adds to those that are counted."""
    return texts_at(correlation.field, raw)


def texts_at(path: str, raw: Raw) -> tuple[str, ...]:
    """The texts at a path, numbers and booleans as JSON has them; an object is none, nor is ""."""
    return tuple(dict.fromkeys(filter(None, each_text(path, raw))))


def each_text(path: str, raw: Raw) -> tuple[str, ...]:
    """The same in their places: what is none is "", and one that stands there twice comes twice."""
    return tuple(map(_text, _reader(path)(raw)))


@cache
def _reader(path: str) -> Callable[[Raw], list[Any]]:
    """A function of a record: what the path leads to."""
    steps = parse_path(path).steps
    if Child.ANY not in steps:
        select = compile_path(steps)
        return lambda raw: [select(raw)]
    wildcard = steps.index(Child.ANY)
    before, after = compile_path(steps[:wildcard]), compile_path(steps[wildcard + 1 :])

    def each(raw: Raw) -> list[Any]:
        value = before(raw)
        children = value.values() if isinstance(value, dict) else value
        return [after(child) for child in children] if isinstance(value, dict | list) else []

    return each


def _text(value: Any) -> str:
    if value is MISSING or value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Lexeme):
        return written(value)
    return value if isinstance(value, str) else ""
