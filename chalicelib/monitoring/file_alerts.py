"""The alert about a file of the trail that cannot be read."""

from __future__ import annotations

from datetime import datetime

from chalicelib.alerts.alert import Alert
from chalicelib.monitoring.own_alerts import about_itself
from chalicelib.rules.rule import Severity

RULE_ID = "trailbell-trail-file"
TITLE = "Trailbell cannot read a file of the trail"


def file_alert(where: str, reason: str, *, channel: str, now: datetime) -> Alert:
    """One alert for the file at `where` (s3://bucket/key), however often it is handed over."""
    return about_itself(
        "trail-file",
        where,
        rule_id=RULE_ID,
        severity=Severity.HIGH,
        title=TITLE,
        text=f"{where} could not be read to its end: {reason}. What stands before that was read. "
        "The file stays where it is: `trailbell.py replay` on a copy of it tells the rest.",
        event_name="Unreadable",
        channel=channel,
        now=now,
    )
