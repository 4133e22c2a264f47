"""The default rules' compiled form, from their TOML."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from chalicelib.rules.default_rules import DEFAULT
from chalicelib.rules.derivation import derive
from chalicelib.rules.filter_pattern import compile_pattern
from chalicelib.rules.keys import Keys
from chalicelib.rules.loading import merged, read
from chalicelib.rules.rule import Rule, Severity


def compile_defaults(folder: Path = DEFAULT) -> str:
    """What compiled.json has to hold for the TOML files as they stand. Raises RulesError."""
    files = [read(path) for path in sorted(folder.glob("*.toml"))]
    rules = merged([], files).values()
    entries = [{"rule": _plain(rule), "keys": _keys(rule).to_dict()} for rule in rules]
    return "[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries) + "\n]\n"


def _keys(rule: Rule) -> Keys:
    return derive(compile_pattern(rule.pattern).expression)


def _plain(rule: Rule) -> dict[str, Any]:
    """The fields that differ from their default, as JSON has them."""
    plain = {}
    for field in fields(Rule):
        value = getattr(rule, field.name)
        if value != field.default:
            plain[field.name] = value.value if isinstance(value, Severity) else value
    return plain
