"""What readers are told of the default rules, and matching never asks: it stays in their TOML.

A cold start reads compiled.json alone; who asks for the rules' meaning waits for the TOML, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from chalicelib.rules.default_rules import DEFAULT
from chalicelib.rules.rule import Rule

# The fields of Rule that compiled.json leaves out, called as in the TOML.
FIELDS = ("means", "why", "references", "attack", "false_positives")


def with_prose(rules: Iterable[Rule]) -> list[Rule]:
    """The rules with what is told of the default ones; what a user's file says of one stands."""
    return [_told(rule, _by_id().get(rule.id, {})) for rule in rules]


def _told(rule: Rule, prose: Mapping[str, Any]) -> Rule:
    missing = {name: value for name, value in prose.items() if not getattr(rule, name)}
    return replace(rule, **missing)


@cache
def _by_id() -> dict[str, dict[str, Any]]:
    import tomllib  # pure Python, slow to import

    files = (path.read_text(encoding="utf-8") for path in sorted(DEFAULT.glob("*.toml")))
    tables = [table for text in files for table in tomllib.loads(text).get("rule", ())]
    return {
        table["id"]: {name: _frozen(table[name]) for name in FIELDS if name in table}
        for table in tables
    }


def _frozen(value: Any) -> Any:
    """As the rule files' checks leave it."""
    return tuple(value) if isinstance(value, list) else value.strip()
