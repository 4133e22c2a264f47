"""What a rule should have beyond what it needs to load; a default rule has all of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.rule import OWN_THEME, Rule
from chalicelib.rules.ruleset import Ruleset
from cli.rule_examples import Example, Json
from cli.rule_implication import implied

# The first lines of what to do that a message has room for.
STEPS = 2
NO_ATTACK = "trailbell-test"  # the operator's own test alert


def amiss(
    rules: Sequence[Rule], found: Iterable[Example], among: Iterable[Rule] | None = None
) -> Iterator[str]:
    """A sentence for each thing that these rules lack, that their examples get wrong, or that makes
    one of them useless `among` others (by default, among themselves).
    """
    by_rule: dict[str, list[Example]] = {}
    for example in found:
        by_rule.setdefault(example.rule, []).append(example)
    for rule in rules:
        lacking = [*_untold(rule), *_unproved(by_rule.get(rule.id, []))]
        if lacking:
            yield f"{rule.id}: it lacks {', '.join(lacking)} (docs/rules.md)"
        for example in by_rule.get(rule.id, []):
            yield from _in_many_facts(example)
    for rule, other in implied(rules, rules if among is None else among):
        yield (
            f"{rule.id}: whatever fires it fires {other.id}, too, which is {other.severity.value} "
            "as well: take one of them out, or let one except what the other tells"
        )


def own_amiss(ruleset: Ruleset, found: Iterable[Example]) -> list[str]:
    """The same of the rules that the user's files add, among all that are on."""
    defaults = {rule.id for rule in load_defaults()[0]}
    own = [rule for rule in ruleset.rules if rule.id not in defaults]
    return list(amiss(own, found, ruleset.rules))


def _untold(rule: Rule) -> Iterator[str]:
    if not rule.means:
        yield "means"
    if not rule.why:
        yield "why"
    if len((rule.runbook or "").splitlines()) != STEPS:
        yield f"a runbook of {STEPS} lines"
    if not rule.false_positives:
        yield "false_positives"
    if not rule.attack and (rule.theme, rule.id) != (OWN_THEME, NO_ATTACK):
        yield "attack"


def _unproved(examples: Iterable[Example]) -> Iterator[str]:
    kinds = {example.fires for example in examples}
    if True not in kinds:
        yield "a record that fires it"
    if False not in kinds:
        yield "a near miss"


def _in_many_facts(example: Example) -> Iterator[str]:
    if example.changed_from is None:
        return
    before, after = dict(leaves(example.changed_from)), dict(leaves(example.record))
    differing = [path for path in before | after if before.get(path) != after.get(path)]
    if len(differing) != 1:
        yield (
            f"{example.rule}: a near miss differs in {len(differing)} facts, where one should tell "
            f"the two apart: {', '.join(sorted(differing)) or 'the value is the same'}"
        )


def leaves(value: Json | Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every field of a record by its path; an empty object or array is a field too."""
    members: Any = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    if not members:
        yield path, json.dumps(value)
    for key, member in members:
        yield from leaves(member, f"{path}.{key}" if path else str(key))
