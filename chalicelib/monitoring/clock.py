"""Clock: whether ours is right, told by Slack's answers; a note says so while it may not be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from chalicelib.delivery.watch import MOST_SKEW_SECONDS
from chalicelib.monitoring.notes import Swept, read, write
from chalicelib.monitoring.stored import moment, number
from chalicelib.monitoring.times import in_words, passed

if TYPE_CHECKING:
    from chalicelib.alerts.notes import Notes

# The sweep comes every minute: where so much lies between two, it did not run or the clock was set.
SWEPT_WITHIN = timedelta(hours=1)
# If Slack tells no time until then, ours is believed.
DOUBT_LASTS = timedelta(days=1)
# A note is not written anew for less.
WORTH_NOTING = 60.0

_SET_IT = (
    "Set it, and let NTP keep it (chrony or systemd-timesyncd; in Lambda AWS does). Until then"
    " nothing is removed and nothing is too old to be told."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """By how many seconds Slack's clock was ahead of ours, and when by ours; None where ours may
    have been set since Slack last answered.
    """

    KEY: ClassVar[str] = "clock"

    at: datetime
    skew: float | None

    @property
    def is_off(self) -> bool:
        """Whether ours is wrong."""
        return self.skew is not None and is_off(self.skew)

    def is_trusted(self, now: datetime) -> bool:
        """Whether what ours says may be gone by."""
        return passed(self.at, now, DOUBT_LASTS) if self.skew is None else not self.is_off

    def as_json(self) -> dict[str, Any]:
        return {"at": self.at.isoformat(), "skew": self.skew}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        skew = stored["skew"]
        return cls(at=moment(stored["at"]), skew=None if skew is None else number(skew))


class NotedHere:
    """What this process last noted, so that a dispatch while all is well asks the store nothing."""

    is_off = False


NOTED_HERE = NotedHere()


def is_off(skew: float) -> bool:
    """Whether a clock that differs from Slack's by so many seconds is wrong."""
    return abs(skew) > MOST_SKEW_SECONDS


def note_skew(notes: Notes, skew: float | None, now: datetime) -> None:
    """Note by how many seconds Slack's clock is ahead of ours, where that says something new; None
    where Slack told no time. Raises StoreError.
    """
    if skew is None:
        return
    told = Clock(at=now, skew=round(skew, 1))
    if _is_news(told, read(notes, Clock)):
        write(notes, told)
    NOTED_HERE.is_off = told.is_off


def note_gap(notes: Notes, swept: datetime | None, now: datetime) -> None:
    """Note that our clock may have been set, where the last sweep was at a time that it should not
    have been. Raises StoreError.
    """
    if swept is None or not passed(swept, now, SWEPT_WITHIN):
        return
    before = read(notes, Clock)
    if before is None or before.is_trusted(now):
        write(notes, Clock(at=now, skew=None))


def is_trusted(notes: Notes, now: datetime) -> bool:
    """Whether what is old by our clock is. Raises StoreError."""
    clock, swept = read(notes, Clock), read(notes, Swept)
    if clock and not clock.is_trusted(now):
        return False
    return swept is None or not passed(swept.at, now, SWEPT_WITHIN)


def trouble(clock: Clock | None) -> str | None:
    """What is wrong with our clock and what to do, as a sentence; None where nothing is known."""
    if clock is None or clock.skew is None or not clock.is_off:
        return None
    side = "behind" if clock.skew > 0 else "ahead of"
    so_much = _in_words(timedelta(seconds=abs(clock.skew)))
    return f"Our clock was {so_much} {side} Slack's at {in_words(clock.at)} by ours. {_SET_IT}"


def _is_news(told: Clock, before: Clock | None) -> bool:
    if before is None or before.skew is None:
        return told.is_off or before is not None
    moved = abs((told.skew or 0.0) - before.skew) > WORTH_NOTING
    return told.is_off != before.is_off or (told.is_off and moved)


def _in_words(span: timedelta) -> str:
    for size, name in ((timedelta(days=1), "days"), (timedelta(hours=1), "hours")):
        if span >= 2 * size:
            return f"{span // size} {name}"
    return f"{span // timedelta(minutes=1)} minutes"
