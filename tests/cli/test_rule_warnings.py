"""`rules` warns of what loads and does not do what was meant."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.rules.loading import load
from chalicelib.rules.rule import OWN_THEME, Rule, Severity
from chalicelib.rules.rule_file import parse
from chalicelib.rules.ruleset import Ruleset
from cli.rule_warnings import warnings

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def rule(rule_id: str, severity: Severity, **others: Any) -> Rule:
    pattern = f'{{ $.eventName = "{rule_id}" }}'
    return Rule(id=rule_id, title=rule_id, severity=severity, pattern=pattern, **others)


RULES = (
    rule("trail-stopped", Severity.CRITICAL, theme="logging"),
    rule("keys", Severity.HIGH, theme="credentials", channel="#keys"),
    rule("trailbell-changed", Severity.HIGH, theme=OWN_THEME),
)
ENDS = 'actor = "ci"\nuntil = 2026-12-31\n'
TO = 'channel = "#there"\n'


def warned(text: str) -> list[str]:
    return list(warnings(Ruleset(load(RULES, [parse(text, "mine.toml", "mine")])), NOW))


@pytest.mark.parametrize(
    "text",
    [
        "",
        f'[[allow]]\nrule = "all"\n{ENDS}',
        f'[[allow]]\nrule = "keys"\nnetwork = ["192.0.2.0/24", "2001:db8::/32"]\n{ENDS}',
        '[[allow]]\nrule = "trail-stopped"\nactor = "arn:aws:iam::111122223333:role/ci"\n'
        "until = 2026-12-31\n",
        f'[[route]]\nseverity = "critical"\n{TO}',
        f'[[route]]\nrules = "keys"\nseverity = "high"\n{TO}[[route]]\nthemes = "logging"\n{TO}',
    ],
)
def test_what_does_what_was_meant_draws_no_warning(text: str) -> None:
    assert warned(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('off = ["keys"]\nmute = ["trail-stopped"]', "mute is called off from now on"),
        ('[[allow]]\nrule = "all"\nactor = "ci"', "mine.toml:1: the [[allow]] has no end"),
        (
            '[[allow]]\nrule = "all"\nactor = "ci"\nuntil = 2026-03-09',
            "mine.toml:1: the [[allow]] ended at 2026-03-10T00:00:00Z and lowers nothing since",
        ),
        (f'[[allow]]\nrule = "all"\nnetwork = "10.1.0.0/16"\n{ENDS}', "10.1.0.0/16, which proves"),
        (f'[[allow]]\nrule = "all"\nnetwork = "fd00::1"\n{ENDS}', "of anybody's VPC"),
        (f'[[allow]]\nrule = "trail-stopped"\n{ENDS}', "which is critical: name an ARN without *"),
        (f'[[allow]]\nrule = "trailbell-changed"\n{ENDS}', "it is about Trailbell itself"),
        (f'off = ["keys"]\n[[allow]]\nrule = "keys"\n{ENDS}', "lowers nothing: its rules are off"),
        (
            f'[[route]]\nrules = "keys"\nthemes = "logging"\n{TO}',
            "mine.toml:1: the [[route]] can never match: no rule that is on",
        ),
        (
            f'[[route]]\nrules = "keys"\nseverity = "critical"\n{TO}',
            "can never match: none of its rules is ever critical",
        ),
        (
            f'[[route]]\nseverity = "low"\n{TO}[[route]]\nseverity = "high"\n{TO}',
            "mine.toml:4: the [[route]] can never match: a route before it takes all",
        ),
        (
            f'[[route]]\nrules = "keys"\nseverity = "critical"\n{TO}',
            "#there: nothing reaches this channel",
        ),
        (f'[[route]]\nthemes = "credentials"\n{TO}', "#keys: nothing reaches this channel"),
        (f'only = ["trail-stopped"]\n[[route]]\nrules = "keys"\n{TO}', "can never match"),
    ],
)
def test_what_does_not_do_what_was_meant_is_named(text: str, said: str) -> None:
    assert any(said in warning for warning in warned(text))


def test_a_route_behind_one_that_goes_on_can_match() -> None:
    first = f"[[route]]\n{TO}continue = true\n"
    second = '[[route]]\naccounts = "111122223333"\nchannel = "#prod"\n'
    assert not [warning for warning in warned(first + second) if "never match" in warning]


def test_a_route_of_every_account_leaves_none_to_one_behind_it() -> None:
    of_all = f"[[route]]\n{TO}"
    of_one = '[[route]]\naccounts = "111122223333"\nchannel = "#prod"\n'
    assert any("#prod: nothing reaches" in warning for warning in warned(of_all + of_one))
    assert not any("#prod" in warning for warning in warned(of_one + of_all))
