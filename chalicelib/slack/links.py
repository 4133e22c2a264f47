"""Where a message leads: the event in CloudTrail's console, the alert on our own page."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

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
    """The event in CloudTrail's console, in the partition of its region; None where untold."""
    if not EVENT_ID.fullmatch(alert.event_id):
        return None
    region = alert.aws_region if REGION.fullmatch(alert.aws_region) else "us-east-1"
    if region.startswith(ELSEWHERE):
        return None
    prefixes = (name for name in CONSOLES if region.startswith(f"{name}-"))
    domain = CONSOLES[next(prefixes, "aws")]
    return f"https://{region}.{domain}/cloudtrailv2/home?region={region}#/events/{alert.event_id}"


def alert_url(alert: Alert, public_url: str | None) -> str | None:
    """The alert on our own page; None where the page's address is not known."""
    return f"{page(public_url)}#alert={quote(alert.alert_id)}" if public_url else None


def page(public_url: str) -> str:
    """The page's address, which ends in a slash."""
    return public_url.rstrip("/") + "/"


def buttons(*links: tuple[str, str | None]) -> list[dict[str, Any]]:
    """A button for each (label, address) that has an address."""
    return [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": label},
            "url": url,
            "action_id": f"open_{number}",
        }
        for number, (label, url) in enumerate(links)
        if url
    ]
