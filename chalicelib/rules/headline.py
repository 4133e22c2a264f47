"""What an alert is headed by: of the rules that matched, the one that makes most of what came of
the call, with its severity and its title as they may be said of that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.compiling import asks_for_failures
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.titles import headed

if TYPE_CHECKING:
    from chalicelib.rules.automation import Lowering


class Headline(NamedTuple):
    """The rule that speaks for all, and what it says of the outcome.

    `told` is how severe each rule is told, by id; `lowered` has what lowers those that are told at
    info for it. `allowed` says which and why where the severity would be another
    without it, else "".
    """

    rule: Rule
    severity: Severity
    title: str
    told: Mapping[str, Severity]
    lowered: Mapping[str, Lowering]
    allowed: str = ""


def headline(
    rules: Sequence[Rule], outcome: Outcome, lowering: Sequence[Lowering] = ()
) -> Headline:
    """The first of the most severe, as the outcome and what is allowed make them."""
    full = {rule.id: rule.severity_of(outcome) for rule in rules}
    lowered = _lowered(rules, full, lowering) if lowering else {}
    told = full | dict.fromkeys(lowered, Severity.INFO)
    rule = max(rules, key=lambda rule: (told[rule.id].rank, full[rule.id].rank))
    severest = max(rules, key=lambda rule: full[rule.id].rank)
    above = full[severest.id].rank > told[rule.id].rank
    title = rule.title
    if outcome is not Outcome.SUCCEEDED:
        title = headed(title, outcome, of_failures=asks_for_failures(rule.pattern))
    allowed = lowered[severest.id].said if above else ""
    return Headline(rule, told[rule.id], title, told, lowered, allowed)


def _lowered(
    rules: Sequence[Rule], full: dict[str, Severity], lowering: Sequence[Lowering]
) -> dict[str, Lowering]:
    """What lowers each rule that is lowered, the first of several."""
    found: dict[str, Lowering] = {}
    for rule in rules:
        for each in lowering:
            if each.lowers(rule, full[rule.id]):
                found.setdefault(rule.id, each)
    return found
