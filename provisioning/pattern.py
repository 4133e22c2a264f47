"""The subscription filter's pattern, as the rules of a stage need it."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.monitoring.pattern_check import Wanted
from chalicelib.rules.loading import check_ships
from chalicelib.rules.place import RulesError
from chalicelib.rules.ruleset import Ruleset
from chalicelib.rules.subscription import derive
from provisioning.errors import OperatorError


def derived_pattern(wanted: Wanted) -> str:
    """The pattern for the rules, or the one that they pin."""
    return derive(wanted.rules, wanted.pinned).pattern


def wanted_by(stage_env: Mapping[str, str]) -> Wanted:
    """The rules that the stage's functions will load. Raises OperatorError.

    `stage_env` are the environment variables of the stage in .chalice/config.json, since the
    functions see no others.
    """
    rules_file = stage_env.get("RULES_FILE") or None
    try:
        if rules_file:
            check_ships(rules_file)
        rules = Ruleset.load(rules_file)
    except RulesError as error:
        raise OperatorError(f"the rules cannot be used: {error}") from error
    return Wanted(rules.rules, rules.settings.subscription_filter)
