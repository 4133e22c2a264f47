"""Spool: the alerts of a replay on disk, in the order of their events, however the files stand."""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.batch import Judged
from chalicelib.alerts.outbox import StoreError
from chalicelib.stores.encoding import pack_alert, pack_record, unpack_alert
from chalicelib.stores.plain import from_micros, micros
from chalicelib.stores.sqlite.refusals import in_words

# A record may say any year; a clock must be able to go on from there.
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
ANY_CHANNEL = ""  # an addendum goes wherever the alert did that it is to
_SCHEMA = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "CREATE TABLE arrivals (at INTEGER, channel TEXT, is_addendum INTEGER, alert BLOB,"
    " record BLOB)",
    "CREATE INDEX arrivals_by_channel ON arrivals (channel, at)",
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An alert, or an addendum to one, and when its event was by the records' own clock."""

    at: datetime
    alert: Alert
    is_addendum: bool


class Spool:
    """What is to be told, by channel; in a folder that is its own."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "spool.db"
        self._database = sqlite3.connect(self._path, isolation_level=None)
        for statement in _SCHEMA:
            self._database.execute(statement)
        self._latest: datetime | None = None

    def add(self, judged: Judged) -> None:
        """Take in a batch, in the order in which it was read. Raises StoreError."""
        rows = [row for alert in judged.alerts for row in self._rows(alert)]
        rows += [self._row(alert, ANY_CHANNEL) for alert in judged.addenda]
        if not rows:
            return
        try:
            self._database.execute("BEGIN")
            self._database.executemany("INSERT INTO arrivals VALUES (?, ?, ?, ?, ?)", rows)
            self._database.execute("COMMIT")
        except sqlite3.Error as error:  # no room left
            raise StoreError(f"{self._path}: {in_words(error)} (TMPDIR names it)") from error

    def channels(self) -> list[str]:
        """Every channel that something goes to."""
        found = self._database.execute(
            "SELECT DISTINCT channel FROM arrivals WHERE channel <> ? ORDER BY channel",
            (ANY_CHANNEL,),
        )
        return [row[0] for row in found]

    def arrivals(self, channel: str) -> Iterator[Arrival]:
        """What a channel is told of, the oldest event first; of one moment as it was read."""
        # Each in the order of the index: of many channels none is sorted in memory.
        rows = heapq.merge(self._of(channel), self._of(ANY_CHANNEL), key=itemgetter(0, 1))
        for at, _, is_addendum, alert, record in rows:
            yield Arrival(from_micros(at), _to(channel, unpack_alert(alert, record)), is_addendum)

    def close(self) -> None:
        """Let go of its file."""
        self._database.close()

    def _of(self, channel: str) -> Iterator[tuple[Any, ...]]:
        rows = self._database.execute(
            "SELECT at, rowid, is_addendum, alert, record FROM arrivals WHERE channel = ?"
            " ORDER BY at, rowid",
            (channel,),
        )
        # Not the cursor itself: merge would close it, perhaps after the file.
        return iter(rows.fetchone, None)

    def _rows(self, alert: Alert) -> Iterator[tuple[Any, ...]]:
        return (self._row(alert, channel) for channel in alert.channels)

    def _row(self, alert: Alert, channel: str) -> tuple[Any, ...]:
        at = self._time_of(alert)
        is_addendum = channel == ANY_CHANNEL
        # No message shows the record; an addendum's says which event it is of.
        record = pack_record(alert.record) if is_addendum else None
        dated = replace(alert, event_time=at) if _is_undated(alert) else alert
        return micros(at), channel, is_addendum, pack_alert(dated), record

    def _time_of(self, alert: Alert) -> datetime:
        """When it happened; without a readable time with what was read before it."""
        if not _is_undated(alert):
            self._latest = min(max(alert.event_time, EARLIEST), LATEST)
        return self._latest or alert.event_time


def _is_undated(alert: Alert) -> bool:
    """Whether its record says no time that can be read: see alerts.judging.alert_from. What came
    together counts only records that do.
    """
    return alert.together is None and alert.event_time == alert.seen_at


def _to(channel: str, alert: Alert) -> Alert:
    return replace(alert, channels=tuple(each for each in alert.channels if each == channel))
