"""Taking a payload in again that Lambda gave up on, whatever it is wrapped in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import count

from chalicelib.alerts.batch import Judged, Kept
from chalicelib.ingest.envelopes import Broken, Entry, unwrap
from chalicelib.rules.matching import Body, Unreadable

Judge = Callable[[Iterable[Body]], Judged]
Keep = Callable[[Judged], Kept]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What a payload came to, its alerts kept; `lost` says what of it cannot be read, and why,
    and `unreadable` says the same as it is logged.
    """

    judged: Judged
    kept: Kept
    lost: tuple[str, ...]
    unreadable: tuple[Unreadable, ...]


def take_in(text: str, where: str, judge: Judge, keep: Keep) -> TakenIn:
    """Judge a payload's records and keep their alerts. Raises StoreError."""
    reads = list(unwrap(text, where))
    entries = [read for read in reads if isinstance(read, Entry)]
    judged = judge(entry.body for entry in entries)
    kept = keep(judged)
    broken = [read for read in reads if isinstance(read, Broken)]
    unread = [f"{entries[each.position].where}: {each.reason}" for each in judged.unreadable]
    return TakenIn(
        judged=judged,
        kept=kept,
        lost=(*(f"{each.where}: {each.reason}" for each in broken), *unread),
        unreadable=(*judged.unreadable, *map(_unreadable, count(), broken)),
    )


def _unreadable(position: int, broken: Broken) -> Unreadable:
    """What is kept of what never was a record: its place among its like, and no text of it."""
    error = ValueError(broken.reason)
    return replace(Unreadable.of(position, broken.value or "", error), reason=broken.reason)
