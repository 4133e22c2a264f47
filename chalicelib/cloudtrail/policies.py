"""Whom a policy admits, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from chalicelib.cloudtrail.targets import short

EVERYONE = "everyone"
SOME = "everyone who meets a condition"


def principals_of(policy: Any) -> list[str]:
    """Whom a policy's Allow statements name: everyone, accounts, services, providers.

    Who is named together with a condition is not everyone.
    """
    if isinstance(policy, str):
        try:
            policy = json.loads(policy)
        except ValueError:
            return []
    statements = dicts(policy.get("Statement")) if isinstance(policy, dict) else []
    allowed = [item for item in statements if item.get("Effect") == "Allow"]
    return list(dict.fromkeys(who for item in allowed for who in _principals(item)))


def _principals(statement: dict[str, Any]) -> Iterator[str]:
    principal = statement.get("Principal")
    groups = list(principal.values()) if isinstance(principal, dict) else [principal]
    for group in groups:
        for one in group if isinstance(group, list) else [group]:
            if isinstance(one, str):
                yield named(one, conditional=bool(statement.get("Condition")))


def named(principal: str, *, conditional: bool) -> str:
    """One principal of a policy, in words."""
    if principal != "*":
        return account(principal)
    return SOME if conditional else EVERYONE


def account(principal: str) -> str:
    """An account by its number, anything else by its name."""
    if principal.isdigit():
        return f"account {principal}"
    return short(principal)


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects of an array, of EC2's {"items": […]}, or the one object itself."""
    if isinstance(value, dict):
        return dicts(value["items"]) if "items" in value else [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
