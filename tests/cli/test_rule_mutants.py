"""Which conditions of a rule are needed, and the records that show it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.rules.rule import Rule, Severity
from cli.neighbours import ABSENT, with_field
from cli.rule_mutants import count, near, needless
from tests.events import cloudtrail


def rule(pattern: str, *exceptions: str) -> Rule:
    return Rule(id="mine", title="t", severity=Severity.LOW, pattern=pattern, exceptions=exceptions)


def left(pattern: str, *exceptions: str, records: Any = None, guards: bool = True) -> list[str]:
    made = rule(pattern, *exceptions)
    return needless(made, near(made, records or [cloudtrail("StopLogging")]), guards=guards)


STOPS = '($.eventName = "StopLogging")'
DELETES = '($.eventName = "DeleteTrail")'
FROM = '($.eventSource = "s3.amazonaws.com")'


@pytest.mark.parametrize(
    "pattern",
    [
        f"{{ {STOPS} }}",
        f"{{ {STOPS} || {DELETES} }}",
        f"{{ {FROM} && ({STOPS} || {DELETES}) }}",
        '{ ($.readOnly IS FALSE) || ($.readOnly = "false") || ($.readOnly NOT EXISTS) }',
    ],
)
def test_a_condition_that_decides_something_is_needed(pattern: str) -> None:
    assert left(pattern) == []


@pytest.mark.parametrize(
    ("pattern", "dead"),
    [
        (f'{{ {STOPS} || ($.eventName = "Stop*") }}', ['$.eventName = "StopLogging"']),
        (f"{{ {STOPS} || ({STOPS} && {FROM}) }}", [FROM[1:-1]]),
        ('{ ($.eventName = "Stop*") && ($.eventName = *) }', ["$.eventName = *"]),
    ],
)
def test_a_condition_that_another_makes_idle_is_not(pattern: str, dead: list[str]) -> None:
    assert set(left(pattern)) == set(dead)


def test_a_condition_of_an_exception_counts_as_well() -> None:
    pattern, by_ci = f"{{ {STOPS} }}", '{ $.userIdentity.userName = "ci" }'
    assert count(rule(pattern, by_ci)) == 2
    assert left(pattern, by_ci) == []
    never = '{ ($.eventName = "DeleteTrail") && ($.userIdentity.userName = "ci") }'
    assert left(pattern, never) == ['$.userIdentity.userName = "ci"']


def test_an_alternative_that_no_record_near_the_examples_takes_is_not_shown_to_be_needed() -> None:
    pattern = f'{{ {STOPS} && (($.errorCode NOT EXISTS) || ($.requestParameters.a.b = "c")) }}'
    assert left(pattern) == ['$.requestParameters.a.b = "c"']
    record = cloudtrail("StopLogging", errorCode="X", requestParameters={"a": {"b": "c"}})
    assert left(pattern, records=[cloudtrail("StopLogging"), record]) == []


def test_what_keeps_facts_from_being_worked_out_is_needed_for_that_alone() -> None:
    pattern = f'{{ {FROM} && {STOPS} && ($.facts.outcome = "succeeded") }}'
    records = [cloudtrail("StopLogging"), cloudtrail("StopLogging", errorCode="AccessDenied")]
    assert left(pattern, records=records) == left(pattern, records=records, guards=False) == []
    muted = '{ ($.eventName = "PutBucketVersioning") && ($.facts.switches_off[*] = "versioning") }'
    suspended = {"bucketName": "b", "VersioningConfiguration": {"Status": "Suspended"}}
    record = cloudtrail("PutBucketVersioning", requestParameters=suspended)
    assert left(muted, records=[record]) == []
    assert left(muted, records=[record], guards=False) == ['$.eventName = "PutBucketVersioning"']


@pytest.mark.parametrize(
    ("path", "value", "changed"),
    [
        (("a",), 1, {"a": 1, "b": [{"c": 2}]}),
        (("b", 0, "c"), 3, {"b": [{"c": 3}]}),
        (("b", 0), ABSENT, {"b": []}),
        (("x",), ABSENT, {"b": [{"c": 2}]}),
        (("x", "y"), 1, None),
        (("b", 1), 1, None),
        (("b", "c"), 1, None),
    ],
)
def test_one_field_is_changed_where_there_is_room_for_it(
    path: Any, value: Any, changed: Any
) -> None:
    record = {"b": [{"c": 2}]}
    assert with_field(record, path, value) == changed
    assert record == {"b": [{"c": 2}]}
