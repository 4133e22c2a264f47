"""What an alert is headed by: of the rules that matched, the one that makes most of what came of
the call, with its severity and its title as they may be said of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.compiling import asks_for_failures
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.titles import headed


class Headline(NamedTuple):
    """The rule that speaks for all, and what it says of the outcome."""

    rule: Rule
    severity: Severity
    title: str


def headline(rules: Sequence[Rule], outcome: Outcome) -> Headline:
    """The first of the most severe, as the outcome makes them."""
    rule = max(rules, key=lambda rule: rule.severity_of(outcome).rank)
    title = rule.title
    if outcome is not Outcome.SUCCEEDED:
        title = headed(title, outcome, of_failures=asks_for_failures(rule.pattern))
    return Headline(rule, rule.severity_of(outcome), title)
