"""Memory: what rules over time remember. Of records sets that only grow, so that no order and no
second time changes what they come to; of what was told sets that one writer after the other swaps
(docs/adr/0017).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from chalicelib.rules.correlation import MOST_COUNTED

# Of the second set of a place, which says once what many texts of the first have in common.
MOST_WORDS = 100


class Place(NamedTuple):
    """Where a set lies: under a name, at a number from 0 on, or below."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Remembered:
    """The two sets of a place: at most MOST_COUNTED texts, and at most MOST_WORDS words."""

    texts: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    @property
    def is_full(self) -> bool:
        """Whether no more texts are taken, so that there may be more than there are."""
        return len(self.texts) >= MOST_COUNTED


class Memory(Protocol):
    """What keeps the sets. Raises StoreError.

    A text has 280 bytes at most, a word 900: see `members`. What is written is read by whoever
    begins to read after that.
    """

    def add(
        self, sets: Mapping[Place, Remembered], until: Mapping[Place, datetime], now: datetime
    ) -> None:
        """Add to the sets, each place in one write; what is there already changes nothing.

        Of what a place has no room for the first in their order are taken. A place may be
        forgotten once `now` is past its `until`.
        """

    def read(self, name: str, first: int, last: int) -> dict[int, Remembered]:
        """The places under a name from the first number to the last that hold something."""

    def swap(
        self, place: Place, before: frozenset[str], after: frozenset[str], until: datetime
    ) -> bool:
        """Write other texts where the place has just those before; False, and nothing is written,
        where somebody else was faster.
        """


def held_at(memory: Memory, place: Place) -> Remembered:
    """What one place holds; nothing, where nobody wrote there."""
    return memory.read(place.name, place.at, place.at).get(place.at, Remembered())
