"""Where a message leads: the alert on our own page, and the buttons that lead anywhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from chalicelib.alerts.alert import Alert


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
