"""Where a channel and a message are in Slack, and where the buttons of a message lead."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.post import Post
from chalicelib.rules.destinations import CHANNEL_ID

_SLACKS = ("slack.com", "slack-gov.com")
_TS = re.compile(r"\d+\.\d+", re.ASCII)


def slack_url(post: Post, api_url: str | None) -> str | None:
    """The message in Slack; None where it went elsewhere (a terminal, a stub) or not yet.

    Source: Slack, "Deep linking": app_redirect opens a channel by id in the reader's own
    workspace, which the bot's token does not tell us.
    """
    host = _slack_host(api_url)
    if host is None or not post.channel_id or not post.ts:
        return None
    if not CHANNEL_ID.fullmatch(post.channel_id) or not _TS.fullmatch(post.ts):
        return None
    query = urlencode({"channel": post.channel_id, "message_ts": post.ts})
    return f"https://{host}/app_redirect?{query}"


def channel_id(name: str) -> str | None:
    """The channel's id where it is named by it, as SLACK_CHANNEL may be."""
    return name if CHANNEL_ID.fullmatch(name) else None


def alert_url(alert: Alert, public_url: str | None) -> str | None:
    """The alert on our own page; None where the page's address is not known."""
    return about_url(alert.alert_id, public_url) if public_url else None


def about_url(alert_id: str, public_url: str) -> str:
    """The alert with that id on our own page."""
    return f"{page(public_url)}#alert={quote(alert_id)}"


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


def _slack_host(api_url: str | None) -> str | None:
    host = (urlsplit(api_url).hostname or "") if api_url else "slack.com"
    return next((known for known in _SLACKS if host == known or host.endswith(f".{known}")), None)
