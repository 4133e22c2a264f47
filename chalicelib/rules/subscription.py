"""The subscription filter that the rules need: narrow enough to cost little, never too narrow.

A ladder: the rules themselves where they fit the service's limits; else changes, failures, root
and the reads that rules name; else everything. What is not proved to pass forces the next rung.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from chalicelib.rules.derivation import without_facts
from chalicelib.rules.filter_pattern import (
    And,
    Comparison,
    Expression,
    FilterPatternError,
    Number,
    Regex,
    compile_pattern,
)
from chalicelib.rules.implication import missed_reads
from chalicelib.rules.rule import Rule

# Of PutSubscriptionFilter, from the user guide, "Filter pattern syntax".
MAX_CHARACTERS = 1024

# Reads that fill a trail. CloudTrail marks them readOnly; every other call passes by its name
# alone, so that a rule which names a change needs no clause of its own.
QUIET_NAMES = (
    "Describe*",
    "Get*",
    "List*",
    "BatchGet*",
    "AssumeRole*",
    "Decrypt",
    "GenerateDataKey*",
)
CHANGES = "&&".join(f'($.eventName!="{name}")' for name in QUIET_NAMES)
# A readOnly that is absent, null, false or a text may be a change; only true is a read.
NARROWED = (
    "($.readOnly IS FALSE)",
    "($.readOnly NOT EXISTS)",
    "($.readOnly IS NULL)",
    "($.readOnly=*)",
    "($.errorCode=*)",
    '($.userIdentity.type="Root")',
    "($.eventName IS NULL)",  # no name, so that `!=` says nothing of it
    f"({CHANGES})",
)
# A clause for one eventName.
NAMED = re.compile(r'\(\$\.eventName="([A-Za-z0-9]+)"\)')
# What no record can be.
NOTHING = "{($.eventName=*)&&($.eventName NOT EXISTS)}"


class Rung(Enum):
    """How far the filter narrows what CloudWatch sends."""

    EXACT = "exact"
    NARROWED = "narrowed"
    EVERYTHING = "everything"
    PINNED = "pinned"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionFilter:
    """A pattern for PutSubscriptionFilter ("" is everything), its rung, and why not a lower one.

    `forced_by` is the id of the rule that did not fit the rung before.
    """

    pattern: str
    rung: Rung
    reason: str
    forced_by: str | None = None


@dataclass(frozen=True, slots=True)
class _TooMuch(Exception):
    rule: str
    reason: str


def derive(rules: Sequence[Rule], pinned: str = "") -> SubscriptionFilter:
    """The narrowest rung on which every record that a rule matches passes.

    Proved for records as CloudTrail writes them: eventName and userIdentity.type texts, null or
    absent, errorCode a text, null or absent, readOnly anything but an object or array.
    `pinned` (the setting subscription_filter) is taken as it is.
    """
    if pinned:
        return SubscriptionFilter(
            pattern=pinned, rung=Rung.PINNED, reason="pinned by the setting subscription_filter"
        )
    # What a sequence is of passes by the rules that it names.
    return _derived(tuple(rule for rule in rules if not rule.is_sequence))


# A third of a second for the default rules, which every check of the self-watch asks about.
@lru_cache(maxsize=2)
def _derived(rules: tuple[Rule, ...]) -> SubscriptionFilter:
    try:
        return _exact(rules)
    except _TooMuch as first:
        too_much = first
    try:
        return _narrowed(rules, too_much)
    except _TooMuch as second:
        return SubscriptionFilter(
            pattern="", rung=Rung.EVERYTHING, reason=second.reason, forced_by=second.rule
        )


def enough_for(rule: Rule) -> Iterator[list[Expression]]:
    """Each list holds what a filter must let through whole, so that the rule gets all it wants."""
    for needed in (_by_itself, _beside_changes):
        try:
            found = [compile_pattern(_joined([clause])).expression for clause in needed(rule)]
        except (_TooMuch, FilterPatternError):
            continue
        yield [each for each in found if each is not None]


def _by_itself(rule: Rule) -> list[str]:
    return [_told_without_facts(rule)]


def _beside_changes(rule: Rule) -> list[str]:
    return [*NARROWED, *_clauses_for(rule)]


def _exact(rules: Sequence[Rule]) -> SubscriptionFilter:
    if not rules:
        return SubscriptionFilter(
            pattern=NOTHING, rung=Rung.EXACT, reason="there is no rule that wants a record"
        )
    clauses: list[str] = []
    for rule in rules:
        clauses.append(_told_without_facts(rule))
        _check_limits(clauses, rule)
    return SubscriptionFilter(
        pattern=_joined(clauses),
        rung=Rung.EXACT,
        reason=f"the rules fit {MAX_CHARACTERS} characters as they are",
    )


def _narrowed(rules: Sequence[Rule], too_much: _TooMuch) -> SubscriptionFilter:
    clauses = dict.fromkeys(NARROWED)
    for rule in rules:
        before = len(clauses)
        clauses.update(dict.fromkeys(_clauses_for(rule)))
        if len(clauses) > before:
            _check_limits(list(clauses), rule)
    return SubscriptionFilter(
        pattern=_joined(_shortened(clauses)),
        rung=Rung.NARROWED,
        reason=too_much.reason,
        forced_by=too_much.rule,
    )


def _clauses_for(rule: Rule) -> list[str]:
    """What the rule needs beyond NARROWED: the reads it names, or else its whole pattern."""
    pattern = _expression(rule)
    found = (compile_pattern(exception).expression for exception in rule.exceptions)
    exceptions = [exception for exception in found if exception is not None]
    missed = missed_reads(pattern, exceptions, QUIET_NAMES)
    if missed is None:
        return [_told_without_facts(rule)]
    return [_named(name) for name in missed]


def _named(name: str) -> str:
    return f"($.eventName={_quoted(name)})"


def _shortened(clauses: Collection[str]) -> Iterator[str]:
    """A name that ends another, as GetSecretValue does BatchGetSecretValue, speaks for both."""
    named = {clause: found[1] for clause in clauses if (found := NAMED.fullmatch(clause))}
    ends = tuple(
        name
        for name in named.values()
        if any(other.endswith(name) and other != name for other in named.values())
    )
    for clause in clauses:
        name = named.get(clause, "")
        if name in ends:
            yield _named(f"*{name}")
        elif not name.endswith(ends):
            yield clause


def _expression(rule: Rule) -> Expression:
    expression = compile_pattern(rule.pattern).expression
    if expression is None:
        raise _TooMuch(rule.id, "a pattern that is not for JSON joins no others")
    return expression


def _told_without_facts(rule: Rule) -> str:
    """The rule's pattern as the service can judge it: of facts it knows nothing."""
    expression = without_facts(_expression(rule), unknown=True)
    if isinstance(expression, bool):
        raise _TooMuch(rule.id, "it asks for facts alone, which CloudWatch does not know")
    return _written(expression)


def _written(expression: Expression) -> str:
    """The expression in as few characters as surely read the same."""
    if isinstance(expression, Comparison):
        return f"({expression.selector.text}{_condition(expression)})"
    operator = "&&" if isinstance(expression, And) else "||"
    return f"({operator.join(map(_written, expression.operands))})"


def _condition(comparison: Comparison) -> str:
    value = comparison.value
    if value is None:
        return f" {comparison.op.value}"
    if isinstance(value, Regex):
        return f"{comparison.op.value}%{value.text}%"
    if isinstance(value, Number) or not value.quoted:
        return f"{comparison.op.value}{value.text}"
    return f"{comparison.op.value}{_quoted(value.text)}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _joined(clauses: Iterable[str]) -> str:
    return "{" + "||".join(clauses) + "}"


def _check_limits(clauses: list[str], rule: Rule) -> None:
    """Raise _TooMuch where the clauses no longer make one pattern; the parser knows the limits."""
    try:
        compile_pattern(_joined(clauses))
    except FilterPatternError as error:
        reason = f"up to this rule, one pattern does not hold them: {error.reason}"
        raise _TooMuch(rule.id, reason) from error
