"""Places in the list of alerts: the second of the event and the alert's id, as text that sorts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.stores.encoding import from_seconds, seconds, seconds_from

# Sort keys are text: seconds since the year 1, so that none is negative.
_YEAR_ONE = seconds(datetime(1, 1, 1, tzinfo=UTC))
MOMENT_DIGITS = 12
FIRST, LAST = "0", "9"  # before and after every place


@dataclass(frozen=True, slots=True)
class Span:
    """Places from `low` to `high`; the alert at `high` itself was on the page before."""

    low: str
    high: str

    @classmethod
    def of(cls, since: datetime | None, until: datetime | None, before: str | None) -> Span:
        low = FIRST if since is None else place_of(seconds_from(since))
        high = LAST if until is None else place_of(seconds_from(until))
        return cls(low, high if before is None else min(high, before))


def day_of(moment: int) -> str:
    return from_seconds(moment).date().isoformat()


def day_start(day: str) -> str:
    """The place before every alert of the day."""
    return place_of(seconds(datetime.fromisoformat(day).replace(tzinfo=UTC)))


def place_of(moment: int, alert_id: str = "") -> str:
    """A place in the list: before every alert of its second, or that of one alert."""
    place = f"{moment - _YEAR_ONE:0{MOMENT_DIGITS}d}"
    return f"{place}#{alert_id}" if alert_id else place


def moment_of(place: str) -> int:
    """The second of a place, since 1970."""
    return int(place[:MOMENT_DIGITS]) + _YEAR_ONE


def alert_id_at(place: str) -> str:
    return place[MOMENT_DIGITS + 1 :]


def time_at(place: str | None) -> datetime | None:
    """When an alert at the place happened; None where there is no place."""
    return None if place is None else from_seconds(moment_of(place))
