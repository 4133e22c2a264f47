"""Sets of characters, as a regular expression names them: one, a class, a range."""

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[str, str]

DIGIT: tuple[Range, ...] = (("0", "9"),)
BLANK: tuple[Range, ...] = (("\t", "\r"), (" ", " "))
WORD: tuple[Range, ...] = (("a", "z"), ("A", "Z"), ("0", "9"), ("_", "_"))


@dataclass(frozen=True, slots=True)
class Characters:
    """A set of characters: within the ranges or within one of the excepted sets' complements."""

    ranges: tuple[Range, ...] = ()
    outside: tuple[tuple[Range, ...], ...] = ()
    negated: bool = False

    def contains(self, character: str) -> bool:
        found = _within(character, self.ranges) or any(
            not _within(character, ranges) for ranges in self.outside
        )
        return found is not self.negated

    @property
    def single(self) -> str:
        """The one character that is listed; "" where it is none or many."""
        if len(self.ranges) == 1 and self.ranges[0][0] == self.ranges[0][1]:
            return self.ranges[0][0]
        return ""

    def with_also(self, other: Characters) -> Characters:
        """What is in either, not negated."""
        return Characters(self.ranges + other.ranges, self.outside + other.outside)


CLASSES = {
    "d": Characters(DIGIT),
    "D": Characters(outside=(DIGIT,)),
    "s": Characters(BLANK),
    "S": Characters(outside=(BLANK,)),
    "w": Characters(WORD),
    "W": Characters(outside=(WORD,)),
}
ANY = Characters((("\n", "\n"),), negated=True)


def _within(character: str, ranges: tuple[Range, ...]) -> bool:
    return any(low <= character <= high for low, high in ranges)
