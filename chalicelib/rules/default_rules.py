"""The default rules: written in default/*.toml, loaded from default/compiled.json.

tomllib and the pattern compiler would take most of a cold start. The compiled file holds the
same rules checked and with the index's keys, prose.json what only readers ask for;
`trailbell.py rules --compile` writes both, and a test holds them equal to the TOML, which is not
deployed.
"""

from __future__ import annotations

import json
from typing import Any

from chalicelib.rules.correlation import Correlation
from chalicelib.rules.keys import Keys
from chalicelib.rules.loaded import FOLDER
from chalicelib.rules.rule import Rule, Severity

DEFAULT = FOLDER / "default"
COMPILED = DEFAULT / "compiled.json"
SEVERITIES = ("severity", "refused", "failed")
LEVELS = {severity.value: severity for severity in Severity}


def load_defaults() -> tuple[list[Rule], dict[str, Keys]]:
    """The default rules as compiled, and their keys by pattern."""
    entries = json.loads(COMPILED.read_bytes())
    rules = [_rule(entry["rule"]) for entry in entries]
    return rules, {entry["rule"]["pattern"]: Keys.from_dict(entry["keys"]) for entry in entries}


def _rule(values: dict[str, Any]) -> Rule:
    exceptions = tuple(values.pop("exceptions", ()))
    for name in SEVERITIES:
        if name in values:
            values[name] = LEVELS[values[name]]
    if "correlation" in values:
        values["correlation"] = Correlation.from_dict(values["correlation"])
    return Rule(**values, exceptions=exceptions)
