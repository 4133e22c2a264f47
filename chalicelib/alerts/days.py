"""Days as the summary has them: from an hour of one local date to that of the next (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from chalicelib.rules.handling import SummaryChoices

# CloudTrail delivers "in about 5 minutes on average": what happened in the last minutes before the
# hour is not all here yet, and belongs to the next day.
LATE = timedelta(minutes=15)
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The day that is summed up on a local `date`: what happened from `since` (inclusive) until
    `until`. It has 23 or 25 hours where the zone's clocks are set in it. `zone` is what it goes by.
    """

    date: date
    since: datetime
    until: datetime
    zone: tzinfo

    @property
    def in_words(self) -> str:
        """Its end as people there read it, and by which clocks: Tue 24 Nov, 08:45 CET."""
        return f"{self.until.astimezone(self.zone):%a %d %b, %H:%M %Z}"


def day_of(choices: SummaryChoices, now: datetime) -> Day:
    """The last day that is over by now."""
    zone = zone_of(choices.zone)
    on = now.astimezone(zone).date()
    if _moment(on, choices, zone) > now:
        on -= _A_DAY
    return Day(
        date=on,
        since=_moment(on - _A_DAY, choices, zone) - LATE,
        until=_moment(on, choices, zone) - LATE,
        zone=zone,
    )


def zone_of(name: str) -> tzinfo:
    """The zone; UTC where this machine does not know it."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def _moment(on: date, choices: SummaryChoices, zone: tzinfo) -> datetime:
    """When the hour strikes on a date: the first time where clocks are put back over it, and as
    much later where they are put forward over it.
    """
    return datetime.combine(on, choices.at, zone).astimezone(UTC)
