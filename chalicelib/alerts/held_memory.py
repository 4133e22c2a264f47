"""A Memory in dicts, for as long as the process runs: what `replay` has where nothing is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from chalicelib.alerts.memory import MOST_WORDS, Place, Remembered
from chalicelib.rules.correlation import MOST_COUNTED


def joined(there: Remembered, more: Remembered) -> Remembered:
    """What a place holds once more was added: all of it, or the first that it has room for."""
    return Remembered(
        _joined(there.texts, more.texts, MOST_COUNTED),
        _joined(there.words, more.words, MOST_WORDS),
    )


def _joined(there: frozenset[str], more: Iterable[str], most: int) -> frozenset[str]:
    new = sorted(set(more) - there)
    return there.union(new[: max(most - len(there), 0)])


class HeldMemory:
    """See Memory."""

    def __init__(self) -> None:
        self._places: dict[str, dict[int, Remembered]] = defaultdict(dict)

    def add(
        self,
        sets: Mapping[Place, Remembered],
        until: Mapping[Place, datetime],  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> None:
        """See Memory; nothing is forgotten."""
        for place, more in sets.items():
            under = self._places[place.name]
            under[place.at] = joined(under.get(place.at, Remembered()), more)

    def read(self, name: str, first: int, last: int) -> dict[int, Remembered]:
        """See Memory."""
        under = self._places.get(name, {})
        if last - first < len(under):
            return {at: under[at] for at in range(first, last + 1) if at in under}
        return {at: found for at, found in under.items() if first <= at <= last}

    def swap(
        self,
        place: Place,
        before: frozenset[str],
        after: frozenset[str],
        until: datetime,  # noqa: ARG002
    ) -> bool:
        """See Memory."""
        there = self._places[place.name].get(place.at, Remembered())
        if there.texts != before:
            return False
        self._places[place.name][place.at] = Remembered(after, there.words)
        return True
