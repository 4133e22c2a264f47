"""What the service allows in one pattern.

Source: CloudWatch Logs API reference, FilterPattern; user guide, "Filter pattern syntax"; the
service's own error texts.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.rules.filter_pattern.errors import FilterPatternError

MAX_LENGTH = 1024
MAX_WILDCARDS = 3
MAX_REGEXES = 2


def check_length(pattern: str, start: int) -> None:
    if len(pattern) > MAX_LENGTH:
        raise FilterPatternError(
            f"a pattern may have {MAX_LENGTH} characters; this one has {len(pattern)}",
            start + MAX_LENGTH,
        )


def check_wildcards(starts: Sequence[int]) -> None:
    """`starts` are where the selectors with a wildcard begin."""
    _check(starts, MAX_WILDCARDS, "selectors with a wildcard")


def check_regexes(starts: Sequence[int]) -> None:
    """`starts` are where what holds a regular expression begins."""
    _check(starts, MAX_REGEXES, "regular expressions")


def _check(starts: Sequence[int], most: int, what: str) -> None:
    if len(starts) > most:
        raise FilterPatternError(
            f"a pattern may hold {most} {what}; this is one more", starts[most]
        )
