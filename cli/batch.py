"""Batch: what some records that follow each other came to, as values that may travel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.alerts.batch import Judged
from cli.sources import Source

BATCH = 500  # records that are judged together


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What some records that follow each other came to.

    `unreadable` are place and reason; `texts` the alerts as they are drawn, where that was wanted;
    `times` those of the first and the last record, `days` those of all, where these were wanted.
    `finished` are the sources that end with it, and whether each was read whole.
    `readable` counts the records that could be read, `bytes_read` and `lines` what was read of the
    source since the batch before.
    """

    judged: Judged
    unreadable: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    times: tuple[datetime, ...] = ()
    days: frozenset[str] = frozenset()
    bytes_read: int = 0
    lines: int = 0
    readable: int = 0
    finished: tuple[tuple[Source, bool], ...] = ()


NOTHING = Batch(judged=Judged(records=0))


def gathered(batches: Iterable[Batch]) -> Iterator[Batch]:
    """The same with small ones put together: a folder may have a thousand files of few records.

    So what one file says of another's record is known when it is told, however many read them.
    """
    some: list[Batch] = []
    records = 0
    for batch in batches:
        some.append(batch)
        records += batch.judged.records
        if records >= BATCH:
            yield _joined(some)
            some, records = [], 0
    if some:
        yield _joined(some)


def _joined(some: list[Batch]) -> Batch:
    if len(some) == 1:
        return some[0]
    judged = Judged(
        records=sum(each.judged.records for each in some),
        alerts=tuple(alert for each in some for alert in each.judged.alerts),
        addenda=tuple(alert for each in some for alert in each.judged.addenda),
        default_channel=next(filter(None, (each.judged.default_channel for each in some)), ""),
        sightings=tuple(sighting for each in some for sighting in each.judged.sightings),
        untimed=sum(each.judged.untimed for each in some),
    )
    return Batch(
        judged=judged,
        unreadable=tuple(lost for each in some for lost in each.unreadable),
        texts=tuple(text for each in some for text in each.texts),
        times=tuple(time for each in some for time in each.times),
        days=frozenset().union(*(each.days for each in some)),
        bytes_read=sum(each.bytes_read for each in some),
        lines=sum(each.lines for each in some),
        readable=sum(each.readable for each in some),
        finished=tuple(source for each in some for source in each.finished),
    )
