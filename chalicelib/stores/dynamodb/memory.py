"""What rules over time remember, in the DynamoDB table: a place is an item with two sets of texts.

A set grows by ADD, which takes what is there already for nothing new. Its size is a condition of
the write, so that an item never comes near the 400 KB that it may have.
Source: DynamoDB developer guide, "Update expressions", ADD; "Condition expressions", size.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.alerts.held_memory import joined
from chalicelib.alerts.memory import MOST_WORDS, Place, Remembered, held_at
from chalicelib.alerts.outbox import StoreError
from chalicelib.rules.correlation import MOST_COUNTED
from chalicelib.stores.dynamodb.alert_table import AlertTable
from chalicelib.stores.dynamodb.batches import in_threads
from chalicelib.stores.dynamodb.calls import ConditionError
from chalicelib.stores.dynamodb.expressions import Item
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE
from chalicelib.stores.encoding import seconds_from

# Places are numbers and sort keys texts: as many digits, and none below zero.
_ZERO, _DIGITS = 10**11, 12
_TRIES = 10
# Full places that this process has met: nothing is written there any more.
_MOST_KNOWN = 4096
_HAS_ROOM = (
    "(attribute_not_exists(#texts) OR size(#texts) <= :texts_room)"
    " AND (attribute_not_exists(#words) OR size(#words) <= :words_room)"
)


class DynamoMemory:
    """See Memory."""

    def __init__(self, kept: AlertTable) -> None:
        self._table = kept.table
        self._full: set[Place] = set()

    def add(
        self,
        sets: Mapping[Place, Remembered],
        until: Mapping[Place, datetime],
        now: datetime,  # noqa: ARG002 - DynamoDB removes what has expired by itself
    ) -> None:
        open_places = [place for place in sets if place not in self._full]
        in_threads(lambda place: self._add(place, sets[place], until[place]), open_places)

    def read(self, name: str, first: int, last: int) -> dict[int, Remembered]:
        found = self._table.query_all(
            "#pk = :pk AND #sk BETWEEN :first AND :last",
            values={"pk": _key(Place(name, 0))["pk"], "first": _sort(first), "last": _sort(last)},
            ConsistentRead=True,
        )
        return {int(item["sk"]) - _ZERO: _remembered(item) for item in found}

    def swap(
        self, place: Place, before: frozenset[str], after: frozenset[str], until: datetime
    ) -> bool:
        condition = "#texts = :before" if before else "attribute_not_exists(#texts)"
        values: dict[str, Any] = {"before": set(before)} if before else {}
        try:
            self._table.change(
                _key(place),
                f"SET #texts = :after, #{TTL_ATTRIBUTE} = :until",
                condition,
                after=set(after),
                until=seconds_from(until),
                **values,
            )
        except ConditionError:
            return False
        return True

    def _add(self, place: Place, more: Remembered, until: datetime) -> None:
        """Add what there is room for; without knowing how much that is where it surely is all."""
        more = joined(Remembered(), more)
        for _ in range(_TRIES):
            if not (more.texts or more.words):
                return
            try:
                self._write(place, more, until)
            except ConditionError:
                more = self._fitting(place, more)
            else:
                return
        raise StoreError(f"{self._table.name}: a memory changed whenever it was to be added to")

    def _write(self, place: Place, more: Remembered, until: datetime) -> None:
        sets = {"texts": set(more.texts), "words": set(more.words)}
        change = ", ".join(f"#{name} :{name}" for name, texts in sets.items() if texts)
        self._table.change(
            _key(place),
            f"ADD {change} SET #{TTL_ATTRIBUTE} = :until",
            _HAS_ROOM,
            until=seconds_from(until),
            texts_room=MOST_COUNTED - len(more.texts),
            words_room=MOST_WORDS - len(more.words),
            **{name: texts for name, texts in sets.items() if texts},
        )

    def _fitting(self, place: Place, more: Remembered) -> Remembered:
        """The part that is not there yet and that there is room for."""
        there = held_at(self, place)
        if there.is_full and len(self._full) < _MOST_KNOWN:
            self._full.add(place)
        after = joined(there, more)
        return Remembered(after.texts - there.texts, after.words - there.words)


def _key(place: Place) -> dict[str, str]:
    return {"pk": f"MEMORY#{place.name}", "sk": _sort(place.at)}


def _sort(at: int) -> str:
    return f"{at + _ZERO:0{_DIGITS}d}"


def _remembered(item: Item) -> Remembered:
    return Remembered(item["texts"] or frozenset(), item["words"] or frozenset())
