"""The parser of one condition: a selector, an operator, a value."""

from __future__ import annotations

import re

from chalicelib.rules.filter_pattern.lexemes import read_number
from chalicelib.rules.filter_pattern.regex import compile_regex
from chalicelib.rules.filter_pattern.scanner import Scanner
from chalicelib.rules.filter_pattern.syntax import (
    Child,
    Comparison,
    Number,
    Operator,
    Regex,
    Selector,
    Step,
    Text,
    Value,
)

NAME = re.compile(r"[A-Za-z0-9_-]+")
INDEX = re.compile(r"[0-9]+")
WORD = re.compile(r"[A-Za-z_]+")
COMPARE = re.compile(r"!=|<=|>=|=|<|>")
BARE = re.compile(r"[A-Za-z0-9_.+*-]+")
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
KEY = re.compile(r"""'([^']*)'|"([^"]*)\"""")

STATES = {"NULL": Operator.IS_NULL, "TRUE": Operator.IS_TRUE, "FALSE": Operator.IS_FALSE}
EQUALITY = (Operator.EQUAL, Operator.NOT_EQUAL)
# More digits than the index of any element has.
INDEX_DIGITS = 18

NAME_EXPECTED = 'expected a name, "*" or "[" (names have letters, digits, _ and -)'
OPERATOR_EXPECTED = 'expected =, !=, <, <=, >, >=, "IS" or "NOT EXISTS"'
VALUE_EXPECTED = 'expected a value: "text", a word, a number or %regex%'


def parse_condition(scanner: Scanner) -> Comparison:
    start = scanner.position
    selector = _selector(scanner)
    blanks = scanner.skip_blanks()
    op = _operator(scanner, blanks)
    value = None if op in STATES.values() or op is Operator.NOT_EXISTS else parse_value(scanner, op)
    text = scanner.text[start : scanner.position]
    return Comparison(selector=selector, op=op, value=value, text=text, start=start)


def parse_path(text: str) -> Selector:
    """The selector that a text is, all of it. Raises FilterPatternError."""
    scanner = Scanner(text, 0, len(text))
    selector = _selector(scanner)
    if scanner.position < scanner.end:
        raise scanner.error("expected nothing after the path")
    return selector


def _selector(scanner: Scanner) -> Selector:
    start = scanner.position
    scanner.expect(
        "$", f'expected a selector such as $.eventName, or "("{_not_a_selector(scanner)}'
    )
    scanner.expect(".", 'expected "." after "$": a selector begins with "$."')
    steps = [_step(scanner)]
    while True:
        if scanner.take("."):
            steps.append(_step(scanner))
        elif scanner.peek() == "[":
            steps.append(_bracket(scanner))
        else:
            break
        if steps.count(Child.ANY) > 1:
            raise scanner.error(
                "a selector may hold one wildcard; this is one more", _last(scanner)
            )
    return Selector(tuple(steps), scanner.text[start : scanner.position], start)


def _not_a_selector(scanner: Scanner) -> str:
    if scanner.peek() == "!":
        return '; there is no negation: write != or "NOT EXISTS"'
    if scanner.peek() == '"':
        return "; this is no EventBridge pattern"
    return ""


def _last(scanner: Scanner) -> int:
    """Where the wildcard stands that was just read."""
    return scanner.text.rindex("*", 0, scanner.position)


def _step(scanner: Scanner) -> Step:
    if scanner.peek() == "[":
        return _bracket(scanner)
    if scanner.take("*"):
        return Child.ANY
    name = scanner.match(NAME)
    if not name:
        raise scanner.error(NAME_EXPECTED)
    return name


def _bracket(scanner: Scanner) -> Step:
    scanner.take("[")
    step: Step
    if scanner.take("*"):
        step = Child.ANY
    elif scanner.peek() in ("'", '"'):
        step = _key(scanner)
    else:
        index = scanner.match(INDEX)
        if not index:
            raise scanner.error("expected an index from 0, * or a quoted key such as 'a.b'")
        step = _integer(index)
    scanner.expect("]", 'expected "]"')
    return step


