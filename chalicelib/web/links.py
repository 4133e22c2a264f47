"""Links out: to the Slack message of a post, to the event in CloudTrail's console."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode, urlsplit

from chalicelib.alerts.alert import Alert, Post

# CloudTrail's event history reaches back 90 days and knows an event by its id and region.
_CONSOLES = {"cn-": "console.amazonaws.cn", "us-gov-": "console.amazonaws-us-gov.com"}
_SLACKS = ("slack.com", "slack-gov.com")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d{1,2}", re.ASCII)
_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{2,}", re.ASCII)
_TS = re.compile(r"\d+\.\d+", re.ASCII)


def cloudtrail_url(alert: Alert) -> str | None:
    """The event in the console's event history; None where its region or id is odd."""
    region = alert.aws_region
    if not alert.event_id or not _REGION.fullmatch(region):
        return None
    host = next(
        (host for prefix, host in _CONSOLES.items() if region.startswith(prefix)),
        f"{region}.console.aws.amazon.com",
    )
    event = quote(alert.event_id, safe="")
    return f"https://{host}/cloudtrailv2/home?region={region}#/events/{event}"


def slack_url(post: Post, api_url: str | None) -> str | None:
    """The message in Slack; None where it went elsewhere (a terminal, a stub) or not yet.

    Source: Slack, "Deep linking": app_redirect opens a channel by id in the reader's own
    workspace, which the bot's token does not tell us.
    """
    host = _slack_host(api_url)
    if host is None or not post.channel_id or not post.ts:
        return None
    if not _CHANNEL_ID.fullmatch(post.channel_id) or not _TS.fullmatch(post.ts):
        return None
    query = urlencode({"channel": post.channel_id, "message_ts": post.ts})
    return f"https://{host}/app_redirect?{query}"


def _slack_host(api_url: str | None) -> str | None:
    host = (urlsplit(api_url).hostname or "") if api_url else "slack.com"
    return next((known for known in _SLACKS if host == known or host.endswith(f".{known}")), None)
