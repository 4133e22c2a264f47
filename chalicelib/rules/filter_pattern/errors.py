"""FilterPatternError: why a text is no filter pattern, and where."""

from __future__ import annotations


class FilterPatternError(ValueError):
    """A text that the language does not allow.

    `position` counts characters from 0 at the text's start (its length: at the end); `reason`
    says what is allowed there.
    """

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(f"{reason} (at character {position})")
        self.reason = reason
        self.position = position

    def __reduce__(self) -> tuple[type[FilterPatternError], tuple[str, int]]:
        return type(self), (self.reason, self.position)
