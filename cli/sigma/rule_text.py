"""Imported rules as the text of a rule file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from cli.sigma.reading import Imported


def rule_file(rules: Iterable[Imported]) -> str:
    """TOML that loads as these rules."""
    return "\n".join(map(_rule, rules))


def _rule(rule: Imported) -> str:
    comments = "".join(f"# {line}\n" for line in rule.origin)
    keys = {name: value for name, value in rule.table.items() if name != "correlation"}
    text = f"{comments}[[rule]]\n{_lines(keys)}"
    if "correlation" in rule.table:
        text += f"[rule.correlation]\n{_lines(rule.table['correlation'])}"
    return text


def _lines(keys: Mapping[str, Any]) -> str:
    return "".join(f"{name} = {_value(value)}\n" for name, value in keys.items())


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str) and _plain(value):
        return f"'{value}'" if '"' in value else f'"{value}"'
    # JSON's texts and numbers are TOML's, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain(text: str) -> bool:
    """Whether TOML's own quotes hold it as it stands."""
    return text.isprintable() and not ("'" in text and '"' in text) and "\\" not in text
