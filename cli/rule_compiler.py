"""The default rules' compiled form, from their TOML."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from itertools import groupby
from pathlib import Path
from typing import Any

from chalicelib.cloudtrail import vocabulary as words
from chalicelib.cloudtrail.facts import LISTS
from chalicelib.rules import prose
from chalicelib.rules.compiling import keys_of
from chalicelib.rules.correlation import Correlation
from chalicelib.rules.default_rules import DEFAULT
from chalicelib.rules.loaded import PROJECT
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.user_rules import merged, read

DOCUMENT = PROJECT / "docs" / "rules.md"
TABLE_STARTS = "<!-- default rules: written by trailbell.py rules --compile -->"
TABLE_ENDS = "<!-- /default rules -->"
FACTS_START = "<!-- facts: written by trailbell.py rules --compile -->"
FACTS_END = "<!-- /facts -->"


def written_defaults(folder: Path = DEFAULT) -> list[Rule]:
    """The default rules as the TOML files have them. Raises RulesError."""
    return list(merged([], [read(path) for path in sorted(folder.glob("*.toml"))]).values())


def compile_defaults(rules: Iterable[Rule]) -> str:
    """What compiled.json has to hold for these rules."""
    entries = [
        {"rule": _without_prose(rule), "keys": keys_of(rule.pattern).to_dict()} for rule in rules
    ]
    return "[\n" + ",\n".join(map(_dumped, entries)) + "\n]\n"


def compile_prose(rules: Iterable[Rule]) -> str:
    """What prose.json has to hold for these rules."""
    entries = (f"{_dumped(rule.id)}:{_dumped(_prose(rule))}" for rule in rules)
    return "{\n" + ",\n".join(entries) + "\n}\n"


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _without_prose(rule: Rule) -> dict[str, Any]:
    return {name: value for name, value in _json_values(rule).items() if name not in prose.FIELDS}


def _prose(rule: Rule) -> dict[str, Any]:
    return {name: value for name, value in _json_values(rule).items() if name in prose.FIELDS}


def _json_values(rule: Rule) -> dict[str, Any]:
    """The fields that differ from their default, as JSON has them."""
    values = {}
    for field in fields(Rule):
        value = getattr(rule, field.name)
        if value != field.default:
            values[field.name] = _plain(value)
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, Correlation):
        return value.to_dict()
    return value.value if isinstance(value, Severity) else value


def document_defaults(document: str, rules: Iterable[Rule]) -> str:
    """docs/rules.md with the table of the default rules, theme by theme, between its marks."""
    themes = groupby(rules, key=lambda rule: rule.theme)
    tables = "".join(_table(theme, of_theme) for theme, of_theme in themes)
    with_facts = _between(document, FACTS_START, FACTS_END, _facts())
    return _between(with_facts, TABLE_STARTS, TABLE_ENDS, tables)


def _between(document: str, start: str, end: str, text: str) -> str:
    before, rest = document.split(start, 1)
    after = rest.split(end, 1)[1]
    return f"{before}{start}\n{text}\n{end}{after}"


def _facts() -> str:
    """The fields of `$.facts`, and the words that the arrays of texts are made of."""
    lists = {f"{name}[*]" if name in LISTS else name: said for name, said in words.fields().items()}
    first = [f"| `$.facts.{name}` | {said} |\n" for name, said in lists.items()]
    tables = (
        ("field", "what it says", first),
        ("first word of `exposed`: whom", "", _rows(words.whom())),
        ("second word of `exposed`: what", "", _rows(words.what())),
        ("`switches_off`", "what was switched off or narrowed", _rows(words.switched_off())),
        ("`gives`", "what rights a policy gives", _rows(words.given())),
    )
    return "".join(
        f"\n| {name} | {said} |\n|---|---|\n{''.join(rows)}" for name, said, rows in tables
    )


def _rows(meanings: dict[str, str]) -> list[str]:
    return [f"| `{word}` | {meaning} |\n" for word, meaning in meanings.items()]


def _table(theme: str, rules: Iterable[Rule]) -> str:
    rows = "".join(
        f"| `{rule.id}` | {rule.severity.value} | {rule.title} | {', '.join(rule.attack)} |\n"
        for rule in rules
    )
    head = "| rule | severity | what happened | ATT&CK |\n|---|---|---|---|\n"
    return f"\n### {theme}.toml\n\n{head}{rows}"
