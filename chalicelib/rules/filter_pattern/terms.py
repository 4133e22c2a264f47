"""Term patterns: words that a log line must hold, must not hold, or may hold one of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chalicelib.rules.filter_pattern.comparing import TextTest
from chalicelib.rules.filter_pattern.conditions import parse_quoted, parse_regex
from chalicelib.rules.filter_pattern.limits import check_regexes
from chalicelib.rules.filter_pattern.regex import compile_regex
from chalicelib.rules.filter_pattern.scanner import BLANKS, Scanner
from chalicelib.rules.filter_pattern.syntax import Regex, Text

WORD = re.compile(r"[A-Za-z0-9_]+")

TERM_EXPECTED = 'expected a word of letters, digits and _, or "text" or %regex%'
TERM_ENDED = 'expected a blank; a term with other characters than letters, digits and _ needs "…"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """`sign` is "" (must occur), "-" (must not) or "?" (any of these)."""

    sign: str
    value: Text | Regex
    text: str
    start: int


def parse_terms(text: str) -> tuple[Term, ...]:
    """Read a term pattern, or raise FilterPatternError."""
    scanner = Scanner(text, 0, len(text.rstrip(BLANKS)))
    scanner.skip_blanks()
    terms = []
    while scanner.position < scanner.end:
        terms.append(_term(scanner))
        if not scanner.skip_blanks() and scanner.position < scanner.end:
            raise scanner.error(TERM_ENDED)
    check_regexes([term.start for term in terms if isinstance(term.value, Regex)])
    return tuple(terms)


def compile_terms(terms: tuple[Term, ...]) -> TextTest:
    """A function of a log line. Optional terms count only where there are no others."""
    tests = [compile_term(term) for term in terms if term.sign != "?"]
    if tests:
        return lambda line: all(test(line) for test in tests)
    optional = [compile_term(term) for term in terms]
    return lambda line: any(test(line) for test in optional)


def compile_term(term: Term) -> TextTest:
    """A function of a log line: whether it holds the term, for `-` whether it does not."""
    wanted = term.sign != "-"
    if isinstance(term.value, Regex):
        search = compile_regex(term.value.text)
        return lambda line: search(line) is wanted
    word = term.value.text
    return lambda line: (word in line) is wanted


def _term(scanner: Scanner) -> Term:
    start = scanner.position
    sign = scanner.peek() if scanner.peek() in "-?" else ""
    scanner.take(sign)
    value = _value(scanner)
    text = scanner.text[start : scanner.position]
    return Term(sign=sign, value=value, text=text, start=start)


def _value(scanner: Scanner) -> Text | Regex:
    if scanner.peek() == "%":
        return parse_regex(scanner)
    if scanner.peek() == '"':
        return parse_quoted(scanner)
    word = scanner.match(WORD)
    if not word:
        raise scanner.error(TERM_EXPECTED)
    return Text(word)
