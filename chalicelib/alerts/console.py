"""Where AWS itself shows an alert's event: the event history of CloudTrail's console."""

from __future__ import annotations

import re

from chalicelib.alerts.alert import Alert

# A region and an event id as AWS makes them: nothing else becomes part of an address.
REGION = re.compile(r"[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}")
EVENT_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
# By partition: the console's domain (AWS General Reference; China, GovCloud user guides).
CONSOLES = {
    "cn": "console.amazonaws.cn",
    "us-gov": "console.amazonaws-us-gov.com",
    "aws": "console.aws.amazon.com",
}
# Partitions whose consoles are not public knowledge: no link beats one that leads astray.
ELSEWHERE = ("us-iso", "eu-iso", "eusc-")


def event_url(alert: Alert) -> str | None:
    """The event in the console, in the partition of its region; None where untold."""
    if not EVENT_ID.fullmatch(alert.event_id):
        return None
    region = alert.aws_region if REGION.fullmatch(alert.aws_region) else "us-east-1"
    if region.startswith(ELSEWHERE):
        return None
    prefixes = (name for name in CONSOLES if region.startswith(f"{name}-"))
    domain = CONSOLES[next(prefixes, "aws")]
    return f"https://{region}.{domain}/cloudtrailv2/home?region={region}#/events/{alert.event_id}"
