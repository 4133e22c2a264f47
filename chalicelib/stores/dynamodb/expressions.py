"""What calls say, as DynamoDB's JSON: values, expressions over them, actions of a transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Action = dict[str, Any]  # of a transaction


class Item(dict[str, Any]):
    """An item's values; an attribute that it does not have is None."""

    def __missing__(self, key: str) -> None:
        return None


def put_action(item: Mapping[str, Any], condition: str | None = None, **values: Any) -> Action:
    """One action: write an item."""
    return {"Put": {"Item": encoded(item), **conditional(condition, values)}}


def update_action(
    key: Mapping[str, str], change: str, condition: str | None = None, **values: Any
) -> Action:
    """One action: change an item."""
    conditioned = conditional(condition, values, change)
    return {"Update": {"Key": encoded(key), "UpdateExpression": change, **conditioned}}


def delete_action(key: Mapping[str, str], condition: str | None = None, **values: Any) -> Action:
    """One action: remove an item."""
    return {"Delete": {"Key": encoded(key), **conditional(condition, values)}}


def encoded(values: Mapping[str, Any]) -> dict[str, Any]:
    """An item as DynamoDB's JSON; what is None or an empty set is left out."""
    return {
        name: _encoded(value)
        for name, value in values.items()
        if value is not None and value != set()
    }


def decoded(item: Mapping[str, Mapping[str, Any]]) -> Item:
    """An item's values: text, whole numbers, bytes, sets of text."""
    return Item({name: _decoded(value) for name, value in item.items()})


def conditional(
    condition: str | None, values: Mapping[str, Any], change: str | None = None
) -> dict[str, Any]:
    """The condition, and what it and the change refer to, as arguments of a write."""
    referred = expressed((condition, change), values)
    return referred | ({"ConditionExpression": condition} if condition else {})


def expressed(texts: Sequence[str | None], values: Mapping[str, Any]) -> dict[str, Any]:
    """Names and values of expressions, which write every attribute as #name and value as :name:
    so none is a reserved word.
    """
    names = {name for text in texts if text for name in re.findall(r"#(\w+)", text)}
    expression: dict[str, Any] = {}
    if names:
        expression["ExpressionAttributeNames"] = {f"#{name}": name for name in names}
    if values:
        expression["ExpressionAttributeValues"] = {
            f":{name}": _encoded(value) for name, value in values.items()
        }
    return expression


def _encoded(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, bytes):
        return {"B": value}
    return {"SS": sorted(value)}


def _decoded(value: Mapping[str, Any]) -> Any:
    ((kind, content),) = value.items()
    if kind == "N":
        return int(content)
    return frozenset(content) if kind == "SS" else content
