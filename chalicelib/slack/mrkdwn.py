"""Texts on their way into Slack's mrkdwn: cut, then escaped. They are clean lines already.

Slack wants exactly &, < and > escaped (docs.slack.dev, "Formatting message text"). An ampersand
grows five-fold, and a cut after escaping could split one: so cutting comes first. An alert's texts
are one line each; any other text passes one_line on its way here.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from chalicelib.cloudtrail.texts import CUT, cut, one_line
from chalicelib.rules.destinations import BROADCASTS, MENTION

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
    words = _within(text, limit)
    if not _SPECIAL.search(words):
        return words
    words = words.translate(_FORMATTING)
    words = _EMOJI.sub(lambda found: "：" if found[0] == ":" else found[0], words)
    return escape(_EMPHASIS.sub("＿", words))


def code(text: str, limit: int) -> str:
    """The text in a code span; a backtick would end it."""
    return f"`{escape(_within(text, limit).replace('`', 'ˋ'))}`"


def date(time: datetime) -> str:
    """The moment in the reader's zone, with UTC where a client cannot tell it."""
    utc = time.astimezone(UTC)
    fallback = utc.replace(tzinfo=None).isoformat(" ", "seconds")
    return f"<!date^{int(utc.timestamp())}^{{date_short_pretty}} {{time_secs}}|{fallback} UTC>"


def mention(whom: str | None) -> str:
    """Whom a rule calls, as Slack writes it; "" for nobody and for what is no mention."""
    whom = whom or ""
    if whom in BROADCASTS:
        return f"<!{whom.removeprefix('@')}>"
    return whom if MENTION.fullmatch(whom) else ""


def _within(text: str, limit: int) -> str:
    """A clean line, at most so long. One that was cut before may hold blanks in a row: see
    one_line, which leaves them only in ASCII.
    """
    if text.endswith(CUT):
        return one_line(text, limit)
    return cut(text, limit) if len(text) > limit else text
