"""Sigma's correlations → the `[rule.correlation]` that says the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sigma.correlations import (
    SigmaCorrelationCondition,
    SigmaCorrelationConditionOperator,
    SigmaCorrelationRule,
    SigmaCorrelationType,
)
from sigma.rule import SigmaRule

from chalicelib.rules import correlation_keys
from chalicelib.rules.correlation import MOST_COUNTED, MOST_SECONDS
from cli.sigma.fields import CannotSayError, scalar

COUNTED = (SigmaCorrelationType.EVENT_COUNT, SigmaCorrelationType.VALUE_COUNT)


def correlated(rule: SigmaCorrelationRule, ids: Mapping[int, str]) -> dict[str, Any]:
    """The keys of `[rule.correlation]`; `ids` are those that rules of Sigma (by `id()`) have with
    us. Raises CannotSayError.
    """
    kind = rule.type.name.lower()
    if not is_sequence(rule) and rule.type not in COUNTED:
        raise CannotSayError(f"{kind}: our rules count records or values, or want them in order")
    if rule.aliases.aliases:
        raise CannotSayError("aliases: a field has one name in all records of CloudTrail")
    if rule.timespan.seconds > MOST_SECONDS:
        raise CannotSayError(f"timespan: {rule.timespan.spec} is more than a day")
    found: dict[str, Any] = {"type": kind}
    if rule.group_by:
        found["group_by"] = [_path(name) for name in rule.group_by]
    found["timespan"] = rule.timespan.spec
    if is_sequence(rule):
        return found | {"rules": _in_order(rule, ids)}
    found["gte"] = _least(rule.condition)
    if rule.type is SigmaCorrelationType.VALUE_COUNT:
        found["field"] = _counted(rule.condition)
    return found


def is_sequence(rule: SigmaCorrelationRule) -> bool:
    """Whether it wants records of several rules in their order, so that it has no pattern."""
    return rule.type is SigmaCorrelationType.TEMPORAL_ORDERED


def _path(name: str) -> str:
    """A path to one value."""
    try:
        return correlation_keys.path(scalar(name))
    except ValueError as error:
        raise CannotSayError(f"{name}: {error}") from error


def _in_order(rule: SigmaCorrelationRule, ids: Mapping[int, str]) -> list[str]:
    parts = [reference.rule for reference in rule.rules or ()]
    least = getattr(rule.condition, "count", None)
    if least not in (1, len(parts)):  # 1 is what pySigma fills in
        raise CannotSayError("condition: a sequence wants every one of its rules")
    if not rule.generate:
        raise CannotSayError("generate: rules of a sequence tell by themselves, so it must be true")
    for part in parts:
        if id(part) not in ids:
            raise CannotSayError(f"rules: {part.title!r} is not imported")
    return [ids[id(part)] for part in parts]


def members(rule: SigmaCorrelationRule) -> list[SigmaRule]:
    """The rules whose records are counted. Raises CannotSayError."""
    found = [reference.rule for reference in rule.rules or ()]
    if not all(isinstance(each, SigmaRule) for each in found):
        raise CannotSayError("rules: a correlation of correlations has no word")
    return [each for each in found if isinstance(each, SigmaRule)]


def _least(condition: object) -> int:
    """How many make it tell; `gt` is one more."""
    if not isinstance(condition, SigmaCorrelationCondition):
        raise CannotSayError("condition: only gte and gt a number have a word")
    count = condition.count
    above = condition.op is SigmaCorrelationConditionOperator.GT
    if not above and condition.op is not SigmaCorrelationConditionOperator.GTE:
        raise CannotSayError(f"condition: {condition.op.name.lower()} has no word, gte and gt have")
    least = count + above
    if not isinstance(least, int) or not 1 <= least <= MOST_COUNTED:
        raise CannotSayError(f"condition: {least} is not a whole number from 1 to {MOST_COUNTED}")
    return least


def _counted(condition: object) -> str:
    named = condition.fieldref if isinstance(condition, SigmaCorrelationCondition) else None
    if not isinstance(named, str):
        raise CannotSayError("condition: values are counted of one field")
    return scalar(named)
