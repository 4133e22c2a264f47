"""Store: the four ports that a store keeps, together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.alerts.archive import Archive
    from chalicelib.alerts.notes import Notes
    from chalicelib.alerts.outbox import Outbox
    from chalicelib.delivery.ports import Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One store, by what is asked of it. Whoever asks gets the part that it needs."""

    outbox: Outbox
    queue: Queue
    archive: Archive
    notes: Notes
