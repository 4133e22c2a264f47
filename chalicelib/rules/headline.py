"""What an alert is headed by: of the rules that matched, the one that makes most of what came of
the call, with its severity and its title as they may be said of that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.compiling import asks_for_failures
from chalicelib.rules.rule import Rule, Severity

_FIRST = {
    Outcome.REFUSED: "Refused: ",
    Outcome.FAILED: "Failed: ",
    Outcome.DRY_RUN: "Dry run: ",
    Outcome.UNKNOWN: "Outcome not known: ",
}
_FAILING = re.compile(r"refus|fail|den(?:y|ied)|reject|unauthori|not authori", re.IGNORECASE)


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


def headed(title: str, outcome: Outcome, *, of_failures: bool) -> str:
    """A rule's title as it may be said of a call that came to this.

    Most titles say what happened: where it did not, that comes first. `of_failures` says that the
    rule is about calls that do not work; its title stands alone where it says so, as in "A person
    was refused a change".
    """
    failing = outcome in (Outcome.REFUSED, Outcome.FAILED)
    if failing and of_failures and _FAILING.search(title):
        return title
    return _FIRST.get(outcome, "") + title


def is_of_what_did_not_happen(title: str, outcome: Outcome) -> bool:
    """Whether a title that `headed` made, and thus its rule, is of what did not happen."""
    return outcome in _FIRST and title.startswith(_FIRST[outcome])
