"""The table of alerts with its clock and its retention, and the channels that it knows."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from chalicelib.stores.dynamodb.calls import ConditionError, Table
from chalicelib.stores.dynamodb.items import channel_key
from chalicelib.stores.encoding import seconds


class AlertTable:
    """What every part of the store shares. What is SENT or PARKED expires `retention` after that;
    `clock` tells what has expired by now, since DynamoDB removes it within days only.
    """

    def __init__(self, table: Table, retention: timedelta, clock: Callable[[], datetime]) -> None:
        self.table = table
        self.clock = clock
        self._retention = retention
        self._registered: set[str] = set()

    def register(self, names: Iterable[str]) -> None:
        """Make the channels that are not there yet, so that they are found by name."""
        for name in set(names) - self._registered:
            self.put_once(channel_key(name))
            self._registered.add(name)

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
