"""Rule files are read whole or refused with file, line, rule and reason."""

from __future__ import annotations

import dataclasses

import pytest

from chalicelib.rules import rule_keys
from chalicelib.rules.place import RulesError
from chalicelib.rules.rule import Severity
from chalicelib.rules.rule_file import parse

RULE = """
[[rule]]
id = "payroll-read"
title = "Payroll was read"
severity = "high"
pattern = '{ $.eventName = "GetObject" }'
"""


def refused(text: str) -> RulesError:
    (mistake,) = parse(text, "mine.toml").mistakes
    return mistake


def test_a_rule_is_read_with_all_its_keys() -> None:
    text = (
        RULE
        + """
except = ['{ $.readOnly IS TRUE }']
channel = "#payroll"
mention = "<!subteam^S0123ABCD>"
runbook = "Ask HR."
references = ["https://example.com/payroll"]
attack = ["T1530", "T1078.004"]
false_positives = ["The monthly run"]
skip_reads = true
"""
    )
    (rule,) = parse(text, "mine.toml").rules
    assert rule.id == "payroll-read"
    assert rule.changes == {
        "id": "payroll-read",
        "title": "Payroll was read",
        "severity": Severity.HIGH,
        "pattern": '{ $.eventName = "GetObject" }',
        "exceptions": ("{ $.readOnly IS TRUE }",),
        "channel": "#payroll",
        "mention": "<!subteam^S0123ABCD>",
        "runbook": "Ask HR.",
        "references": ("https://example.com/payroll",),
        "attack": ("T1530", "T1078.004"),
        "false_positives": ("The monthly run",),
        "skip_reads": True,
    }


def test_what_is_not_toml_is_refused_with_its_line() -> None:
    error = refused(RULE + "[[rule]\n")
    assert (error.file, error.line) == ("mine.toml", 7)
    assert "not TOML" in error.reason


def test_a_file_that_ends_too_early_is_refused_with_its_last_line() -> None:
    assert refused(RULE + "channel").line == 7
    assert refused("mute = [" * 5_000).line == 1


def test_a_key_that_is_missing_is_said_to_be() -> None:
    assert refused('[[rule]]\ntitle = "t"\n').reason == "id: is missing"
    assert "an actor or a network" in refused('[[allow]]\nrule = "all"\n').reason


def test_which_of_several_exceptions_is_wrong_is_told() -> None:
    error = refused(RULE + "except = ['{ $.a = 1 }', '{ $.a == 1 }']\n")
    assert error.reason.startswith("except: number 2: expected a value")


def test_a_wrong_pattern_names_file_line_rule_and_position() -> None:
    error = refused(RULE.replace('$.eventName = "GetObject"', "$.eventName == 1"))
    assert (error.file, error.line, error.rule) == ("mine.toml", 6, "payroll-read")
    assert str(error).startswith("mine.toml:6: rule payroll-read: pattern:")


def test_the_line_is_that_of_the_second_rule_s_key() -> None:
    error = refused(RULE + RULE.replace("payroll-read", "other").replace("high", "urgent"))
    assert (error.line, error.rule) == (11, "other")
    assert "info, low, medium, high, critical" in error.reason


def test_an_unknown_key_says_which_are_allowed_and_which_was_meant() -> None:
    error = refused(RULE + 'severty = "low"\n')
    assert error.line == 7
    assert "did you mean 'severity'?" in error.reason
    assert "runbook" in error.reason


def test_the_same_id_twice_in_a_file_is_refused_with_both_lines() -> None:
    error = refused(RULE + RULE)
    assert error.line == 9
    assert "line 3" in error.reason


def test_an_unknown_setting_names_those_that_exist() -> None:
    error = refused("[settings]\nread = true\n")
    assert error.line == 2
    assert "did you mean 'reads'?" in error.reason


def test_a_setting_of_another_type_is_refused() -> None:
    assert "true or false" in refused('[settings]\nreads = "yes"\n').reason


def test_a_pinned_subscription_filter_must_be_a_pattern() -> None:
    error = refused("[settings]\nsubscription_filter = '{ $.a == 1 }'\n")
    assert (error.line, "subscription_filter" in error.reason) == (2, True)


def test_a_number_among_the_settings_stays_within_its_bounds() -> None:
    bounded = dataclasses.make_dataclass(
        "Bounded", [("minutes", int, dataclasses.field(default=15, metadata={"between": (0, 60)}))]
    )
    check = rule_keys.setting(dataclasses.fields(bounded)[0])
    assert check(60) == 60
    for wrong in (61, -1, True, "15"):
        with pytest.raises(ValueError, match=r"within|whole number"):
            check(wrong)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('mention = "@alice"', "@here"),
        ('mention = "<!everyone>"', "@here"),
        ('channel = "#a b"', "channel"),
        ('references = ["ftp://example.com"]', "http"),
        ('attack = ["1078"]', "T1078"),
        ("skip_reads = 1", "true nor false"),
        ("except = '{ $.a = 1 }'", "list"),
        ("except = ['{ $.a == 1 }']", "except"),
        ('runbook = ""', "text"),
    ],
)
def test_a_key_that_holds_something_else_is_refused(line: str, named: str) -> None:
    error = refused(RULE + line + "\n")
    assert (error.line, error.rule) == (7, "payroll-read")
    assert named in error.reason


@pytest.mark.parametrize("mention", ["@here", "@channel", "@everyone", "<@U0123ABCD>"])
def test_slack_s_mentions_are_taken(mention: str) -> None:
    (rule,) = parse(RULE + f'mention = "{mention}"\n', "mine.toml").rules
    assert rule.changes["mention"] == mention


@pytest.mark.parametrize("rule_id", ["", "Payroll", "a b", "-a", "a" * 65, "all"])
def test_an_id_is_short_and_plain_and_not_all(rule_id: str) -> None:
    assert "id" in refused(RULE.replace("payroll-read", rule_id)).reason


def test_a_rule_without_id_is_refused_at_its_line() -> None:
    assert refused('[[rule]]\ntitle = "x"\n').line == 1


def test_accounts_are_named_by_twelve_digits() -> None:
    file = parse('[accounts]\n111122223333 = "prod"\n', "mine.toml")
    assert file.accounts == {"111122223333": "prod"}
    error = refused('[accounts]\n111122223333 = "prod"\n12 = "test"\n')
    assert (error.line, "12 digits" in error.reason) == (3, True)


def test_allowing_everyone_is_refused() -> None:
    error = refused('[[allow]]\nrule = "all"\nactor = "*"\n')
    assert (error.line, "switch it off" in error.reason) == (3, True)


def test_an_allowed_actor_cannot_end_its_pattern() -> None:
    assert "quote" in refused('[[allow]]\nrule = "all"\nactor = \'x" || $.a = "b\'\n').reason


@pytest.mark.parametrize("text", ["rule = 3", "settings = 1", "accounts = []", "mute = 'x'"])
def test_a_table_written_as_something_else_is_refused(text: str) -> None:
    assert refused(text + "\n").line == 1


def test_an_unknown_table_is_refused() -> None:
    assert "did you mean 'rule'?" in refused("[[rules]]\nid = 'x'\n").reason


def test_tables_written_inline_are_refused_by_file_and_rule() -> None:
    error = refused("rule = [{ id = 'x', title = '' }]\n")
    assert (error.file, error.rule) == ("mine.toml", "x")
