"""Scanner: a pattern's text and how far it has been read."""

from __future__ import annotations

import re

from chalicelib.rules.filter_pattern.errors import FilterPatternError

BLANKS = " \t\r\n"


class Scanner:
    """Reads tokens by regular expressions; every error carries the place."""

    def __init__(self, text: str, position: int, end: int) -> None:
        self.text = text
        self.position = position
        self.end = end

    def skip_blanks(self) -> bool:
        """Whether there were any."""
        start = self.position
        while self.position < self.end and self.text[self.position] in BLANKS:
            self.position += 1
        return self.position > start

    def peek(self) -> str:
        """The next character; "" at the end."""
        return self.text[self.position] if self.position < self.end else ""

    def take(self, token: str) -> bool:
        if not self.text.startswith(token, self.position, self.end):
            return False
        self.position += len(token)
        return True

    def match(self, pattern: re.Pattern[str]) -> str:
        """What the expression matches here, "" where it does not."""
        found = pattern.match(self.text, self.position, self.end)
        if found is None:
            return ""
        self.position = found.end()
        return found[0]

    def expect(self, token: str, reason: str) -> None:
        if not self.take(token):
            raise self.error(reason)

    def error(self, reason: str, position: int | None = None) -> FilterPatternError:
        return FilterPatternError(reason, self.position if position is None else position)
