"""Store: the ports that a store keeps, together, and what holds for every kind of store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.alerts.identity import Sifted, of_its_own, sift

if TYPE_CHECKING:
    from chalicelib.alerts.alert import Alert
    from chalicelib.alerts.archive import Archive
    from chalicelib.alerts.clicks import Handlings
    from chalicelib.alerts.followups import Followups
    from chalicelib.alerts.memory import Memory
    from chalicelib.alerts.mutes import Mutes
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
    handlings: Handlings
    mutes: Mutes
    followups: Followups
    memory: Memory


def ids_of(stored: Sequence[StoredAlert]) -> list[str]:
    """Every id that an alert of a batch may be kept by: see `identity.forms`."""
    alerts = [each.alert for each in stored]
    ids = [alert_id for alert in alerts for alert_id in (alert.alert_id, alert.own_id)]
    ids += [of_its_own(alert).alert_id for alert in alerts if alert.of_addendum]
    return [alert_id for alert_id in dict.fromkeys(ids) if alert_id]


def sifted(stored: Sequence[StoredAlert], kept: Mapping[str, Alert]) -> Sifted:
    """What of a batch is new beside what is kept under `ids_of` it."""
    if not kept and len({each.alert.alert_id for each in stored}) == len(stored):
        return Sifted(list(stored), [])
    return sift(stored, kept)
