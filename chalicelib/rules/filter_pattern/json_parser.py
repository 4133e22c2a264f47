"""The parser of JSON patterns: text in, expression out. It never recurses."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.rules.filter_pattern.conditions import parse_condition
from chalicelib.rules.filter_pattern.limits import check_regexes, check_wildcards
from chalicelib.rules.filter_pattern.scanner import BLANKS, Scanner
from chalicelib.rules.filter_pattern.syntax import (
    And,
    Expression,
    Or,
    Regex,
    conditions,
)


@dataclass(frozen=True, slots=True)
class _Operand:
    """An expression and where it stands, its parentheses included."""

    expression: Expression
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Group:
    """What stands between one pair of parentheses so far: an || of &&."""

    start: int
    alternatives: list[list[_Operand]] = field(default_factory=lambda: [[]])


def parse_json_pattern(text: str) -> Expression:
    """Read `{ … }`, blanks around it allowed, or raise FilterPatternError."""
    scanner = Scanner(text, 0, len(text.rstrip(BLANKS)))
    scanner.skip_blanks()
    scanner.expect("{", 'expected "{"')
    expression = _parse_expression(scanner)
    scanner.expect("}", 'expected "&&", "||" or "}"')
    scanner.skip_blanks()
    if scanner.position < scanner.end:
        raise scanner.error('expected nothing after the closing "}"')
    _check_limits(expression)
    return expression


def _parse_expression(scanner: Scanner) -> Expression:
    """Up to the closing brace. Open parentheses lie on a stack of our own, not on Python's."""
    groups = [_Group(scanner.position)]
    while True:
        scanner.skip_blanks()
        start = scanner.position
        if scanner.take("("):
            groups.append(_Group(start))
            continue
        condition = parse_condition(scanner)
        groups[-1].alternatives[-1].append(_Operand(condition, start, scanner.position))
        _close(scanner, groups)
        if not _join(scanner, groups):
            return _any_of(scanner, groups[0]).expression


def _close(scanner: Scanner, groups: list[_Group]) -> None:
    """Take every closing parenthesis that stands here."""
    scanner.skip_blanks()
    while len(groups) > 1 and scanner.take(")"):
        group = groups.pop()
        inner = _any_of(scanner, group).expression
        groups[-1].alternatives[-1].append(_Operand(inner, group.start, scanner.position))
        scanner.skip_blanks()


def _join(scanner: Scanner, groups: list[_Group]) -> bool:
    """Take && or ||; False before the closing brace."""
    if scanner.take("&&"):
        return True
    if scanner.take("||"):
        groups[-1].alternatives.append([])
        return True
    if len(groups) == 1 and scanner.peek() == "}":
        return False
    closing = '")"' if len(groups) > 1 else '"}"'
    raise scanner.error(f'expected "&&", "||" or {closing}{_hint(scanner, groups)}')


def _hint(scanner: Scanner, groups: list[_Group]) -> str:
    following = scanner.peek()
    if not following or following == "}":
        return f': the "(" at {groups[-1].start} is still open' if len(groups) > 1 else ""
    if following == ")":
        return ": no parenthesis is open here"
    if following == "(" or following == "$":
        return ": two conditions need one of them in between"
    return ": a value needs double quotes where it has more than letters, digits and _ - . + *"


def _any_of(scanner: Scanner, group: _Group) -> _Operand:
    alternatives = [_joined(scanner, And, operands) for operands in group.alternatives]
    return _joined(scanner, Or, alternatives)


def _joined(scanner: Scanner, kind: type[And] | type[Or], operands: list[_Operand]) -> _Operand:
    first, last = operands[0], operands[-1]
    if first is last:
        return first
    text = scanner.text[first.start : last.end]
    expressions = tuple(operand.expression for operand in operands)
    return _Operand(kind(expressions, text, first.start), first.start, last.end)


def _check_limits(expression: Expression) -> None:
    found = list(conditions(expression))
    check_wildcards([one.selector.start for one in found if one.selector.wildcards])
    check_regexes([one.start for one in found if isinstance(one.value, Regex)])
