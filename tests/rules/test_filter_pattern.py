"""The filter pattern language: what hostile texts and records do to it, and what its parts give."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.rules.filter_pattern import (
    And,
    Child,
    Comparison,
    FilterPatternError,
    Number,
    Operator,
    Or,
    Regex,
    Text,
    compile_pattern,
    conditions,
    explain,
)

TOKENS = st.sampled_from(
    [
        *(
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            "&&",
            "||",
            "=",
            "!=",
            "<",
            ">=",
            " ",
            "\n",
            "$.",
            "$",
            ".",
        ),
        *("$.a", "$.a.b", "$.a[0]", "$.a[*]", "$.*", "$.['a b']", "*", "a", "ab*", '"', '"a"', "1"),
        *("1.50", "1e0", "IS", "NULL", "TRUE", "NOT", "EXISTS", "%", "%a.*b%", "%[%", "\\", "'"),
        *("...", "-", "?", ",", "é", "\x00", "null", "{2,3}", "^", "+"),
    ]
)
SCALARS = st.sampled_from(
    [None, True, False, "", "a", "ab", "1", "1.50", 0, 1, -1, 1.5, -0.0, 1e300, 10**30, "\ud800"]
)
RECORDS = st.recursive(
    SCALARS,
    lambda children: st.one_of(
        st.lists(children, max_size=3),
        st.dictionaries(st.sampled_from(["a", "b", "a b", "0", ""]), children, max_size=3),
    ),
    max_leaves=8,
)


def position_of_error(text: str) -> int | None:
    try:
        compile_pattern(text)
    except FilterPatternError as error:
        return error.position
    return None


def compiles(text: str) -> bool:
    return position_of_error(text) is None


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(TOKENS, max_size=14).map("".join)))
def test_no_text_raises_anything_but_a_filter_pattern_error(text: str) -> None:
    for pattern in (text, "{" + text + "}"):
        position = position_of_error(pattern)
        assert position is None or 0 <= position <= len(pattern)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.lists(TOKENS, max_size=6).map(" ".join), RECORDS)
def test_no_record_makes_matches_raise(value: str, record: Any) -> None:
    patterns = [
        f"{{ $.a {value} }}",
        "{ $.a = *1* || $.b[*] != 1.50 }",
        "{ $.a[0] IS NULL }",
        value,
    ]
    for pattern in filter(compiles, patterns):
        matcher = compile_pattern(pattern)
        assert matcher.matches(record) in (True, False)
        assert matcher.matches(json.dumps(record)) in (True, False)
        assert matcher.matches(str(record)) in (True, False)


def test_parentheses_may_nest_as_deep_as_a_pattern_is_long() -> None:
    text = "{" + "(" * 508 + "$.a=b" + ")" * 508 + "}"
    assert compile_pattern(text).matches({"a": "b"})


def test_operators_may_nest_as_deep_as_a_pattern_is_long() -> None:
    text = "{" + "$.a=b&&($.c=d||(" * 56 + "$.a=b" + "))" * 56 + "}"
    assert 1000 < len(text) <= 1024
    assert compile_pattern(text).matches({"a": "b", "c": "e"})
    assert not compile_pattern(text).matches({"a": "c", "c": "d"})


def test_unclosed_parentheses_are_told_however_many_there_are() -> None:
    with pytest.raises(FilterPatternError, match="is still open"):
        compile_pattern("{" + "(" * 500 + "$.a=b}")


def test_json_nested_too_deeply_to_be_read_matches_nothing() -> None:
    text = '{"a":' * 100_000 + "1" + "}" * 100_000
    assert not compile_pattern("{ $.b NOT EXISTS }").matches(text)


def test_an_object_nested_deeper_than_python_recurses_is_matched() -> None:
    record: dict[str, Any] = {"b": "x"}
    for _ in range(100_000):
        record = {"a": record}
    assert compile_pattern("{ $.a.a.a NOT EXISTS || $.a.a.b NOT EXISTS }").matches(record)


def test_a_pattern_of_1024_characters_compiles_and_one_more_does_not() -> None:
    longest = '{ $.a = "' + "x" * (1024 - 12) + '" }'
    assert len(longest) == 1024
    assert compile_pattern(longest).matches({"a": "x" * 1012})
    with pytest.raises(FilterPatternError, match="1024") as caught:
        compile_pattern(longest.replace("x", "xx", 1))
    assert caught.value.position == 1024


def test_blanks_around_a_pattern_do_not_count() -> None:
    assert compile_pattern("\n {$.a=" + "x" * (1024 - 6) + "}\n").matches({"a": "x" * 1018})


def test_an_error_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(FilterPatternError("expected a value", 7)))
    assert (error.position, error.reason) == (7, "expected a value")


def test_an_expression_says_what_the_pattern_says() -> None:
    text = '{ ($.a.b[0].* = "x*") && ($.c != %^y% || $.d >= 1.5) }'
    expression = compile_pattern(text).expression
    assert isinstance(expression, And)
    first, second = expression.operands
    assert isinstance(first, Comparison)
    assert first.selector.steps == ("a", "b", 0, Child.ANY)
    assert first.value == Text("x*", quoted=True)
    assert isinstance(second, Or)
    regex, number = conditions(second)
    assert (regex.op, regex.value) == (Operator.NOT_EQUAL, Regex("^y"))
    assert (number.op, number.value) == (Operator.GREATER_OR_EQUAL, Number("1.5", 1.5))


def test_every_node_gives_back_its_source_text() -> None:
    text = "{ ($.a = b)  &&  ($.c IS NULL || $.d NOT EXISTS) }"
    expression = compile_pattern(text).expression
    assert isinstance(expression, And)
    nodes = [expression, *expression.operands, *conditions(expression)]
    assert [node.text for node in nodes] == [
        "($.a = b)  &&  ($.c IS NULL || $.d NOT EXISTS)",
        "$.a = b",
        "$.c IS NULL || $.d NOT EXISTS",
        "$.a = b",
        "$.c IS NULL",
        "$.d NOT EXISTS",
    ]
    assert all(text.startswith(node.text, node.start) for node in nodes)
    assert [condition.selector.text for condition in conditions(expression)] == [
        "$.a",
        "$.c",
        "$.d",
    ]


@pytest.mark.parametrize(
    ("pattern", "text", "verdicts"),
    [
        ('{ $.a = 1 && ($.b = "1" || $.c NOT EXISTS) }', '{"a":1.0,"b":1.0}', [True, False, True]),
        ("ERROR -WARN %[0-9]%", '{"a":"ERROR 7"}', [True, True, True]),
        ("[a=x*, b!=y]", "xx y", [True, False]),
        ("", "{}", []),
    ],
)
def test_each_condition_is_explained(pattern: str, text: str, verdicts: list[bool]) -> None:
    try:
        raw = json.loads(text)
    except ValueError:
        raw = {}
    assert [held for _, held in explain(compile_pattern(pattern), raw, text)] == verdicts


def test_a_record_parsed_already_compares_by_its_text_where_there_is_one() -> None:
    pattern = compile_pattern('{ $.a = "1.50" }')
    assert pattern.matches_record({"a": 1.5}, '{"a": 1.50}')
    assert not pattern.matches_record({"a": 1.5})


def test_a_line_of_unclosed_brackets_is_split_in_time_linear_in_it() -> None:
    assert compile_pattern("[a, ..., b=x]").matches("[ " * 50_000 + '" ' * 50_001 + "x")


@pytest.mark.parametrize("number", [2**64, 10**29 + 1, 10**400, -(10**400)])
def test_an_integer_too_large_for_64_bits_compares_alike_from_text_and_from_a_dict(
    number: int,
) -> None:
    for condition in (f"= {number}", f"> {number}", f">= {number}", "< 0", "> 1.5"):
        pattern = compile_pattern(f"{{ $.a {condition} }}")
        assert pattern.matches({"a": number}) == pattern.matches(f'{{"a":{number}}}'), condition
