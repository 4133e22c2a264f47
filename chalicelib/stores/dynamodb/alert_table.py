"""The table of alerts with its clock and its retention, and the channels that it knows."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.stores.dynamodb.batches import in_threads
from chalicelib.stores.dynamodb.calls import ConditionError, Table
from chalicelib.stores.dynamodb.items import Key, channel_key, day_key
from chalicelib.stores.dynamodb.marks import Marks
from chalicelib.stores.dynamodb.places import day_of
from chalicelib.stores.encoding import seconds

_MARGIN = timedelta(days=2)  # between the clocks of those who write a day and take it off


class AlertTable:
    """What every part of the store shares. What is SENT or PARKED expires `retention` after that;
    `clock` tells what has expired by now, since DynamoDB removes it within days only.
    """

    def __init__(
        self, table: Table, retention: timedelta, clock: Callable[[], datetime], marks: Marks
    ) -> None:
        self.table = table
        self.clock = clock
        self.marks = marks
        self._retention = retention
        # Those not settled that an earlier version began, as far as this process has met them.
        self.old_posts: set[str] = set()
        self._registered: set[str] = set()
        self._days: set[str] = set()

    def mark(self, names: Iterable[str]) -> None:
        """Say that something is about to wait for these channels, before it does."""
        channels = set(names)
        new = channels - self._registered
        self._put_missing([channel_key(name) for name in new])  # so that each is found by its name
        self._registered |= new
        self.marks.put(channels)

    def note_days(self, days: Iterable[str]) -> None:
        """Say that these days have alerts, before they do."""
        # Days within the retention are never taken off: once is enough for those.
        lasting = day_of(seconds(self.clock() - self._retention + _MARGIN))
        noted = set(days)
        new = {day for day in noted if day >= lasting} - self._days
        self._put_missing([day_key(day) for day in new])
        self._days |= new
        for day in noted:
            if day < lasting:
                self.table.put(day_key(day))

    def put_once(self, item: dict[str, Any]) -> None:
        """Write an item unless it is there already."""
        with contextlib.suppress(ConditionError):  # it is there already, and stays
            self.table.put(item, "attribute_not_exists(#pk)")

    def now(self) -> int:
        """The second that it is."""
        return seconds(self.clock())

    def expiry(self, moment: datetime) -> int:
        """When what is finished at that moment expires."""
        return seconds(moment + self._retention)

    def _put_missing(self, keys: Sequence[Key]) -> None:
        """Write those of the items that are not there, which are nothing but their keys: to read
        first costs a tenth of writing.
        """
        found = self.table.get_many(keys, consistent=False)
        there = {(item["pk"], item["sk"]) for item in found}
        missing = [key for key in keys if (key["pk"], key["sk"]) not in there]
        in_threads(self.put_once, missing)
