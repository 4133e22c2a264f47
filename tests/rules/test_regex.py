"""Regular expressions: linear whatever the text, and equal to Python's where both know them."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.rules.filter_pattern import FilterPatternError
from chalicelib.rules.filter_pattern.regex import compile_regex

ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", r"\W", "c"])
COUNTS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "{2,}"])
ROWS = st.lists(st.builds(str.__add__, ATOMS, COUNTS), max_size=4).map("".join)
EXPRESSIONS = st.builds(
    lambda rows, start, end: "|".join(start + row + end for row in rows),
    st.lists(ROWS, min_size=1, max_size=3),
    st.sampled_from(["", "^"]),
    st.sampled_from(["", "$"]),
)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(EXPRESSIONS, st.text(alphabet="abc1 ", max_size=8))
def test_a_search_finds_what_python_finds(expression: str, text: str) -> None:
    expected = re.search(expression, text, re.ASCII) is not None
    assert compile_regex(expression)(text) is expected


TEXTS = {
    "one letter": "a" * 20_000,
    "letters of a thousand scripts": "".join(map(chr, range(99, 20_099))),
}
EXPENSIVE = [".*.*.*.*x$", "a*a*a*a*a*b", "a{1,200}a{1,200}b", ".*" * 500 + r"\x01"]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("expression", EXPENSIVE, ids=lambda expression: expression[:20])
def test_no_expression_hangs_on_a_long_text(expression: str, text: str) -> None:
    search = compile_regex(expression)
    started = time.process_time()
    assert not search(text)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "expression", [r"^[\x00-\xff]$", r"^[^\x00-\xff]$", r"^\xff$", r"^\W$", "^.$"]
)
def test_characters_beyond_those_that_an_expression_can_spell_are_told_apart(
    expression: str,
) -> None:
    search = compile_regex(expression)
    for character in ("\x7f", "\xff", "\u0100", "\u0101", "世", "\U0001f600"):
        expected = re.search(expression, character, re.ASCII) is not None
        assert search(character) is expected, character


def test_counts_that_write_out_too_long_are_refused() -> None:
    with pytest.raises(FilterPatternError, match="2048"):
        compile_regex("a{2000}b{2000}")
    with pytest.raises(FilterPatternError, match="at most"):
        compile_regex("a{99999999999999999999}")
