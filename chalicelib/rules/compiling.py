"""A rule's pattern ready to match, and the keys that are derived from it."""

from __future__ import annotations

from functools import cache

from chalicelib.rules.derivation import derive
from chalicelib.rules.filter_pattern import FilterPattern, compile_pattern
from chalicelib.rules.keys import Keys


@cache
def compiled(pattern: str) -> FilterPattern:
    """The pattern, compiled once. Raises FilterPatternError."""
    return compile_pattern(pattern)


def keys_of(pattern: str) -> Keys:
    """What a record must be called for the pattern to match it."""
    return derive(compiled(pattern).expression)
