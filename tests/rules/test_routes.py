"""Routes send by account, theme, rule and severity; what they leave open the rules say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.judging import judge
from chalicelib.rules.loading import load
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.rule_file import parse
from chalicelib.rules.ruleset import Ruleset
from chalicelib.usecases.alerting import channels_of
from tests.events import cloudtrail

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PROD, TEST = "111122223333", "444455556666"


def rule(rule_id: str, name: str, severity: Severity, **others: Any) -> Rule:
    pattern = f'{{ $.eventName = "{name}" }}'
    return Rule(id=rule_id, title=rule_id, severity=severity, pattern=pattern, **others)


RULES = (
    rule("keys", "CreateAccessKey", Severity.HIGH, theme="credentials", channel="#keys"),
    rule("iam", "CreateAccessKey", Severity.LOW, theme="identity", mention="@channel"),
    rule("buckets", "DeleteBucket", Severity.MEDIUM, theme="data"),
)


def ruleset(text: str) -> Ruleset:
    return Ruleset(load(RULES, [parse(text, "mine.toml", "mine")]))


def alert(text: str, name: str = "CreateAccessKey", account: str = PROD, **fields: Any) -> Alert:
    rules = ruleset(text)
    matched = match_all([cloudtrail(name, recipientAccountId=account, **fields)], rules)
    judged = judge(matched, accounts={}, default_channel="#all", now=NOW, routes=rules.routes)
    (found,) = judged.alerts
    return found


def channels(text: str, name: str = "CreateAccessKey", account: str = PROD) -> tuple[str, ...]:
    return alert(text, name, account).channels


def test_where_no_route_takes_it_an_alert_goes_where_its_rules_say() -> None:
    text = f'[[route]]\naccounts = ["{TEST}"]\nchannel = "#test"\n'
    assert channels("") == channels(text) == ("#keys", "#all")
    assert channels(text, "DeleteBucket") == ("#all",)


def test_the_first_route_that_takes_an_alert_is_the_last() -> None:
    text = f"""
[[route]]
accounts = "{TEST}"
channel = "#test"

[[route]]
severity = "high"
channel = "#urgent"

[[route]]
channel = "#rest"
"""
    assert channels(text) == ("#urgent",)
    assert channels(text, "DeleteBucket") == ("#rest",)
    assert channels(text, account=TEST) == ("#test",)


def test_a_route_that_goes_on_adds_its_channel() -> None:
    text = """
[[route]]
severity = "medium"
channel = "#audit"
continue = true

[[route]]
themes = ["data"]
channel = "#data"
"""
    assert channels(text, "DeleteBucket") == ("#audit", "#data")
    assert channels(text) == ("#audit",)


@pytest.mark.parametrize(
    ("condition", "takes"),
    [
        ('rules = ["iam"]', True),
        ('rules = ["buckets"]', False),
        ('themes = ["credentials", "data"]', True),
        ('themes = "identity"\nrules = "keys"', False),  # no one rule is both
        ('themes = "identity"\nseverity = "high"', False),
        ('severity = "high"', True),
        ('severity = "critical"', False),
        (f'accounts = ["{TEST}", "{PROD}"]', True),
    ],
)
def test_one_rule_of_the_alert_meets_all_that_a_route_asks(condition: str, takes: bool) -> None:
    text = f'[[route]]\n{condition}\nchannel = "#there"\n'
    assert (channels(text) == ("#there",)) is takes


def test_a_route_s_mention_goes_before_that_of_a_rule() -> None:
    assert alert("").mention == "@channel"
    found = alert('[[route]]\nseverity = "high"\nmention = "@here"\n')
    assert (found.mention, found.channels) == ("@here", ("#keys", "#all"))


def test_the_severity_is_that_of_what_came_of_the_call() -> None:
    text = '[[route]]\nseverity = "high"\nchannel = "#urgent"\n'
    assert alert(text).channels == ("#urgent",)
    assert alert(text, errorCode="AccessDenied").channels == ("#keys", "#all")


def test_what_is_allowed_is_routed_as_info() -> None:
    text = """
[[allow]]
rule = "all"
actor = "alice"

[[route]]
severity = "low"
channel = "#security"

[[route]]
channel = "#record"
"""
    assert channels(text) == ("#record",)


def test_every_channel_of_a_route_is_one_that_alerts_may_go_to() -> None:
    text = '[[route]]\nrules = "keys"\nchannel = "#there"\n[[route]]\nmention = "@here"\n'
    assert channels_of(ruleset(text), "#all") == {"#all", "#keys", "#there"}
