"""What the default rules say is to be done: commands look like such, steps can be taken."""

from __future__ import annotations

import re

import pytest

from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.rule import Rule

RULES = load_defaults()[0]
_VERBS = "get|put|list|describe|create|delete|modify|update|enable|disable|stop|restore|remove"
COMMAND = re.compile(
    rf"\baws [a-z0-9-]+ [a-z][a-z0-9-]+|(?<![\w-])--[a-z][a-z-]+|\b(?:{_VERBS})-[a-z]+-[a-z-]+"
    r"|\w+\.py\b|\bmake [a-z]+ [A-Z]+="
)
NAMED = re.compile(r'eventName = "((?:Batch)?(?:Delete|Terminate)\w*)')
AGAIN = re.compile(r"\b(?:start|switch|enable|attach)\b[^.;]*\bagain\b", re.IGNORECASE)
OF_WHAT_IS_GONE = re.compile(r"anew|deleted|terminated|create|backup", re.IGNORECASE)
# What is a setting of a thing that stays: switching it on again is all that there is to do.
SETTING = re.compile(r"Encryption|LoggingConfiguration$")


def plain(runbook: str) -> str:
    """What stands outside of code spans."""
    return re.sub(r"`[^`]*`", "", runbook)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_command_of_a_runbook_stands_in_backticks(rule: Rule) -> None:
    runbook = rule.runbook or ""
    assert runbook.count("`") % 2 == 0
    assert COMMAND.findall(plain(runbook)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_nobody_is_told_only_to_start_again_what_is_gone(rule: Rule) -> None:
    gone = [name for name in NAMED.findall(rule.pattern) if not SETTING.search(name)]
    if gone and AGAIN.search(rule.runbook or ""):
        assert OF_WHAT_IS_GONE.search(rule.runbook or ""), gone
