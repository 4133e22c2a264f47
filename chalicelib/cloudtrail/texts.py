"""Texts made fit to be read: one line, no control, direction or invisible characters, bounded."""

from __future__ import annotations

import re

# C0 and C1 controls, soft hyphen, zero-width and direction controls, line separators, fillers
# that look like a blank, tags, BOM.
_BAD = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_LINE_ENDS = re.compile(r"[\r\n\t\v\f\x85\u2028\u2029]+")
_BLANKS = re.compile(r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]{2,}")
CUT = "…"
# What stands in the place of a secret.
REDACTED = "[redacted]"


def one_line(text: str, limit: int) -> str:
    """One line of at most `limit` characters, the last being … where it was cut."""
    if text.isascii() and text.isprintable():
        text = text.strip()
        return text if len(text) <= limit else cut(text, limit)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = _BAD.sub("", _LINE_ENDS.sub(" ", text))
    return cut(_BLANKS.sub(" ", text).strip(), limit)


def two_lines(text: str, limit: int) -> list[str]:
    """The first line, and what follows it as another, each of at most `limit` characters."""
    first, _, rest = text.strip().partition("\n")
    return [line for line in (one_line(first, limit), one_line(rest, limit)) if line]


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, the last being … where it was cut."""
    return text if len(text) <= limit else text[: limit - 1] + CUT
