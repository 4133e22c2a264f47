"""Selectors, compiled: from a record to the value, or the values, that a selector names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from chalicelib.rules.filter_pattern.syntax import Child, Selector, Step

# What a path leads to where it cannot be followed to its end.
MISSING: Any = object()

Select = Callable[[Any], Any]
Test = Callable[[Any], bool]


def compile_test(selector: Selector, test: Test) -> Test:
    """A function of a record: whether any value that the selector names passes the test.

    A path that cannot be followed is tested as MISSING.
    """
    if Child.ANY not in selector.steps:
        return _on_one(selector.steps, test)
    wildcard = selector.steps.index(Child.ANY)
    before = compile_path(selector.steps[:wildcard])
    after = compile_path(selector.steps[wildcard + 1 :])
    return lambda record: any(test(after(child)) for child in _children(before(record)))


def compile_none(selector: Selector) -> Test:
    """A function of a record: whether the selector's path cannot be followed to its end."""
    exists = compile_test(selector, lambda value: value is not MISSING)
    return lambda record: not exists(record)


def compile_path(steps: tuple[Step, ...]) -> Select:
    """A function from a value to what the steps lead to, or MISSING. The steps hold no wildcard."""
    if not steps:
        return lambda value: value
    names = [step for step in steps if isinstance(step, str)]
    if len(names) == len(steps):
        return _members(names)
    first = _step(steps[0])
    if len(steps) == 1:
        return first
    second = _step(steps[1])
    if len(steps) == 2:
        return lambda value: second(first(value))
    rest = compile_path(steps[2:])
    return lambda value: rest(second(first(value)))


def _on_one(steps: tuple[Step, ...], test: Test) -> Test:
    if len(steps) == 1 and isinstance(steps[0], str):
        name = steps[0]
        return lambda record: test(record.get(name, MISSING))  # a record is always an object
    path = compile_path(steps)
    return lambda record: test(path(record))


def _step(step: Step) -> Select:
    return _member(step) if isinstance(step, str) else _item(step)


def _member(name: str) -> Select:
    def member(value: Any) -> Any:
        return value.get(name, MISSING) if isinstance(value, dict) else MISSING

    return member


def _members(names: list[str]) -> Select:
    """The way down through objects alone, which most paths are: one function for all of it."""

    def members(value: Any) -> Any:
        for name in names:
            if not isinstance(value, dict):
                return MISSING
            value = value.get(name, MISSING)
        return value

    return members


def _item(index: Any) -> Select:
    def item(value: Any) -> Any:
        return value[index] if isinstance(value, list) and index < len(value) else MISSING

    return item


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, list):
        return value
    return value.values() if isinstance(value, dict) else ()
