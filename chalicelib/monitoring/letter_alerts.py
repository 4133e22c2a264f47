"""The alert about payloads that are parked at the failure destination."""

from __future__ import annotations

from chalicelib.alerts.alert import Alert
from chalicelib.monitoring.failed import Telling
from chalicelib.monitoring.own_alerts import about_itself
from chalicelib.rules.rule import Severity

RULE_ID = "trailbell-dead-letters"
TITLE = "Trailbell cannot take a payload in"


def parked_alert(telling: Telling, *, command: str, channel: str) -> Alert:
    """One alert for all that `telling` counts; `command` takes them in by hand."""
    return about_itself(
        "dead-letters",
        telling.key,
        telling.at.isoformat(),
        rule_id=RULE_ID,
        severity=Severity.HIGH,
        title=TITLE,
        text=_text(telling, command),
        event_name="Parked",
        channel=channel,
        now=telling.at,
    )


def _text(telling: Telling, command: str) -> str:
    others = telling.count - 1
    which = f"The payload {telling.key}" if telling.key else "A payload"
    more = "" if not others else " and one other" if others == 1 else f" and {others} others"
    failed = f"{which}{more}, which Lambda gave up on, cannot be taken in here either"
    waits = "It is kept, is tried once more after each deployment,"
    return f"{failed}: {telling.reason}. {waits} and `{command}` takes it in by hand."
