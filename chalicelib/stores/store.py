"""Store: the four ports that a store keeps, together, and what holds for every kind of store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.alerts.archive import Archive
    from chalicelib.alerts.notes import Notes
    from chalicelib.alerts.outbox import Outbox, StoredAlert
    from chalicelib.delivery.ports import Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One store, by what is asked of it. Whoever asks gets the part that it needs."""

    outbox: Outbox
    queue: Queue
    archive: Archive
    notes: Notes


def first_of_each(stored: Iterable[StoredAlert]) -> dict[str, StoredAlert]:
    """By alert id. An event may stand twice in a batch: the first stays, as in the outbox."""
    by_id: dict[str, StoredAlert] = {}
    for each in stored:
        by_id.setdefault(each.alert.alert_id, each)
    return by_id
