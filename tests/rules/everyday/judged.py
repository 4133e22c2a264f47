"""How severe a call is told by the default rules and a local file."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from chalicelib.alerts.judging import judge
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.loading import load
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import Severity
from chalicelib.rules.rule_file import parse
from chalicelib.rules.ruleset import Ruleset
from tests.slack.records import call

NOW = datetime(2026, 1, 2, 3, 5, tzinfo=UTC)


@cache
def ruleset(local: str) -> Ruleset:
    """The default rules with a local file over them."""
    defaults, keys = load_defaults()
    return Ruleset(load(defaults, [parse(local, "local.toml")]), keys)


def severity(operation: str, request: Any, local: str = "", **fields: Any) -> Severity | None:
    """How severe the call is told; None where it is not."""
    matched = match_all([call(operation, request, **fields)], ruleset(local))
    assert matched.unreadable == []
    alerts = judge(matched, accounts={}, default_channel="#alerts", now=NOW).alerts
    return alerts[0].severity if alerts else None
