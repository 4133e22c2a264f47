"""The records beside the default rules: what fires each, and what nearly does."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.default_rules import DEFAULT
from chalicelib.rules.ruleset import Ruleset

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A record that fires the rule, or (`fires` False) a near miss, with the changed field."""

    rule: str
    record: Json
    fires: bool
    field: str = ""


def examples(folder: Path = DEFAULT) -> list[Example]:
    """Every example in `<theme>.examples.json`, near misses made from the first that fires."""
    return [
        example
        for path in sorted(folder.glob("*.examples.json"))
        for rule, entry in json.loads(path.read_text(encoding="utf-8")).items()
        for example in _of_rule(rule, entry)
    ]


def failures(ruleset: Ruleset, found: list[Example]) -> list[str]:
    """A sentence for each example that does not do what it is for; rules not loaded are left."""
    known = {rule.id for rule in ruleset.rules}
    return [
        f"{example.rule}: {_wrong(example)}"
        for example in found
        if example.rule in known and _fires(ruleset, example) != example.fires
    ]


def _of_rule(rule: str, entry: Json) -> Iterator[Example]:
    for record in entry["fires"]:
        yield Example(rule, record, fires=True)
    for change in entry["near_misses"]:
        yield Example(rule, _changed(entry["fires"][0], change), fires=False, field=change["field"])


def _changed(record: Json, change: Json) -> Json:
    """The record with one field set to `value`, or left out where `absent`."""
    changed = copy.deepcopy(record)
    *parents, last = change["field"].split(".")
    node: Any = changed
    for key in parents:
        node = node[int(key)] if isinstance(node, list) else node[key]
    if change.get("absent"):
        del node[last]
    elif isinstance(node, list):
        node[int(last)] = change["value"]
    else:
        node[last] = change["value"]
    return changed


def _fires(ruleset: Ruleset, example: Example) -> bool:
    return example.rule in {rule.id for rule in ruleset.match(Record(example.record))}


def _wrong(example: Example) -> str:
    if example.fires:
        return "a record that should fire it does not"
    return f"fires although {example.field} differs"
