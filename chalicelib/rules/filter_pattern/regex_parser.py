"""The parser of CloudWatch's regular expressions: alternatives of items in a row."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from chalicelib.rules.filter_pattern.characters import ANY, CLASSES, Characters
from chalicelib.rules.filter_pattern.errors import FilterPatternError
from chalicelib.rules.filter_pattern.scanner import Scanner

LITERAL = re.compile(r"[A-Za-z0-9:_#=@/;, -]")
HEX = re.compile(r"x[0-9A-Fa-f]{2}")
COUNT = re.compile(r"\{([0-9]*)(?:(,)([0-9]*))?\}")
OPERATORS = "^$?[]{}|\\*+."
ESCAPABLE = OPERATORS + ":_#=@/;,- "
# More would be refused anyway: an expression is written out, and may have 2,048 characters then.
MAX_COUNT = 2048

ALLOWED = (
    r"letters, digits, : _ # = @ / ; , - blank, the operators ^ $ ? [ ] { } | \ * + . and \xhh"
)


@dataclass(frozen=True, slots=True)
class Item:
    """One character of a set; `optional`: or none, `repeats`: or more."""

    characters: Characters
    optional: bool = False
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Alternative:
    """Items in a row, held to the text's start or end where an anchor says so."""

    items: tuple[Item, ...]
    at_start: bool
    at_end: bool


@dataclass(frozen=True, slots=True)
class _Anchor:
    character: str


def parse_alternatives(source: str, position: int) -> list[Alternative]:
    """The alternatives that can match at all. `position` is where the source starts."""
    scanner = _RegexScanner(source, position)
    found = [_alternative(_row(scanner))]
    while scanner.take("|"):
        found.append(_alternative(_row(scanner)))
    return [alternative for alternative in found if alternative is not None]


class _RegexScanner(Scanner):
    """Errors count from the pattern's start, not from the expression's."""

    def __init__(self, source: str, offset: int) -> None:
        super().__init__(source, 0, len(source))
        self.offset = offset

    def error(self, reason: str, position: int | None = None) -> FilterPatternError:
        place = self.position if position is None else position
        return FilterPatternError(reason, self.offset + place)


def _row(scanner: Scanner) -> list[Item | _Anchor]:
    """Up to the next | or the end."""
    row: list[Item | _Anchor] = []
    while scanner.peek() not in ("", "|"):
        if scanner.peek() in "^$":
            row.append(_Anchor(scanner.peek()))
            scanner.position += 1
            _refuse_quantifier(scanner, "an anchor cannot be repeated")
            continue
        characters = _characters(scanner)
        row += _counted(scanner, characters)
    return row


def _alternative(row: list[Item | _Anchor]) -> Alternative | None:
    """None where it can never match: a character before ^ or after $."""
    start = max((i for i, one in enumerate(row) if one == _Anchor("^")), default=-1)
    end = min((i for i, one in enumerate(row) if one == _Anchor("$")), default=len(row))
    items = [(i, one) for i, one in enumerate(row) if isinstance(one, Item)]
    if any(not item.optional for i, item in items if i < start or i > end):
        return None
    kept = tuple(item for i, item in items if start < i < end)
    return Alternative(kept, at_start=start >= 0, at_end=end < len(row))


def _characters(scanner: Scanner) -> Characters:
    character = scanner.match(LITERAL)
    if character:
        return Characters(((character, character),))
    if scanner.take("."):
        return ANY
    if scanner.peek() == "\\":
        return _escape(scanner)
    if scanner.peek() == "[":
        return _class(scanner)
    if scanner.peek() in "*+?{":
        raise scanner.error(f'there is nothing that "{scanner.peek()}" could repeat')
    if scanner.peek() in "]}":
        raise scanner.error(f'"{scanner.peek()}" closes nothing: write \\{scanner.peek()}')
    if scanner.peek() in "()":
        raise scanner.error("a regular expression has no groups here")
    raise scanner.error(f"a regular expression may hold {ALLOWED}")


def _escape(scanner: Scanner) -> Characters:
    start = scanner.position
    scanner.take("\\")
    code = scanner.match(HEX)
    if code:
        character = chr(int(code[1:], 16))
        return Characters(((character, character),))
    following = scanner.peek()
    if following and following in ESCAPABLE:
        scanner.position += 1
        return Characters(((following, following),))
    if following in CLASSES:
        scanner.position += 1
        return CLASSES[following]
    raise scanner.error(r"after \ may stand an operator, d, D, s, S, w, W or xhh", start)


def _class(scanner: Scanner) -> Characters:
    start = scanner.position
    scanner.take("[")
    negated = scanner.take("^")
    found = Characters()
    empty = True
    while not scanner.take("]"):
        if not scanner.peek():
            raise scanner.error("expected the ] that closes this [", start)
        found = found.with_also(_range(scanner))
        empty = False
    if empty:
        raise scanner.error("a class needs a character: write \\] for the bracket", start)
    return replace(found, negated=negated)


def _range(scanner: Scanner) -> Characters:
    start = scanner.position
    low = _class_member(scanner)
    if scanner.text[scanner.position + 1 : scanner.position + 2] == "]" or not scanner.take("-"):
        return low
    high = _class_member(scanner)
    first, last = low.single, high.single
    if not first or not last or first > last:
        raise scanner.error("expected a range that ascends, such as a-z", start)
    return Characters(((first, last),))


def _class_member(scanner: Scanner) -> Characters:
    if scanner.peek() == "\\":
        return _escape(scanner)
    if scanner.peek() == "[":
        raise scanner.error("within a class write \\[ for the bracket")
    character = scanner.match(LITERAL)
    if not character and scanner.peek() in OPERATORS:
        character = scanner.peek()
        scanner.position += 1
    if not character:
        raise scanner.error(f"a class may hold {ALLOWED}")
    return Characters(((character, character),))


def _counted(scanner: Scanner, characters: Characters) -> list[Item]:
    least, most = _quantifier(scanner)
    scanner.take("?")  # lazy or greedy decides where a match ends, not whether there is one
    _refuse_quantifier(scanner, "what is repeated cannot be repeated again")
    required = [Item(characters)] * least
    if most is None:
        return [*required, Item(characters, optional=True, repeats=True)]
    return required + [Item(characters, optional=True)] * (most - least)


def _quantifier(scanner: Scanner) -> tuple[int, int | None]:
    if scanner.take("*"):
        return 0, None
    if scanner.take("+"):
        return 1, None
    if scanner.take("?"):
        return 0, 1
    return _count(scanner) if scanner.peek() == "{" else (1, 1)


def _count(scanner: Scanner) -> tuple[int, int | None]:
    start = scanner.position
    found = COUNT.fullmatch(scanner.match(COUNT))
    if found is None or not (found[1] or found[3]):
        raise scanner.error("expected a count such as {3}, {1,3}, {1,} or {,3}", start)
    least = _bounded(found[1] or "0")
    most = _bounded(found[3]) if found[3] else None if found[2] else least
    if most is not None and most < least:
        raise scanner.error("expected a count whose second number is the larger", start)
    if max(least, most or 0) > MAX_COUNT:
        raise scanner.error(f"a count may be at most {MAX_COUNT}", start)
    return least, most


def _bounded(digits: str) -> int:
    # Python refuses to read integers of thousands of digits.
    return int(digits) if len(digits.lstrip("0")) <= 6 else MAX_COUNT + 1


def _refuse_quantifier(scanner: Scanner, reason: str) -> None:
    if scanner.peek() and scanner.peek() in "*+?{":
        raise scanner.error(reason)
