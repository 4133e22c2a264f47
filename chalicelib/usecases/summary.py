"""The day's summary: once a local date, whatever restarts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from chalicelib.alerts.archive import AlertQuery, Archive
from chalicelib.alerts.days import Day, day_of
from chalicelib.alerts.summing import Counted, is_quiet, summary_of
from chalicelib.monitoring.clock import Clock, is_trusted
from chalicelib.monitoring.notes import read, write
from chalicelib.monitoring.own_alerts import keep_own
from chalicelib.monitoring.stored import typed
from chalicelib.monitoring.times import passed
from chalicelib.rules.handling import SummaryChoices
from chalicelib.stores.store import Store

# Each alert is looked at, the newest first, up to so many: at most a few seconds.
MOST_ALERTS, A_PAGE = 5_000, 250
NEEDS_MILLIS = 30_000.0
# A clock that may have been set, and of which Slack says nothing, is waited for so long.
WAITS = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummedUp:
    """The local date of the last summary."""

    KEY: ClassVar[str] = "summed_up"

    date: date

    def as_json(self) -> dict[str, Any]:
        return {"date": self.date.isoformat()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(date=date.fromisoformat(typed(stored["date"], str)))


def sum_up(
    store: Store,
    choices: SummaryChoices,
    channel: str,
    now: datetime,
    millis_left: Callable[[], float],
) -> bool:
    """Keep the summary of the last day that is over, where none is kept; whether one was made.
    Raises StoreError.

    One that is cut off before it is noted is made once more, under the same id: it is told once.
    """
    day = day_of(choices, now)
    told = read(store.notes, SummedUp)
    if (told and told.date == day.date) or millis_left() < NEEDS_MILLIS:
        return False
    if not _is_its_day(store, now):
        return False
    made = _sum_up(store, choices, day, channel, now)
    write(store.notes, SummedUp(date=day.date))
    return made


def _sum_up(store: Store, choices: SummaryChoices, day: Day, channel: str, now: datetime) -> bool:
    counts = store.archive.summary(day.since, day.until)
    if is_quiet(counts) and not choices.quiet_days:
        return False
    keep_own(
        store.outbox, [summary_of(day, counts, _counted(store.archive, day), channel, now)], now
    )
    return True


def _counted(archive: Archive, day: Day) -> Counted:
    counted, cursor = Counted(), None
    query = AlertQuery(since=day.since, until=day.until)
    while counted.looked_at < MOST_ALERTS:
        page = archive.search(query, A_PAGE, cursor)
        for stored in page.alerts:
            counted.add(stored)
        cursor = page.next_cursor
        if cursor is None:
            break
    return counted


def _is_its_day(store: Store, now: datetime) -> bool:
    """Whether the clock may be gone by: one that is wrong would take another day for today, whose
    own summary would then never come.
    """
    if is_trusted(store.notes, now):
        return True
    clock = read(store.notes, Clock)
    return clock is not None and clock.skew is None and passed(clock.at, now, WAITS)
