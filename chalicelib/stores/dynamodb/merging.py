"""Several partitions of an index, read side by side as if they were one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.stores.dynamodb.batches import in_threads
from chalicelib.stores.dynamodb.calls import Page
from chalicelib.stores.dynamodb.expressions import Item

# Reads a partition from a key on (None: from its beginning).
Read = Callable[[str, Any], Page]


@dataclass(frozen=True, slots=True)
class Round:
    """What one query of each partition came to, in the order of all of them.

    `stopped_at` is the sort key up to which everything was read (None: to the end).
    """

    items: list[Item]
    scanned: int
    units: float
    stopped_at: str | None


def rounds(
    read: Read, partitions: Sequence[str], key: str, *, newest_first: bool = False
) -> Iterator[Round]:
    """Round after round of queries, until the end; `key` names the sort key of the index.

    An item that just moved to another partition may still be in its first one: it comes once.
    """
    left: dict[str, Any] = dict.fromkeys(partitions)
    kept: list[Item] = []
    while left:
        pages = in_threads(lambda each: read(*each), left.items())
        read_now = (item for page in pages for item in page.items)
        by_place = {item[key]: item for item in (*kept, *read_now)}
        kept = [by_place[place] for place in sorted(by_place, reverse=newest_first)]
        left = {
            partition: page.stopped_at
            for partition, page in zip(left, pages, strict=True)
            if page.stopped_at is not None
        }
        stops = [str(stopped_at[key]["S"]) for stopped_at in left.values()]
        # Beyond the first place at which one of them stopped, it may have more.
        stop = (max(stops) if newest_first else min(stops)) if stops else None
        ready = [item for item in kept if _is_read(item[key], stop, newest_first)]
        kept = kept[len(ready) :]
        units = sum(page.units for page in pages)
        yield Round(ready, sum(page.scanned for page in pages), units, stop)


def _is_read(place: str, stop: str | None, newest_first: bool) -> bool:
    if stop is None:
        return True
    return place >= stop if newest_first else place <= stop
