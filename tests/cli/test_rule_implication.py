"""Which rule fires wherever another does."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.rules.rule import Rule, Severity
from cli.rule_implication import implied, implies

NAMED = '($.eventName = "StopLogging")'
SERVICE = '($.userIdentity.invokedBy = "*.amazonaws.com")'


def rule(pattern: str, *exceptions: str, **others: Any) -> Rule:
    values: dict[str, Any] = {"id": "mine", "title": "t", "severity": Severity.LOW} | others
    return Rule(pattern=f"{{ {pattern} }}", exceptions=tuple(exceptions), **values)


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (NAMED, NAMED),
        (NAMED, '$.eventName = "Stop*"'),
        (NAMED, "$.eventName = *"),
        (NAMED, '$.eventName != "DeleteTrail"'),
        (NAMED, f'{NAMED} || ($.eventName = "DeleteTrail")'),
        (NAMED, "$.eventName = %^Stop|^Delete%"),
        (f"{NAMED} && ($.readOnly IS FALSE)", NAMED),
        (f"{NAMED} && ($.readOnly IS FALSE)", f"{NAMED} && (($.readOnly IS FALSE) || {SERVICE})"),
        (f'({NAMED} || ($.eventName = "StopX")) && ($.a = "b")', '$.eventName = "Stop*"'),
        ('$.eventName = "StopLog*"', '$.eventName = "Stop*"'),
        ('$.eventName = "*stop-it"', '$.eventName = "*it"'),
        ("$.a[*] = %^one|^two%", "$.a[*] = %^one|^two|^three%"),
        ('$.a[*] = "one"', "$.a[*] = %^one|^two%"),
        ("$.a NOT EXISTS", "$.a NOT EXISTS"),
        ('$.a[*] = "one"', '$.a[*] != "two"'),  # one of its elements differs
    ],
)
def test_what_is_narrower_implies_what_is_wider(narrow: str, wide: str) -> None:
    assert implies(rule(narrow), rule(wide))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('$.eventName = "Stop*"', NAMED),
        (NAMED, f"{NAMED} && ($.readOnly IS FALSE)"),
        (f'{NAMED} || ($.eventName = "DeleteTrail")', NAMED),
        ("$.a[*] = %^one|^two|^three%", "$.a[*] = %^one|^two%"),
        ("$.a[*] = %x[a|b]%", "$.a[*] = %x[a|q]|z[c|b]%"),
        ('$.a[*] = "one"', "$.a[*] NOT EXISTS"),
        ("$.a != %^one%", "$.a != %^one|^two%"),
        ("$.a = *", "$.b = *"),
    ],
)
def test_what_may_fire_alone_does_not(one: str, other: str) -> None:
    assert not implies(rule(one), rule(other))


def test_an_exception_counts_on_both_sides() -> None:
    by_service = f"{{ {SERVICE} }}"
    assert implies(rule(NAMED, by_service), rule(NAMED, by_service))
    assert implies(
        rule(NAMED, by_service), rule(NAMED, '{ $.userIdentity.invokedBy = "x.amazonaws.com" }')
    )
    assert implies(rule(f"{NAMED} && ($.a NOT EXISTS)"), rule(NAMED, '{ $.a = "b" }'))
    assert not implies(rule(NAMED), rule(NAMED, by_service))


def test_a_pattern_that_is_not_json_implies_nothing() -> None:
    text = Rule(id="text", title="t", severity=Severity.LOW, pattern="StopLogging")
    assert not implies(text, rule(NAMED))
    assert not implies(rule(NAMED), text)


def test_only_a_rule_of_the_same_severity_makes_another_useless() -> None:
    wide = rule('$.eventName = "Stop*"', id="wide")
    high = rule('$.eventName = "Stop*"', id="high", severity=Severity.HIGH)
    narrow = rule(NAMED, id="narrow")
    found = [
        (one.id, other.id) for one, other in implied([wide, high, narrow], [wide, high, narrow])
    ]
    assert found == [("narrow", "wide")]
