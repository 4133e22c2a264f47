"""Whether the subscription filter lets through what the rules want, and who is deaf if not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.monitoring.answers import Finding, failing, ok
from chalicelib.rules.hearing import unheard
from chalicelib.rules.rule import Rule
from chalicelib.rules.subscription import derive

PATTERN = "pattern"
# A sentence names so many rules; `trailbell.py rules` lists them all.
NAMED = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rules, and the pattern that somebody pinned instead of deriving it, or ""."""

    rules: Sequence[Rule]
    pinned: str = ""


def judged(present: str, wanted: Wanted, log_group: str) -> Finding:
    """What the filter's pattern comes to. One that lets through more is no fault."""
    needed = derive(wanted.rules, wanted.pinned).pattern
    if present == needed:
        return ok(PATTERN, f"The filter of {log_group} lets through what the rules want.")
    now, before = unheard(wanted.rules, present), unheard(wanted.rules, needed)
    deaf = [rule for rule in now.deaf if rule not in before.deaf]
    maybe = [rule for rule in now.maybe if rule not in (*before.deaf, *before.maybe)]
    if not deaf and not maybe:
        return ok(PATTERN, f"The filter of {log_group} lets through more than the rules want.")
    said = [_said("Deaf now", deaf), _said("May be deaf", maybe)]
    head = f"The subscription filter of {log_group} was changed."
    return failing(PATTERN, " ".join([head, *filter(None, said)]))


def deafened(rules: Sequence[Rule], pattern: str) -> str:
    """The rules that a pattern keeps records from, in words; "" where it keeps none."""
    found = unheard(rules, pattern)
    return " ".join(filter(None, [_said("Deaf", found.deaf), _said("May be deaf", found.maybe)]))


def _said(what: str, rules: Sequence[str]) -> str:
    if not rules:
        return ""
    more = f" and {len(rules) - NAMED} more" if len(rules) > NAMED else ""
    return f"{what}: {', '.join(rules[:NAMED])}{more}."
