"""Mutation of the default rules: what their near misses and conditions are needed for.

    python -m bench.conditions

A near miss is a record that fires its rule with one fact changed. A condition of a pattern or an
exception is needed if with it left out some record is told otherwise: an example, or what differs
from one in a field that the rule asks for, or in the operation among those that it names. One
beside `$.facts` is needed, too, if without it facts would be worked out for other records. Those
that nothing shows to be needed are named on standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bench.figure import Figure, bounded, print_all
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.loading import load
from chalicelib.rules.ruleset import Ruleset
from cli.rule_examples import examples, failures
from cli.rule_mutants import count, near, needless


def figures(quick: bool) -> Iterator[Figure]:  # noqa: ARG001
    """How many rules and conditions, each against how many there are."""
    rules, keys = load_defaults()
    found = examples()
    missed = {example.rule for example in found if not example.fires}
    wrong = failures(Ruleset(load(rules, []), keys), found)
    silent = len(missed) - len(wrong)
    yield bounded("rules that one changed fact keeps silent", silent, "rules", len(rules))
    total = by_examples = by_verdicts = by_near = whole = 0
    for rule in rules:
        own = [example.record for example in found if example.rule == rule.id]
        left = needless(rule, near(rule, own))
        for text in left:
            print(f"{rule.id}: nothing shows that it needs {text}", file=sys.stderr)
        conditions = count(rule)
        total += conditions
        by_examples += conditions - len(needless(rule, own))
        by_verdicts += conditions - len(needless(rule, near(rule, own), guards=False))
        by_near += conditions - len(left)
        whole += not left
    yield bounded("conditions needed, by the examples alone", by_examples, "conditions", total)
    yield bounded("conditions needed, for verdicts alone", by_verdicts, "conditions", total)
    yield bounded("conditions needed", by_near, "conditions", total)
    yield bounded("rules that need each of their conditions", whole, "rules", len(rules))


if __name__ == "__main__":
    print_all(figures)
