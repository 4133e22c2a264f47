"""What readers are told of the default rules, and matching never asks: default/prose.json.

A cold start reads compiled.json alone; who asks for the rules' meaning waits for this one, once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from chalicelib.rules.default_rules import DEFAULT
from chalicelib.rules.rule import Rule

PROSE = DEFAULT / "prose.json"
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
    by_id = json.loads(PROSE.read_bytes())
    return {
        rule: {name: _frozen(value) for name, value in told.items()} for rule, told in by_id.items()
    }


def _frozen(value: Any) -> Any:
    """As the rule files' checks leave it."""
    return tuple(value) if isinstance(value, list) else value
