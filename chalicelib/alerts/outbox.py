"""The outbox: alerts are kept there, with their deliveries, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.followups import Followup
from chalicelib.alerts.post import Post


class StoreError(Exception):
    """The store cannot be reached, or refuses for a reason of its own. Worth a retry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAlert:
    """An alert with its deliveries, and the last post of each (empty in lists). `followups` are
    kept with it, and not read back.
    """

    alert: Alert
    deliveries: tuple[Delivery, ...] = ()
    posts: tuple[Post, ...] = ()
    followups: tuple[Followup, ...] = ()


class Outbox(Protocol):
    """What keeps them. Raises StoreError."""

    def add(self, stored: Sequence[StoredAlert], now: datetime) -> set[str]:
        """Keep each alert with its deliveries in one transaction; the ids that were new.

        An alert that is kept already stays as it is, unless the new one completes it: see
        `corrections.completed`. Where another event has its id, it is kept under its `own_id`,
        which is then the id that is new: see `identity.forms`. With no deliveries it is only
        looked up. A delivery MUTED by a mute that has ended meanwhile is PENDING. The followups of
        what is new, or completes, are kept with it.
        """

    def known(self, alert_ids: Iterable[str]) -> set[str]:
        """Those of the ids that are kept already."""

    def amend(self, addendum: Alert) -> bool:
        """Write what an UPDATED_DATA addendum adds to the alert whose id it has: see
        `corrections.amended`. False where that is unknown, or is of another call.

        Its deliveries are planned by what it is now. Those SENT become PENDING, due at
        `addendum.seen_at`, in the same transaction: `amended`, so that dispatch updates their
        message, or to be told anew: see `retelling.told_again`. Those SENDING or UNCERTAIN become
        `amended` as they stand: see Queue.settle. The same addendum again changes nothing.
        """

    def expire(self, before: datetime, limit: int) -> int:
        """Remove at most `limit` alerts seen before then whose deliveries are all SENT, MUTED or
        PARKED; how many. An old event that was seen lately stays: it is sent only once.
        """
