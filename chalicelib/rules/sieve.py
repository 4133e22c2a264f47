"""Sieve: which rules may match a record, told from its text before its objects are made."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.rules.index import Index, Matcher, skimming

# Of a record's JSON text the rules that may match it; None where only reading all of it tells.
Left = Callable[[str | bytes], list[Matcher] | None]
# What builds the sieve, and imports what it needs, takes as long as it saves in so many records.
PAYS_AFTER = 2_000


class Sieve:
    """What tells the records that no rule of an index matches.

    `left` is None before so many records were tried that it pays to build it, where a rule may
    match any record, and where msgspec is not installed: then all records are read.
    """

    def __init__(self, index: Index) -> None:
        self.left: Left | None = None
        self._index = index
        self._to_try = PAYS_AFTER

    def tried(self, records: int) -> None:
        """So many records more were tried."""
        if self._to_try > 0:
            self._to_try -= records
            if self._to_try <= 0:
                self.build()

    def build(self) -> Left | None:
        """Build it now, however many were tried; what `left` is then."""
        self._to_try = 0
        if self.left is None:
            self.left = skimming().left_of(self._index)
        return self.left
