"""The rules as `rules` prints them: a line each, one in full, how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import indent

from chalicelib.rules.prose import with_prose
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.ruleset import Ruleset
from cli.rule_mutants import count
from terminal.tables import table

HEAD = ("RULE", "SEVERITY", "TITLE")


def listed(ruleset: Ruleset, columns: int | None = None) -> Iterator[str]:
    """A line for each rule, those that are off at the end, within so many columns."""
    rows = [
        (rule.id, rule.severity.value, f"{rule.title} ({_conditions(rule)})")
        for rule in ruleset.rules
    ]
    rows += [(rule.id, "off", rule.title) for rule in ruleset.off]
    return table(HEAD, rows, columns)


def described(ruleset: Ruleset, names: Sequence[str]) -> str:
    """The rules of these ids in full; empty where one is no rule's, or a file's as well."""
    by_id = {rule.id: rule for rule in (*ruleset.rules, *ruleset.off)}
    if not all(name in by_id and not Path(name).exists() for name in names):
        return ""
    return "\n\n".join(_in_full(rule) for rule in with_prose(by_id[name] for name in names))


def summary(ruleset: Ruleset, tested: int, failed: int) -> str:
    """How many rules there are by severity, and what came of their examples."""
    counts = Counter(rule.severity for rule in ruleset.rules)
    by_severity = ", ".join(f"{counts[level]} {level.value}" for level in reversed(Severity))
    return (
        f"{len(ruleset.rules)} rules ({by_severity}), {len(ruleset.off)} off, "
        f"{tested} examples tested, {failed} failed"
    )


def _conditions(rule: Rule) -> str:
    number = count(rule)
    ordinary = ", ordinary" if rule.ordinary else ""
    return f"{number} condition{'s' if number != 1 else ''}{ordinary}"


def _in_full(rule: Rule) -> str:
    parts = {
        "It means": rule.means,
        "It matters": rule.why,
        "First": rule.runbook,
        "Harmless where": "\n".join(rule.false_positives),
        "ATT&CK": ", ".join(rule.attack),
        "See": "\n".join(rule.references),
        "Pattern": rule.pattern,
        "Except": "\n".join(rule.exceptions),
    }
    said = [f"  {name}:\n{indent(text, '    ')}" for name, text in parts.items() if text]
    return "\n".join([f"{rule.id} ({rule.severity.value}): {rule.title}", *said])
