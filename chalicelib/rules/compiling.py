"""A rule's pattern ready to match, and the keys that are derived from it."""

from __future__ import annotations

from functools import cache

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.derivation import asks_facts, derive, facts_last, only_failures
from chalicelib.rules.filter_pattern import FilterPattern, JSONPattern, compile_pattern
from chalicelib.rules.keys import Keys


@cache
def compiled(pattern: str) -> FilterPattern:
    """The pattern, compiled once. Raises FilterPatternError.

    Its conditions on `$.facts` stand after all others, so that facts are worked out only for the
    records that these leave over.
    """
    found = compile_pattern(pattern)
    if found.expression is None or not asks_facts(found.expression):
        return found
    return JSONPattern(pattern, facts_last(found.expression))


class Asked:
    """What rules ask of one record beyond its own fields: `raw` is the record with `added`.

    Nothing is worked out before a condition asks for it.
    """

    def __init__(self, record: Record) -> None:
        # Few records are asked for facts; what works them out costs a cold start.
        from chalicelib.cloudtrail.facts import Facts

        self.added = {"facts": Facts.of(record).fields}
        self.raw = {**record.raw, **self.added}


def keys_of(pattern: str) -> Keys:
    """What a record must be called for the pattern to match it."""
    return derive(compiled(pattern).expression)


def asks_for_failures(pattern: str) -> bool:
    """Whether the pattern matches only calls that did not work."""
    return only_failures(compiled(pattern).expression)
