"""The records beside the rules: what fires each, and what nearly does."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.default_rules import DEFAULT, load_defaults
from chalicelib.rules.loading import LOCAL, load
from chalicelib.rules.ruleset import Ruleset

Json = dict[str, Any]
SHAPE = '{"rule-id": {"fires": [a record, …], "near_misses": [{"field": "a.b", "value": …}, …]}}'


class ExamplesError(ValueError):
    """A file of examples that cannot be read; says which and what it should hold."""


@dataclass(frozen=True, slots=True)
class Example:
    """A record that fires the rule, or (`fires` False) a near miss: which field of which of those
    records was changed.
    """

    rule: str
    record: Json
    fires: bool
    field: str = ""
    changed_from: Json | None = None


def examples(paths: Iterable[Path] | None = None) -> list[Example]:
    """Every example in these files (the default rules'); a near miss is made from the first record,
    or from the one whose place is its `of`.

    Raises ExamplesError.
    """
    files = paths or sorted(DEFAULT.glob("*.examples.json"))
    return [example for path in files for example in _of_file(path)]


def to_test(ruleset: Ruleset, rules_file: str | None = None) -> list[Example]:
    """The examples of default rules that the user's files leave as they are, and the user's own.

    Those lie beside the rules: `mine.examples.json` beside `mine.toml`.
    """
    standing = load(load_defaults()[0], []).rules
    untouched = {rule.id for rule in ruleset.rules if rule in standing}
    found = [example for example in examples() if example.rule in untouched]
    own = [Path(rules_file)] if rules_file else sorted(LOCAL.glob("*.toml"))
    beside = [path.with_suffix(".examples.json") for path in own]
    present = [path for path in beside if path.exists()]
    return found + (examples(present) if present else [])


def failures(ruleset: Ruleset, found: list[Example]) -> list[str]:
    """A sentence for each example that does not do what it is for."""
    return [
        f"{example.rule}: {_wrong(example)}"
        for example in found
        if _fires(ruleset, example) != example.fires
    ]


def _of_file(path: Path) -> list[Example]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8")).items()
        return [example for rule, entry in entries for example in _of_rule(rule, entry)]
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise ExamplesError(f"{path}: {type(error).__name__}: {error}. It takes {SHAPE}") from error


def _of_rule(rule: str, entry: Json) -> Iterator[Example]:
    for record in entry["fires"]:
        yield Example(rule, record, fires=True)
    for change in entry["near_misses"]:
        of = entry["fires"][change.get("of", 0)]
        record, field = _changed(of, change), change["field"]
        yield Example(rule, record, fires=False, field=field, changed_from=of)


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
    return example.rule in {rule.id for rule in ruleset.with_members(Record(example.record))}


def _wrong(example: Example) -> str:
    if example.fires:
        return "a record that should fire it does not"
    return f"fires although {example.field} differs"
