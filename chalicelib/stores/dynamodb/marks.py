"""Marks: which channels may have something that is not sent, so that the others are not searched.

A channel is marked before something is put into its queues, and loses its mark once nothing is left
to send. The queues lag behind and a batch takes its time, so a mark goes only after it stood
unchanged for longer than any invocation lives, by a clock that only goes forward. Every quarter of
an hour one looks at all queues and marks what lacks a mark: none can be lost for longer.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.stores.dynamodb.batches import in_threads
from chalicelib.stores.dynamodb.calls import ConditionError, Table
from chalicelib.stores.dynamodb.expressions import Item
from chalicelib.stores.encoding import seconds

SEARCH_EVERY = timedelta(minutes=15)
# Longer than the longest invocation (.chalice/config.json) and than an index ever lagged.
STANDS_SECONDS = 150.0

_PARTITION = "MARKS"
# No channel's name begins with a blank. When the last search was made, and that there may be
# followups.
_SEARCH, FOLLOWUPS = " search", " followups"


@dataclass(frozen=True, slots=True)
class Marked:
    """The marked channels, each with a mark like no other; `search_due` says that others are to be
    looked for.
    """

    by_channel: dict[str, str]
    search_due: bool


class Marks:
    """The marks of one table, as this process has seen them."""

    def __init__(self, table: Table, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._table = table
        self._monotonic = monotonic
        self._seen: dict[str, tuple[str, float]] = {}
        self.followups: str | None = ""  # their mark, as it was last read; "" before that

    def put(self, names: Iterable[str]) -> None:
        """Mark these channels, once more where they are marked."""
        in_threads(self._put, sorted(set(names)))

    def read(self, now: datetime) -> Marked:
        """The marks as they are."""
        items = self._table.query_all("#pk = :pk", values={"pk": _PARTITION}, ConsistentRead=True)
        found = {item["sk"]: item for item in items}
        last = found.pop(_SEARCH, None)
        self.followups = found.pop(FOLLOWUPS, Item())["mark"]
        since = None if last is None else seconds(now) - last["searched"]
        is_recent = since is not None and 0 <= since < SEARCH_EVERY.total_seconds()
        kept = {*found, FOLLOWUPS}
        self._seen = {name: seen for name, seen in self._seen.items() if name in kept}
        return Marked({name: item["mark"] for name, item in found.items()}, not is_recent)

    def searched(self, now: datetime) -> None:
        """Note that channels without a mark were looked for."""
        self._table.put({"pk": _PARTITION, "sk": _SEARCH, "searched": seconds(now)})

    def stood(self, name: str, mark: str) -> bool:
        """Whether this process has seen the mark unchanged for long enough."""
        seen, since = self._seen.get(name, ("", 0.0))
        if seen != mark:
            self._seen[name] = (mark, self._monotonic())
            return False
        return self._monotonic() - since >= STANDS_SECONDS

    def take(self, name: str, mark: str) -> None:
        """Take the mark off, unless the channel was marked again."""
        with contextlib.suppress(ConditionError):
            self._table.delete(_key(name), "#mark = :mark", mark=mark)

    def _put(self, name: str) -> None:
        self._table.put(new_mark(name))


def new_mark(name: str) -> dict[str, str]:
    """The item of a mark like no other."""
    return _key(name) | {"mark": os.urandom(8).hex()}


def _key(name: str) -> dict[str, str]:
    return {"pk": _PARTITION, "sk": name}
