"""Texts on their way into Slack's mrkdwn: sanitised, cut, escaped, in this order.

Slack wants exactly &, < and > escaped (docs.slack.dev, "Formatting message text"). An ampersand
grows five-fold, and a cut after escaping could split one: so cutting comes first.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from chalicelib.cloudtrail.texts import plain

BROADCASTS = {"@here": "<!here>", "@channel": "<!channel>", "@everyone": "<!everyone>"}
MENTION = re.compile(r"<@[UW][A-Z0-9]{2,20}>|<!subteam\^S[A-Z0-9]{2,20}>")
# mrkdwn cannot escape these at a word's edge: a full-width twin looks the same and formats nothing.
_FORMATTING = str.maketrans({"*": "＊", "~": "～", "`": "ˋ"})
_SPECIAL = re.compile("[*~`_:&<>]")
_EMPHASIS = re.compile(r"(?<!\w)_|_(?!\w)")
# An ARN, an IPv6 address and a time are copied from messages: their colons stay.
_EMOJI = re.compile(
    r"arn:aws[\w-]*:[a-z0-9-]*:[a-z0-9-]*:\d*:|\b(?:[0-9A-Fa-f]{1,4}:){2,7}[0-9A-Fa-f:]*"
    r"|:(?=[\w+'-]{1,99}:)"
)


def escape(text: str) -> str:
    """The three characters that Slack takes for control sequences."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def say(text: str, limit: int) -> str:
    """A record's or rule's words as plain words: they cannot format, link or mention."""
    words = plain(text, limit)
    if not _SPECIAL.search(words):
        return words
    words = words.translate(_FORMATTING)
    words = _EMOJI.sub(lambda found: "：" if found[0] == ":" else found[0], words)
    return escape(_EMPHASIS.sub("＿", words))


def code(text: str, limit: int) -> str:
    """The text in a code span; a backtick would end it."""
    return f"`{escape(plain(text, limit).replace('`', 'ˋ'))}`"


def date(time: datetime) -> str:
    """The moment in the reader's zone, with UTC where a client cannot tell it."""
    utc = time.astimezone(UTC)
    fallback = utc.replace(tzinfo=None).isoformat(" ", "seconds")
    return f"<!date^{int(utc.timestamp())}^{{date_short_pretty}} {{time_secs}}|{fallback} UTC>"


def mention(whom: str | None) -> str:
    """Whom a rule calls, as Slack writes it; "" for nobody and for what is no mention."""
    whom = whom or ""
    if whom in BROADCASTS:
        return BROADCASTS[whom]
    return whom if MENTION.fullmatch(whom) else ""
