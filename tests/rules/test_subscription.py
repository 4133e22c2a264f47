"""The derived subscription filter: as narrow as can be proved, never narrower."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.filter_pattern import compile_pattern
from chalicelib.rules.loaded import SUCCESSFUL_READS, LoadedRules
from chalicelib.rules.loading import load
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.rule_file import parse
from chalicelib.rules.ruleset import Ruleset
from chalicelib.rules.subscription import MAX_CHARACTERS, Rung, derive
from cli.rule_examples import examples
from tests.events import cloudtrail
from tests.rules.derived import DERIVED as DEFAULT

LOADED = load(load_defaults()[0], [])


def a_rule(rule_id: str, pattern: str, *exceptions: str) -> Rule:
    return Rule(
        id=rule_id, title="t", severity=Severity.LOW, pattern=pattern, exceptions=exceptions
    )


def long_rules(*rules: Rule) -> list[Rule]:
    """These rules after so many changes that the exact OR does not fit."""
    names = [f"Delete{'Something' * 30}{number}" for number in range(5)]
    return [*(a_rule(f"r{n}", f'{{ $.eventName = "{n}" }}') for n in names), *rules]


def test_the_same_rules_are_derived_from_once_and_others_anew() -> None:
    rules = long_rules()
    assert derive(rules) is derive([*rules])
    assert derive([*rules, a_rule("a", '{ $.eventName = "GetSecretValue" }')]) != derive(rules)


def test_few_rules_are_the_filter_themselves() -> None:
    derived = derive(
        [
            a_rule("a", '{ $.eventName = "StopLogging" && $.awsRegion = "eu-*" }'),
            a_rule("b", "{ ($.x[*] = 1) || ($.y NOT EXISTS) }", '{ $.z = "q" }'),
        ]
    )
    assert derived.rung is Rung.EXACT
    assert derived.pattern == (
        '{(($.eventName="StopLogging")&&($.awsRegion="eu-*"))||(($.x[*]=1)||($.y NOT EXISTS))}'
    )
    assert derived.forced_by is None


def test_no_rules_at_all_make_a_filter_that_nothing_passes() -> None:
    derived = derive([])
    assert derived.rung is Rung.EXACT
    passes = compile_pattern(derived.pattern).matches
    assert not any(passes(record) for record in RECORDS)
    assert not passes({"eventName": ""})


def test_a_quoted_value_keeps_its_quotes_and_escapes() -> None:
    pattern = '{ $.a = "say \\"hi\\" \\\\ 1" }'
    assert derive([a_rule("a", pattern)]).pattern == '{($.a="say \\"hi\\" \\\\ 1")}'


def test_a_number_and_the_same_number_in_quotes_stay_apart() -> None:
    assert derive([a_rule("a", '{ $.a = 22 || $.a = "22" }')]).pattern == '{(($.a=22)||($.a="22"))}'


def test_the_default_rules_are_narrowed_and_the_rule_that_forced_it_is_named() -> None:
    assert DEFAULT.rung is Rung.NARROWED
    assert DEFAULT.forced_by in {rule.id for rule in LOADED.rules}
    assert len(DEFAULT.pattern) <= MAX_CHARACTERS


def test_the_narrowed_filter_leaves_room_for_reads_of_the_user_s_own() -> None:
    assert len(DEFAULT.pattern) <= MAX_CHARACTERS - 200


def test_more_wildcard_selectors_than_the_service_takes_force_the_next_rung() -> None:
    rules = [a_rule(f"r{n}", f'{{ $.a{n}[*] = "x" && $.eventName = "Put{n}" }}') for n in range(4)]
    derived = derive(rules)
    assert (derived.rung, derived.forced_by) == (Rung.NARROWED, "r3")


def test_more_regexes_than_the_service_takes_force_the_next_rung() -> None:
    rules = [a_rule(f"r{n}", f'{{ $.a = %x{n}% && $.eventName = "Put{n}" }}') for n in range(3)]
    derived = derive(rules)
    assert (derived.rung, derived.forced_by) == (Rung.NARROWED, "r2")


def test_a_read_that_a_rule_names_passes_the_narrowed_filter() -> None:
    derived = derive(long_rules(a_rule("secret", '{ $.eventName = "GetSecretValue" }')))
    assert derived.rung is Rung.NARROWED
    assert '($.eventName="GetSecretValue")' in derived.pattern


def test_a_beginning_of_names_that_a_rule_spells_passes_as_it_is_spelled() -> None:
    derived = derive(long_rules(a_rule("secret", '{ $.eventName = "GetParameter*" }')))
    assert '($.eventName="GetParameter*")' in derived.pattern


def test_a_change_that_a_rule_names_needs_no_clause_of_its_own() -> None:
    plain = derive(long_rules())
    assert derive(long_rules(a_rule("x", '{ $.eventName = "StopLogging" }'))) == plain


def test_a_rule_for_any_call_that_leaves_successful_reads_out_needs_no_clause() -> None:
    rule = a_rule("user", '{ $.userIdentity.type = "IAMUser" }', SUCCESSFUL_READS)
    assert derive(long_rules(rule)) == derive(long_rules())


def test_a_rule_for_any_call_at_all_passes_by_its_whole_pattern() -> None:
    derived = derive(long_rules(a_rule("user", '{ $.userIdentity.type = "IAMUser" }')))
    assert '($.userIdentity.type="IAMUser")' in derived.pattern


def test_a_name_is_written_as_its_rule_spells_it() -> None:
    record = {"eventName": 'Get\\\\"x', "readOnly": True}
    rule = a_rule("odd", '{ $.eventName = "Get\\\\\\\\\\"x" }')
    assert compile_pattern(rule.pattern).matches(record)
    derived = derive(long_rules(rule))
    assert derived.rung is Rung.NARROWED
    assert compile_pattern(derived.pattern).matches(record)


def test_a_beginning_wider_than_a_kind_of_reads_passes_by_the_whole_pattern() -> None:
    derived = derive(long_rules(a_rule("wide", '{ $.eventName = "G*" }')))
    assert derived.pattern.endswith('||($.eventName="G*")}')


def test_an_exception_for_one_read_does_not_count_for_the_others() -> None:
    others = '{ ($.eventName != "GetSecretValue") || ($.eventName NOT EXISTS) }'
    rule = a_rule("user", '{ $.userIdentity.type = "X" }', others)
    derived = derive(long_rules(rule))
    assert derived.pattern.endswith('($.eventName="GetSecretValue")}')


def test_what_cannot_be_narrowed_is_everything_and_says_which_rule_forced_it() -> None:
    many = " || ".join(f'($.eventName = "GetSomethingWithALongName{n}")' for n in range(18))
    derived = derive(long_rules(a_rule("reads", f"{{ {many} }}")))
    assert (derived.rung, derived.pattern, derived.forced_by) == (Rung.EVERYTHING, "", "reads")


def test_a_pinned_filter_is_taken_as_it_is() -> None:
    derived = derive(LOADED.rules, '{ $.eventName = "ConsoleLogin" }')
    assert (derived.rung, derived.pattern) == (Rung.PINNED, '{ $.eventName = "ConsoleLogin" }')


def test_the_reads_of_a_console_page_do_not_pass() -> None:
    passes = compile_pattern(DEFAULT.pattern).matches
    for name in ("DescribeInstances", "ListBuckets", "GetBucketAcl", "AssumeRole", "Decrypt"):
        assert not passes(cloudtrail(name, readOnly=True)), name


def test_changes_failures_and_root_pass() -> None:
    passes = compile_pattern(DEFAULT.pattern).matches
    assert passes(cloudtrail("CreateTags"))
    assert passes(cloudtrail("DescribeInstances", errorCode="AccessDenied"))
    assert passes(cloudtrail("DescribeInstances", userIdentity={"type": "Root"}))
    assert passes(cloudtrail("DescribeInstances", without=["readOnly"]))


def test_every_record_that_fires_a_default_rule_passes() -> None:
    passes = compile_pattern(DEFAULT.pattern).matches
    stopped = [
        example.rule for example in examples() if example.fires and not passes(example.record)
    ]
    assert stopped == []


# A record that a rule matches always passes, whatever the rules and whatever the record.

NAMES = ["GetSecretValue", "GetParameter", "GetParameters", "DescribeX", "Decrypt", "StopLogging"]
NAMES += ["AssumeRole", "AssumeRoleWithSAML", "ListX", "Get", "BatchGetX", "ConsoleLogin"]
SPELLED = [*NAMES, "Get*", "GetParameter*", "G*", "*", "*Value", "Stop*"]
FIELDS = {
    "$.eventName": SPELLED,
    "$.errorCode": ["AccessDenied", "Access*", "*"],
    "$.userIdentity.type": ["Root", "IAMUser", "R*"],
    "$.readOnly": ["true", "false", "*"],
    "$.awsRegion": ["eu-west-1", "eu-*"],
}


def _comparison(field: str, value: str, op: str) -> str:
    return f'({field} {op} "{value}")' if op in ("=", "!=") else f"({field} {op})"


CONDITIONS = st.sampled_from(sorted(FIELDS)).flatmap(
    lambda field: st.builds(
        _comparison,
        st.just(field),
        st.sampled_from(FIELDS[field]),
        st.sampled_from(["=", "=", "!=", "NOT EXISTS", "IS NULL", "IS TRUE", "IS FALSE"]),
    )
)
EXPRESSIONS = st.recursive(
    CONDITIONS,
    lambda inner: st.builds(
        lambda operands, op: f"({op.join(operands)})",
        st.lists(inner, min_size=2, max_size=3),
        st.sampled_from([" && ", " || "]),
    ),
    max_leaves=5,
).map(lambda text: f"{{ {text} }}")
RULES = st.builds(
    lambda pattern, exceptions: a_rule("drawn", pattern, *exceptions),
    EXPRESSIONS,
    st.lists(EXPRESSIONS | st.just(SUCCESSFUL_READS), max_size=2),
)
IDENTITIES = [{"type": "Root"}, {"type": "IAMUser"}, {}, ...]
# Every combination: what CloudTrail may write, absent (...) and null included.
RECORDS = [
    {key: value for key, value in record.items() if value is not ...}
    for name, error, read_only, identity in itertools.product(
        [*NAMES, None, ...],
        ["AccessDenied", "", None, ...],
        [True, False, "true", "True", None, ...],
        IDENTITIES,
    )
    for record in [
        {
            "eventName": name,
            "errorCode": error,
            "readOnly": read_only,
            "userIdentity": identity,
            "awsRegion": "eu-west-1",
        }
    ]
]


def stopped(ruleset: Ruleset, pattern: str) -> list[dict[str, Any]]:
    """Records that a rule matches and the filter does not let through."""
    passes = compile_pattern(pattern).matches
    return [record for record in RECORDS if not passes(record) and ruleset.match(Record(record))]


@given(rules=st.lists(RULES, min_size=1, max_size=3))
@settings(max_examples=40, derandomize=True, deadline=None)
def test_a_record_that_a_rule_matches_always_passes(rules: list[Rule]) -> None:
    ruleset = Ruleset(LoadedRules(rules=tuple(rules)))
    for derived in (derive(rules), derive(long_rules(*rules))):
        assert stopped(ruleset, derived.pattern) == [], derived.pattern


# Each of these went wrong in one of the proof's steps when that step was broken on purpose.
TRICKY = [
    "{ $.errorCode IS NULL }",
    "{ $.errorCode NOT EXISTS }",
    "{ $.eventName NOT EXISTS }",
    "{ $.eventName IS NULL }",
    '{ $.awsRegion = "eu-west-1" && $.eventName NOT EXISTS }',
    "{ $.readOnly IS NULL }",
    '{ $.readOnly = "true" }',
    "{ $.readOnly NOT EXISTS }",
    '{ $.awsRegion = "eu-west-1" }',
    '{ $.awsRegion != "us-east-1" }',
    '{ $.userIdentity.type != "Root" }',
    '{ $.userIdentity.type = "R*" }',
    "{ $.userIdentity.type NOT EXISTS }",
    '{ $.eventName = "*Value" }',
    '{ $.eventName = "Get*Value*" }',
    '{ $.eventName = "G*" }',
    '{ $.eventName != "GetSecretValue" }',
    "{ $.eventName = %Secret% }",
    "{ $.eventName = * }",
]


@pytest.mark.parametrize("pattern", TRICKY)
def test_a_tricky_pattern_s_records_pass_and_are_tried(pattern: str) -> None:
    rule = a_rule("tricky", pattern)
    ruleset = Ruleset(LoadedRules(rules=(rule,)))
    assert stopped(ruleset, derive(long_rules(rule)).pattern) == []
    matches = compile_pattern(pattern).matches
    for record in RECORDS:
        assert bool(ruleset.match(Record(record))) == matches(record), record


def test_an_exception_that_spells_a_read_does_not_hide_the_others() -> None:
    others = '{ ($.eventName != "GetSecretValue") || ($.eventName NOT EXISTS) }'
    rule = a_rule("secret", '{ $.userIdentity.type = "IAMUser" }', others)
    ruleset = Ruleset(LoadedRules(rules=(rule,)))
    assert stopped(ruleset, derive(long_rules(rule)).pattern) == []


def test_a_record_that_a_default_rule_matches_always_passes() -> None:
    assert stopped(Ruleset(LOADED), DEFAULT.pattern) == []


def test_the_setting_that_brings_reads_back_widens_the_filter() -> None:
    with_reads = load(load_defaults()[0], [parse("[settings]\nreads = true\n", "mine.toml")])
    derived = derive(with_reads.rules)
    assert stopped(Ruleset(with_reads), derived.pattern) == []
    assert derived != DEFAULT


@pytest.mark.parametrize("read_only", [True, None, "True", ...])
def test_each_form_of_read_only_either_passes_or_matches_nothing(read_only: Any) -> None:
    record = cloudtrail("DescribeInstances", readOnly=read_only)
    if read_only is ...:
        del record["readOnly"]
    passes = compile_pattern(DEFAULT.pattern).matches(record)
    assert passes or not Ruleset(LOADED).match(Record(record))
