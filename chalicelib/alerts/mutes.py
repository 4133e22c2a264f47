"""Mutes: what is not told for a while, and the port that keeps them.

A mute hides deliveries, never alerts: these are kept, listed and counted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from chalicelib.alerts.delivery import Delivery, DeliveryState, Flooding, flood_of
from chalicelib.alerts.handling import Person
from chalicelib.alerts.notices import TRAILBELL
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import Severity

if TYPE_CHECKING:
    from chalicelib.alerts.alert import Alert
    from chalicelib.alerts.outbox import StoredAlert

SPANS = {
    "1h": timedelta(hours=1),
    "8h": timedelta(hours=8),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
}
LONGEST = timedelta(days=7)
MOST_MUTES, MOST_ALSO = 200, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """One rule for one principal in one account with one outcome, up to a severity, for a time.

    `actor` is the name that people read; it counts only where the alert had no `principal`.
    `of_alert` is the alert that it was made from, in the channel `channel`, whose id in Slack is
    `channel_id`, "" from the operator's command; `why` is what whoever made it said, "" where
    nothing. Where it was prolonged, `by` and `why` are of who did so last, and `also` the first
    MOST_ALSO other alerts that this was done from. It holds from `since` until `until`, or
    `ended_at` by `ended_by` where somebody ended it.
    """

    mute_id: str
    rule_id: str
    principal: str
    actor: str
    account_id: str
    outcome: Outcome
    up_to: Severity
    by: Person
    of_alert: str
    channel: str
    since: datetime
    until: datetime
    why: str = ""
    channel_id: str = ""
    ended_at: datetime | None = None
    ended_by: Person | None = None
    also: tuple[str, ...] = ()

    @property
    def slot(self) -> str:
        """See slot_of."""
        return slot_of(self)


class Hidden(Flooding, Protocol):
    """What an alert and a mute have in common."""

    @property
    def outcome(self) -> Outcome: ...


def slot_of(one: Hidden) -> str:
    """32 hex digits of what a mute of it hides: of two that hide the same one is in force."""
    return _hashed(flood_of(one), one.outcome.value)


def mute_of(
    alert: Alert,
    by: Person,
    since: datetime,
    span: timedelta,
    *,
    channel: str,
    channel_id: str = "",
    why: str = "",
) -> Mute:
    """The mute of what an alert is one of; `span` is LONGEST at most."""
    return Mute(
        mute_id=_hashed(flood_of(alert), alert.outcome.value, since.isoformat()),
        rule_id=alert.rule_id,
        principal=alert.principal,
        actor=alert.actor,
        account_id=alert.account_id,
        outcome=alert.outcome,
        up_to=alert.severity,
        by=by,
        of_alert=alert.alert_id,
        channel=channel,
        channel_id=channel_id,
        since=since,
        until=since + min(span, LONGEST),
        why=why,
    )


def prolonged(standing: Mute, by: Mute) -> Mute:
    """A mute in force, prolonged by another of the same; itself where that adds nothing."""
    until = max(standing.until, by.until)
    up_to = max(standing.up_to, by.up_to, key=lambda severity: severity.rank)
    if (until, up_to) == (standing.until, standing.up_to):
        return standing
    others = dict.fromkeys((*standing.also, by.of_alert))
    others.pop(standing.of_alert, None)
    return replace(
        standing,
        until=until,
        up_to=up_to,
        by=by.by,
        why=by.why or standing.why,
        also=tuple(others)[:MOST_ALSO],
    )


def may_be_muted(alert: Alert) -> bool:
    """Whether an alert, and what is like it, can be: never critical, never about Trailbell.

    What came together of several principals has none that a mute could be of: it would hide all
    others of the rule.
    """
    if alert.together and not (alert.principal or alert.actor):
        return False
    return alert.severity is not Severity.CRITICAL and alert.actor_type != TRAILBELL


def hides(mute: Mute, alert: Alert, now: datetime) -> bool:
    """Whether a mute that has not ended hides an alert that comes `now`."""
    return mute.since <= now < mute.until and covers(mute, alert)


def covers(mute: Mute, alert: Alert) -> bool:
    """Whether the alert is of what a mute hides, whenever that is."""
    if mute.rule_id != alert.rule_id or alert.severity.rank > mute.up_to.rank:  # cheap, and most
        return False
    return slot_of(mute) == slot_of(alert) and may_be_muted(alert)


def hiding(mutes: Iterable[Mute], alert: Alert, now: datetime) -> Mute | None:
    """The first of the mutes that hides the alert."""
    return next((mute for mute in mutes if hides(mute, alert, now)), None)


def lasting(mutes: Iterable[Mute], now: datetime) -> list[Mute]:
    """Those whose time is not over: the rest are ended by the next sweep, and hide nothing more."""
    return [mute for mute in mutes if now < mute.until]


def told_after_all(stored: StoredAlert, in_force: Collection[str] = ()) -> StoredAlert:
    """The alert with what mutes hide that are not among those in force due after all."""
    return replace(
        stored,
        deliveries=tuple(
            unhidden(each) if each.mute_id and each.mute_id not in in_force else each
            for each in stored.deliveries
        ),
    )


def hidden_by(delivery: Delivery, mute: Mute) -> Delivery:
    """The delivery as the mute hides it."""
    return replace(
        delivery, state=DeliveryState.MUTED, mute_id=mute.mute_id, muted_up_to=mute.up_to
    )


def unhidden(delivery: Delivery) -> Delivery:
    """The delivery as it is to be told."""
    return replace(delivery, state=DeliveryState.PENDING, mute_id="", muted_up_to=None)


class Mutes(Protocol):
    """What keeps them. Raises StoreError. They begin by Handlings.handle."""

    def in_force(self) -> tuple[Mute, ...]:
        """Those that nobody ended yet, the oldest first, MOST_MUTES at most: what is kept from now
        on may be hidden by one of them. One read; a mute made just now may be missing.
        """

    def get(self, mute_id: str) -> Mute | None:
        """One mute, also after it ended, for as long as alerts are kept."""

    def end(self, mute_id: str, at: datetime, by: Person | None = None, key: str = "") -> bool:
        """End a mute: nothing is hidden by it from then on, also not by an ingest that read it
        before. False where it is not in force, or a click of that `key` was taken before.

        Its followup MUTE_END becomes due `at` that time, in the same transaction.
        """

    def hidden(self, mute_id: str) -> int:
        """How many deliveries it hides, or hid: counted anew each time. Once the mute has ended,
        that number only falls, where a correction has one told after all.
        """


def _hashed(*parts: str) -> str:
    text = json.dumps(parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
