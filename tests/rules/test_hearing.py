"""Which rules a changed subscription filter keeps records from, and which nobody can tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules.filter_pattern import compile_pattern
from chalicelib.rules.hearing import Unheard, unheard
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.subscription import MAX_CHARACTERS, NOTHING
from tests.rules import derived
from tests.rules.derived import RULES

DERIVED = derived.DERIVED.pattern


def a_rule(rule_id: str, pattern: str, *exceptions: str) -> Rule:
    return Rule(
        id=rule_id, title="t", severity=Severity.LOW, pattern=pattern, exceptions=exceptions
    )


STOPPED = a_rule("stopped", '{ $.eventName = "StopLogging" }')
ROOT = a_rule("root", '{ $.userIdentity.type = "Root" }')


def test_the_derived_filter_and_whatever_is_wider_keep_nothing_from_any_rule() -> None:
    wider = f'{DERIVED[:-1]}||($.eventName="GetObject")}}'
    assert [unheard(RULES, pattern) for pattern in (DERIVED, wider, "", " ")] == [Unheard()] * 4


def test_a_filter_that_nothing_passes_leaves_no_rule_out() -> None:
    found = unheard(RULES, NOTHING)
    assert {*found.deaf, *found.maybe} == {rule.id for rule in RULES if not rule.is_sequence}
    assert "trail-stopped" in found.deaf


def test_a_rule_is_deaf_where_the_filter_leaves_out_what_it_names() -> None:
    narrowed = '{ ($.eventName != "StopLogging") && ($.readOnly IS FALSE) }'
    assert unheard([STOPPED, ROOT], narrowed).deaf == ("stopped", "root")


@pytest.mark.parametrize(
    "pattern",
    [
        '{ $.eventName = "Stop*" }',
        '{ $.eventName != "Get*" }',
        '{ ($.eventName = "StopLogging") || ($.eventName = "DeleteTrail") }',
        '{ ($.eventName != "Get*") && ($.eventName != "DeleteTrail") }',
    ],
)
def test_a_rule_hears_where_the_filter_surely_lets_its_name_through(pattern: str) -> None:
    assert unheard([STOPPED], pattern) == Unheard()


@pytest.mark.parametrize(
    "pattern",
    ['{ $.eventName = "S*Logging" }', "{ $.eventName = %StopLogging% }", '"StopLogging"', "{ $.x"],
)
def test_where_nothing_is_proved_a_rule_may_be_deaf(pattern: str) -> None:
    assert unheard([STOPPED], pattern) == Unheard(maybe=("stopped",))


def test_what_a_rules_exceptions_leave_out_makes_it_no_deafer() -> None:
    excepted = a_rule("root", ROOT.pattern, '{ $.eventName != "CreateUser" }')
    assert unheard([excepted], '{ $.eventName = "CreateUser" }').deaf == ()


NAMES = st.sampled_from(["StopLogging", "Stop*", "GetUser", "Get*", "*", "Create*User", "AB"])
CONDITIONS = st.builds(
    "($.{} {} {})".format,
    st.sampled_from(["eventName", "eventSource", "items[*].name"]),
    st.sampled_from(["=", "!="]),
    NAMES.map('"{}"'.format),
)
PATTERNS = st.recursive(
    CONDITIONS,
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["&&", "||"]), inner),
    max_leaves=5,
).map("{{ {} }}".format)
TEXTS = st.sampled_from(["StopLogging", "StopIt", "GetUser", "CreateUser", "CreateAUser", "AB"])
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "eventName": TEXTS | st.none(),
        "eventSource": TEXTS,
        "items": st.lists(st.fixed_dictionaries({"name": TEXTS}), max_size=2),
    },
)


@given(PATTERNS, PATTERNS, st.lists(RECORDS, max_size=20))
def test_a_rule_that_is_said_to_hear_misses_no_record(
    wanted: str, present: str, records: list[dict[str, object]]
) -> None:
    if max(map(len, (wanted, present))) > MAX_CHARACTERS:
        return
    if unheard([a_rule("one", wanted)], present) == Unheard():
        rule, passes = compile_pattern(wanted), compile_pattern(present)
        assert not [r for r in records if rule.matches_record(r) and not passes.matches_record(r)]
