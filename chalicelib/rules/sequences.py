"""Sequences: rules of other rules, which must be there, be in force and be of single records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from chalicelib.rules.place import Mistakes, meant
from chalicelib.rules.rule import Rule
from chalicelib.rules.written import RuleFile


def is_of_rules(changes: Mapping[str, Any]) -> bool:
    """Whether the fields that a table sets make a rule of other rules."""
    correlation = changes.get("correlation")
    return correlation is not None and bool(correlation.rules)


def needs_a_pattern(changes: Mapping[str, Any]) -> bool:
    """Whether a new rule has to say its pattern; where its correlation is wrong nobody knows."""
    is_wrong = changes.get("correlation", changes) is None
    return not (is_wrong or is_of_rules(changes))


def check(
    rules: Mapping[str, Rule], files: Iterable[RuleFile], off: set[str], mistakes: Mistakes
) -> None:
    """Note what is wrong with the sequences that the files set."""
    tables = [table for file in files for table in file.rules]
    broken = {table.id for table in tables} - rules.keys()  # what is wrong there is said there
    for table in tables:
        if is_of_rules(table.changes):
            for reason, key in _wrong(table.id, table.changes, rules, off, broken):
                mistakes.found.append(table.place.error(reason, key))


def stopped_by(rules: Iterable[Rule], off: set[str]) -> dict[str, str]:
    """The default sequences that cannot go on without the rules that are off, by id; and why."""
    return {
        rule.id: f"{rule.id} is off too: it is a sequence of {step}, which is off"
        for rule in rules
        if rule.id not in off
        for step in rule.steps
        if step in off
    }


def _wrong(
    rule_id: str,
    changes: Mapping[str, Any],
    rules: Mapping[str, Rule],
    off: set[str],
    broken: Set[str],
) -> Iterator[tuple[str, str]]:
    if changes.get("pattern"):
        yield "pattern: a temporal_ordered rule has none of its own; take it out", "pattern"
    names = dict.fromkeys(changes["correlation"].rules)
    for name in (name for name in names if name not in broken):
        named = rules.get(name)
        if named is None:
            near = meant(name, rules)
            reason = f"correlation rules: no rule is called {name!r}"
            yield (f"{reason}; {near}" if near else reason), "rules"
        elif name == rule_id:
            yield f"correlation rules: {name!r} is this rule itself, a cycle; name others", "rules"
        elif named.correlation is not None:
            instead = "name rules of single records, so that no cycle can come of it"
            yield f"correlation rules: {name!r} is a rule over time itself; {instead}", "rules"
        elif name in off and rule_id not in off:
            yield f"correlation rules: {name!r} is switched off; switch it on again", "rules"
