from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from chalicelib.rules.eventbridge import DETAIL_TYPES, MAX_CHARACTERS, event_pattern
from chalicelib.rules.loaded import LoadedRules
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.ruleset import Ruleset


def _rule(pattern: str, severity: Severity) -> Rule:
    return Rule(id=severity.value, title=severity.value, severity=severity, pattern=pattern)


def _ruleset(rules: Iterable[Rule]) -> Ruleset:
    loaded = LoadedRules(rules=tuple(rules))
    return Ruleset(loaded)


def _no_rules() -> Ruleset:
    raise AssertionError("rules are read only where they matter")


@pytest.mark.parametrize(
    "env", [{}, {"TRAILBELL_EVENTBRIDGE": ""}, {"TRAILBELL_EVENTBRIDGE": "off"}]
)
def test_it_is_off_unless_switched_on(env: dict[str, str]) -> None:
    assert event_pattern(env, _no_rules) is None


def test_all_takes_the_three_detail_types_of_cloudtrail() -> None:
    pattern = event_pattern({"TRAILBELL_EVENTBRIDGE": "all"}, _no_rules)

    assert pattern == {"source": [{"prefix": "aws."}], "detail-type": list(DETAIL_TYPES)}
    assert all(name.endswith(" via CloudTrail") for name in DETAIL_TYPES)


def test_urgent_takes_the_names_that_critical_and_high_rules_name() -> None:
    rules = [
        _rule('{ $.eventName = "StopLogging" }', Severity.CRITICAL),
        _rule('{ ($.eventName = "Delete*") && ($.errorCode NOT EXISTS) }', Severity.HIGH),
        _rule('{ $.eventName = "CreateTags" }', Severity.MEDIUM),
        _rule('{ $.userIdentity.type = "Root" }', Severity.CRITICAL),
    ]

    pattern = event_pattern({"TRAILBELL_EVENTBRIDGE": "urgent"}, lambda: _ruleset(rules))

    assert pattern is not None
    assert pattern["detail"] == {"eventName": ["StopLogging", {"prefix": "Delete"}]}


def test_urgent_without_a_name_is_refused_since_eventbridge_takes_no_empty_list() -> None:
    rules = [_rule('{ $.userIdentity.type = "Root" }', Severity.CRITICAL)]

    with pytest.raises(ValueError, match="no critical or high rule names an event"):
        event_pattern({"TRAILBELL_EVENTBRIDGE": "urgent"}, lambda: _ruleset(rules))


def test_what_does_not_fit_is_folded_into_the_word_that_most_begin_with() -> None:
    names = [f"Delete{'Long' * 10}Name{number}" for number in range(40)] + ["StopLogging"]
    rules = [_rule(f'{{ $.eventName = "{name}" }}', Severity.HIGH) for name in names]

    pattern = event_pattern({"TRAILBELL_EVENTBRIDGE": "urgent"}, lambda: _ruleset(rules))

    assert pattern is not None
    assert pattern["detail"] == {"eventName": ["StopLogging", {"prefix": "Delete"}]}


def test_what_cannot_be_folded_either_takes_everything() -> None:
    names = [f"Name{number}{'long' * 20}" for number in range(40)]
    names = [f"{chr(65 + number % 26)}{name.lower()}" for number, name in enumerate(names)]
    rules = [_rule(f'{{ $.eventName = "{name}" }}', Severity.HIGH) for name in names]

    pattern = event_pattern({"TRAILBELL_EVENTBRIDGE": "urgent"}, lambda: _ruleset(rules))

    assert pattern == {"source": [{"prefix": "aws."}], "detail-type": list(DETAIL_TYPES)}


def test_the_default_rules_make_a_pattern_that_eventbridge_takes() -> None:
    pattern = event_pattern({"TRAILBELL_EVENTBRIDGE": "urgent"}, Ruleset.load)

    assert pattern is not None
    assert len(json.dumps(pattern)) <= MAX_CHARACTERS
    assert "StopLogging" in str(pattern) or "'Stop'" in str(pattern)
    assert "ConsoleLogin" in pattern["detail"]["eventName"]


@pytest.mark.parametrize("choice", ["all", "urgent"])
@pytest.mark.parametrize("running", [{}, {"AWS_LAMBDA_FUNCTION_NAME": "trailbell-dev-sweep"}])
def test_every_form_asks_for_what_aws_alone_may_send(choice: str, running: dict[str, str]) -> None:
    pattern = event_pattern({"TRAILBELL_EVENTBRIDGE": choice, **running}, Ruleset.load)

    assert pattern is not None
    assert pattern["source"] == [{"prefix": "aws."}]


def test_a_running_function_reads_no_rules_to_know_that_it_is_on() -> None:
    env = {"TRAILBELL_EVENTBRIDGE": "urgent", "AWS_LAMBDA_FUNCTION_NAME": "trailbell-dev-sweep"}

    assert event_pattern(env, _no_rules) is not None


def test_another_value_is_refused_with_those_that_are_taken() -> None:
    with pytest.raises(ValueError, match="it takes off, urgent or all"):
        event_pattern({"TRAILBELL_EVENTBRIDGE": "yes"}, _no_rules)
