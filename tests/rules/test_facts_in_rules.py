"""`$.facts` in rules: asked last, once, and never of what a record claims about itself."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.cloudtrail import vocabulary
from chalicelib.cloudtrail.exposure import exposed_of
from chalicelib.cloudtrail.facts import FIELDS, LISTS
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.record import Record
from chalicelib.rules.compiling import FactFields, asks_for_failures, compiled
from chalicelib.rules.derivation import facts_last, without_facts
from chalicelib.rules.filter_pattern import Comparison, compile_pattern
from chalicelib.rules.loaded import LoadedRules
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.ruleset import Ruleset
from chalicelib.rules.subscription import Rung, derive
from tests.events import cloudtrail


def rule(pattern: str, *exceptions: str, **changes: Any) -> Rule:
    return Rule(
        **{
            "id": "mine",
            "title": "Mine",
            "severity": Severity.HIGH,
            "pattern": pattern,
            "exceptions": exceptions,
            **changes,
        }
    )


def matches(made: Rule, record: dict[str, Any] | str) -> bool:
    loaded = LoadedRules(rules=(made,))
    return bool(Ruleset(loaded).match(Record.of(record)))


def opened(port: int, source: str) -> dict[str, Any]:
    rules = [
        {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443,
         "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}},
        {"ipProtocol": "tcp", "fromPort": port, "toPort": port,
         "ipRanges": {"items": [{"cidrIp": source}]}},
    ]  # fmt: skip
    request = {"groupId": "sg-1", "ipPermissions": {"items": rules}}
    return cloudtrail("AuthorizeSecurityGroupIngress", source="ec2", requestParameters=request)


def test_a_condition_on_a_grant_does_not_mix_elements() -> None:
    made = rule('{ $.facts.exposed[*] = "everyone admin-port" }')
    assert matches(made, opened(22, "0.0.0.0/0"))
    assert not matches(made, opened(22, "10.0.0.0/8"))


def test_an_exception_may_ask_for_facts_too() -> None:
    made = rule('{ $.eventName = "*" }', '{ $.facts.exposed[*] = "everyone *" }')
    assert not matches(made, opened(22, "0.0.0.0/0"))
    assert matches(made, cloudtrail("StopLogging"))


def test_what_a_record_says_of_its_own_facts_counts_for_nothing() -> None:
    forged = cloudtrail(facts={"outcome": "refused", "exposed": ["everyone admin-port"]})
    assert not matches(rule('{ $.facts.outcome = "refused" }'), forged)
    assert not matches(rule('{ $.facts.exposed[*] = "*" }'), forged)


def test_facts_are_worked_out_only_for_what_the_other_conditions_leave_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    get = FactFields.get

    def watched(fields: FactFields, name: str, default: Any = None) -> Any:
        asked.append(name)
        return get(fields, name, default)

    monkeypatch.setattr(FactFields, "get", watched)
    made = rule('{ ($.facts.outcome = "refused") && ($.eventName = "DeleteTrail") }')
    assert not matches(made, cloudtrail("CreateTrail", errorCode="AccessDenied"))
    assert asked == []
    assert matches(made, cloudtrail("DeleteTrail", errorCode="AccessDenied"))
    assert asked == ["outcome"]


def test_numbers_compare_by_their_source_text_beside_facts() -> None:
    made = rule('{ ($.requestParameters.size = "1.50") && ($.facts.outcome = "succeeded") }')
    text = '{"eventName": "PutIt", "requestParameters": {"size": 1.50}, "facts": {"outcome": "x"}}'
    assert matches(made, text)
    assert not matches(made, text.replace("1.50", "1.5"))


@pytest.mark.parametrize("written", ["$.facts.outcome", "$.['facts']['outcome']"])
def test_however_the_field_is_written_it_is_asked_last(written: str) -> None:
    pattern = f'{{ ({written} = "refused") && ($.eventName = "A") }}'
    expression = compiled(pattern).expression
    assert expression is not None
    assert expression == facts_last(expression)
    assert compile_pattern(pattern).text == compiled(pattern).text


def test_the_subscription_filter_takes_facts_for_unknown() -> None:
    named = rule('{ ($.eventName = "DeleteTrail") && ($.facts.outcome = "refused") }')
    filtered = derive([named])
    assert filtered.rung is Rung.EXACT
    assert "facts" not in filtered.pattern
    assert compile_pattern(filtered.pattern).matches(cloudtrail("DeleteTrail"))
    either = rule('{ ($.eventName = "DeleteTrail") || ($.facts.outcome = "refused") }')
    assert derive([either]).rung is Rung.EVERYTHING
    assert "asks for facts alone" in derive([either]).reason


def test_what_is_unknown_decides_nothing() -> None:
    expression = compile_pattern(
        '{ ($.a = "1") && (($.facts.b = "2") || (($.c = "3") && ($.facts.d != "4"))) }'
    ).expression
    assert expression is not None
    left = without_facts(expression, unknown=True)
    assert isinstance(left, Comparison)
    assert left.path == ("a",)
    assert without_facts(expression, unknown=False) is False


@pytest.mark.parametrize(
    ("severity", "outcome", "told"),
    [
        (Severity.CRITICAL, Outcome.SUCCEEDED, Severity.CRITICAL),
        (Severity.CRITICAL, Outcome.UNKNOWN, Severity.CRITICAL),
        (Severity.CRITICAL, Outcome.REFUSED, Severity.MEDIUM),
        (Severity.LOW, Outcome.REFUSED, Severity.LOW),
        (Severity.HIGH, Outcome.FAILED, Severity.LOW),
        (Severity.INFO, Outcome.FAILED, Severity.INFO),
        (Severity.HIGH, Outcome.DRY_RUN, Severity.INFO),
    ],
)
def test_a_severity_is_of_what_happened(
    severity: Severity, outcome: Outcome, told: Severity
) -> None:
    assert rule("{ $.a = 1 }", severity=severity).severity_of(outcome) is told


def test_a_rule_may_say_how_severe_refusals_and_failures_are() -> None:
    made = rule("{ $.a = 1 }", refused=Severity.CRITICAL, failed=Severity.MEDIUM)
    assert made.severity_of(Outcome.REFUSED) is Severity.CRITICAL
    assert made.severity_of(Outcome.FAILED) is Severity.MEDIUM
    assert made.severity_of(Outcome.SUCCEEDED) is Severity.HIGH


@pytest.mark.parametrize(
    ("pattern", "so"),
    [
        ('{ $.errorCode = "AccessDenied*" }', True),
        ('{ ($.errorCode = *) && ($.facts.outcome = "refused") }', True),
        ('{ $.responseElements.ConsoleLogin = "Failure" }', True),
        ('{ ($.eventName = "A") || ($.errorCode = "B") }', False),
        ('{ $.errorCode NOT EXISTS }', False),
        ('{ $.facts.outcome = "succeeded" }', False),
        ("ERROR", False),
    ],
)  # fmt: skip
def test_a_rule_is_of_failures_where_it_matches_nothing_else(pattern: str, so: bool) -> None:
    assert asks_for_failures(pattern) is so


def test_flat_texts_leave_denials_out() -> None:
    assert exposed_of(()) == ()


def test_every_field_is_explained_and_every_explained_one_is_there() -> None:
    assert list(vocabulary.fields()) == list(FIELDS)
    assert set(LISTS) < set(FIELDS)
