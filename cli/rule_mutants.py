"""Which conditions of a rule are needed: with one left out, some record near its examples is told
otherwise.

A condition beside `$.facts` is needed, too, where without it facts would be worked out for other
records as well, and the subscription filter would let them through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.compiling import Asked
from chalicelib.rules.derivation import FACTS
from chalicelib.rules.filter_pattern import (
    And,
    Comparison,
    Expression,
    compile_pattern,
    conditions,
)
from chalicelib.rules.filter_pattern.pattern import JSONPattern
from chalicelib.rules.rule import Rule
from cli.neighbours import Json, asked_of, neighbours

# Whether each condition holds for a record, by its identity: a pattern may have equal ones.
Truths = dict[int, bool]
Tests = dict[int, tuple[Comparison, JSONPattern]]


@dataclass(frozen=True, slots=True)
class Patterns:
    """What a rule asks; None is a pattern without a condition, which everything matches."""

    pattern: Expression | None
    exceptions: tuple[Expression, ...]

    def conditions(self) -> Iterator[Comparison]:
        """Those of the pattern, then those of the exceptions."""
        for expression in (self.pattern, *self.exceptions):
            if expression is not None:
                yield from conditions(expression)

    def match(self, truths: Truths) -> bool:
        """Whether the rule fires."""
        return self.may_match(truths) and not any(_holds(one, truths) for one in self.exceptions)

    def may_match(self, truths: Truths) -> bool:
        """Whether the pattern holds, the exceptions aside."""
        return self.pattern is None or _holds(self.pattern, truths)

    def without(self, condition: Comparison) -> Patterns:
        """What is left without the condition; an exception without any is none."""
        pattern = self.pattern and _without(self.pattern, condition)
        left = (_without(one, condition) for one in self.exceptions)
        return Patterns(pattern, tuple(one for one in left if one is not None))


def near(rule: Rule, examples: Sequence[Json]) -> Iterator[Json]:
    """The examples, then what differs from one in a fact that the rule asks for."""
    asked = asked_of(_patterns(rule).conditions())
    yield from examples
    for record in examples:
        yield from neighbours(record, asked)


def needless(rule: Rule, records: Iterable[Json], *, guards: bool = True) -> list[str]:
    """The texts of the rule's conditions that none of the records shows to be needed.

    Without `guards` what only keeps facts from being worked out is not.
    """
    whole = _patterns(rule)
    left = [(one, whole.without(one)) for one in whole.conditions()]
    tests = {id(one): (one, JSONPattern(one.text, one)) for one in whole.conditions()}
    read: set[tuple[bool, ...]] = set()
    for record in records:
        if not left:
            break
        truths = _truths(record, tests)
        if tuple(truths.values()) not in read:
            read.add(tuple(truths.values()))
            reading = _Reading(whole, truths, tests)
            left = [(one, less) for one, less in left if not reading.tells(less, guards)]
    return [condition.text for condition, _ in left]


def count(rule: Rule) -> int:
    """How many conditions the rule has."""
    return len(list(_patterns(rule).conditions()))


class _Reading:
    """A record as the rule reads it: which conditions hold, and so with all on facts holding."""

    def __init__(self, whole: Patterns, truths: Truths, tests: Tests) -> None:
        self.truths = truths
        of_facts = (key for key, (one, _) in tests.items() if one.path[:1] == FACTS)
        self.unknown = truths | dict.fromkeys(of_facts, True)
        self.fires, self.may_fire = whole.match(truths), whole.may_match(self.unknown)

    def tells(self, less: Patterns, guards: bool) -> bool:
        """Whether it tells the rule from what is less."""
        if less.match(self.truths) != self.fires:
            return True
        return guards and not self.may_fire and less.may_match(self.unknown)


def _patterns(rule: Rule) -> Patterns:
    pattern, *exceptions = (
        compile_pattern(text).expression for text in (rule.pattern, *rule.exceptions)
    )
    return Patterns(pattern, tuple(one for one in exceptions if one is not None))


def _truths(record: Json, tests: Tests) -> Truths:
    raw = Asked(Record(record)).raw
    return {key: test.matches_record(raw) for key, (_, test) in tests.items()}


def _holds(expression: Expression, truths: Truths) -> bool:
    if isinstance(expression, Comparison):
        return truths[id(expression)]
    every = all if isinstance(expression, And) else any
    return every(_holds(operand, truths) for operand in expression.operands)


def _without(expression: Expression, condition: Comparison) -> Expression | None:
    if isinstance(expression, Comparison):
        return None if expression is condition else expression
    found = (_without(operand, condition) for operand in expression.operands)
    left = tuple(operand for operand in found if operand is not None)
    if len(left) < 2:
        return left[0] if left else None
    return And(left) if isinstance(expression, And) else type(expression)(left)
