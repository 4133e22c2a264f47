"""Links out: to the Slack message of a post."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit

from chalicelib.alerts.post import Post

_SLACKS = ("slack.com", "slack-gov.com")
_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{2,}", re.ASCII)
_TS = re.compile(r"\d+\.\d+", re.ASCII)


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
