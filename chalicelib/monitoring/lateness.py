"""Lateness: whether an alert has been waiting too long, or the sweep is missing."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.monitoring.notes import Reason, Reasons
from chalicelib.monitoring.times import in_words, passed

LATE_AFTER = timedelta(minutes=15)
# A sweep should come every minute.
SWEEP_MISSING_AFTER = timedelta(minutes=5)
# Whether alerts are late, the sweep comes and our clock is right, the store's own state tells at
# once.
LATE, SWEEP, CLOCK = "late", "sweep", "clock"


def of_checks(reasons: Reasons) -> tuple[Reason, ...]:
    """The reasons that only a check knows of."""
    return tuple(reason for reason in reasons.standing if reason.check not in (LATE, SWEEP, CLOCK))


def late(oldest_due: datetime | None, now: datetime) -> Reason | None:
    """The reason that deliveries are late, where one is due for over a quarter of an hour."""
    if oldest_due is None or not passed(oldest_due, now, LATE_AFTER):
        return None
    text = f"An alert has been waiting for Slack since {in_words(oldest_due)}."
    return Reason(check=LATE, since=now, text=text)
