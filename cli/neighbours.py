"""Records that differ from an example in one fact: a field, or which operation was called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from chalicelib.rules.derivation import FACTS, NAME, SOURCE
from chalicelib.rules.filter_pattern import Child, Comparison, Number, Operator, Step, Text

Json = dict[str, Any]
Path = tuple[Step, ...]
Asked = dict[Path, list[Any]]
# A text that no rule asks for, and a field that is not there.
OTHER, ABSENT = "SomethingElse", object()
_STATES = {
    Operator.IS_TRUE: True,
    Operator.IS_FALSE: False,
    Operator.IS_NULL: None,
    Operator.NOT_EXISTS: ABSENT,
}
_BESIDE = {Operator.LESS: -1, Operator.GREATER: 1}


def asked_of(conditions: Iterable[Comparison]) -> Asked:
    """For each field that conditions ask for, the values that would fulfil them."""
    found: Asked = {}
    for condition in conditions:
        values, value = found.setdefault(condition.path, []), _fulfilling(condition)
        # 1 equals True, and yet they are two values.
        if not any(value == one and type(value) is type(one) for one in values):
            values.append(value)
    return {path: values for path, values in found.items() if path[:1] != FACTS}


def neighbours(record: Json, asked: Asked) -> Iterator[Json]:
    """The record with one field as a condition asks for it, as none does, or left out; then with
    another operation of those that the conditions name, or of none of them.
    """
    for path, values in asked.items():
        for value in (*values, OTHER, ABSENT):
            changed = with_field(record, path, value)
            if changed is not None:
                yield changed
    for source in (*asked.get(SOURCE, [record["eventSource"]]), OTHER):
        for name in (*asked.get(NAME, [record["eventName"]]), OTHER):
            yield {**record, "eventSource": source, "eventName": name}


def with_field(node: Any, path: Sequence[Step], value: Any) -> Any:
    """The node with the value at the path; None where what would hold it is not there."""
    step, rest = path[0], path[1:]
    if isinstance(node, list):
        return _with_element(node, step, rest, value)
    if not isinstance(node, dict) or not isinstance(step, str):
        return None
    if rest:
        inner = with_field(node.get(step), rest, value)
        return None if inner is None else {**node, step: inner}
    others = {key: member for key, member in node.items() if key != step}
    return others if value is ABSENT else {**node, step: value}


def _with_element(node: list[Any], step: Step, rest: Sequence[Step], value: Any) -> Any:
    """`*` changes each element."""
    at = range(len(node)) if step is Child.ANY else [step] if isinstance(step, int) else []
    changed = list(node)
    for index in at:
        if index >= len(node):
            return None
        changed[index] = with_field(node[index], rest, value) if rest else value
    kept = [element for element in changed if element is not ABSENT]
    return kept if at and None not in changed else None


def _fulfilling(condition: Comparison) -> Any:
    value = condition.value
    if isinstance(value, Text):
        return value.text.replace("*", "x")
    if isinstance(value, Number):
        return value.number + _BESIDE.get(condition.op, 0)
    return _STATES.get(condition.op, OTHER)