def _key(scanner: Scanner) -> str:
    start = scanner.position
    quoted = scanner.match(KEY)
    if not quoted:
        raise scanner.error("expected the quote that closes this one", start)
    return quoted[1:-1]


def _integer(digits: str) -> int:
    # An index longer than any array is; Python refuses to read integers of thousands of digits.
    return int(digits.lstrip("0")[:INDEX_DIGITS] or "0")


def _operator(scanner: Scanner, blanks: bool) -> Operator:
    start = scanner.position
    symbol = scanner.match(COMPARE)
    if symbol:
        return Operator(symbol)
    word = scanner.match(WORD)
    if word and blanks and word == "IS":
        return STATES[_keyword(scanner, tuple(STATES), 'expected NULL, TRUE or FALSE after "IS"')]
    if word and blanks and word == "NOT":
        _keyword(scanner, ("EXISTS",), 'expected EXISTS after "NOT"')
        return Operator.NOT_EXISTS
    raise scanner.error(OPERATOR_EXPECTED + _operator_hint(word), start)


def _operator_hint(word: str) -> str:
    if word.upper() in ("IS", "NOT") and word not in ("IS", "NOT"):
        return "; keywords are written in capitals"
    if word.upper() == "EXISTS":
        return '; what exists is = * (a string or number), what does not is "NOT EXISTS"'
    if word.upper() == "LIKE":
        return "; = takes * as wildcard"
    return ""


def _keyword(scanner: Scanner, allowed: tuple[str, ...], reason: str) -> str:
    scanner.skip_blanks()
    start = scanner.position
    word = scanner.match(WORD)
    if word not in allowed:
        hint = "; keywords are written in capitals" if word.upper() in allowed else ""
        raise scanner.error(reason + hint, start)
    return word


def parse_value(scanner: Scanner, op: Operator) -> Value:
    """What stands behind the operator, blanks before it allowed."""
    scanner.skip_blanks()
    return _value(scanner) if op in EQUALITY else _number(scanner, op)


def _value(scanner: Scanner) -> Value:
    start = scanner.position
    if scanner.peek() == '"':
        return parse_quoted(scanner)
    if scanner.peek() == "%":
        return parse_regex(scanner)
    bare = scanner.match(BARE)
    if not bare:
        raise scanner.error(VALUE_EXPECTED + _value_hint(scanner))
    if bare == "null":
        raise scanner.error(f'{VALUE_EXPECTED}; null is tested with "IS NULL"', start)
    return bare_value(bare)


def bare_value(bare: str) -> Text | Number:
    return Number(bare, read_number(bare)) if NUMBER.fullmatch(bare) else Text(bare)


def parse_quoted(scanner: Scanner) -> Text:
    start = scanner.position
    quoted = scanner.match(QUOTED)
    if not quoted:
        raise scanner.error('expected the " that closes this one', start)
    return Text(unescaped(quoted[1:-1]), quoted=True)


def parse_regex(scanner: Scanner) -> Regex:
    start = scanner.position
    end = scanner.text.find("%", start + 1, scanner.end)
    if end < 0:
        raise scanner.error("expected the % that closes this one", start)
    source = scanner.text[start + 1 : end]
    compile_regex(source, start + 1)
    scanner.position = end + 1
    return Regex(source)


def unescaped(text: str) -> str:
    r"""The text between quotes: \" is a quote and \\ a backslash, any other backslash itself."""
    return re.sub(r'\\(["\\])', r"\1", text)


def _value_hint(scanner: Scanner) -> str:
    following = scanner.peek()
    if following == "'":
        return "; texts have double quotes, not single ones"
    if following == "$":
        return "; a field cannot be compared with another"
    if following == "=":
        return '; equality is a single "="'
    return ""


def _number(scanner: Scanner, op: Operator) -> Number:
    start = scanner.position
    bare = scanner.match(BARE)
    if not NUMBER.fullmatch(bare):
        raise scanner.error(f"expected a number without quotes after {op.value}", start)
    return Number(bare, read_number(bare))
