"""Lateness: whether an alert has been waiting too long, or the sweep is missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.alerts.channel import Channel
from chalicelib.monitoring.notes import Reason, Reasons
from chalicelib.monitoring.times import in_words, passed
from chalicelib.settings import WEBHOOK

LATE_AFTER = timedelta(minutes=15)
# A sweep should come every minute.
SWEEP_MISSING_AFTER = timedelta(minutes=5)
# Whether alerts are late, the sweep comes and our clock is right, the store's own state tells at
# once.
LATE, SWEEP, CLOCK = "late", "sweep", "clock"


def of_checks(reasons: Reasons) -> tuple[Reason, ...]:
    """The reasons that only a check knows of."""
    return tuple(reason for reason in reasons.standing if reason.check not in (LATE, SWEEP, CLOCK))


def taker(channel: str) -> str:
    """Who takes what goes to the channel, as people call them."""
    return "the webhook" if channel == WEBHOOK else "Slack"


def takers(channels: Iterable[Channel]) -> str:
    """The same of several channels: "Slack", or "Slack or the webhook"."""
    return " or ".join(sorted({"Slack", *(taker(channel.name) for channel in channels)}))


def late(oldest_due: datetime | None, now: datetime, of: str = "Slack") -> Reason | None:
    """The reason that deliveries are late, where one is due for over a quarter of an hour."""
    if oldest_due is None or not passed(oldest_due, now, LATE_AFTER):
        return None
    text = f"An alert has been waiting for {of} since {in_words(oldest_due)}."
    return Reason(check=LATE, since=now, text=text)
