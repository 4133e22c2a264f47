"""What of a new alert is to be looked at later (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.asking import whom
from chalicelib.alerts.clicks import Handled, Reply
from chalicelib.alerts.followups import Followup, FollowupKind, followup_of
from chalicelib.alerts.mutes import Mute
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.rules.handling import HandlingChoices


def followups_of(
    choices: HandlingChoices, people: Mapping[str, str], now: datetime, alert: Alert
) -> tuple[Followup, ...]:
    """Whether it is acknowledged after a while, and the actor, "was it you?", at once. The alert
    has its record; one of our own making, or that was kept with no delivery, is not for this.
    """
    return (*_reminder(alert, choices, now), *_question(alert, choices, people, now))


def followed_up(
    stored: StoredAlert | None,
    _: Mute | None,
    *,
    addendum: Alert,
    follow: Callable[[Alert], tuple[Followup, ...]],
) -> Handled:
    """A decision that changes nothing, and keeps what is to be looked at later of an alert as an
    addendum has left it.
    """
    if stored is None:
        return Handled(reply=Reply.GONE)
    alert = replace(stored.alert, record=addendum.record)
    followups = follow(alert) if stored.deliveries else ()
    return Handled(reply=Reply.REPEATED, alert=stored.alert, followups=followups, quiet=True)


def _reminder(alert: Alert, choices: HandlingChoices, now: datetime) -> Iterator[Followup]:
    wait = choices.remind.get(alert.severity)
    if wait:
        yield followup_of(FollowupKind.REMIND, alert.alert_id, now + wait)


def _question(
    alert: Alert, choices: HandlingChoices, people: Mapping[str, str], now: datetime
) -> Iterator[Followup]:
    if choices.asks(alert.severity, alert.rule_ids):
        who = whom(alert, people)
        if who:
            yield followup_of(FollowupKind.ASK, alert.alert_id, now, more=who)
