"""What a rule lacks, and what is wrong with its examples."""

from __future__ import annotations

from typing import Any

from chalicelib.rules.rule import Rule, Severity
from cli.rule_completeness import amiss
from cli.rule_examples import Example
from tests.events import cloudtrail

RECORD = cloudtrail("StopLogging")
WHOLE: dict[str, Any] = {
    "id": "mine",
    "title": "t",
    "severity": Severity.LOW,
    "pattern": '{ $.eventName = "StopLogging" }',
    "means": "It stopped.",
    "why": "It is deaf.",
    "runbook": "Ask.\nStart it.",
    "attack": ("T1562",),
    "false_positives": ("None known",),
}
FIRES = Example("mine", RECORD, fires=True)
MISSES = Example(
    "mine", RECORD | {"eventName": "X"}, fires=False, field="eventName", changed_from=RECORD
)


def test_a_whole_rule_lacks_nothing() -> None:
    assert list(amiss([Rule(**WHOLE)], [FIRES, MISSES])) == []


def test_all_that_a_rule_lacks_is_told_in_one_sentence() -> None:
    bare = {key: WHOLE[key] for key in ("id", "title", "severity", "pattern")}
    assert list(amiss([Rule(**bare)], [])) == [
        "mine: it lacks means, why, a runbook of 2 lines, false_positives, attack, "
        "a record that fires it, a near miss (docs/rules.md)"
    ]


def test_a_runbook_of_one_line_or_three_is_not_two() -> None:
    for runbook in ("Ask.", "Ask.\nStart it.\nRead."):
        told = list(amiss([Rule(**WHOLE | {"runbook": runbook})], [FIRES, MISSES]))
        assert told == ["mine: it lacks a runbook of 2 lines (docs/rules.md)"]


def test_a_near_miss_that_differs_in_many_facts_or_none_is_told() -> None:
    many = Example("mine", RECORD | {"a": {"b": 1, "c": 2}}, False, "a", RECORD)
    none = Example("mine", RECORD, False, "eventName", RECORD)
    told = list(amiss([Rule(**WHOLE)], [FIRES, many, none]))
    assert told == [
        "mine: a near miss differs in 2 facts, where one should tell the two apart: a.b, a.c",
        "mine: a near miss differs in 0 facts, where one should tell the two apart: "
        "the value is the same",
    ]


def test_a_rule_that_another_of_its_severity_implies_is_told() -> None:
    wide = Rule(**WHOLE | {"id": "wide", "pattern": '{ $.eventName = "Stop*" }'})
    told = list(amiss([Rule(**WHOLE)], [FIRES, MISSES], [wide]))
    assert told == [
        "mine: whatever fires it fires wide, too, which is low as well: "
        "take one of them out, or let one except what the other tells"
    ]
