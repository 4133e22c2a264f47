"""The ruleset: what a record matches, in order, and what it is not even tried against."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.compiling import Asked
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.keys import REMEMBERED
from chalicelib.rules.loaded import SUCCESSFUL_READS, LoadedRules
from chalicelib.rules.loading import load
from chalicelib.rules.place import RulesError
from chalicelib.rules.rule import Rule, RuleSettings, Severity
from chalicelib.rules.ruleset import Ruleset
from tests.events import cloudtrail


def a_rule(rule_id: str, pattern: str, severity: Severity = Severity.LOW, **more: Any) -> Rule:
    return Rule(id=rule_id, title=rule_id, severity=severity, pattern=pattern, **more)


def ruleset(*rules: Rule) -> Ruleset:
    return Ruleset(LoadedRules(rules=rules, settings=RuleSettings(reads=False)))


def ids(found: tuple[Rule, ...]) -> list[str]:
    return [rule.id for rule in found]


def test_the_most_severe_comes_first_then_the_order_of_reading() -> None:
    rules = ruleset(
        a_rule("b", '{ $.eventName = "StopLogging" }'),
        a_rule("a", '{ $.eventName = "StopLogging" }'),
        a_rule("top", '{ $.eventName = "Stop*" }', Severity.CRITICAL),
    )
    assert ids(rules.match(Record(cloudtrail("StopLogging")))) == ["top", "b", "a"]


def test_an_exception_takes_a_record_out() -> None:
    rules = ruleset(
        a_rule("x", '{ $.eventName = "StopLogging" }', exceptions=('{ $.awsRegion = "eu-*" }',))
    )
    assert rules.match(Record(cloudtrail(awsRegion="eu-west-1"))) == ()
    assert ids(rules.match(Record(cloudtrail(awsRegion="us-east-1")))) == ["x"]


def test_a_record_is_tried_only_against_rules_for_its_name_and_source() -> None:
    rules = ruleset(
        a_rule("name", '{ $.eventName = "StopLogging" }'),
        a_rule("other-name", '{ $.eventName = "DeleteTrail" }'),
        a_rule("either-name", '{ ($.eventName = "StopLogging") || ($.eventName = "Deny*") }'),
        a_rule("source", '{ $.eventSource = "cloudtrail.amazonaws.com" }'),
        a_rule("other-source", '{ $.eventSource = "ec2.amazonaws.com" }'),
        a_rule("type", '{ $.userIdentity.type = "Root" }'),
        a_rule("error", '{ $.errorCode = "AccessDenied" }'),
        a_rule("change", "{ $.readOnly IS FALSE }"),
        a_rule("general", '{ $.awsRegion = "eu-west-1" }'),
    )
    tried = ids(rules.tried(Record(cloudtrail("StopLogging", readOnly=True))))
    assert tried == ["name", "either-name", "source", "general"]


def test_a_rule_that_skips_reads_is_not_tried_on_one() -> None:
    rules = ruleset(a_rule("x", '{ $.awsRegion = "eu-west-1" }', exceptions=(SUCCESSFUL_READS,)))
    assert rules.tried(Record(cloudtrail("GetObject", readOnly=True))) == ()
    assert ids(rules.tried(Record(cloudtrail("GetObject", errorCode="NoSuchKey")))) == ["x"]


def test_accounts_settings_and_rules_that_are_off_are_at_hand(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'mute = ["trail-created"]\n[settings]\nreads = true\n[accounts]\n111122223333 = "prod"\n'
    )
    rules = Ruleset.load(str(path))
    assert rules.accounts == {"111122223333": "prod"}
    assert rules.settings.reads
    assert ids(rules.off) == ["trail-created"]
    assert "trail-created" not in ids(rules.rules)


def test_a_wrong_rules_file_is_refused_at_load_also_where_no_record_needs_the_rule(
    tmp_path: Path,
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[[rule]]\nid = "never"\ntitle = "t"\nseverity = "low"\npattern = "{ $.eventName == }"\n'
    )
    with pytest.raises(RulesError, match=r"mine\.toml:5: rule never: pattern"):
        Ruleset.load(str(path))


def test_made_up_names_do_not_fill_the_memory() -> None:
    rules = ruleset(a_rule("name", '{ $.eventName = "StopLogging" }'))
    for number in range(REMEMBERED + 10):
        rules.match(Record({"eventName": f"Name{number}"}))
    assert len(rules._index._remembered) <= REMEMBERED
    assert ids(rules.match(Record(cloudtrail("StopLogging")))) == ["name"]


@pytest.mark.parametrize("value", [None, 1, True, [], {}, ["StopLogging"], 1.5])
def test_a_record_whose_name_is_no_text_is_matched_like_any_other(value: Any) -> None:
    rules = ruleset(
        a_rule("name", '{ $.eventName = "1" }'), a_rule("all", '{ $.awsRegion = "eu-west-1" }')
    )
    expected = ["name", "all"] if value == 1 and value is not True else ["all"]
    record = Record(cloudtrail() | {"eventName": value, "userIdentity": value})
    assert ids(rules.match(record)) == expected


# The index never changes what matches.

DEFAULTS, KEYS = load_defaults()
INDEXED = Ruleset(load(DEFAULTS, []), KEYS)
NAMES = sorted({name for keys in KEYS.values() if keys.names for name in keys.names.exact})
SOURCES = sorted({name for keys in KEYS.values() if keys.sources for name in keys.sources.exact})
ODD: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers(0, 2) | st.just([]) | st.just({"a": "b"})
)
TYPES = ["IAMUser", "AssumedRole", "Root", "AWSService", "FederatedUser", "Unknown"]


def optional(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value is not ...}


RECORDS = st.fixed_dictionaries(
    {
        "eventName": st.sampled_from(NAMES) | ODD | st.just(...),
        "eventSource": st.sampled_from(SOURCES) | ODD | st.just(...),
        "userIdentity": st.fixed_dictionaries(
            {
                "type": st.sampled_from(TYPES) | ODD,
                "sessionContext": st.just(
                    {"sessionIssuer": {"userName": "AWSReservedSSO_Admin_0123456789abcdef"}}
                )
                | st.none(),
            }
        )
        | ODD,
        "readOnly": st.sampled_from([True, False, "true", "false", "True", None, ...]),
        "errorCode": st.sampled_from(["AccessDenied", "", None, ..., ..., ...]),
        "sessionCredentialFromConsole": st.sampled_from(["true", ...]),
    }
).map(optional)


@given(RECORDS)
@settings(max_examples=150, derandomize=True, deadline=None)
def test_the_index_leaves_out_no_rule_that_matches(raw: dict[str, Any]) -> None:
    record = Record(raw)
    asked = Asked(record)
    by_all = [
        matcher.rule.id
        for matcher in INDEXED._index.matchers
        if matcher.matches(asked.raw, record.text, asked.added)
    ]
    found = INDEXED.with_members(record)
    assert ids(tuple(rule for rule in found if not rule.is_sequence)) == by_all
