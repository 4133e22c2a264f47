r"""Regular expressions between %: CloudWatch's subset, in time linear in the text.

The subset has no groups, so an expression is alternatives of items in a row, each a set of
characters with a count. All ways to match are followed at once, as the bits of one integer: a
character of the text costs a handful of operations on it, whatever the expression.

Source: CloudWatch Logs user guide, "Supported regular expressions (regex) syntax". Where it is
silent: `.` is any character but \n, `$` is the very end, \d \s \w are ASCII, as in Java and RE2.
"""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.rules.filter_pattern.characters import Characters
from chalicelib.rules.filter_pattern.errors import FilterPatternError
from chalicelib.rules.filter_pattern.regex_parser import Alternative, parse_alternatives

# Counts such as {500} are written out, one bit each.
MAX_BITS = 2048
# An expression spells characters up to \xff: to all beyond, it does what it does to this one.
BEYOND = "\u0100"


class _Program:
    """One alternative after another, each a row of bits: bit i stands before item i of it.

    The last bit of a row has no item: who reaches it has matched.
    """

    __slots__ = (
        "_masks",
        "_places",
        "accepts",
        "accepts_at_end",
        "again",
        "first",
        "skips",
        "stays",
    )

    def __init__(self, alternatives: list[Alternative]) -> None:
        self.first = self.again = self.skips = self.stays = 0
        self.accepts = self.accepts_at_end = 0
        self._places: dict[Characters, int] = {}
        self._masks: dict[str, int] = {}
        bit = 0
        for alternative in alternatives:
            bit = self._add(alternative, bit)

    def _add(self, alternative: Alternative, bit: int) -> int:
        self.first |= 1 << bit
        if not alternative.at_start:
            self.again |= 1 << bit
        for item in alternative.items:
            self._places[item.characters] = self._places.get(item.characters, 0) | 1 << bit
            self.skips |= item.optional << bit
            self.stays |= item.repeats << bit
            bit += 1
        if alternative.at_end:
            self.accepts_at_end |= 1 << bit
        else:
            self.accepts |= 1 << bit
        return bit + 1

    def search(self, text: str) -> bool:
        """Whether the expression matches anywhere in the text."""
        states = self._closed(self.first)
        again = self._closed(self.again)
        for character in text:
            if states & self.accepts:
                return True
            moved = states & self._mask(character)
            states = self._closed(moved << 1 | moved & self.stays) | again
        return bool(states & (self.accepts | self.accepts_at_end))

    def _closed(self, states: int) -> int:
        """Also what follows items that may be left out.

        Adding lets a carry run through a row of them, from the lowest bit set to the bit behind
        the row; the sum then differs from `skips` exactly there or where `states` has the bit.
        """
        return states | (self.skips + (states & self.skips)) ^ self.skips

    def _mask(self, character: str) -> int:
        """The bits of the items that take the character."""
        mask = self._masks.get(character)
        return self._worked_out(min(character, BEYOND)) if mask is None else mask

    def _worked_out(self, character: str) -> int:
        mask = self._masks.get(character)
        if mask is None:
            places = self._places.items()
            mask = sum(bits for characters, bits in places if characters.contains(character))
            self._masks[character] = mask
        return mask


def compile_regex(source: str, position: int = 0) -> Callable[[str], bool]:
    """A function that searches a text, or FilterPatternError; `position` is the source's own."""
    alternatives = parse_alternatives(source, position)
    bits = sum(len(alternative.items) + 1 for alternative in alternatives)
    if bits > MAX_BITS:
        raise FilterPatternError(
            f"a regular expression may hold {MAX_BITS} characters once its counts are written out;"
            f" this one has {bits}",
            position,
        )
    return _Program(alternatives).search
