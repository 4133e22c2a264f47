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


def prose(text: str, limit: int) -> str:
    """A rule's own prose: what stands between two backticks is code, all else plain words. The
    backticks do not count as characters that are cut.
    """
    found, left = [], limit
    for place, piece in enumerate(_within(text, limit).split("`")):
        is_code = place % 2 == 1
        if piece and left > 0:
            found.append((code if is_code and _closes(text, place) else say)(piece, left))
        left -= len(piece)
    return "".join(found)


def _closes(text: str, place: int) -> bool:
    """Whether the piece behind so many backticks has one at its end, uncut or cut."""
    return text.count("`") > place


def date(time: datetime) -> str:
    """The moment in the reader's zone, with UTC where a client cannot tell it."""
    fallback = _utc(time).isoformat(" ", "seconds")
    return _in_zone(time, "{date_short_pretty} {time_secs}", fallback)


def moment(time: datetime) -> str:
    """The day and the minute alone."""
    return _in_zone(time, "{date_short_pretty} {time}", f"{_utc(time):%Y-%m-%d %H:%M}")


def minute(time: datetime) -> str:
    """The minute alone, of a day that is known."""
    return _in_zone(time, "{time}", f"{_utc(time):%H:%M}")


def mention(whom: str | None) -> str:
    """Whom a rule calls, as Slack writes it; "" for nobody and for what is no mention."""
    whom = whom or ""
    if whom in BROADCASTS:
        return f"<!{whom.removeprefix('@')}>"
    return whom if MENTION.fullmatch(whom) else ""


def _in_zone(time: datetime, form: str, fallback: str) -> str:
    """Source: docs.slack.dev, "Date formatting"."""
    return f"<!date^{int(time.timestamp())}^{form}|{fallback} UTC>"


def _utc(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(tzinfo=None)


def _within(text: str, limit: int) -> str:
    """A clean line, at most so long. One that was cut before may hold blanks in a row: see
    one_line, which leaves them only in ASCII.
    """
    if text.endswith(CUT):
        return one_line(text, limit)
    return cut(text, limit) if len(text) > limit else text
