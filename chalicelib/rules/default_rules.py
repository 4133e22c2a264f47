"""The default rules: written in default/*.toml, loaded from default/compiled.json.

tomllib and the pattern compiler would take most of a cold start. The compiled file holds the
same rules checked and with the index's keys; `python trailbell.py rules --compile` writes it,
and a test holds it equal to the TOML.
"""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from chalicelib.rules.filter_pattern import compile_pattern
from chalicelib.rules.keys import Keys, derive
from chalicelib.rules.loading import FOLDER, merged, read
from chalicelib.rules.rule import Rule, Severity

DEFAULT = FOLDER / "default"
COMPILED = DEFAULT / "compiled.json"


def load_defaults() -> tuple[list[Rule], dict[str, Keys]]:
    """The default rules as compiled, and their keys by pattern."""
    entries = json.loads(COMPILED.read_bytes())
    rules = [_rule(entry["rule"]) for entry in entries]
    return rules, {entry["rule"]["pattern"]: Keys.from_dict(entry["keys"]) for entry in entries}


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


def _rule(plain: dict[str, Any]) -> Rule:
    tuples = {key: tuple(value) for key, value in plain.items() if isinstance(value, list)}
    return Rule(**{**plain, **tuples, "severity": Severity(plain["severity"])})
