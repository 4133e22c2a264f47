"""Space-delimited patterns: a log line's fields, named by their order, with conditions on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.rules.filter_pattern.comparing import ORDERS, TextTest, compile_text_test
from chalicelib.rules.filter_pattern.conditions import COMPARE, NAME, NUMBER, parse_value
from chalicelib.rules.filter_pattern.limits import check_regexes
from chalicelib.rules.filter_pattern.scanner import BLANKS, Scanner
from chalicelib.rules.filter_pattern.syntax import (
    And,
    Comparison,
    Expression,
    Number,
    Operator,
    Or,
    Regex,
    Selector,
    conditions,
)

REST = "..."
# What a field of a line may stand in; else it goes up to the next blank.
CLOSING = {'"': '"', "[": "]"}
PLAIN = re.compile(r"[^ \t]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One field; its conditions are comparisons whose selector is its name alone."""

    name: str
    condition: Expression | None


@dataclass(frozen=True, slots=True)
class Columns:
    """The fields before and behind `...`; without one (`rest` is False) the last takes the rest."""

    before: tuple[Column, ...]
    behind: tuple[Column, ...]
    rest: bool

    def __iter__(self) -> Iterator[Column]:
        yield from self.before
        yield from self.behind

    def conditions(self) -> Iterator[Comparison]:
        for column in self:
            if column.condition is not None:
                yield from conditions(column.condition)


def parse_columns(text: str) -> Columns:
    """Read `[ … ]`, blanks around it allowed, or raise FilterPatternError."""
    scanner = Scanner(text, 0, len(text.rstrip(BLANKS)))
    scanner.skip_blanks()
    scanner.expect("[", 'expected "["')
    fields = list(_fields(scanner))
    scanner.skip_blanks()
    if scanner.position < scanner.end:
        raise scanner.error('expected nothing after the closing "]"')
    rest = None in fields
    split = fields.index(None) if rest else len(fields)
    before, behind = fields[:split], fields[split + 1 :]
    columns = Columns(_named(before), _named(behind), rest)
    regexes = [one.start for one in columns.conditions() if isinstance(one.value, Regex)]
    check_regexes(regexes)
    return columns


def compile_columns(columns: Columns, only: Comparison | None = None) -> TextTest:
    """A function of a log line; `only` leaves out every condition but this one."""
    tests = {
        column.name: _test(column.condition if only is None else only)
        for column in columns
        if column.condition is not None and (only is None or only.selector.text == column.name)
    }

    def test(line: str) -> bool:
        values = _bind(columns, line)
        return values is not None and all(test(values[name]) for name, test in tests.items())

    return test


def _named(fields: list[Column | None]) -> tuple[Column, ...]:
    return tuple(field for field in fields if field is not None)


def _fields(scanner: Scanner) -> Iterator[Column | None]:
    """Each field, None for `...`, up to the closing bracket."""
    names: set[str] = set()
    scanner.skip_blanks()
    if scanner.take("]"):
        return
    while True:
        scanner.skip_blanks()
        start = scanner.position
        column = None if scanner.take(REST) else _column(scanner)
        name = column.name if column else REST
        if name in names:
            raise scanner.error(f'the field "{name}" is there already; names are unique', start)
        names.add(name)
        yield column
        scanner.skip_blanks()
        if scanner.take("]"):
            return
        scanner.expect(",", 'expected "," or "]"' if column else 'expected "," or "]" after "..."')


def _column(scanner: Scanner) -> Column:
    start = scanner.position
    name = scanner.match(NAME)
    if not name:
        raise scanner.error('expected a field\'s name or "..."')
    scanner.skip_blanks()
    if scanner.peek() in (",", "]"):
        return Column(name, None)
    scanner.position = start
    return Column(name, _any_of(scanner, name))


def _any_of(scanner: Scanner, name: str) -> Expression:
    start = scanner.position
    operands = [_all_of(scanner, name)]
    while scanner.take("||"):
        operands.append(_all_of(scanner, name))
    if len(operands) == 1:
        return operands[0]
    return Or(tuple(operands), scanner.text[start : scanner.position].rstrip(BLANKS), start)


def _all_of(scanner: Scanner, name: str) -> Expression:
    start = scanner.position
    operands: list[Expression] = [_condition(scanner, name)]
    while scanner.take("&&"):
        operands.append(_condition(scanner, name))
    if len(operands) == 1:
        return operands[0]
    return And(tuple(operands), scanner.text[start : scanner.position].rstrip(BLANKS), start)


def _condition(scanner: Scanner, name: str) -> Comparison:
    scanner.skip_blanks()
    start = scanner.position
    if scanner.match(NAME) != name:
        raise scanner.error(f'expected "{name}": a field\'s conditions are on itself', start)
    scanner.skip_blanks()
    symbol = scanner.match(COMPARE)
    if not symbol:
        raise scanner.error('expected =, !=, <, <=, >, >=, "," or "]"')
    op = Operator(symbol)
    value = parse_value(scanner, op)
    text = scanner.text[start : scanner.position]
    scanner.skip_blanks()
    return Comparison(
        selector=Selector((name,), name, start), op=op, value=value, text=text, start=start
    )


def _test(expression: Expression) -> TextTest:
    if isinstance(expression, And):
        all_of = [_test(operand) for operand in expression.operands]
        return lambda field: all(test(field) for test in all_of)
    if isinstance(expression, Or):
        any_of = [_test(operand) for operand in expression.operands]
        return lambda field: any(test(field) for test in any_of)
    return _comparison(expression)


def _comparison(comparison: Comparison) -> TextTest:
    value = comparison.value
    if value is None:
        raise AssertionError(f"{comparison.op} on a field of a line")
    if comparison.op not in ORDERS or not isinstance(value, Number):
        equals, wanted = compile_text_test(value), comparison.op is Operator.EQUAL
        return lambda field: equals(field) is wanted
    compare, bound = ORDERS[comparison.op], value.number
    return lambda field: bool(NUMBER.fullmatch(field)) and compare(float(field), bound)


def _bind(columns: Columns, line: str) -> dict[str, str] | None:
    """The line's fields by name; None where the line has too few."""
    found = list(_split(line))
    before, behind = columns.before, columns.behind
    if not line or len(found) < len(before) + len(behind):
        return None
    values = {column.name: value for column, (_, value) in zip(before, found, strict=False)}
    if not columns.rest and len(found) > len(before) > 0:
        start, _ = found[len(before) - 1]
        values[before[-1].name] = line[start:].rstrip(BLANKS)
    for column, (_, value) in zip(reversed(behind), reversed(found), strict=False):
        values[column.name] = value
    return values


def _split(line: str) -> Iterator[tuple[int, str]]:
    """Where each field of the line starts, and the field without its quotes or brackets."""
    unclosed = set[str]()  # each is looked for in vain once, or a line of "[ [ [" takes for ever
    position = 0
    while found := PLAIN.search(line, position):
        start, position = found.span()
        closing = CLOSING.get(line[start])
        end = line.find(closing, start + 1) if closing and closing not in unclosed else -1
        if end >= 0:
            position = end + 1
            yield start, line[start + 1 : end]
            continue
        if closing:
            unclosed.add(closing)
        yield start, found[0]
