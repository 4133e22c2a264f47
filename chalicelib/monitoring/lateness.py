"""Lateness: whether an alert has been waiting too long."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.monitoring.notes import Reason, Reasons
from chalicelib.monitoring.times import in_words, passed

LATE_AFTER = timedelta(minutes=15)
LATE = "late"


def of_upstream(reasons: Reasons | None) -> tuple[Reason, ...]:
    """The reasons that AWS gave; whether alerts are late the backlog itself knows best."""
    standing = reasons.standing if reasons else ()
    return tuple(reason for reason in standing if reason.check != LATE)


def late(oldest_due: datetime | None, now: datetime) -> Reason | None:
    """The reason that deliveries are late, where one is due for over a quarter of an hour."""
    if oldest_due is None or not passed(oldest_due, now, LATE_AFTER):
        return None
    text = f"An alert has been waiting for Slack since {in_words(oldest_due)}."
    return Reason(check=LATE, since=now, text=text)
