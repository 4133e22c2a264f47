"""What readers are told of the rules: kept apart from what matching loads, and true to AWS."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import botocore.session
from botocore import xform_name
from botocore.model import ServiceModel

from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.prose import FIELDS, with_prose
from chalicelib.rules.rule import Rule, Severity

DEFAULTS, _ = load_defaults()
STOPPED = next(rule for rule in DEFAULTS if rule.id == "trail-stopped")
MINE = Rule(id="mine", title="t", severity=Severity.LOW, pattern='{ $.eventName = "X" }')
COMMAND = re.compile(r"\baws ([a-z0-9-]+) ([a-z0-9-]+)((?: --[a-z-]+(?: [A-Z]+)?)*)")
# Where the CLI calls a service otherwise than botocore does.
CALLED = {"s3api": "s3", "configservice": "config"}


def test_matching_loads_none_of_it() -> None:
    assert [rule.id for rule in DEFAULTS if any(getattr(rule, name) for name in FIELDS)] == []


def test_a_default_rule_is_told_in_full() -> None:
    (told,) = with_prose([STOPPED])
    assert told.means == "A trail of CloudTrail records nothing more, or is gone."
    assert all((told.why, told.false_positives, told.references))
    assert "T1562.008" in told.attack
    assert replace(told, **{name: getattr(STOPPED, name) for name in FIELDS}) == STOPPED


def test_what_a_user_s_file_says_of_a_rule_stands() -> None:
    (told,) = with_prose([replace(STOPPED, means="Ours.", attack=("T1485",))])
    assert (told.means, told.attack) == ("Ours.", ("T1485",))
    assert told.why


def test_a_user_s_own_rule_stays_as_it_is() -> None:
    assert with_prose([MINE]) == [MINE]


@cache
def service_model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(CALLED.get(service, service))


@cache
def options(service: str, command: str) -> set[str] | None:
    """What a command of the CLI takes; None where there is no such command."""
    model = service_model(service)
    for name in model.operation_names:
        if name.lower() == command.replace("-", "") and xform_name(name, "-") == command:
            shape = model.operation_model(name).input_shape
            return {xform_name(member, "-") for member in shape.members} if shape else set()
    return None


def test_the_commands_of_the_runbooks_are_those_of_the_aws_cli() -> None:
    wrong, read = [], 0
    for rule in DEFAULTS:
        for service, command, rest in COMMAND.findall(rule.runbook or ""):
            read += 1
            known = options(service, command)
            given = {one.removeprefix("no-") for one in re.findall(r"--([a-z-]+)", rest)}
            if known is None or given - known:
                wrong.append((rule.id, service, command, given - (known or set())))
    assert wrong == []
    assert read > 100
