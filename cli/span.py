"""Span: from when until when records are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.cloudtrail.record import Record, RecordError, parse_time
from chalicelib.ingest.envelopes import Broken, Entry
from cli.sources import InputError
from cli.texts import Sifted

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_DAY = re.compile(r'"eventTime"\s*:\s*"(\d{4}-\d\d-\d\d)', re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` on, and before `end`; None for no bound."""

    start: datetime | None = None
    end: datetime | None = None

    def within(self, found: Iterable[Sifted]) -> Iterator[Sifted]:
        """The records of its time, by their own, and all that tells no time."""
        if self.start is None and self.end is None:
            return iter(found)
        return self._within(found)

    def _within(self, found: Iterable[Sifted]) -> Iterator[Sifted]:
        for each in found:
            if isinstance(each, list):
                yield [text for text in each if self._holds(text)]
            elif isinstance(each, Broken) or self._holds(each):
                yield each

    def _holds(self, record: Entry | bytes) -> bool:
        at = time_of(record)
        if at is None:
            return True
        return not ((self.start and at < self.start) or (self.end and at >= self.end))


def moment(option: str, text: str, now: datetime) -> datetime:
    """`30m`, `6h`, `3d` ago, or an ISO 8601 time. Raises InputError, which names the option."""
    span = re.fullmatch(r"(\d{1,5})([mhd])", text, re.ASCII)
    if span:
        return now - timedelta(**{UNITS[span[2]]: int(span[1])})
    time = parse_time(text)
    if time is None:
        raise InputError(f"{option} {text}: say 30m, 6h, 3d or a time like 2026-11-24T03:00")
    return time


def day_of(record: Entry | bytes) -> str:
    """The day of a record as it writes it, without reading all of it; "" where it tells none."""
    body = record if isinstance(record, bytes) else record.body
    if isinstance(body, dict):
        return str(body.get("eventTime"))[:10]
    found = _DAY.search(body if isinstance(body, str) else body.decode("utf-8", "replace"))
    return found[1] if found else ""


def count_of_days(days: Iterable[str]) -> int:
    """How many of the texts are days."""
    return sum(map(_is_day, days))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def time_of(record: Entry | bytes) -> datetime | None:
    """When a record happened; None where it cannot be told."""
    try:
        body = record.decode("utf-8", "replace") if isinstance(record, bytes) else record.body
        return Record.of(body).event_time
    except (RecordError, RecursionError):
        return None  # it is named where it is judged
